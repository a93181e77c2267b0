"""The checks of OSV's own linter, by its codes; that linter cannot be installed by itself.

REC:001 affected data · REC:002 aliases · REC:003 upstream · REC:004 related · RNG:001 every range
has an introduced event · RNG:002 a range spans something · PKG:001 the package exists · PKG:002 its
versions exist · PKG:003 its purl is one. (SCH:001, the schema, is told by `schema_faults`.)

The linter asks registries for PKG:001 and PKG:002; here listings are asked, and nothing without.

Spec: ossf/osv-schema, tools/osv-linter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from packaging.version import InvalidVersion, Version

from sealane.core.advisory.documents import Fault
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import ECOSYSTEM, Affected, Record
from sealane.core.advisory.shape import pointer
from sealane.core.model.project_name import normal_name

# Package URL specification: type, namespaces, name, version, qualifiers, subpath.
_PURL = re.compile(
    r"pkg:/*[A-Za-z][A-Za-z0-9.+-]*/+([^@?#]*/)?[^/@?#]+/*(@[^@?#]+)?(\?[^#=&]+=[^#]*)?(#.*)?",
    re.ASCII,
)


def lint(record: Record, listings: Sequence[Listing] = ()) -> Iterator[Fault]:
    """What the linter would find, each with its code and place.

    Args:
        record: What is looked at.
        listings: The index of each package; without any, PKG:001 and PKG:002 are not asked.
    """
    yield from _affected(record)
    yield from _identifiers("REC:002", "aliases", record.aliases, record.id)
    yield from _identifiers("REC:003", "upstream", record.upstream, record.id)
    for name, others in (("aliases", record.aliases), ("related", record.related)):
        for text in dict.fromkeys(record.upstream):
            if text in others:
                yield Fault("REC:003", "/upstream", f"{text[:60]!r} stands in {name} as well")
    yield from _identifiers("REC:004", "related", record.related, record.id)
    for number, entry in enumerate(record.affected):
        yield from _ranges(entry, number)
        yield from _package(entry, number)
        if listings and entry.about.ecosystem == ECOSYSTEM:
            yield from _listed(entry, number, listings)


def _affected(record: Record) -> Iterator[Fault]:
    if not record.affected and record.withdrawn is None:
        yield Fault("REC:001", "/affected", "expected at least one entry, got none")


def _identifiers(rule: str, name: str, found: Collection[str], own: str) -> Iterator[Fault]:
    if len(set(found)) != len(found):
        yield Fault(rule, pointer(name), "expected each identifier once, one stands twice")
    if own in found:
        yield Fault(rule, pointer(name), f"expected other identifiers, got {own[:60]!r} itself")


def _ranges(entry: Affected, number: int) -> Iterator[Fault]:
    for inner, one in enumerate(entry.about.ranges):
        place = pointer("affected", number, "ranges", inner)
        starts = {text for kind, text in one.events if kind == "introduced"}
        if not starts:
            yield Fault("RNG:001", f"{place}/events", "expected an introduced event, got none")
        if not (entry.about.ecosystem or entry.about.name) and one.type != "GIT":
            yield Fault(
                "RNG:002", place, f"expected a GIT range, got {one.type[:40]!r}: no package"
            )
        # "last_affected" may be the version that introduced it; "fixed" may not.
        for kind, text in one.events:
            if kind == "fixed" and text in starts:
                yield Fault(
                    "RNG:002", f"{place}/events", f"{text[:60]!r} is introduced and fixed: empty"
                )


def _package(entry: Affected, number: int) -> Iterator[Fault]:
    if entry.about.purl and not _PURL.fullmatch(entry.about.purl):
        place = pointer("affected", number, "package", "purl")
        yield Fault("PKG:003", place, f"expected a package URL, got {entry.about.purl[:60]!r}")


def _listed(entry: Affected, number: int, listings: Sequence[Listing]) -> Iterator[Fault]:
    name = normal_name(entry.about.name)
    versions = {text for one in listings if one.project == name for text in one.versions}
    if not versions:
        place = pointer("affected", number, "package", "name")
        yield Fault("PKG:001", place, f"expected a package of the index, got {name[:60]!r}")
        return
    known = {Version(text) for text in versions}
    named = {
        text
        for one in entry.about.ranges
        if one.type != "GIT"
        for kind, text in one.events
        if kind != "limit" and (kind, text) != ("introduced", "0")
    }
    missing = [text for text in sorted(named | {*entry.about.versions}) if _read(text) not in known]
    if missing:
        # Real records name deleted versions and sentinels: SL-ADV-006 and 009 tell them apart.
        shown = ", ".join(text[:40] for text in missing[:5])
        yield Fault(
            "PKG:002",
            pointer("affected", number),
            f"expected versions of the index, got {len(missing)} others: {shown}",
            warns=True,
        )


def _read(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
