"""Runs the in-toto library on one layout, in a process that can start no other.

A script: `in_toto_check.py` starts it without an environment, in an empty folder, and has read
every layout for inspections by then. Should one have been overlooked, the first system event that
starts a program, opens a connection or a file to write ends this process.
"""

from __future__ import annotations

import json
import os
import sys
from types import TracebackType
from typing import Any, Protocol

NO_KEY = 3  # exit code: none of the keys has signed the layout
_FORBIDDEN = (
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.",
    "socket.", "ctypes.", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod",
    "os.link", "os.symlink", "os.truncate", "shutil.",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class _Metadata(Protocol):
    """A layout as the library holds it."""

    def verify_signature(self, verification_key: dict[str, Any]) -> None:
        """Raise unless one of its signatures is by the key."""
        ...


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: ends what would leave this process.

    Raises:
        RuntimeError: The event starts a program, uses the network, or changes a file.
    """
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if event.startswith(_FORBIDDEN) or writes:
        raise RuntimeError(f"in-toto wanted {event}, which a verification may not do")


def say(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """An exception hook: one line, for the messages of the library have many."""
    sys.stderr.write(f"{kind.__name__}: {' '.join(str(error).split())}\n")


def main() -> int:
    """Answer the request on standard input with the summary link on standard output.

    Returns:
        0; 3 where no key has signed. What the library refuses ends with its exception.
    """
    sys.excepthook = say
    # The library has no type hints.
    from in_toto.models.metadata import Metadata  # type: ignore[import-untyped]
    from in_toto.verifylib import in_toto_verify  # type: ignore[import-untyped]

    request = json.load(sys.stdin)
    sys.addaudithook(refuse)
    metadata = Metadata.load(request["layout"])
    number, key = _signer(metadata, request["keys"], request["key_ids"])
    if key is None:
        return NO_KEY
    summary = in_toto_verify(
        metadata,
        {key["keyid"]: key},
        link_dir_path=request["links"],
        step_name=request["name"],
        persist_inspection_links=False,
    )
    answer = {
        "key": number,
        "name": summary.name,
        "command": summary.command,
        "materials": summary.materials,
        "products": summary.products,
        "byproducts": summary.byproducts,
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _signer(
    metadata: _Metadata, keys: list[dict[str, Any]], key_ids: list[str]
) -> tuple[int, dict[str, Any] | None]:
    """The first key that has signed; the ids are the signatures' own words, and only labels."""
    # The library has no type hints.
    from in_toto.exceptions import SignatureVerificationError  # type: ignore[import-untyped]
    from securesystemslib.exceptions import FormatError

    for key in keys:
        for key_id in key_ids:
            named = {**key["key"], "keyid": key_id}
            try:
                metadata.verify_signature(named)
            except (SignatureVerificationError, FormatError):
                continue
            return int(key["number"]), named
    return -1, None


if __name__ == "__main__":
    sys.exit(main())
