"""Loads release manifests: which files were signed is what an advisory is held against.

Whether they were signed, and by whom, is not judged here: `sealane verify` does that, and whoever
uses a manifest that was not proven says so.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sealane.core.attestation.predicates.release_manifest import ReleaseManifest, manifest_of
from sealane.core.model.statement import Statement
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Basis
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

_LIMIT = 16 * 1024 * 1024  # bytes
_IN_WORK_FOLDER = "release-manifest.sigstore.json"


@dataclass(frozen=True, slots=True)
class LoadedManifest:
    """A manifest as it was found, not proven.

    Attributes:
        manifest: What it says.
        id: Release id: SHA-256 of the statement, lower-case hex.
        basis: Its file, and whether anybody signed it.
    """

    manifest: ReleaseManifest
    id: str
    basis: Basis


def load_manifest(path: Path) -> LoadedManifest:
    """The release manifest in a file: a bundle, a DSSE envelope, or the bare statement.

    Args:
        path: The file, or a work folder of the lane, which has it under its own name.

    Raises:
        InputError: It cannot be read, or holds no release manifest.
    """
    place = path / _IN_WORK_FOLDER if path.is_dir() else path
    content = read_bounded(place, _LIMIT, what="release manifest")
    try:
        statement, signed = _read(content)
        manifest = manifest_of(statement)
    except InputError as error:
        raise InputError(
            f"{str(place)!r}: {error.message}",
            hint=error.hint or "name the file that sealane lane attest wrote",
        ) from error
    said = "signed, signature not verified" if signed else "not signed"
    name = f"{manifest.tag} of {manifest.project} ({said})"
    return LoadedManifest(
        manifest,
        statement.digest,
        Basis("release manifest", name, hashlib.sha256(content).hexdigest()),
    )


def _read(content: bytes) -> tuple[Statement, bool]:
    """The statement, and whether there is a signature over it.

    Raises:
        InputError: Neither bundle nor envelope nor statement.
    """
    from sealane.core.attestation.bundle import MessageSignature, is_bundle, parse_bundle
    from sealane.core.attestation.envelope import PAYLOAD_TYPE, is_envelope, parse_envelope
    from sealane.core.attestation.statement import parse_statement
    from sealane.core.attestation.strict_json import parse_object

    members = parse_object(content, "release manifest")
    if is_bundle(members):
        held = parse_bundle(content).content
        if isinstance(held, MessageSignature):
            raise InputError("release manifest: expected a bundle with a statement in it")
        return parse_statement(held.payload_type, held.payload), True
    if is_envelope(members):
        envelope = parse_envelope(content)
        return parse_statement(envelope.payload_type, envelope.payload), True
    return parse_statement(PAYLOAD_TYPE, content), False
