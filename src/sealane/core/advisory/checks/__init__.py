"""The checks ADV01 to ADV25, one family a module."""
