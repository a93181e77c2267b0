"""`python -m sealane`, and the console script."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from sealane.cli.main import run

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal's encoding cannot write is shown as its escape.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
