"""Where the user's own state is kept: what was allowed, and what is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def state_folder(environment: Mapping[str, str]) -> Path | None:
    """The folder of sealane's state, absolute; it need not exist.

    Args:
        environment: Where the folder for all programs' state is named.

    Returns:
        None where there is neither such a variable nor a home directory: a folder of the working
        directory would let what is judged bring its own state.

    Spec: XDG Base Directory Specification, `XDG_STATE_HOME`.
    """
    state = environment.get("XDG_STATE_HOME", "")
    # A relative path in this variable does not count, says the specification.
    if Path(state).is_absolute():
        return Path(state) / "sealane"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".local" / "state" / "sealane" if home.is_absolute() else None
