"""What sealane judges by, loaded from disk: trust, policies, the project, a named sandbox."""
