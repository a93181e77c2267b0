"""The formats consumers read; each renders the record and tells what a document of it says."""
