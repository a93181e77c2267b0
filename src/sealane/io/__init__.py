"""What meets the world, and decides nothing."""
