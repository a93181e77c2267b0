"""Paired measurements; `python -m benchmarks` runs them all."""
