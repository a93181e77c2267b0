"""Run every benchmark and print its figures."""

from __future__ import annotations

import sys

from benchmarks import sandbox, verify


def main() -> None:
    """Print one block a benchmark."""
    for part in (sandbox, verify):
        sys.stdout.write(f"{part.report()}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
