"""Policies: read from a file that was named, or from the working directory once it was allowed.

A policy that comes with what is judged would judge itself, so a `sealane.policy.toml` counts only
after its path and digest were stored in the user's own state; one beside the artifacts never does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sealane.core.model.values import dataclass
from sealane.core.policy.schema import POLICY_FILE, Policy
from sealane.errors import InputError, PolicyError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.state import state_folder

LIMIT = 1024 * 1024
_SCHEMA = "sealane.allowed-policies/1"


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the working directory holds.

    Attributes:
        policy: An allowed policy; None where there is none.
        note: Why a file there does not count; "" where nothing is to be said.
    """

    policy: Policy | None
    note: str = ""


def load_policy(path: Path, at: datetime | None = None) -> Policy:
    """The policy in a file, with everything that it names by file.

    Args:
        path: The file.
        at: When it is read, aware, UTC: then what is over by that time is refused with its line.
            None leaves that to whoever judges by it.

    Raises:
        PolicyError: Missing, unreadable, or not a policy.
    """
    return _parsed(path, _content(path), at)


def allow_policy(path: Path, environment: Mapping[str, str]) -> Policy:
    """Let a policy count when it lies in the working directory, as long as it stays the same.

    Args:
        path: The file.
        environment: Where the user's state directory is named.

    Raises:
        PolicyError: It cannot be used.
        InputError: The user's state cannot be written.
    """
    content = _content(path)
    policy = _parsed(path, content)
    store = _store(environment)
    allowed = _allowed(store)
    allowed[_key(path)] = policy.sha256
    document = {"schema": _SCHEMA, "allowed": allowed}
    write_atomically(store, json.dumps(document, indent=2, sort_keys=True).encode(), mode=0o600)
    return policy


def discover(directory: Path, environment: Mapping[str, str]) -> Discovered:
    """The allowed policy of a directory.

    Raises:
        PolicyError: An allowed policy cannot be used, or the list of allowed ones is broken.
    """
    path = directory / POLICY_FILE
    if not os.path.lexists(path):
        return Discovered(None)
    known = _allowed(_store(environment)).get(_key(path))
    if known is None:
        note = f"{POLICY_FILE} here does not count yet; read it, then run: sealane policy allow"
        return Discovered(None, note)
    # Read once: what is compared is what is used.
    content = _content(path)
    if hashlib.sha256(content).hexdigest() != known:
        note = f"{POLICY_FILE} here was changed after it was allowed; read it, then allow it again"
        return Discovered(None, note)
    return Discovered(_parsed(path, content))


def _key(path: Path) -> str:
    """Where a policy lies.

    A link is not what it leads to: a stranger's folder could link to a policy that was allowed for
    another folder.
    """
    return str(path.parent.resolve() / path.name)


def _content(path: Path) -> bytes:
    try:
        return read_bounded(path, LIMIT, what="policy")
    except InputError as error:
        raise PolicyError(error.message, hint=error.hint) from error


def _parsed(path: Path, content: bytes, at: datetime | None = None) -> Policy:
    from sealane.core.policy.parse import parse_policy
    from sealane.io.stores.policies.keys import load_keys

    folder = path.absolute().parent
    policy = parse_policy(
        content,
        str(path),
        lambda name: str(folder / name),
        include=lambda name: _included(folder, name),
        at=at,
    )
    return load_keys(policy)


def _included(folder: Path, name: str) -> bytes:
    """The bytes of a file below a policy's folder; its digest is compared by whoever asked.

    Raises:
        InputError: It cannot be read, or is a link that leads elsewhere.
    """
    root, file = os.path.realpath(folder), os.path.realpath(folder / name)
    if os.path.commonpath((root, file)) != root:
        raise InputError(
            f"{name!r}: a link that leads out of the policy's folder",
            hint="put the file itself there",
        )
    return read_bounded(Path(file), LIMIT, what="included file")


def _store(environment: Mapping[str, str]) -> Path:
    folder = state_folder(environment)
    if folder is None:
        # A folder of the working directory could allow its own policy.
        raise PolicyError(
            "the list of allowed policies: there is no home directory",
            hint="set XDG_STATE_HOME to an absolute path, or name the policy with --policy",
        )
    return folder / "allowed-policies.json"


def _allowed(store: Path) -> dict[str, str]:
    """Path to digest of every allowed policy."""
    if not os.path.lexists(store):
        return {}
    try:
        document: Any = json.loads(read_bounded(store, what="list of allowed policies"))
        allowed = document["allowed"] if document["schema"] == _SCHEMA else None
        if not isinstance(allowed, dict) or not all(isinstance(v, str) for v in allowed.values()):
            raise ValueError("not such a list")
    except (InputError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise PolicyError(
            f"{str(store)!r}: not a list of allowed policies",
            hint="remove it, and allow your policies again",
        ) from error
    return dict(allowed)
