"""What the user names, as artifacts and paths of evidence."""
