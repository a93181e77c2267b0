"""Optional rules on the document itself: its history, its label, its address, its members.

Spec: CSAF 2.0, sections 6.2.4 to 6.2.7, 6.2.10, 6.2.11, 6.2.13, 6.2.17 and 6.2.20.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sealane.core.advisory.csaf.file_name import csaf_file_name
from sealane.core.advisory.csaf.form import unknown_members
from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.texts import is_cve, moment_of
from sealane.core.advisory.csaf.walk import Object, each, inner, text, vulnerabilities
from sealane.core.advisory.shape import pointer
from sealane.core.model.statement import JsonValue

_TRACKING = "/document/tracking"


def _build_metadata(csaf: Csaf) -> Iterator[Broken]:
    for place, revision in _revisions(csaf):
        number = text(revision, "number")
        if "+" in number:
            yield f"{place}/number", f"expected a version without build metadata, got {number!r}"


def _initial_date(csaf: Csaf) -> Iterator[Broken]:
    if dates := _dates(csaf):
        yield from _not_older(csaf, "initial_release_date", min(dates), "oldest")


def _current_date(csaf: Csaf) -> Iterator[Broken]:
    if dates := _dates(csaf):
        yield from _not_older(csaf, "current_release_date", max(dates), "newest")


def _not_older(csaf: Csaf, name: str, limit: datetime, which: str) -> Iterator[Broken]:
    written = text(_tracking(csaf), name)
    date = moment_of(written)
    if date is not None and date < limit:
        expected = f"expected no time before {limit.isoformat()}, that of the {which} revision"
        yield f"{_TRACKING}/{name}", f"{expected}, got {written!r}"


def _date_of_involvement(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, involvement in each(vulnerability, "involvements", place):
            if "date" not in involvement:
                yield at, "expected a date, found none"


def _label(csaf: Csaf) -> Iterator[Broken]:
    tlp = inner(inner(inner(csaf.document, "document"), "distribution"), "tlp")
    if "label" not in tlp:
        yield "/document", "expected distribution/tlp/label, found none"


def _canonical_url(csaf: Csaf) -> Iterator[Broken]:
    name = csaf_file_name(text(_tracking(csaf), "id"))
    references = each(inner(csaf.document, "document"), "references", "/document")
    for _, reference in references:
        url = text(reference, "url")
        # `external` is what a reference without a category is.
        own = text(reference, "category") == "self"
        if own and url.startswith("https://") and url.endswith(name):
            return
    yield "/document/references", f"expected one of category self to https://.../{name}, found none"


def _sorting(csaf: Csaf) -> Iterator[Broken]:
    return _unsorted(dict(csaf.document), "")


def _unsorted(value: JsonValue, place: str) -> Iterator[Broken]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _unsorted(one, f"{place}/{number}")
    elif isinstance(value, dict):
        names = list(value)
        for name, expected in zip(names, sorted(names), strict=True):
            if name != expected:
                yield place, f"expected members in order, {expected!r} before {name!r}"
                break
        for name, one in value.items():
            yield from _unsorted(one, place + pointer(name))


def _cve_among_ids(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, identifier in each(vulnerability, "ids", place):
            if is_cve(found := text(identifier, "text")):
                yield f"{at}/text", f"expected {found} in the member cve, found it among ids"


def _additional(csaf: Csaf) -> Iterator[Broken]:
    for place in unknown_members(dict(csaf.document)):
        yield place, "expected members of CSAF 2.0, got another"


def _tracking(csaf: Csaf) -> Object:
    return inner(inner(csaf.document, "document"), "tracking")


def _revisions(csaf: Csaf) -> Iterator[tuple[str, Object]]:
    return each(_tracking(csaf), "revision_history", _TRACKING)


def _dates(csaf: Csaf) -> list[datetime]:
    found = (moment_of(text(one, "date")) for _, one in _revisions(csaf))
    return [one for one in found if one is not None]


RULES = (
    Rule("6.2.4", "Build Metadata in Revision History", Level.OPTIONAL, _build_metadata),
    Rule(
        "6.2.5",
        "Older Initial Release Date than Revision History",
        Level.OPTIONAL,
        _initial_date,
    ),
    Rule(
        "6.2.6",
        "Older Current Release Date than Revision History",
        Level.OPTIONAL,
        _current_date,
    ),
    Rule("6.2.7", "Missing Date in Involvements", Level.OPTIONAL, _date_of_involvement),
    Rule("6.2.10", "Missing TLP label", Level.OPTIONAL, _label),
    Rule("6.2.11", "Missing Canonical URL", Level.OPTIONAL, _canonical_url),
    Rule("6.2.13", "Sorting", Level.OPTIONAL, _sorting),
    Rule("6.2.17", "CVE in field IDs", Level.OPTIONAL, _cve_among_ids),
    Rule("6.2.20", "Additional Properties", Level.OPTIONAL, _additional),
)
