"""The trust roots in the user's state: one folder a name, with the root and its record.

    trust/NAME/record.json      schema, name, sha256, obtained_at, source
    trust/NAME/<sha256>.json    the root that the record names
    trust/NAME/repository.json  where it is updated from, and whom to believe there
    trust/NAME/tuf/             what the TUF client keeps

The record is written last and names its root by digest, so an update that is interrupted leaves the
old root in force. A root that is not what its record says is an error, never a reason to fall back
to another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.verify.root_file import is_root_name
from sealane.errors import InputError, TrustError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.state import state_folder
from sealane.io.stores.trust.interface import NamedRoot, Record
from sealane.io.stores.trust.packaged import LIMIT

RECORD_SCHEMA = "sealane.trust/1"
_RECORD_FILE = "record.json"
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_RECORD_LIMIT = 64 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEYS = {"schema", "name", "sha256", "obtained_at", "source"}


def stored_root(name: str, environment: Mapping[str, str]) -> NamedRoot | None:
    """The root of the user's state that has a name; None where there is none.

    Args:
        name: A name; see `is_root_name`.
        environment: Where the user's state directory is named.

    Raises:
        TrustError: The state cannot be read, or the root is not what its record says.
    """
    folder = _folder(name, environment)
    if folder is None or not _is_there(folder / _RECORD_FILE):
        return None
    try:
        content = read_bounded(folder / _RECORD_FILE, _RECORD_LIMIT, what="record")
        record = parse_record(parse_object(content, str(folder / _RECORD_FILE)), "record")
        file = folder / f"{record.sha256}.json"
        root = read_bounded(file, LIMIT, what="trust root")
    except InputError as error:
        raise _broken(name, folder, error.message) from error
    if record.name != name:
        raise _broken(name, folder, f"the record is of {record.name!r}")
    found = hashlib.sha256(root).hexdigest()
    if found != record.sha256:
        raise _broken(name, folder, f"expected sha256 {record.sha256}, got {found}")
    return NamedRoot(record, root)


def stored_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names of all roots in the user's state, sorted.

    Raises:
        TrustError: The state cannot be read.
    """
    folder = state_folder(environment)
    try:
        found = os.listdir(folder / "trust") if folder else []
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _unreadable(str(folder), error) from error
    return tuple(
        sorted(name for name in found if is_root_name(name) and _has_record(name, environment))
    )


def store_root(root: NamedRoot, environment: Mapping[str, str]) -> None:
    """Keep a root under its name, in place of the one that is there.

    Raises:
        TrustError: There is no place for the user's state.
        InputError: It cannot be written.
    """
    folder = root_folder(root.record.name, environment)
    write_atomically(folder / f"{root.record.sha256}.json", root.content, mode=_PRIVATE_FILE)
    document = json.dumps(record_document(root.record), indent=2).encode()
    write_atomically(folder / _RECORD_FILE, document + b"\n", mode=_PRIVATE_FILE)
    for old in folder.glob("*.json"):
        if _SHA256.fullmatch(old.stem) and old.stem != root.record.sha256:
            # Left over, it is only untidy: no record names it.
            with contextlib.suppress(OSError):
                old.unlink()


def root_folder(name: str, environment: Mapping[str, str]) -> Path:
    """The folder of a root, made when missing, for the user alone.

    Raises:
        TrustError: There is no place for the user's state.
        InputError: It cannot be made.
    """
    folder = _folder(name, environment)
    if folder is None:
        raise TrustError(
            f"trust root {name!r}: there is no home directory to keep it in",
            hint="set XDG_STATE_HOME to an absolute path",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in (folder.parent, folder):
            one.chmod(_PRIVATE_FOLDER)
    except OSError as error:
        raise InputError(
            f"cannot write {str(folder)!r}: {error.strerror}",
            hint="look at the folder's path, its permissions, and the free space",
        ) from error
    return folder


def record_document(record: Record) -> dict[str, str]:
    """A record as its file holds it."""
    return {
        "schema": RECORD_SCHEMA,
        "name": record.name,
        "sha256": record.sha256,
        "obtained_at": record.obtained_at.isoformat(),
        "source": record.source,
    }


def parse_record(value: JsonValue, place: str) -> Record:
    """Read a record.

    Raises:
        InputError: It is none: another schema, an unknown or missing key, or an impossible value.
    """
    members = as_object(value, place)
    if members.get("schema") != RECORD_SCHEMA or set(members) != _KEYS:
        raise InputError(f"{place}: expected a record of schema {RECORD_SCHEMA}")
    text = {key: as_text(members[key], f"{place}: {key}") for key in sorted(_KEYS)}
    if not is_root_name(text["name"]):
        raise InputError(f"{place}: name: {text['name'][:60]!r} is none")
    if not _SHA256.fullmatch(text["sha256"]):
        raise InputError(f"{place}: sha256: expected 64 digits of lower-case hex")
    try:
        moment = datetime.fromisoformat(text["obtained_at"])
        if moment.utcoffset() is None:
            raise ValueError("without a zone")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{place}: obtained_at: not a time with a zone") from error
    return Record(text["name"], text["sha256"], moment, text["source"])


def _folder(name: str, environment: Mapping[str, str]) -> Path | None:
    if not is_root_name(name):
        # It is about to become part of a path.
        raise TrustError(
            f"trust root {name[:60]!r}: not a name",
            hint="a name is of a-z, 0-9, dot and hyphen, and does not end like a file's",
        )
    folder = state_folder(environment)
    return folder / "trust" / name if folder else None


def _has_record(name: str, environment: Mapping[str, str]) -> bool:
    folder = _folder(name, environment)
    return folder is not None and _is_there(folder / _RECORD_FILE)


def _is_there(path: Path) -> bool:
    """Whether there is something; what cannot be looked at is not nothing."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreadable(str(path), error) from error
    return True


def _broken(name: str, folder: Path, why: str) -> TrustError:
    return TrustError(
        f"trust root {name!r}: what {str(folder)!r} holds was changed: {why}",
        hint=f"find out who did it; then run: sealane trust update {name}, or remove the folder",
    )


def _unreadable(path: str, error: OSError) -> TrustError:
    return TrustError(
        f"{path!r}: {error.strerror}",
        hint="it may hold a newer trust root, so none is used before it can be read",
    )
