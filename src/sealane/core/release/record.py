"""The record of one build: from what, with what, and which files came out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict

from sealane.core.model.values import dataclass
from sealane.errors import InputError

RECORD_SCHEMA = "sealane.build-record/1"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file a build made: its name, size in bytes and SHA-256 in lower-case hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What a rebuilder must know, and what came out.

    Attributes:
        letter: "a" or "b".
        commit: Commit id that was exported.
        epoch: SOURCE_DATE_EPOCH, Unix seconds.
        python: Implementation and version, e.g. "CPython 3.11.7".
        zlib: Version of the compressor.
        platform: System and machine, e.g. "Linux x86_64".
        frontend: What called the backend, e.g. "build 1.6.1".
        backends: The PEP 517 backend of each package in order, e.g. "hatchling.build".
        lock: Path of the lock of the build environment.
        lock_sha256: SHA-256 of that lock, lower-case hex.
        installed: "name==version" of what the build environment held, sorted.
        isolation: "namespaces", or "none" where a rehearsal had to do without.
        environment: (name, value) of the backend's whole environment, sorted.
        files: What was built, sorted by name.
        seconds: How long it took, whole seconds.
    """

    letter: str
    commit: str
    epoch: int
    python: str
    zlib: str
    platform: str
    frontend: str
    backends: tuple[str, ...]
    lock: str
    lock_sha256: str
    installed: tuple[str, ...]
    isolation: str
    environment: tuple[tuple[str, str], ...]
    files: tuple[BuiltFile, ...]
    seconds: int


def render_record(record: BuildRecord) -> bytes:
    """The record as JSON."""
    document = {"schema": RECORD_SCHEMA, **asdict(record)}
    document["environment"] = dict(record.environment)
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def parse_record(content: bytes) -> BuildRecord:
    """Read a record strictly.

    Raises:
        InputError: Not JSON, another schema, a key too many or too few, or a wrong type.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"build record: not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != RECORD_SCHEMA:
        raise InputError(f"build record: expected schema {RECORD_SCHEMA!r}")
    expected = {"schema", *BuildRecord.__dataclass_fields__}
    if set(document) != expected:
        raise InputError(f"build record: keys differ: {sorted(set(document) ^ expected)}")
    return BuildRecord(
        letter=_text(document, "letter"),
        commit=_text(document, "commit"),
        epoch=_number(document, "epoch"),
        python=_text(document, "python"),
        zlib=_text(document, "zlib"),
        platform=_text(document, "platform"),
        frontend=_text(document, "frontend"),
        backends=_texts(document, "backends"),
        lock=_text(document, "lock"),
        lock_sha256=_text(document, "lock_sha256"),
        installed=_texts(document, "installed"),
        isolation=_text(document, "isolation"),
        environment=_environment(document["environment"]),
        files=_files(document["files"]),
        seconds=_number(document, "seconds"),
    )


def _text(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str):
        raise InputError(f"build record: {key}: expected a string")
    return value


def _number(document: Mapping[str, object], key: str) -> int:
    value = document.get(key)
    if type(value) is not int or value < 0:
        raise InputError(f"build record: {key}: expected a number, 0 or more")
    return value


def _texts(document: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = document.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"build record: {key}: expected strings")
    return tuple(value)


def _environment(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise InputError("build record: environment: expected names with strings")
    return tuple(sorted(value.items()))


def _files(value: object) -> tuple[BuiltFile, ...]:
    if not isinstance(value, list) or not value:
        raise InputError("build record: files: expected at least one")
    files = tuple(_file(entry) for entry in value)
    names = [file.name for file in files]
    if names != sorted(set(names)):
        raise InputError("build record: files: expected each name once, sorted")
    return files


def _file(entry: object) -> BuiltFile:
    if not isinstance(entry, dict) or set(entry) != {"name", "size", "sha256"}:
        raise InputError("build record: files: expected name, size and sha256")
    file = BuiltFile(_text(entry, "name"), _number(entry, "size"), _text(entry, "sha256"))
    if "/" in file.name or not file.name or file.name.startswith("."):
        raise InputError(f"build record: files: {file.name!r} is not the name of an artifact")
    if not _SHA256.fullmatch(file.sha256):
        raise InputError(f"build record: files: {file.name}: expected a SHA-256 in hex")
    return file
