"""The values all rooms share; standard library only."""
