"""Loads a record, and the documents made from it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from sealane.core.advisory.documents import Document, Rendering
from sealane.core.advisory.record import Record
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

LARGEST_RECORD = 4 * 1024 * 1024  # bytes
_LARGEST_DOCUMENT = 16 * 1024 * 1024  # bytes
_MOST_DOCUMENTS = 5000
_YAML = (".yaml", ".yml")
# What a published folder has beside its documents: lists of them, digests, signatures.
_BESIDE = (".asc", ".sha256", ".sha512")
_LISTS = frozenset({"index.txt", "changes.csv", "provider-metadata.json"})


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """A record as it was found.

    Attributes:
        record: What it says.
        content: OSV as JSON in UTF-8: the file itself, or what a file in YAML says.
        place: The file, or where else it came from.
        sha256: Digest of what was read, lower-case hex.
    """

    record: Record
    content: bytes
    place: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What could be made of a record.

    Attributes:
        documents: One a format.
        refused: Format, and why it cannot say what the record says.
    """

    documents: tuple[Document, ...]
    refused: tuple[tuple[str, str], ...]


def load_record(path: Path) -> LoadedRecord:
    """The record in a file: YAML where the name ends in .yaml or .yml, else JSON.

    Raises:
        InputError: It cannot be read, or it is no record.
        MissingExtraError: It is YAML, and the extra [advisory] is not installed.
    """
    return read_loaded(read_bounded(path, LARGEST_RECORD, what="advisory"), path)


def read_loaded(content: bytes, path: Path) -> LoadedRecord:
    """The record in the bytes of a file; see `load_record`."""
    from sealane.core.advisory.record_parse import parse_record

    digest = hashlib.sha256(content).hexdigest()
    if path.name.endswith(_YAML):
        from sealane.core.advisory.record_yaml import parse_yaml

        # Not what the parsed record renders as: the checks are to see what the file says.
        content = json.dumps(parse_yaml(content), indent=2, sort_keys=True).encode() + b"\n"
    try:
        return LoadedRecord(parse_record(content), content, str(path), digest)
    except InputError as error:
        hint = error.hint or "name the OSV record: JSON, or YAML in a file called .yaml"
        raise InputError(f"{str(path)!r}: {error.message}", hint=hint) from error


def load_documents(folder: Path) -> tuple[Document, ...]:
    """Every document in a folder and the folders below it, by path.

    Lists, digests and signatures that a published folder has beside them are left aside; any other
    file that is of no format is an error, for it may be the one that differs.

    Raises:
        InputError: The folder cannot be read, has too many files, or one is of no format.
    """
    found = [_document(path, folder) for path in _files(folder)]
    if not found:
        raise InputError(
            f"documents {str(folder)!r}: there is none",
            hint="make them with sealane advisory render, or leave the folder out",
        )
    return tuple(found)


def render_all(
    record: Record, rendering: Rendering, formats: Collection[str] = ()
) -> tuple[Document, ...]:
    """A document in each format.

    Args:
        record: What they are made from.
        rendering: What else goes into them.
        formats: Names of the formats; all where none is named.

    Raises:
        InputError: A format cannot say what the record says.
        UsageError: There is no format of a name.
    """
    from sealane.core.advisory.formats.registry import FORMATS, format_named

    return tuple(format_named(name).render(record, rendering) for name in formats or FORMATS)


def render_each(record: Record, rendering: Rendering, formats: Collection[str] = ()) -> Rendered:
    """As `render_all`, but a format that cannot say it hides none of the others.

    Raises:
        UsageError: There is no format of a name.
    """
    from sealane.core.advisory.formats.registry import FORMATS, format_named

    documents: list[Document] = []
    refused: list[tuple[str, str]] = []
    for name in formats or FORMATS:
        try:
            documents.append(format_named(name).render(record, rendering))
        except InputError as error:
            refused.append((name, error.message))
    return Rendered(tuple(documents), tuple(refused))


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise InputError(f"documents {str(folder)!r}: not a folder", hint="name a folder")
    count = 0
    for directory, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(_BESIDE) or name in _LISTS or name.startswith("."):
                continue
            count += 1
            if count > _MOST_DOCUMENTS:
                raise InputError(f"documents {str(folder)!r}: more than {_MOST_DOCUMENTS} files")
            yield Path(directory, name)


def _document(path: Path, folder: Path) -> Document:
    from sealane.core.advisory.formats.registry import format_of

    content = read_bounded(path, _LARGEST_DOCUMENT, what="document")
    try:
        found = format_of(content, path.name)
    except InputError:
        found = None  # Not JSON either.
    if found is None:
        raise InputError(
            f"document {str(path)!r}: of no format that is known",
            hint="take it out of the folder, or give it the name that its format wants",
        )
    return Document(found.name, path.relative_to(folder).as_posix(), content)
