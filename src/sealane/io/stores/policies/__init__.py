"""Policies, and the keys that they name by file."""
