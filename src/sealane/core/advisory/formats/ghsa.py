"""GHSA: what the repository advisories of GitHub are made and changed from.

Spec: GitHub REST API, "Repository security advisories", create and update.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.projects import (
    Project,
    cve_of,
    file_stem,
    projects_of,
    ratings_of,
    refuse_withdrawn,
    render_json,
)
from sealane.core.advisory.range_text import parse_range, parse_version, range_text
from sealane.core.advisory.record import Credit, Record
from sealane.core.advisory.shape import Row, Table, Text, Word
from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_ECOSYSTEM = "pip"
_SEVERITIES = ("critical", "high", "medium", "low")
_WORDS = {"moderate": "medium"}
_ROLES = (
    "analyst", "finder", "reporter", "coordinator", "remediation_developer",
    "remediation_reviewer", "remediation_verifier", "tool", "sponsor", "other",
)  # fmt: skip
_LOGIN = re.compile("[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
# The profile page of an account, or what `sealane advisory new` writes for one.
_ACCOUNT = re.compile(rf"(?:github:|https://(?:www\.)?github\.[a-z.]+/)({_LOGIN.pattern})/?")
_CVE = re.compile("CVE-[0-9]{4}-[0-9]{4,}")
_CWE = re.compile("CWE-[1-9][0-9]*")
_VECTOR = re.compile(r"CVSS:(3\.[01]|4\.0)(/[A-Za-z]+:[A-Za-z]+)+")

_PACKAGE = Table({"ecosystem": Word((_ECOSYSTEM,)), "name": Text()}, {})
_VULNERABILITY = Table(
    {"package": _PACKAGE, "vulnerable_version_range": Text()},
    {"patched_versions": Text(), "vulnerable_functions": Row(Text())},
)
_PAYLOAD = Table(
    {"summary": Text(1024), "description": Text(65535), "vulnerabilities": Row(_VULNERABILITY)},
    {
        "severity": Word(_SEVERITIES),
        "cvss_vector_string": Text(pattern=_VECTOR, like="a vector of CVSS 3 or 4"),
        "cwe_ids": Row(Text(pattern=_CWE, like="a CWE id like CWE-79")),
        "cve_id": Text(pattern=_CVE, like="a CVE id like CVE-2026-10001"),
        "credits": Row(
            Table({"login": Text(pattern=_LOGIN, like="a login"), "type": Word(_ROLES)}, {})
        ),
    },
)


class Ghsa:
    """The payload of a GitHub repository advisory."""

    name: ClassVar[str] = "ghsa"
    title: ClassVar[str] = "GitHub repository security advisory"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The payload; who issues it, and when, is told by the forge.

        Raises:
            InputError: It is withdrawn, has no summary or no details, or two vectors of one type,
                or says what the format cannot.
        """
        refuse_withdrawn(record, "close the advisory on the forge instead")
        payload: dict[str, JsonValue] = {
            "summary": _needed(record, "summary", record.summary),
            "description": _needed(record, "details", record.details),
            "cve_id": cve_of(record),
            "cwe_ids": list(dict.fromkeys(record.weaknesses)),
            "vulnerabilities": [
                _vulnerability(project, interval)
                for project in projects_of(record)
                for interval in project.intervals
            ],
            "credits": _credits(record.credits),
            **_severity(record),
        }
        said = {name: value for name, value in payload.items() if value not in ("", [])}
        return Document(self.name, f"{file_stem(record)}.ghsa.json", render_json(said))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """What is in one of the project's ranges.

        Raises:
            InputError: Not an advisory, or a range of another grammar.
        """
        ranges = []
        for one in Members(parse_object(content, "ghsa"), "ghsa").each("vulnerabilities"):
            package = one.inner("package")
            if package.text("ecosystem") == _ECOSYSTEM and (
                normal_name(package.text("name")) == project
            ):
                ranges.append(parse_range(one.text("vulnerable_version_range"), one.place))
        return frozenset(
            text
            for text in versions
            if any(all(bound.holds(Version(text)) for bound in bounds) for bounds in ranges)
        )

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What the forge would refuse, and what it would take and no scanner could read.

        Raises:
            InputError: Not a JSON object.
        """
        payload = parse_object(content, "ghsa")
        broken = tuple(Fault("schema", *one) for one in _PAYLOAD.broken(payload, ""))
        return broken or tuple(_untrue(Members(payload, "ghsa"), weaknesses))

    def said(self, content: bytes) -> Said:
        """What a payload, or an advisory of the forge, says besides.

        Raises:
            InputError: Not an advisory.
        """
        members = Members(parse_object(content, "ghsa"), "ghsa")
        ids = {members.text_or_empty(name) for name in ("cve_id", "ghsa_id")}
        entries = members.each("vulnerabilities")
        fixed = {
            text
            for one in entries
            for text in re.split(r"[,\s]+", one.text_or_empty("patched_versions"))
        }
        projects = {_project(one.inner("package")) for one in entries}
        return Said(
            frozenset(ids - {""}),
            frozenset({members.text_or_empty("cvss_vector_string")} - {""}),
            frozenset({members.text_or_empty("severity").lower()} - {""}),
            frozenset(members.texts_or_none("cwe_ids")),
            frozenset(fixed - {""}),
            frozenset(projects - {""}),
        )


def _needed(record: Record, name: str, text: str) -> str:
    if not text.strip():
        raise InputError(
            f"advisory {record.id}: {name}: expected a text, got none",
            hint="the forge takes no advisory without one",
        )
    return text


def _project(package: Members) -> str:
    """The project; one of another ecosystem is called by that too, "" where none is named."""
    ecosystem, name = (package.text_or_empty(one) for one in ("ecosystem", "name"))
    return normal_name(name) if ecosystem in ("", _ECOSYSTEM) else f"{ecosystem}: {name}"


def _severity(record: Record) -> dict[str, JsonValue]:
    """One vector, or one word; the forge takes no two of them.

    CVSS 3 goes before 4, because every reader of the forge knows it.
    """
    for kind in ("CVSS_V3", "CVSS_V4"):
        vectors = [one.score for one in ratings_of(record) if one.type == kind]
        if len(vectors) > 1:
            raise InputError(
                f"advisory {record.id}: severity: expected one vector of {kind}, got "
                f"{len(vectors)}",
                hint="rate the record as a whole, or write an advisory for each package",
            )
        if vectors:
            return {"cvss_vector_string": vectors[0]}
    word = record.rating.lower()
    word = _WORDS.get(word, word)
    return {"severity": word} if word in _SEVERITIES else {}


def _vulnerability(project: Project, interval: Interval) -> JsonValue:
    found: dict[str, JsonValue] = {
        "package": {"ecosystem": _ECOSYSTEM, "name": project.name},
        "vulnerable_version_range": range_text(interval),
    }
    if interval.fixed:
        found["patched_versions"] = interval.fixed
    if project.imports:
        found["vulnerable_functions"] = list(project.imports)
    return found


def _credits(named: tuple[Credit, ...]) -> list[JsonValue]:
    """Those whose account is known; each once, because the forge takes a login once."""
    found: dict[str, str] = {}
    for credit in named:
        logins = [one[1] for contact in credit.contact if (one := _ACCOUNT.fullmatch(contact))]
        for login in logins[:1]:
            found.setdefault(login, credit.type.lower() or "other")
    return [{"login": login, "type": kind} for login, kind in found.items()]


def _untrue(payload: Members, weaknesses: Mapping[str, str]) -> Iterator[Fault]:
    if payload.has("severity") and payload.has("cvss_vector_string"):
        yield Fault("severity", "/severity", "expected a word or a vector, got both")
    for number, one in enumerate(payload.each("vulnerabilities")):
        place = f"/vulnerabilities/{number}"
        try:
            parse_range(one.text("vulnerable_version_range"), one.place)
        except InputError as error:
            yield Fault("versions", f"{place}/vulnerable_version_range", error.message)
        try:
            if one.has("patched_versions"):
                parse_version(one.text("patched_versions"), one.place)
        except InputError as error:
            yield Fault("versions", f"{place}/patched_versions", error.message)
    for number, identifier in enumerate(payload.texts_or_none("cwe_ids")):
        if weaknesses and identifier not in weaknesses:
            message = f"expected a CWE id that exists, got {identifier}"
            yield Fault("cwe", f"/cwe_ids/{number}", message)
