"""Runs a program where there is no network, no home, no other process and no credential.

Namespaces of its own (user, mount, network, pid, ipc, host name) come from the `unshare` program;
`jail.py` then leaves in view only what is listed. Where namespaces are not to be had there is no
weaker form of it: the caller is told why, and decides.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters import process
from sealane.io.adapters.process import Finished

REFUSED = 125  # what jail.py ends with when it could not make the room
_JAIL = Path(__file__).with_name("jail.py")
_UNSHARE = (
    "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork",
    "--kill-child", "--",
)  # fmt: skip
# What programs need to run at all; of /etc only what the dynamic linker asks.
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
)  # fmt: skip


class Level(StrEnum):
    """How far a program is kept away from the machine; recorded with what it made."""

    NAMESPACES = "namespaces"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Room:
    """What a program may see beside the system and the interpreter.

    Attributes:
        readable: (folder of this machine, its path inside).
        writable: (folder of this machine, its path inside); `/tmp` has to be one of them.
        cwd: Working directory, a path inside.
    """

    readable: tuple[tuple[Path, str], ...]
    writable: tuple[tuple[Path, str], ...]
    cwd: str


def interpreter() -> Path:
    """The Python that builds run with: this one, outside of any virtual environment."""
    return Path(sys.executable).resolve()


def run_isolated(
    arguments: Sequence[str], *, room: Room, env: Mapping[str, str], timeout: float
) -> Finished:
    """Run a program in namespaces of its own; nothing of it outlives the call.

    Args:
        arguments: Program and arguments, with paths inside the room.
        room: What it may see.
        env: Its whole environment.
        timeout: Seconds.

    Returns:
        How it ended; exit code 125 with "no isolation" on standard error when it never started.

    Raises:
        InputError: `unshare` is not installed, or the interpreter lies around the user's home.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        raise InputError("isolation: no program 'unshare'", hint="install util-linux")
    with tempfile.TemporaryDirectory(prefix="sealane-room-") as root:
        specification = {
            "root": root,
            "readable": [[path, path] for path in _visible()]
            + [[str(source.resolve()), inside] for source, inside in room.readable],
            "writable": [[str(source.resolve()), inside] for source, inside in room.writable],
            "cwd": room.cwd,
        }
        inner = [str(interpreter()), "-I", "-S", "-B", str(_JAIL), json.dumps(specification)]
        return process.run(
            [unshare, *_UNSHARE, *inner, *arguments], env=env, cwd=Path(root), timeout=timeout
        )


def why_not_isolated() -> str:
    """Why programs cannot be isolated here; "" when they can, which is tried."""
    with tempfile.TemporaryDirectory(prefix="sealane-probe-") as folder:
        room = Room(readable=(), writable=((Path(folder), "/tmp"),), cwd="/tmp")  # noqa: S108  a path in the new root
        python = [str(interpreter()), "-I", "-S", "-c", "print('isolated')"]
        try:
            result = run_isolated(python, room=room, env={"PATH": os.defpath}, timeout=30)
        except InputError as error:
            return error.message
    if result.code == 0 and result.stdout.strip() == "isolated":
        return ""
    return result.stderr.strip()[-300:] or f"exit code {result.code}"


def _visible() -> list[str]:
    """The system's folders and the interpreter's own, as far as they exist."""
    prefixes = {str(Path(prefix).resolve()) for prefix in (sys.base_prefix, sys.base_exec_prefix)}
    home = Path.home().resolve()
    for prefix in prefixes:
        if home.is_relative_to(prefix):
            raise InputError(f"isolation: {prefix!r}, the interpreter's, holds the user's home")
    extra = sorted(prefix for prefix in prefixes if not Path(prefix).is_relative_to("/usr"))
    return [path for path in _SYSTEM if os.path.lexists(path)] + extra
