"""`python -m sealane`, and the console script."""

from __future__ import annotations

import gc
import io
import os
import sys

_OBJECTS = 20_000


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"] and _said_version():
        return
    _forget_the_working_directory()
    # Almost nothing that a run makes refers to itself; looking for it after every 700 objects took
    # a twentieth of a batch.
    gc.set_threshold(_OBJECTS)
    from sealane.cli.main import run

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal's encoding cannot write is shown as its escape.
        sys.stdout.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    if sys.argv[1:2] == ["verify"] and _flushed():
        # Whatever `verify` opened is closed by now, and its workers have ended. Taking the
        # interpreter down object by object is a twelfth of judging one file.
        os._exit(code)
    sys.exit(code)


def _flushed() -> bool:
    """Write what is still held back; whether that could be done."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return False  # closed, or full: the interpreter ends with its own code for that
    return True


def _said_version() -> bool:
    """Answer before anything is imported; whether somebody could read it."""
    from sealane import __version__

    try:
        sys.stdout.write(f"sealane, version {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):
        return False  # closed, or nobody reads: the command line knows what to end with
    return True


def _forget_the_working_directory() -> None:
    """Import nothing from there: `python -m`, and a relative PYTHONPATH, would look there first.

    A project's own `click.py` would run in the job that holds its token.
    """
    import contextlib

    here = {"", os.curdir}
    with contextlib.suppress(FileNotFoundError):  # it was removed
        here.add(os.getcwd())
    sys.path[:] = [place for place in sys.path if place not in here]


if __name__ == "__main__":
    main()
