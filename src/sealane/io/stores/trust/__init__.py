"""Trust roots by name: those of the package, and those in the user's state."""
