"""What a project says of itself and of its release."""
