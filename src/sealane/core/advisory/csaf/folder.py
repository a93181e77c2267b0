"""What lies in the folder that CSAF documents are published in, and how its lists are written.

Spec: CSAF 2.0, sections 7.1.11 to 7.1.13; RFC 4180.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable
from datetime import datetime

from sealane.core.advisory.csaf.paths import document_path
from sealane.core.advisory.csaf.read import parse_csaf
from sealane.core.advisory.csaf.walk import inner, text
from sealane.core.attestation.members import parse_moment
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_DOCUMENT = re.compile(r"(white|green|amber|red)/[0-9]{4}/[^/]+\.json")


@dataclass(frozen=True, slots=True)
class Published:
    """What the folder needs to know of a document.

    Attributes:
        id: Its tracking id.
        namespace: Of its publisher.
        label: Its TLP label, e.g. "WHITE"; "" where it has none.
        status: "draft", "interim" or "final".
        version: Of its last revision.
        initial: When it was first released, aware.
        current: When it was last released, aware.
        written: The same, as the document writes it.
    """

    id: str
    namespace: str
    label: str
    status: str
    version: str
    initial: datetime
    current: datetime
    written: str

    @property
    def path(self) -> str:
        """Where it belongs; what has no label is not for everybody, and in no such folder."""
        return document_path(self.label, self.initial, self.id)


def published_in(content: bytes, place: str) -> Published:
    """What the folder needs to know of a document.

    Args:
        content: The document.
        place: What it is called in errors.

    Raises:
        InputError: Not a CSAF document.
    """
    try:
        head = inner(parse_csaf(content), "document")
    except InputError as error:
        raise InputError(f"CSAF folder: {place}: {error.message}", hint=error.hint) from error
    tracking = inner(head, "tracking")
    return Published(
        text(tracking, "id"),
        text(inner(head, "publisher"), "namespace"),
        text(inner(inner(head, "distribution"), "tlp"), "label"),
        text(tracking, "status"),
        text(tracking, "version"),
        parse_moment(tracking["initial_release_date"], place),
        parse_moment(tracking["current_release_date"], place),
        text(tracking, "current_release_date"),
    )


def document_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths that documents have, sorted."""
    return tuple(sorted(one for one in paths if _DOCUMENT.fullmatch(one)))


def index_of(paths: Collection[str]) -> bytes:
    """`index.txt`: the paths of all documents, one a line, sorted."""
    return "".join(f"{one}\n" for one in sorted(paths)).encode()


def changes_of(documents: Iterable[tuple[str, Published]]) -> bytes:
    """`changes.csv`: paths and dates of the current releases, the newest first."""
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    by_path = sorted(documents, key=lambda one: one[0])
    writer.writerows(
        (path, one.written)
        for path, one in sorted(by_path, key=lambda one: one[1].current, reverse=True)
    )
    return lines.getvalue().encode()


def changes_in(content: bytes) -> list[tuple[str, ...]]:
    """The rows of `changes.csv`.

    Raises:
        InputError: Not CSV in UTF-8.
    """
    try:
        return [tuple(row) for row in csv.reader(io.StringIO(content.decode()), strict=True)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"changes.csv: not CSV as RFC 4180 has it: {error}") from error
