"""Wheels and sdists: read safely, compare, explain."""
