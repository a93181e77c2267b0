"""Advisory records and index listings: makers for tables, strategies for properties."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from packaging.version import Version

from sealane.core.advisory.listing import ListedFile, ListedRelease, Listing
from sealane.core.advisory.record import (
    Affected,
    Credit,
    FixedFile,
    Provenance,
    Record,
    Reference,
    Revision,
    Severity,
)
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"


def events_of(text: str) -> tuple[tuple[str, str], ...]:
    """Events, written short: "0 <1.2 2.0 <=2.4" is introduced, fixed, introduced, last_affected."""
    found = []
    for word in text.split():
        kind = "last_affected" if word[:2] == "<=" else "fixed" if word[0] == "<" else "introduced"
        found.append((kind, word.lstrip("<=")))
    return tuple(found)


def entry_of(
    name: str = "acme",
    events: str = "0 <1.2",
    versions: Sequence[str] = ("1.0", "1.1"),
    **more: Any,  # noqa: ANN401 - any field
) -> Affected:
    """One entry of a package: one ECOSYSTEM range (see `events_of`), and its versions."""
    ranges = (VersionRange("ECOSYSTEM", events_of(events)),) if events else ()
    about = AffectedPackage("PyPI", name, f"pkg:pypi/{name}", tuple(versions), ranges)
    return Affected(about, **more)


def record_of(*entries: Affected, **changes: Any) -> Record:  # noqa: ANN401 - any field
    """A record that says everything it should; its entries, and what else is to be different."""
    record = Record(
        id="PYSEC-2026-1",
        modified=AT,
        published=AT,
        schema_version="1.7.5",
        summary="Acme runs what it is sent",
        details="A request with two colons is run.\n",
        aliases=("CVE-2026-10001", "GHSA-2222-3333-4444"),
        severity=(Severity("CVSS_V3", V3),),
        affected=entries or (entry_of(),),
        references=(
            Reference("ADVISORY", "https://acme.example/advisories/1"),
            Reference("FIX", "https://acme.example/acme/commit/" + "a" * 40),
        ),
        credits=(Credit("Ada Example", "FINDER"),),
        weaknesses=("CWE-78",),
        rating="HIGH",
    )
    return replace(record, **changes)


def listed(
    project: str,
    versions: Collection[str],
    *,
    yanked: Collection[str] = (),
    **changes: Any,  # noqa: ANN401 - any field
) -> Listing:
    """An index listing with a wheel and an sdist for each version; some of them yanked.

    Versions are in any order, and are listed by their PEP 440 normal form, oldest first.
    """
    ordered = sorted({Version(one) for one in versions})
    gone = {Version(one) for one in yanked}
    releases = tuple(
        ListedRelease(str(one), files_of(project, str(one), yanked=one in gone)) for one in ordered
    )
    return replace(Listing(project, releases, origin="a test"), **changes)


def files_of(project: str, version: str, *, yanked: bool = False) -> tuple[ListedFile, ...]:
    """The files that `listed` gives a version; digests are told by project and version."""
    stem = f"{project.replace('-', '_')}-{version}"
    names = (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz")
    return tuple(ListedFile(name, digest_of(name), yanked=yanked) for name in names)


def digest_of(name: str) -> str:
    """Some SHA-256 for a name, lower-case hex."""
    return hashlib.sha256(name.encode()).hexdigest()


# Epochs, several series, pre-, post- and development releases: small enough that they meet.
_TAILS = ("", "a1", "b2", "rc1", ".dev3", ".post1", "rc1.dev2", ".post1.dev4")
_STEMS = ("0", "0.1", "1", "1.0.1", "1.1", "1.2", "1.10", "2.0", "2.1", "3", "1!0.1", "1!1")
ROOM = tuple(str(one) for one in sorted(Version(stem + tail) for stem in _STEMS for tail in _TAILS))
PROJECTS = st.sampled_from(["acme", "acme-core", "a-b-c", "zope-interface"])


def versions() -> st.SearchStrategy[str]:
    """PEP 440 versions in their normal form, from a small room, so that they meet each other."""
    return st.sampled_from(ROOM)


@st.composite
def listings(draw: st.DrawFn, project: str | None = None, least: int = 0) -> Listing:
    """Index listings with several series, epochs, all kinds of releases, and yanks."""
    name = draw(PROJECTS) if project is None else project
    found = draw(st.lists(versions(), min_size=least, max_size=14, unique_by=Version))
    yanked = draw(st.lists(st.sampled_from(found), max_size=4)) if found else []
    return listed(name, found, yanked=yanked)


@st.composite
def events(draw: st.DrawFn, known: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """Events of one range in turn and in order, one interval or several; the last may be open.

    Args:
        draw: Of hypothesis.
        known: Versions of which bounds are taken more often than others.
    """
    bounds = versions()
    if known:
        bounds = st.sampled_from(list(known)) | bounds
    marks = sorted(draw(st.lists(bounds, min_size=1, max_size=6, unique_by=Version)), key=Version)
    # "0" is before everything and comes first; "0" as a version would be the same word.
    marks = [one for one in marks if Version(one) != Version("0")] or ["1.0"]
    if draw(st.booleans()):
        marks = ["0", *marks]
    found = []
    for number, version in enumerate(marks):
        if number % 2 == 0:
            found.append(("introduced", version))
        else:
            found.append((draw(st.sampled_from(["fixed"] * 4 + ["last_affected"])), version))
    return _one_kind(tuple(found))


def _one_kind(found: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A range has `fixed` or `last_affected`, not both: the first that closes it says which."""
    closing = next((kind for kind, _ in found if kind != "introduced"), "fixed")
    return tuple((kind if kind == "introduced" else closing, text) for kind, text in found)


