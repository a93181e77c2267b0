"""Builds: a clean export, locked tools, and the isolated build itself."""
