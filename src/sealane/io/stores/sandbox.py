"""A sandbox that the command line names by its state directory."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sealane.errors import InputError, TrustError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.interface import NamedSandbox

# A sandbox listens nowhere else; a file that says otherwise was not written by one.
_BASE = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}")


def load_named_sandbox(directory: str) -> NamedSandbox:
    """Find a sandbox by its state directory.

    Raises:
        TrustError: There is none, or what lies there is not one.
    """
    root = Path(directory).absolute()
    try:
        base = json.loads(read_bounded(root / "public.json", what="sandbox"))["base"]
    except (InputError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_a_sandbox(root) from error
    files = [root / name for name in ("trusted_root.json", "trust_config.json", "jwks.json")]
    loopback = isinstance(base, str) and _BASE.fullmatch(base)
    if not loopback or not all(file.is_file() for file in files):
        raise _not_a_sandbox(root)
    return NamedSandbox(root, base, *files)


def _not_a_sandbox(root: Path) -> TrustError:
    return TrustError(
        f"--sandbox {str(root)!r}: not the state directory of a sandbox",
        hint="start one with: sealane sandbox up --dir DIR",
    )
