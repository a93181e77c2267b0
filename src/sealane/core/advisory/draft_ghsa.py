"""A record from the draft of a GitHub repository advisory.

The forge has a row for each range, with its fix beside it; OSV has one range of events, in which a
fix is where the range ends. Where the two cannot mean the same, nothing is guessed.

Spec: GitHub REST API, "Repository security advisories"; "vulnerable_version_range" grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from packaging.version import Version

from sealane.core.advisory.draft import package_entry
from sealane.core.advisory.fill import fill_versions, listing_named
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.range_text import Bound, parse_range, parse_version
from sealane.core.advisory.record import (
    SCHEMA_VERSION,
    Affected,
    Credit,
    Record,
    Reference,
    Severity,
)
from sealane.core.advisory.record_parse import parse_document
from sealane.core.attestation.members import Members
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass, replace
from sealane.errors import InputError

_ECOSYSTEM = "pip"
# The forge says "medium" in its API, and "moderate" in the OSV records it exports.
_WORDS = {"medium": "MODERATE"}
_VECTORS = {"CVSS:3.": "CVSS_V3", "CVSS:4.": "CVSS_V4"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: where its range begins (None for everything before), how it ends, and where."""

    first: Version | None
    ending: str
    last: Version | None


def from_ghsa(
    content: bytes, listings: Sequence[Listing], at: datetime, identifier: str = ""
) -> Record:
    """A record that says what the draft says, with the versions that the index lists.

    Args:
        content: What the forge answers for the advisory, or the payload it was made from; JSON.
        listings: The index of each package.
        at: When it is written, UTC.
        identifier: Id of the record; that of the forge where it is "".

    Raises:
        InputError: Not such JSON; nothing affected; a package of another ecosystem; a range that
            OSV cannot say, or that its fix contradicts; ranges of a package that overlap.
    """
    draft = Members(parse_document(content), "ghsa")
    named = draft.text_or_empty("ghsa_id"), draft.text_or_empty("cve_id")
    names = [one for one in (identifier, *named) if one]
    if not names:
        raise InputError("ghsa: expected a ghsa_id, a cve_id or an identifier, got none")
    packages: dict[str, list[Members]] = {}
    for row in draft.each("vulnerabilities"):
        packages.setdefault(_project(row), []).append(row)
    if not packages:
        raise InputError("ghsa: vulnerabilities: expected at least one package, got none")
    page = draft.text_or_empty("html_url")
    record = Record(
        names[0],
        at,
        schema_version=SCHEMA_VERSION,
        summary=draft.text_or_empty("summary"),
        details=draft.text_or_empty("description"),
        aliases=tuple(dict.fromkeys(one for one in names if one != names[0])),
        severity=_severities(draft),
        affected=tuple(_entry(name, rows, listings) for name, rows in packages.items()),
        references=(Reference("ADVISORY", page),) if page else (),
        credits=tuple(_credit(one) for one in draft.each_or_none("credits")),
        weaknesses=tuple(dict.fromkeys(draft.texts_or_none("cwe_ids"))),
        rating=_rating(draft.text_or_empty("severity")),
    )
    return fill_versions(record, listings)


def projects_in(content: bytes) -> tuple[str, ...]:
    """The projects a draft names, each once, as PEP 503 writes them: their index has to be known.

    Raises:
        InputError: Not such JSON, or a package of another ecosystem.
    """
    rows = Members(parse_document(content), "ghsa").each("vulnerabilities")
    return tuple(dict.fromkeys(_project(one) for one in rows))


def _project(row: Members) -> str:
    package = row.inner("package")
    if (ecosystem := package.text("ecosystem")) != _ECOSYSTEM:
        raise InputError(
            f"{package.place}: ecosystem: expected {_ECOSYSTEM}, got {ecosystem[:40]!r}",
            hint="one advisory for each ecosystem",
        )
    return normal_name(package.text("name"))


def _rating(word: str) -> str:
    return _WORDS.get(word, word.upper())


def _severities(draft: Members) -> tuple[Severity, ...]:
    """Every vector, each once; an answer of the forge repeats the one of CVSS 3."""
    both = draft.inner_or_empty("cvss_severities")
    found = [both.inner_or_empty(name).text_or_empty("vector_string") for name in both.names()]
    found.append(draft.inner_or_empty("cvss").text_or_empty("vector_string"))
    found.append(draft.text_or_empty("cvss_vector_string"))
    return tuple(_severity(text) for text in dict.fromkeys(found) if text)


