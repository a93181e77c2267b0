"""Asks an OSV service for advisories; what it says is untrusted.

Spec: OSV API v1, `POST /v1/query` and `GET /v1/vulns/{id}`; OSV schema 1.7.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Answer, Web

_ECOSYSTEM = "PyPI"
_RECORD_LIMIT = 4 * 1024 * 1024  # bytes of one record
_PAGE_LIMIT = 32 * 1024 * 1024  # bytes of one page of an answer
_MOST_PAGES = 20
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
_HINT = "is it the base URL of an OSV service, without /v1?"


def query(web: Web, base: str, project: str, version: str) -> tuple[str, ...]:
    """The identifiers a service answers for one version of a package, and their aliases, sorted.

    A database gives a record an id of its own; the one it was handed in with is an alias then.

    Withdrawn records are left out, as every client leaves them out. None at all may mean that
    the version is not affected, or that the service knows neither package nor record.

    Args:
        web: Sends the requests.
        base: URL of the service, before "/v1".
        project: Name as PEP 503 writes it.
        version: PEP 440 normal form.

    Raises:
        NetworkError: Nobody answers, or the answer is not an OSV service's.
    """
    url = f"{base.rstrip('/')}/v1/query"
    asked: dict[str, JsonValue] = {
        "package": {"name": project, "ecosystem": _ECOSYSTEM},
        "version": version,
    }
    found: set[str] = set()
    for _ in range(_MOST_PAGES):
        answer = web.post_json(url, asked, limit=_PAGE_LIMIT)
        place = f"POST {answer.url}"
        members = _members(answer, place)
        try:
            found |= _ids(members.get("vulns", []), place)
            token = as_text(members.get("next_page_token", ""), f"{place}: next_page_token")
        except InputError as error:
            raise NetworkError(error.message, hint=_HINT) from error
        if not token:
            return tuple(sorted(found))
        asked["page_token"] = token
    raise NetworkError(f"POST {url}: more than {_MOST_PAGES} pages about {project} {version}")


def fetch(web: Web, base: str, identifier: str) -> bytes | None:
    """One record, JSON in UTF-8, as the service has it; None where it has none.

    Whether the record is the one that was asked for is the caller's to look at: a service may
    answer an alias with the record it stands for.

    Args:
        web: Sends the request.
        base: URL of the service, before "/v1".
        identifier: E.g. "PYSEC-2026-1".

    Raises:
        InputError: The identifier is none.
        NetworkError: Nobody answers, or the answer is not an OSV service's.
    """
    if not _ID.fullmatch(identifier):
        raise InputError(
            f"advisory: expected an identifier, got {identifier[:60]!r}",
            hint="write it as the advisory does, e.g. PYSEC-2026-1",
        )
    url = f"{base.rstrip('/')}/v1/vulns/{quote(identifier, safe='')}"
    answer = web.get(url, accept="application/json", limit=_RECORD_LIMIT)
    if answer.status == 404:
        return None
    _members(answer, f"GET {answer.url}")
    return answer.body


def _members(answer: Answer, place: str) -> dict[str, JsonValue]:
    if answer.status != 200:
        raise NetworkError(f"{place}: HTTP {answer.status}", hint=_HINT)
    try:
        return parse_object(answer.body, place)
    except InputError as error:
        raise NetworkError(error.message, hint=_HINT) from error


def _ids(value: JsonValue, place: str) -> set[str]:
    """Identifiers and aliases of the records in an answer that are not withdrawn.

    Raises:
        InputError: Not a list of records.
    """
    found = set()
    for one in as_list(value, f"{place}: vulns"):
        record = as_object(one, f"{place}: vulns")
        identifier = as_text(record.get("id"), f"{place}: vulns: id")
        if not _ID.fullmatch(identifier):
            raise InputError(f"{place}: vulns: id: not an identifier: {identifier[:60]!r}")
        if record.get("withdrawn") is None:
            aliases = as_list(record.get("aliases") or [], f"{place}: vulns: aliases")
            found |= {identifier, *(as_text(one, f"{place}: vulns: aliases") for one in aliases)}
    return found
