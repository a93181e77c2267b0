"""One service a file; `world.py` hands each what it needs."""