def _severity(vector: str) -> Severity:
    kind = _VECTORS.get(vector[:7])
    if kind is None:
        raise InputError(f"ghsa: expected a vector of CVSS 3 or 4, got {vector[:40]!r}")
    return Severity(kind, vector)


def _credit(credit: Members) -> Credit:
    login = credit.text("login")
    kind = credit.text_or_empty("type") or "other"
    return Credit(login, kind.upper(), (f"github:{login}",))


def _entry(name: str, rows: Sequence[Members], listings: Sequence[Listing]) -> Affected:
    listing = listing_named(listings, name)
    found = sorted(
        (_row(one, listing) for one in rows), key=lambda row: row.first or Version("0.dev0")
    )
    place = f"ghsa: {name}"
    if len({row.ending for row in found if row.last is not None}) > 1:
        raise InputError(
            f"{place}: one range ends with a fix, another without",
            hint="OSV wants one of the two in a package: fill in patched_versions for each range",
        )
    events: list[tuple[str, str]] = []
    ended: Version | None = None
    for number, row in enumerate(found):
        if number and (ended is None or row.first is None or row.first <= ended):
            raise InputError(f"{place}: two of its ranges overlap, or touch: write them as one")
        events.append(("introduced", "0" if row.first is None else str(row.first)))
        if row.last is not None:
            events.append((row.ending, str(row.last)))
        ended = row.last
    entry = package_entry(name, tuple(events))
    imports = _imports(rows)
    return replace(entry, ecosystem_specific=(("imports", imports),)) if imports else entry


def _row(row: Members, listing: Listing) -> _Row:
    bounds = parse_range(row.text("vulnerable_version_range"), row.place)
    read = _Row(None, "", None)
    for bound in bounds:
        read = _bounded(read, bound, len(bounds), row.place)
    text = row.text_or_empty("patched_versions").strip()
    if not text:
        return read
    patched = parse_version(text, f"{row.place}: patched_versions")
    if read.last is not None:
        _refuse_gap(read.last, patched, read.ending, listing, row.place)
    elif read.first is not None and patched <= read.first:
        raise InputError(f"{row.place}: patched in {patched}, which is not after {read.first}")
    return _Row(read.first, "fixed", patched)


def _bounded(read: _Row, bound: Bound, count: int, place: str) -> _Row:
    """What is read so far, with one more condition."""
    version = bound.version
    if bound.operator == "=" and count == 1:
        return _Row(version, "last_affected", version)
    if bound.operator == ">=" and read == _Row(None, "", None):
        return _Row(version, "", None)
    if bound.operator in ("<", "<=") and not read.ending and version is not None:
        last_too = bound.operator == "<="
        if read.first is None or read.first < version or (last_too and read.first == version):
            return _Row(read.first, "last_affected" if last_too else "fixed", version)
    raise InputError(
        f"{place}: vulnerable_version_range: {bound.operator} {version or 0} cannot be said in OSV "
        "here",
        hint="write '>= FIRST, < FIXED', '<= LAST' or '= ONLY'; instead of '> A' name the version "
        "after A",
    )


def _refuse_gap(last: Version, patched: Version, ending: str, listing: Listing, place: str) -> None:
    """Refuse a fix that is not where the range ends, if the index has something between them."""
    if patched < last or (patched == last and ending == "last_affected"):
        raise InputError(f"{place}: patched in {patched}, which is still inside the range")
    for text in listing.versions:
        version = Version(text)
        after = version > last if ending == "last_affected" else version >= last
        if after and version < patched:
            raise InputError(
                f"{place}: the range ends at {last}, the fix is {patched}, and {text} between them "
                "is neither affected nor fixed",
                hint="let the range end at the version that fixes it",
            )


def _imports(rows: Sequence[Members]) -> list[JsonValue]:
    """`imports` as the PyPA's database writes them: "acme.http.parse" is parse of acme.http."""
    names = dict.fromkeys(
        name for row in rows for name in row.texts_or_none("vulnerable_functions")
    )
    found: list[JsonValue] = []
    for name in names:
        module, _, attribute = name.rpartition(".")
        if module:
            found.append({"attribute": attribute, "modules": [module]})
        else:
            found.append({"modules": [name]})
    return found
