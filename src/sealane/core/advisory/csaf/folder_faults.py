"""Holds a published folder of CSAF documents against itself.

Spec: CSAF 2.0, sections 7.1.2, 7.1.7, 7.1.11 to 7.1.13 and 7.1.18 to 7.1.20.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from sealane.core.advisory.csaf.folder import (
    Published,
    changes_in,
    document_paths,
    published_in,
)
from sealane.core.advisory.csaf.provider import METADATA, metadata_faults
from sealane.core.advisory.csaf.texts import moment_of
from sealane.core.advisory.documents import Fault
from sealane.core.attestation.strict_json import as_list, as_object, parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_DIGEST = re.compile(r"([0-9A-Fa-f]+)[ \t]+[*]?([^\r\n]+)\r?\n?")
_ARMOUR = b"-----BEGIN PGP SIGNATURE-----"
_LENGTHS = {"sha256": 64, "sha512": 128}
_BESIDE = re.compile(r"(.+\.json)\.(sha256|sha512|asc)")


def tree_faults(files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """What does not agree in a folder; places are paths in it.

    1. There are documents, each where its label, its date and its id put it.
    2. Each has its digests, and they are its own.
    3. Where one is signed, or the provider says that all are, all are; who signed is not asked.
    4. Nothing lies there that belongs to no document.
    5. Both lists name exactly the documents, with their dates, the newest first.
    6. The metadata has its form, and names the folder of each label, and the key.

    Args:
        files: All files of the folder by their paths in it, with "/".
    """
    documents: dict[str, Published] = {}
    faults: list[Fault] = []
    paths = document_paths(files)
    if not paths:
        faults.append(Fault("folder-documents", "/", "expected a CSAF document, found none"))
    for path in paths:  # 1
        try:
            documents[path] = published_in(files[path], path)
        except InputError as error:
            faults.append(Fault("folder-documents", path, error.message))
    faults += _places(documents)
    for path in paths:
        faults += _digests(files, path)  # 2
    faults += _signatures(files, paths)  # 3
    faults += _strays(files)  # 4
    for label in sorted({one.partition("/")[0] for one in paths}):
        inside = {path for path in paths if path.startswith(f"{label}/")}
        faults += _index(files, label, inside)  # 5
        faults += _changes(files, label, inside, documents)
    return (*faults, *_metadata(files, paths))  # 6


def _places(documents: Mapping[str, Published]) -> Iterator[Fault]:
    for path, document in documents.items():
        if path != document.path:
            yield Fault("folder-documents", path, f"expected it at {document.path!r}")
        if document.status == "draft":
            yield Fault("folder-documents", path, "expected status final, got draft")


def _digests(files: Mapping[str, bytes], path: str) -> Iterator[Fault]:
    if not any(f"{path}.{one}" in files for one in _LENGTHS):
        yield Fault("folder-digests", path, "expected .sha256 or .sha512 beside it, found neither")
    for algorithm in _LENGTHS:
        place = f"{path}.{algorithm}"
        if place not in files:
            continue
        matched = _DIGEST.fullmatch(files[place].decode(errors="replace"))
        expected = hashlib.new(algorithm, files[path]).hexdigest()
        name = path.rpartition("/")[2]
        if matched is None:
            yield Fault("folder-digests", place, "expected a digest, two blanks and the file name")
        elif matched[1].lower() != expected:
            yield Fault("folder-digests", place, f"expected {expected}, got {matched[1][:128]}")
        elif matched[2] != name:
            yield Fault("folder-digests", place, f"expected {name!r}, got {matched[2][:200]!r}")


def _signatures(files: Mapping[str, bytes], paths: tuple[str, ...]) -> Iterator[Fault]:
    signed = [path for path in paths if f"{path}.asc" in files]
    for path in signed:
        if not files[f"{path}.asc"].startswith(_ARMOUR):
            yield Fault("folder-signatures", f"{path}.asc", "expected an armoured signature")
    trusted = _read_metadata(files).get("role") == "csaf_trusted_provider"
    for path in paths if signed or trusted else ():
        if path not in signed:
            why = "others have one" if signed else "the provider says that all have one"
            yield Fault("folder-signatures", path, f"expected .asc beside it, as {why}")


def _strays(files: Mapping[str, bytes]) -> Iterator[Fault]:
    for path in sorted(files):
        beside = _BESIDE.fullmatch(path)
        if beside and beside[1] not in files:
            yield Fault("folder-documents", path, f"expected {beside[1]!r} beside it, found none")
        elif path.endswith(".json") and path != METADATA and not document_paths([path]):
            yield Fault("folder-documents", path, "expected documents in LABEL/YEAR/ alone")


def _index(files: Mapping[str, bytes], label: str, inside: set[str]) -> Iterator[Fault]:
    place = f"{label}/index.txt"
    if place not in files:
        yield Fault("folder-index", place, "expected it, found none")
        return
    listed = files[place].decode(errors="replace").splitlines()
    yield from _compared("folder-index", place, [f"{label}/{one}" for one in listed], inside)


def _changes(
    files: Mapping[str, bytes], label: str, inside: set[str], documents: Mapping[str, Published]
) -> Iterator[Fault]:
    place = f"{label}/changes.csv"
    if place not in files:
        yield Fault("folder-changes", place, "expected it, found none")
        return
    try:
        rows = changes_in(files[place])
    except InputError as error:
        yield Fault("folder-changes", place, error.message)
        return
    if any(len(row) != 2 for row in rows):
        yield Fault("folder-changes", place, "expected a path and a time in each row")
        return
    named = [(f"{label}/{path}", moment_of(date)) for path, date in rows]
    yield from _compared("folder-changes", place, [path for path, _ in named], inside)
    for path, date in named:
        document = documents.get(path)
        if document is not None and date != document.current:
            got = date.isoformat() if date else "no time"
            told = f"{path!r}: expected {document.written}, got {got}"
            yield Fault("folder-changes", place, told)
    dates = [date for _, date in named if date is not None]
    if dates != sorted(dates, reverse=True):
        yield Fault("folder-changes", place, "expected the newest first")


def _compared(rule: str, place: str, listed: list[str], there: set[str]) -> Iterator[Fault]:
    for path in sorted(there.difference(listed)):
        yield Fault(rule, place, f"expected {path!r} in it")
    for path in sorted(set(listed) - there):
        yield Fault(rule, place, f"{path[:200]!r} is in it, and no such document")
    if len(set(listed)) != len(listed):
        yield Fault(rule, place, "expected each document once")


def _metadata(files: Mapping[str, bytes], paths: tuple[str, ...]) -> Iterator[Fault]:
    if METADATA not in files:
        yield Fault("folder-metadata", METADATA, "expected it, found none")
        return
    try:
        found: JsonValue = parse_object(files[METADATA], METADATA)
    except InputError as error:
        yield Fault("folder-metadata", METADATA, error.message)
        return
    broken = [
        Fault("folder-metadata", METADATA + place, message)
        for place, message in metadata_faults(found)
    ]
    yield from broken
    if not broken:
        yield from _named(as_object(found, METADATA), files, paths)


def _named(
    metadata: Mapping[str, JsonValue], files: Mapping[str, bytes], paths: tuple[str, ...]
) -> Iterator[Fault]:
    """What well-formed metadata does not say of the folder."""
    distributions = [
        as_object(one, METADATA) for one in as_list(metadata.get("distributions", []), METADATA)
    ]
    base = str(metadata["canonical_url"]).removesuffix(METADATA)
    urls = {str(one.get("directory_url")).rstrip("/") for one in distributions}
    for label in sorted({one.partition("/")[0] for one in paths}):
        if f"{base}{label}" not in urls:
            told = f"expected a directory_url {base}{label}/, found none"
            yield Fault("folder-metadata", f"{METADATA}/distributions", told)
    if any("rolie" in one for one in distributions):
        told = "feeds (ROLIE) are not read; whether they agree is not known"
        yield Fault("folder-metadata", f"{METADATA}/distributions", told, warns=True)
    signed = any(path.endswith(".json.asc") for path in files)
    if signed and not metadata.get("public_openpgp_keys"):
        told = "expected the key that documents are signed with, found none"
        yield Fault("folder-metadata", f"{METADATA}/public_openpgp_keys", told)


def _read_metadata(files: Mapping[str, bytes]) -> Mapping[str, JsonValue]:
    try:
        return parse_object(files.get(METADATA, b"{}"), METADATA)
    except InputError:  # Told where the metadata itself is read.
        return {}
