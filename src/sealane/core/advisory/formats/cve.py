"""CVE: the container of a CVE Numbering Authority, as CVE Services take it.

The container holds no CVE id; that is said when it is published.

Spec: CVE Record Format 5.1.1, "containers.cna"; its versions.md, "Version Status Decision
Algorithm".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.cve_shape import METRICS, broken_form
from sealane.core.advisory.cvss import rating_of
from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.projects import (
    Project,
    cve_of,
    file_stem,
    names_of,
    projects_of,
    ratings_of,
    refuse_withdrawn,
    render_json,
)
from sealane.core.advisory.range_text import parse_version, upgrades_in
from sealane.core.advisory.record import Credit, Record, Reference
from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.moment import rfc3339
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_TYPE = "python"  # of versions: PEP 440
_EVERYTHING_BEFORE = "0"
_NO_END = "*"
_LONGEST = 4096  # characters of a description
_TAGS = {
    "ADVISORY": "vendor-advisory",
    "ARTICLE": "technical-description",
    "DETECTION": "signature",
    "EVIDENCE": "exploit",
    "FIX": "patch",
    "PACKAGE": "product",
    "REPORT": "issue-tracking",
}
_OSV_TYPES = {"2": "CVSS_V2", "3": "CVSS_V3", "4": "CVSS_V4"}


class Cve:
    """CVE 5.1.1, the container of a CNA."""

    name: ClassVar[str] = "cve"
    title: ClassVar[str] = "CVE 5.1.1, CNA container"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The container.

        Raises:
            InputError: It is withdrawn, has no description or no reference, or says what the
                format cannot.
            MissingExtraError: A vector is to be rated, and the extra is not installed.
        """
        cve_of(record)
        refuse_withdrawn(record, "reject the CVE id instead")
        container: dict[str, JsonValue] = {
            "affected": [_product(one, rendering) for one in projects_of(record)],
            "descriptions": [_description(record)],
            "references": _references(record),
            "source": {"advisory": _advisory(record), "discovery": "UNKNOWN"},
            "solutions": _solutions(record),
            "metrics": [_metric(one.type, one.score) for one in ratings_of(record)],
            "problemTypes": [_weakness(one) for one in dict.fromkeys(record.weaknesses)],
            "credits": [_credit(one) for one in dict.fromkeys(record.credits)],
            "title": record.summary,
            "datePublic": rfc3339(record.published) if record.published else "",
            "x_generator": {"engine": f"sealane/{rendering.engine}"},
        }
        said = {name: value for name, value in container.items() if value not in ("", [])}
        return Document(self.name, f"{file_stem(record)}.cve.json", render_json(said))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """As the status of each version is decided by the specification.

        Raises:
            InputError: Not a container; another type of versions than "python", a bound that is no
                version, or a version whose status it calls unknown.
        """
        products = [one for one in _container(content).each("affected") if _project(one) == project]
        return frozenset(
            text for text in versions if any(_is_affected(one, Version(text)) for one in products)
        )

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What CVE Services would refuse, and what they would take and nobody could read.

        Raises:
            InputError: Not a JSON object.
            MissingExtraError: A vector is to be rated, and the extra is not installed.
        """
        container = _unwrapped(parse_object(content, "cve"))
        broken = tuple(Fault("schema", *one) for one in broken_form(container))
        return broken or tuple(_untrue(Members(container, "cve"), weaknesses))

    def said(self, content: bytes) -> Said:
        """What a container says besides.

        Raises:
            InputError: Not a container.
        """
        document = parse_object(content, "cve")
        record = Members(document, "cve").inner_or_empty("cveMetadata")
        container = Members(_unwrapped(document), "cve")
        ids = {record.text_or_empty("cveId"), container.inner_or_empty("source").text_or_empty(
            "advisory"
        )}  # fmt: skip
        ratings = [one for _, one in _ratings(container)]
        entries = [one for product in container.each("affected") for one in _entries(product)]
        fixed = {one.text_or_empty("lessThan") for one in entries}
        for one in container.each_or_none("solutions"):
            fixed |= upgrades_in(one.text("value"))
        return Said(
            frozenset(ids - {""}),
            frozenset(one.text("vectorString") for one in ratings),
            frozenset(word for one in ratings for word in _rated(one)),
            frozenset(one.text("cweId") for _, one in _weaknesses(container)),
            frozenset(fixed - {"", _NO_END}),
            frozenset(map(_project, container.each("affected"))),
        )


def _project(product: Members) -> str:
    return normal_name(product.text_or_empty("packageName") or product.text("product"))


def _product(project: Project, rendering: Rendering) -> JsonValue:
    return {
        "vendor": rendering.issuer.vendor or rendering.issuer.name,
        "product": project.name,
        "packageName": project.name,
        "defaultStatus": "unaffected",
        "versions": [_entry(one) for one in project.intervals],
    }


def _entry(interval: Interval) -> JsonValue:
    # A version that is called 0 is not everything before the end; 0.0 is the same version.
    start = "0.0" if interval.introduced == _EVERYTHING_BEFORE else interval.introduced
    entry: dict[str, JsonValue] = {
        "version": start or _EVERYTHING_BEFORE,
        "status": "affected",
        "versionType": _TYPE,
    }
    if interval.last_affected:
        return entry | {"lessThanOrEqual": interval.last_affected}
    return entry | {"lessThan": interval.fixed or _NO_END}


def _description(record: Record) -> JsonValue:
    details = record.details.strip()
    text = details if 0 < len(details) <= _LONGEST else record.summary
    if not text:
        raise InputError(
            f"advisory {record.id}: expected a summary or details, got neither",
            hint="a CVE record describes the vulnerability",
        )
    description: dict[str, JsonValue] = {"lang": "en", "value": text}
    if details:
        media: JsonValue = {"type": "text/markdown", "base64": False, "value": details}
        description["supportingMedia"] = [media]
    return description


def _references(record: Record) -> list[JsonValue]:
    tags: dict[str, list[str]] = {}
    for one in record.references:
        tags.setdefault(one.url, []).extend(_tags(one))
    if not tags:
        raise InputError(
            f"advisory {record.id}: references: expected at least one, got none",
            hint="name the page of the advisory, or the commit that fixes it",
        )
    return [
        {"url": url, "tags": list(dict.fromkeys(words))} if words else {"url": url}
        for url, words in tags.items()
    ]


def _tags(reference: Reference) -> list[str]:
    return [_TAGS[reference.type]] if reference.type in _TAGS else []


def _advisory(record: Record) -> str:
    """What the issuer calls it; the CVE id only where there is no other name."""
    names = names_of(record)
    return next((one for one in names if not one.startswith("CVE-")), names[0])


def _solutions(record: Record) -> list[JsonValue]:
    return [
        {"lang": "en", "value": f"Upgrade {one.name} to {' or '.join(one.fixed)}."}
        for one in projects_of(record)
        if one.fixed
    ]


def _metric(kind: str, vector: str) -> JsonValue:
    rating = rating_of(kind, vector)
    members: dict[str, JsonValue] = {
        "version": rating.version,
        "vectorString": vector,
        "baseScore": rating.score,
    }
    if rating.version != "2.0":
        members["baseSeverity"] = rating.severity
    return {f"cvssV{rating.version.replace('.', '_')}": members}


def _weakness(identifier: str) -> JsonValue:
    about: JsonValue = {
        "lang": "en",
        "type": "CWE",
        "cweId": identifier,
        "description": identifier,
    }
    return {"descriptions": [about]}


def _credit(credit: Credit) -> JsonValue:
    # Without a type a reader takes the thanked for the finder, which the record does not say.
    kind = credit.type.lower().replace("_", " ") or "other"
    return {"lang": "en", "value": credit.name, "type": kind}


def _container(content: bytes) -> Members:
    return Members(_unwrapped(parse_object(content, "cve")), "cve")


def _unwrapped(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The container, also out of a whole record."""
    if "containers" not in document:
        return document
    inner = Members(document, "cve").inner("containers").inner("cna")
    return dict(inner.items())


