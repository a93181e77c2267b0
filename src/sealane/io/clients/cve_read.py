"""Reads CVE Services as everybody may, without an account; what it says is untrusted.

Spec: CVE Services API, `GET /api/cve-id/{id}` and `GET /api/cve/{id}`; CVE record 5.1.
"""

from __future__ import annotations

import json
import re

from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Web

_LIMIT = 8 * 1024 * 1024  # bytes of one answer
_ID = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_HINT = "is it the base URL of CVE Services, before /cve-id?"


@dataclass(frozen=True, slots=True)
class CveRecord:
    """What CVE Services show of an identifier.

    Attributes:
        id: E.g. "CVE-2026-1234".
        state: "RESERVED", "PUBLISHED" or "REJECTED", in the service's words.
        container: The CNA container as JSON in UTF-8; b"" where there is no record yet.
    """

    id: str
    state: str
    container: bytes


def read_cve(web: Web, base: str, identifier: str) -> CveRecord | None:
    """What everybody may see of an identifier; None where that is nothing.

    1. The record tells its state and its container.
    2. Without a record, a reservation is told where the service shows it without an account.

    Args:
        web: Sends the requests.
        base: URL of CVE Services, before "/cve-id", e.g. "https://cve.example.org/api".
        identifier: E.g. "CVE-2026-1234".

    Raises:
        InputError: The identifier is none.
        NetworkError: Nobody answers, or not as CVE Services do.
    """
    if not _ID.fullmatch(identifier):
        raise InputError(f"CVE: expected an identifier like CVE-2026-1234, got {identifier[:40]!r}")
    place = f"{base.rstrip('/')}: {identifier}"
    try:
        record = _ask(web, f"{base.rstrip('/')}/cve/{identifier}", absent=(404,))  # 1
        if record is not None:
            return _published(record, identifier, place)
        # An account is needed for those of others in some versions of the service.
        url = f"{base.rstrip('/')}/cve-id/{identifier}"
        reserved = _ask(web, url, absent=(401, 403, 404))  # 2
        if reserved is None:
            return None
        return CveRecord(identifier, as_text(reserved.get("state"), f"{place}: state"), b"")
    except InputError as error:
        raise NetworkError(error.message, hint=_HINT) from error


def _published(record: dict[str, JsonValue], identifier: str, place: str) -> CveRecord:
    about = as_object(record.get("cveMetadata"), f"{place}: cveMetadata")
    told = as_text(about.get("cveId"), f"{place}: cveId")
    if told != identifier:
        raise InputError(f"{place}: expected the record of it, got that of {told[:40]!r}")
    containers = as_object(record.get("containers"), f"{place}: containers")
    cna = as_object(containers.get("cna"), f"{place}: containers: cna")
    content = json.dumps(cna, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    try:
        container = content.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{place}: a text that is no Unicode") from error
    return CveRecord(identifier, as_text(about.get("state"), f"{place}: state"), container)


def _ask(web: Web, url: str, *, absent: tuple[int, ...]) -> dict[str, JsonValue] | None:
    """The JSON object at a URL; None for the statuses that mean it is not there for us."""
    answer = web.get(url, accept="application/json", limit=_LIMIT)
    if answer.status in absent:
        return None
    place = f"GET {answer.url}"
    if answer.status != 200:
        raise NetworkError(f"{place}: HTTP {answer.status}", hint=_HINT)
    return parse_object(answer.body, place)
