"""OpenVEX: for each released version, whether it is affected, fixed, or never was affected.

Spec: OpenVEX 0.2.0, "The VEX Document", "The VEX Statement", "Status Labels"; package-url,
purl-spec.md, "version".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote, unquote

from packaging.version import Version

from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.projects import (
    Project,
    cve_of,
    file_stem,
    names_of,
    projects_of,
    render_json,
)
from sealane.core.advisory.range_text import parse_version, upgrades_in
from sealane.core.advisory.record import Record
from sealane.core.advisory.shape import Number, Row, Shape, Table, Text, Word
from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.moment import rfc3339
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

CONTEXT = "https://openvex.dev/ns/v0.2.0"  # an identifier; nothing is fetched from it
_STATUSES = ("not_affected", "affected", "fixed", "under_investigation")
_JUSTIFICATIONS = (
    "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
)  # fmt: skip
_PURL = re.compile(r"pkg:pypi/([A-Za-z0-9._-]+)@([^?#/@]+)")

_IRI = Text(pattern=re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"), like="an IRI")
_TIME = Text(
    pattern=re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII),
    like="a time like 2026-11-25T12:00:00Z",
)
_FREE = Text(least=0)
_ALGORITHMS = (
    *("md5", "sha1", "sha-256", "sha-384", "sha-512", "sha3-224", "sha3-256", "sha3-384"),
    *("sha3-512", "blake2s-256", "blake2b-256", "blake2b-512"),
)
_HASHES = Table({}, dict.fromkeys(_ALGORITHMS, _FREE))
_IDENTIFIERS = Table({}, {"purl": _FREE, "cpe22": _FREE, "cpe23": _FREE})
_PART: Mapping[str, Shape] = {"@id": _IRI, "identifiers": _IDENTIFIERS, "hashes": _HASHES}
_PRODUCT = Table({}, {**_PART, "subcomponents": Row(Table({}, _PART), least=0)})
_VULNERABILITY = Table(
    {"name": _FREE}, {"@id": _IRI, "description": _FREE, "aliases": Row(_FREE, least=0)}
)
_STATEMENT = Table(
    {"vulnerability": _VULNERABILITY, "status": Word(_STATUSES)},
    {
        "@id": _IRI,
        "version": Number(1, 1e9, whole=True),
        "timestamp": _TIME,
        "last_updated": _TIME,
        "products": Row(_PRODUCT, least=0),
        "supplier": _FREE,
        "status_notes": _FREE,
        "justification": Word(_JUSTIFICATIONS),
        "impact_statement": _FREE,
        "action_statement": _FREE,
        "action_statement_timestamp": _TIME,
    },
)
_DOCUMENT = Table(
    {
        "@context": Word((CONTEXT,)),
        "@id": _IRI,
        "author": Text(),
        "timestamp": _TIME,
        "version": Number(1, 1e9, whole=True),
        "statements": Row(_STATEMENT),
    },
    {"role": _FREE, "last_updated": _TIME, "tooling": _FREE},
)


class OpenVex:
    """OpenVEX 0.2.0."""

    name: ClassVar[str] = "openvex"
    title: ClassVar[str] = "OpenVEX 0.2.0"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """A statement for each status, and for each way to get rid of what is affected.

        The same record and rendering give the same bytes: the document is called by its digest.

        Raises:
            InputError: No release is known that a statement could be about, or the record says
                what the format cannot.
        """
        statements = [
            statement
            for project in projects_of(record)
            for statement in _statements(project, record, rendering)
        ]
        document: dict[str, JsonValue] = {
            "@context": CONTEXT,
            "author": rendering.issuer.name,
            "timestamp": rfc3339(rendering.at),
            "version": max(1, len(record.provenance.revisions) if record.provenance else 1),
            "tooling": f"sealane/{rendering.engine}",
            "statements": statements,
        }
        digest = hashlib.sha256(render_json(document)).hexdigest()
        document["@id"] = f"{rendering.issuer.namespace.rstrip('/')}/vex-{digest}"
        return Document(self.name, f"{file_stem(record)}.openvex.json", render_json(document))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """What the newest statement on each version calls affected.

        Raises:
            InputError: Not a document; or no statement on a version, one that it is still being
                looked at, or two of the same time that differ.
        """
        found: dict[Version, dict[datetime, set[str]]] = {}
        for at, status, name, version in _said_of(_members(content)):
            if name == project:
                found.setdefault(version, {}).setdefault(at, set()).add(status)
        return frozenset(
            text
            for text in versions
            if _status(found.get(Version(text), {}), f"openvex: {project} {text}") == "affected"
        )

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What is against the form, and statements that lack what their status needs.

        Raises:
            InputError: Not a JSON object.
        """
        document = parse_object(content, "openvex")
        broken = tuple(Fault("schema", *one) for one in _DOCUMENT.broken(document, ""))
        return broken or tuple(_untrue(Members(document, "openvex")))

    def said(self, content: bytes) -> Said:
        """What a document says besides: names of the vulnerability, and what fixes it.

        Raises:
            InputError: Not a document.
        """
        members = _members(content)
        ids, fixed, projects = set[str](), set[str](), set[str]()
        for statement in members.each("statements"):
            about = statement.inner("vulnerability")
            ids |= {about.text("name"), *about.texts_or_none("aliases")}
            fixed |= upgrades_in(statement.text_or_empty("action_statement"))
            for product in statement.each("products"):
                named = _purl_of(product)
                found = _PURL.fullmatch(named)
                projects.add(normal_name(found[1]) if found else named)
        fixed |= {str(one) for _, status, _, one in _said_of(members) if status == "fixed"}
        return Said(ids=frozenset(ids), fixed=frozenset(fixed), projects=frozenset(projects))


