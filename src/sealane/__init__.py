"""sealane: verify what was released, and release what can be verified."""

__all__ = ["__version__"]

__version__ = "0.1.0"
