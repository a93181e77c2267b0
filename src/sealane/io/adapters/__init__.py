"""Primitives, and the one door of each library."""