def inside(found: Sequence[tuple[str, str]], version: str) -> bool:
    """Whether events in turn and in order hold a version; written again, for the tests' own use."""
    held = False
    at = Version(version)
    for kind, text in found:
        if kind == "introduced":
            held = held or text == "0" or at >= Version(text)
        elif at >= Version(text) and (kind == "fixed" or at > Version(text)):
            held = False
    return held


@st.composite
def agreeing(draw: st.DrawFn, most: int = 2) -> tuple[Record, tuple[Listing, ...]]:
    """Records in the shape that sealane writes, and listings that they agree with.

    One entry a package with one ECOSYSTEM range, and exactly those listed versions that are inside.
    """
    names = draw(st.lists(PROJECTS, min_size=1, max_size=most, unique=True))
    found = tuple(draw(listings(name, least=1)) for name in names)
    entries = []
    for one in found:
        marks = draw(events(one.versions))
        held = tuple(version for version in one.versions if inside(marks, version))
        about = AffectedPackage(
            "PyPI",
            one.project,
            f"pkg:pypi/{one.project}",
            held,
            (VersionRange("ECOSYSTEM", marks),),
        )
        entries.append(Affected(about))
    record = draw(records(st.just(tuple(entries))))
    return replace(record, withdrawn=None), found


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | _TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
_TIMES = st.timedeltas(timedelta(-9999), timedelta(9999)).map(lambda since: AT + since)
_DIGESTS = st.integers(0, 2**256 - 1).map("{:064x}".format)
_IDS = st.sampled_from(["PYSEC-2026-7", "CVE-2026-10002", "GHSA-2345-6789-cfgh", "OSV-2026-3"])


def _free(*typed: str) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    """Members of a free area, sorted, without those that are typed fields of the record."""
    names = _TEXT.filter(lambda name: name not in typed)
    found = st.dictionaries(names, _JSON, max_size=2).map(lambda one: tuple(sorted(one.items())))
    return st.just(()) | found


_SEVERITIES = st.lists(
    st.sampled_from([Severity("CVSS_V3", V3), Severity("CVSS_V4", V4), Severity("Ubuntu", "high")]),
    max_size=2,
).map(tuple)
_PROVENANCES = st.builds(
    Provenance,
    manifests=st.lists(_DIGESTS, max_size=2).map(tuple),
    files=st.lists(st.builds(FixedFile, PROJECTS, versions(), _WORDS, _DIGESTS), max_size=2).map(
        tuple
    ),
    unaffected=st.lists(versions(), max_size=2).map(tuple),
    revisions=st.lists(st.builds(Revision, _WORDS, _TIMES, _TEXT), max_size=2).map(tuple),
)


def records(
    affected: st.SearchStrategy[tuple[Affected, ...]] | None = None,
) -> st.SearchStrategy[Record]:
    """Well-formed records with every member used now and then; of one or two entries, or yours."""
    if affected is None:
        affected = st.lists(entries(), min_size=1, max_size=2).map(tuple)
    return st.builds(
        Record,
        id=_IDS,
        modified=_TIMES,
        published=st.none() | _TIMES,
        withdrawn=st.none() | _TIMES,
        schema_version=st.sampled_from(["", "1.7.5", "1.4.0"]),
        summary=_TEXT,
        details=_TEXT,
        aliases=st.lists(_IDS, max_size=2).map(tuple),
        upstream=st.lists(_IDS, max_size=1).map(tuple),
        related=st.lists(_IDS, max_size=1).map(tuple),
        severity=_SEVERITIES,
        affected=affected,
        references=st.lists(
            st.builds(
                Reference,
                st.sampled_from(["WEB", "FIX", "ADVISORY", "PACKAGE"]),
                _WORDS.map(lambda word: f"https://acme.example/{word.encode().hex()}"),
            ),
            max_size=2,
        ).map(tuple),
        credits=st.lists(
            st.builds(
                Credit,
                _TEXT.filter(bool),
                st.sampled_from(["", "FINDER", "OTHER"]),
                st.lists(_WORDS, max_size=1).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
        weaknesses=st.lists(st.sampled_from(["CWE-79", "CWE-78"]), max_size=2).map(tuple),
        rating=st.sampled_from(["", "LOW", "MODERATE", "HIGH", "CRITICAL"]),
        provenance=st.none() | _PROVENANCES,
        database_specific=_free("cwe_ids", "severity", "sealane"),
    ).map(_one_severity)


@st.composite
def entries(draw: st.DrawFn) -> Affected:
    """Entries of `affected`: an ECOSYSTEM range, a GIT range now and then, and some versions."""
    name = draw(PROJECTS)
    ranges = [VersionRange("ECOSYSTEM", draw(events()), database_specific=draw(_free()))]
    if draw(st.booleans()):
        commit = draw(_DIGESTS)[:40]
        marks = (("introduced", "0"), ("fixed", commit))
        ranges.append(VersionRange("GIT", marks, "https://acme.example/acme.git"))
    listing = draw(st.lists(versions(), max_size=4, unique=True))
    about = AffectedPackage("PyPI", name, f"pkg:pypi/{name}", tuple(listing), tuple(ranges))
    return Affected(about, draw(_SEVERITIES), draw(_free()), draw(_free()))


def _one_severity(record: Record) -> Record:
    """The schema allows ratings of the record, or of its packages, never both."""
    if not record.severity:
        return record
    return replace(record, affected=tuple(replace(one, severity=()) for one in record.affected))
