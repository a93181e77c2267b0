"""Asks twine's own check whether the index could show a file's description."""

from __future__ import annotations

import contextlib
import io
import logging
from pathlib import Path

from sealane.errors import InputError, MissingExtraError


def check_descriptions(files: tuple[Path, ...]) -> None:
    """Do what `twine check` does, and refuse what it refuses.

    Raises:
        InputError: A description cannot be rendered, or the metadata cannot be read.
        MissingExtraError: twine is not installed.
    """
    try:
        from twine.commands.check import check
        from twine.exceptions import TwineException
    except ImportError as error:
        raise MissingExtraError("lane compare", "lane", "twine") from error
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logger = logging.getLogger("twine")
    logger.addHandler(handler)
    try:
        # It prints; standard output is the caller's.
        with contextlib.redirect_stdout(io.StringIO()):
            failed = check([str(file) for file in files])
    except (TwineException, ValueError, OSError) as error:
        raise InputError(f"twine check: {error}", hint="correct the metadata") from error
    finally:
        logger.removeHandler(handler)
    if failed:
        raise InputError(
            "twine check: " + "\n  ".join(said.getvalue().strip()[-1500:].splitlines()),
            hint="correct the README, or state its content type",
        )
