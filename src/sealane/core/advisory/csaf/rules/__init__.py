"""The rules of CSAF 2.0, section 6, one family a module."""
