"""What must be true, and whether what was proven is enough."""