def _entries(product: Members) -> tuple[Members, ...]:
    return product.each_or_none("versions")


def _is_affected(product: Members, version: Version) -> bool:
    """The first entry that a version falls under decides, then the last change before it."""
    status = product.text_or_empty("defaultStatus") or "unknown"
    for entry in _entries(product):
        if _is_under(entry, version):
            status = _status(entry, version)
            break
    if status not in ("affected", "unaffected"):
        raise InputError(
            f"{product.place}: {version}: expected affected or unaffected, got {status[:40]!r}",
            hint='write a defaultStatus, e.g. "unaffected"',
        )
    return status == "affected"


def _is_under(entry: Members, version: Version) -> bool:
    """Whether a version is in the range of an entry, or is the one that an entry names."""
    kind = entry.text_or_empty("versionType")
    if kind not in ("", _TYPE):
        raise InputError(
            f"{entry.place}: versionType: expected {_TYPE!r}, got {kind[:40]!r}",
            hint="other types have an order that is not PEP 440's",
        )
    text = entry.text("version")
    below, until = (entry.text_or_empty(name) for name in ("lessThan", "lessThanOrEqual"))
    if below and until:
        raise InputError(f"{entry.place}: expected lessThan or lessThanOrEqual, got both")
    if not (below or until):
        return version == parse_version(text, entry.place)
    if not kind:
        raise InputError(f"{entry.place}: versionType: expected {_TYPE!r}, got none")
    if text != _EVERYTHING_BEFORE and version < parse_version(text, entry.place):
        return False
    if _NO_END in (below, until):
        return True
    if below:
        return version < parse_version(below, entry.place)
    return version <= parse_version(until, entry.place)


