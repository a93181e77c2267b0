"""The files a trust root may come in: bare, within a client trust configuration, or exported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.verify.root_file import read_root
from sealane.errors import InputError
from sealane.io.stores.trust.interface import NamedRoot, Record
from sealane.io.stores.trust.stored import parse_record, record_document

EXPORT_SCHEMA = "sealane.trust-export/1"
_EXPORT_KEYS = {"schema", "record", "root"}


@dataclass(frozen=True, slots=True)
class RootFile:
    """A root that a file holds.

    Attributes:
        content: The trusted root, JSON: the bytes of a bare file, or what stands within another.
        sha256: Digest by which the file is pinned, lower-case hex: of the file; for an export of
            the root in it, as its record says.
        record: What an export says of it; None for any other file.
    """

    content: bytes
    sha256: str
    record: Record | None = None


def parse_root_file(content: bytes, place: str) -> RootFile:
    """Read a file that holds a root.

    Args:
        content: The file.
        place: Its name, for errors.

    Raises:
        InputError: It holds none, or an export's root is not the one its record names.
    """
    members = parse_object(content, place)
    if members.get("schema") == EXPORT_SCHEMA:
        return _exported(members, place)
    root = read_root(content, place)
    inner = content if root == members else json.dumps(root, indent=2).encode()
    return RootFile(inner, hashlib.sha256(content).hexdigest())


def render_export(root: NamedRoot) -> bytes:
    """A root and its record in one file, for a machine without a network.

    The root is a text in it, not an object: so its bytes, and its digest, stay the same.
    """
    document = {
        "schema": EXPORT_SCHEMA,
        "record": record_document(root.record),
        "root": root.content.decode(),
    }
    return json.dumps(document, indent=2).encode() + b"\n"


def _exported(members: Mapping[str, JsonValue], place: str) -> RootFile:
    if set(members) != _EXPORT_KEYS:
        raise InputError(f"{place}: expected the keys {', '.join(sorted(_EXPORT_KEYS))}")
    record = parse_record(as_object(members["record"], f"{place}: record"), f"{place}: record")
    try:
        content = as_text(members["root"], f"{place}: root").encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{place}: root: not a text that UTF-8 can hold") from error
    found = hashlib.sha256(content).hexdigest()
    if found != record.sha256:
        raise InputError(f"{place}: root: expected sha256 {record.sha256}, got {found}")
    read_root(content, f"{place}: root")
    return RootFile(content, record.sha256, record)
