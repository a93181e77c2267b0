"""Writes the sandbox's TUF repository, from which clients fetch what they trust.

One key signs for all four roles: what a sandbox is trusted with needs no ceremony.

Spec: TUF specification 1.0, sections 3 and 4; consistent snapshots, section 6.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.sandbox.state import State

if TYPE_CHECKING:
    from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

# What python-tuf's `Metadata` holds one of.
_Document = TypeVar("_Document", "Root", "Snapshot", "Targets", "Timestamp")
_LIFETIME = timedelta(days=365)
_KEY_FILE = "tuf.key"
_ROOT_FILE, _TIMESTAMP_FILE = "1.root.json", "timestamp.json"


def load_tuf_key(state: State) -> Ed25519PrivateKey:
    """The key of a state directory; made when it has none.

    Raises:
        InputError: It cannot be read.
    """
    path = state.directory / _KEY_FILE
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        state.write_key(_KEY_FILE, pem)
        return key
    try:
        loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise TypeError("not an Ed25519 key")
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{str(path)!r}: cannot be read: {error}",
            hint="delete the directory; a sandbox keeps nothing of worth",
        ) from error
    return loaded


def write_repository(
    folder: Path, key: Ed25519PrivateKey, targets: Mapping[str, bytes], now: datetime
) -> bytes:
    """Write a repository that holds these targets, or its next version.

    Args:
        folder: Of the repository; made when missing.
        key: Signs all of it.
        targets: Content by name.
        now: Time, aware, UTC. In whole Unix seconds it is the version, or else one more than the
            version before; everything written ends 365 days later.

    Returns:
        The initial root metadata, which a client has to be given.

    Raises:
        InputError: The folder cannot be written, or what it holds is no repository.
    """
    from tuf.api.metadata import MetaFile, Snapshot, TargetFile, Targets, Timestamp

    expires = now.replace(microsecond=0) + _LIFETIME
    if not (folder / _ROOT_FILE).exists():
        write_atomically(folder / _ROOT_FILE, _signed(_root(key, expires), key))
    version = max(int(now.timestamp()), _version(folder / _TIMESTAMP_FILE) + 1)
    listed = {}
    for name, content in targets.items():
        listed[name] = TargetFile.from_data(name, content, ["sha256"])
        digest = listed[name].hashes["sha256"]
        write_atomically(folder / "targets" / f"{digest}.{name}", content)
    meta = {"targets.json": MetaFile(version)}
    written = {
        f"{version}.targets.json": _signed(Targets(version, expires=expires, targets=listed), key),
        f"{version}.snapshot.json": _signed(Snapshot(version, expires=expires, meta=meta), key),
        # Last: from here on clients find the new version.
        _TIMESTAMP_FILE: _signed(
            Timestamp(version, expires=expires, snapshot_meta=MetaFile(version)), key
        ),
    }
    for name, content in written.items():
        write_atomically(folder / name, content)
    return read_bounded(folder / _ROOT_FILE, what="TUF root")


def _root(key: Ed25519PrivateKey, expires: datetime) -> Root:
    from securesystemslib.signer import CryptoSigner
    from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Root

    root = Root(1, expires=expires, consistent_snapshot=True)
    for role in sorted(TOP_LEVEL_ROLE_NAMES):
        root.add_key(CryptoSigner(key).public_key, role)
    return root


def _signed(document: _Document, key: Ed25519PrivateKey) -> bytes:
    from securesystemslib.signer import CryptoSigner
    from tuf.api.metadata import Metadata

    metadata = Metadata(document)
    metadata.sign(CryptoSigner(key))
    return metadata.to_bytes()


def _version(timestamp: Path) -> int:
    """The version a repository has; 0 where there is none."""
    from tuf.api.exceptions import RepositoryError
    from tuf.api.metadata import Metadata

    if not timestamp.exists():
        return 0
    try:
        return int(
            Metadata.from_bytes(read_bounded(timestamp, what="TUF timestamp")).signed.version
        )
    except RepositoryError as error:
        raise InputError(
            f"{str(timestamp)!r}: not TUF metadata",
            hint="delete the directory; a sandbox keeps nothing of worth",
        ) from error
