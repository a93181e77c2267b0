"""Where evidence is found."""