def _statements(project: Project, record: Record, rendering: Rendering) -> Iterator[JsonValue]:
    left = list(_released(project, record, rendering))
    if not left:
        raise InputError(
            f"advisory {record.id}: {project.name}: expected at least one release, got none",
            hint="hand in what the index has, or list versions in the record",
        )
    about = _vulnerability(record)
    if record.withdrawn is not None and record.withdrawn <= rendering.at:
        note = f"Withdrawn at {rfc3339(record.withdrawn)}."
        yield _statement(about, "not_affected", project, left, impact_statement=note)
        return
    for interval in project.intervals:
        inside = [one for one in left if interval.holds(Version(one))]
        left = [one for one in left if not interval.holds(Version(one))]
        if inside:
            action = _action(project, interval.fixed)
            yield _statement(about, "affected", project, inside, action_statement=action)
    ends = {Version(one) for one in project.fixed}
    fixed = [one for one in left if Version(one) in ends]
    if fixed:
        yield _statement(about, "fixed", project, fixed)
    never = [one for one in left if Version(one) not in ends]
    if never:
        why = "vulnerable_code_not_present"
        yield _statement(about, "not_affected", project, never, justification=why)


def _released(project: Project, record: Record, rendering: Rendering) -> tuple[str, ...]:
    """What the index has; of a project that nobody looked up, what the record names."""
    for listing in rendering.listings:
        if listing.project == project.name:
            return listing.versions
    named = [
        text
        for entry in record.affected
        if normal_name(entry.about.name) == project.name
        for text in entry.about.versions
    ]
    found = {Version(text) for text in (*named, *project.fixed)}
    return tuple(str(one) for one in sorted(found))


def _statement(
    about: JsonValue, status: str, project: Project, versions: list[str], **more: JsonValue
) -> JsonValue:
    purls = [f"pkg:pypi/{project.name}@{quote(one, safe='')}" for one in versions]
    products: list[JsonValue] = [{"@id": one, "identifiers": {"purl": one}} for one in purls]
    return {"vulnerability": about, "status": status, "products": products, **more}


def _vulnerability(record: Record) -> JsonValue:
    names = names_of(record)
    name = cve_of(record) or record.id
    found: dict[str, JsonValue] = {"name": name}
    if others := sorted(one for one in names if one != name):
        found["aliases"] = list(others)
    if record.summary:
        found["description"] = record.summary
    return found


def _action(project: Project, fixed: str) -> str:
    if not fixed:
        newer = " or ".join(project.fixed)
        return f"Upgrade {project.name} to {newer}." if newer else "No release fixes it yet."
    return f"Upgrade {project.name} to {fixed} or a later release that is not affected."


def _members(content: bytes) -> Members:
    return Members(parse_object(content, "openvex"), "openvex")


def _said_of(document: Members) -> Iterator[tuple[datetime, str, str, Version]]:
    """For each product of each statement: when it was said, the status, project and version."""
    issued = document.moment("timestamp")
    for statement in document.each("statements"):
        at = statement.moment("timestamp") if statement.has("timestamp") else issued
        status = statement.text("status")
        for product in statement.each("products"):
            found = _PURL.fullmatch(_purl_of(product))
            if found is None:  # Another kind of product, e.g. an image.
                continue
            version = parse_version(unquote(found[2]), product.place)
            yield at, status, normal_name(found[1]), version


def _purl_of(product: Members) -> str:
    """What a product is called by its package URL, or else by its own name in the document."""
    purl = product.inner_or_empty("identifiers").text_or_empty("purl")
    return purl or product.text("@id")


def _status(said: Mapping[datetime, set[str]], place: str) -> str:
    newest = said[max(said)] if said else set()
    if len(newest) != 1 or not newest <= {"affected", "not_affected", "fixed"}:
        raise InputError(
            f"{place}: expected one status, got {', '.join(sorted(newest)) or 'none'}",
            hint="render the document again, by what the index has now",
        )
    return next(iter(newest))


def _untrue(document: Members) -> Iterator[Fault]:
    for number, one in enumerate(document.each("statements")):
        place = f"/statements/{number}"
        status = one.text("status")
        if status == "affected" and not one.has("action_statement"):
            yield Fault("statement", place, "expected an action_statement, got none")
        reasons = sum(map(one.has, ("justification", "impact_statement")))
        if status == "not_affected" and not reasons:
            message = "expected a justification or an impact_statement, got neither"
            yield Fault("statement", place, message)
        for index, product in enumerate(one.each_or_none("products")):
            yield from _nameless(product, f"{place}/products/{index}")


def _nameless(product: Members, place: str) -> Iterator[Fault]:
    parts = [(place, product)]
    inner = product.each_or_none("subcomponents")
    parts += [(f"{place}/subcomponents/{number}", one) for number, one in enumerate(inner)]
    for at, part in parts:
        if not (part.has("@id") or part.has("identifiers")):
            yield Fault("statement", at, "expected an @id or identifiers, got neither")
        if part.has("identifiers") and not part.inner("identifiers").names():
            yield Fault("statement", f"{at}/identifiers", "expected one identifier, got none")
        purl = part.inner_or_empty("identifiers").text_or_empty("purl")
        if purl.startswith("pkg:pypi/") and not _readable(purl):
            message = f"expected pkg:pypi/NAME@VERSION, got {purl[:80]!r}"
            yield Fault("versions", f"{at}/identifiers/purl", message)


def _readable(purl: str) -> bool:
    try:
        return bool(
            (found := _PURL.fullmatch(purl)) and parse_version(unquote(found[2]), "openvex")
        )
    except InputError:
        return False
