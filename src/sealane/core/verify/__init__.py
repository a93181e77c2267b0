"""Whether a bundle holds."""
