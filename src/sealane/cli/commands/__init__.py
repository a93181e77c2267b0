"""One module a command group, imported on use."""
