"""Advisories: one record, every format rendered from it, and checks that it is true."""