def _status(entry: Members, version: Version) -> str:
    status = entry.text("status")
    for change in entry.each_or_none("changes"):
        if parse_version(change.text("at"), change.place) <= version:
            status = change.text("status")
    return status


def _untrue(container: Members, weaknesses: Mapping[str, str]) -> Iterator[Fault]:
    """What has the form of a container, and says something that cannot be."""
    for number, product in enumerate(container.each("affected")):
        for index, entry in enumerate(_entries(product)):
            try:
                _is_under(entry, Version("0"))
                _status(entry, Version("0"))
            except InputError as error:
                place = f"/affected/{number}/versions/{index}"
                yield Fault("versions", place, error.message)
    for place, one in _weaknesses(container):
        if weaknesses and one.text("cweId") not in weaknesses:
            yield Fault("cwe", place, f"expected a CWE id that exists, got {one.text('cweId')}")
    for place, rating in _ratings(container):
        expected = _expected(rating)
        if expected != (actual := _rated(rating)):
            message = f"expected {' '.join(expected)} by its vector, got {' '.join(actual)}"
            yield Fault("cvss", place, message)


def _weaknesses(container: Members) -> Iterator[tuple[str, Members]]:
    for number, problem in enumerate(container.each_or_none("problemTypes")):
        for index, one in enumerate(problem.each("descriptions")):
            if one.has("cweId"):
                yield f"/problemTypes/{number}/descriptions/{index}/cweId", one


def _ratings(container: Members) -> Iterator[tuple[str, Members]]:
    for number, metric in enumerate(container.each_or_none("metrics")):
        for name in METRICS:
            if metric.has(name):
                yield f"/metrics/{number}/{name}", metric.inner(name)


def _rated(rating: Members) -> tuple[str, ...]:
    """Score and severity of a rating, as it says them; version 2 says no severity."""
    words = (str(rating.value("baseScore")), rating.text_or_empty("baseSeverity").lower())
    return tuple(word for word in words if word)


def _expected(rating: Members) -> tuple[str, ...]:
    vector = rating.text("vectorString")
    try:
        found = rating_of(_OSV_TYPES[rating.text("version")[:1]], vector)
    except InputError as error:
        return (error.message,)
    if found.version == "2.0":
        return (str(found.score),)
    return (str(found.score), found.severity.lower())
