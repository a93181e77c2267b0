"""Advisories that artifacts have to agree with, as somebody named them.

A record that is named by its file counts as the user's own word; one that is fetched by its
identifier is an OSV service's word. Neither can make anything pass.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.core.advisory.record_parse import parse_record
from sealane.core.policy.agreement import ListedFile, NamedAdvisory
from sealane.core.release.affected import parse_advisory
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

if TYPE_CHECKING:
    from sealane.core.advisory.record import Record
    from sealane.io.adapters.http import Web

LARGEST = 4 * 1024 * 1024  # bytes
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9-]{1,100}")


def is_identifier(text: str) -> bool:
    """Whether a text can be an advisory's identifier, e.g. "PYSEC-2026-1"."""
    return bool(_ID.fullmatch(text))


def load_named_advisory(path: Path) -> NamedAdvisory:
    """An OSV record in a file, JSON.

    Raises:
        InputError: It cannot be read, or it is no such record.
    """
    content = read_bounded(path, LARGEST, what="advisory")
    return _named(parse_record(content), content, str(path))


def fetch_named_advisory(web: Web, service: str, identifier: str) -> NamedAdvisory:
    """The record that an OSV service has of an identifier.

    Args:
        web: What asks.
        service: Base URL of the service.
        identifier: E.g. "PYSEC-2026-1".

    Raises:
        NetworkError: Nobody answers, or not with a record.
        InputError: There is none, it is no such record, or it is about another identifier.
    """
    from sealane.io.clients.osv import fetch

    content = fetch(web, service, identifier)
    if content is None:
        raise InputError(
            f"advisory {identifier}: {service} knows none of that identifier",
            hint="look whether it is spelled right; a new one may take some time to get there",
        )
    record = parse_record(content)
    if identifier not in (record.id, *record.aliases):
        raise InputError(
            f"advisory {identifier}: {service} answers with {record.id}",
            hint="name the identifier of the record itself",
        )
    return _named(record, content, f"{service} {identifier}")


def _named(record: Record, content: bytes, origin: str) -> NamedAdvisory:
    # Read once more, as a policy's conditions read it: what they refuse agrees with nothing.
    files = record.provenance.files if record.provenance else ()
    return NamedAdvisory(
        origin,
        hashlib.sha256(content).hexdigest(),
        parse_advisory(content),
        tuple(ListedFile(one.package, one.version, one.sha256) for one in files),
    )
