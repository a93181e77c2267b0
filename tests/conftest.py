"""Fixtures that every test may ask for."""

from support.world import running_sandbox

__all__ = ["running_sandbox"]
