"""Whether an advisory is about an artifact, by its OSV record.

"No" may switch a demand off, so it is said only where the record says it. Whatever is unsure is
None, and the caller then demands more: another writing of a name, a version that PEP 440 does not
know, two statements about one package that differ.

Spec: OSV schema 1.7, "affected fields" and "Evaluation"; PEP 440; PEP 503.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from packaging.version import Version

from sealane.core.attestation.members import parse_moment
from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_ANY = ("limit", "*")
# "introduced": "0" is before everything; nothing in PEP 440 sorts before this one.
_ENDS = {("introduced", "0"): Version("0.dev0"), _ANY: Version("0")}
_EVENTS = frozenset({"introduced", "fixed", "last_affected", "limit"})
_NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"  # PEP 508
_OURS = re.compile(f"pkg:pypi/({_NAME})@([^@/?#%]+)")
_PURL = re.compile(r"pkg:/*([a-z][a-z0-9.+-]*)/+(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_PROJECT = re.compile(f"({_NAME})([@?#].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class VersionRange:
    """One range: its type, its events as kind and version, and of a GIT range the repository.

    `parse_advisory` leaves repository and events of a GIT range out, and what a database adds to a
    range: nobody judges by them.
    """

    type: str
    events: tuple[tuple[str, str], ...] = ()
    repo: str = ""
    database_specific: tuple[tuple[str, JsonValue], ...] = ()


@dataclass(frozen=True, slots=True)
class AffectedPackage:
    """One entry of `affected`; "" for what it does not say. Ecosystem and name go together."""

    ecosystem: str
    name: str
    purl: str
    versions: tuple[str, ...]
    ranges: tuple[VersionRange, ...]


@dataclass(frozen=True, slots=True)
class Advisory:
    """An OSV record; `withdrawn` in UTC, at least one entry in `affected`."""

    id: str
    withdrawn: datetime | None
    affected: tuple[AffectedPackage, ...]


def parse_advisory(content: bytes) -> Advisory:
    """Read an OSV record, JSON in UTF-8.

    Raises:
        InputError: Not strict JSON; another major version of the schema; no id; nothing affected;
            an entry that names no package; a range or an event that the schema refuses.
    """
    record = parse_object(content, "advisory")
    identifier = as_text(record.get("id"), "advisory: id")
    if not re.fullmatch("[!-~]{1,200}", identifier):
        raise InputError(f"advisory: id: expected one like PYSEC-2026-1, got {identifier[:40]!r}")
    place = f"advisory {identifier}"
    schema = as_text(record.get("schema_version", "1.0.0"), f"{place}: schema_version")
    if not re.fullmatch(r"1(\.[0-9]+){0,2}", schema):
        raise InputError(f"{place}: schema_version: expected 1.x.y, got {schema[:40]!r}")
    withdrawn = None
    if "withdrawn" in record:
        withdrawn = parse_moment(record["withdrawn"], f"{place}: withdrawn")
    entries = as_list(record.get("affected"), f"{place}: affected")
    if not entries:
        raise InputError(f"{place}: affected: expected at least one package, got none")
    return Advisory(identifier, withdrawn, tuple(_entry(one, place) for one in entries))


def is_affected(
    advisory: Advisory, purl: str | None, version: str | None, at: datetime
) -> bool | None:
    """Whether the record says that an artifact is affected.

    1. A record that is withdrawn at that time affects nothing.
    2. Only `pkg:pypi/NAME@VERSION`, with the same PEP 440 version, can be compared.
    3. One entry that affects it is enough; else one that is unsure leaves it unsure.
    4. A local version ("1.0+x") gets an answer only where the version it was built from gets the
       same: its label would otherwise lead around "last_affected": "1.0".

    Returns:
        None where it is not known. False may switch a demand off; None must not.

    Spec: OSV schema 1.7, "Evaluation".
    """
    if advisory.withdrawn is not None and advisory.withdrawn <= at:  # 1
        return False
    ours = _OURS.fullmatch(purl or "")
    parsed = _version(version or "")
    if ours is None or parsed is None or _version(ours[2]) != parsed:  # 2
        return None
    return _answer(_readers(advisory, normal_name(ours[1])), parsed)


def which_are_affected(
    advisory: Advisory, project: str, versions: Collection[str], at: datetime
) -> dict[str, bool | None]:
    """The answer of `is_affected` for each version of a project; the record is read once.

    Args:
        advisory: What is asked.
        project: Name on the index, as PEP 503 writes it.
        versions: Versions; one that PEP 440 does not know is not known to be affected or not.
        at: When it is asked, aware, UTC.
    """
    if advisory.withdrawn is not None and advisory.withdrawn <= at:
        return dict.fromkeys(versions, False)
    readers = _readers(advisory, project)
    read = ((text, _version(text)) for text in versions)
    return {text: None if one is None else _answer(readers, one) for text, one in read}


def entries_about(advisory: Advisory, project: str) -> tuple[AffectedPackage, ...]:
    """The entries that are, or may be, about a project.

    Args:
        advisory: What is asked.
        project: Name on the index, as PEP 503 writes it.
    """
    return tuple(one for one in advisory.affected if False not in _about(one, project))


def fixed_versions(package: AffectedPackage) -> tuple[str, ...]:
    """Every version that an event calls fixed, as written, in the order of the record."""
    events = [event for one in package.ranges if one.type != "GIT" for event in one.events]
    return tuple(dict.fromkeys([text for kind, text in events if kind == "fixed"]))


def _entry(value: JsonValue, place: str) -> AffectedPackage:
    place = f"{place}: affected"
    entry = as_object(value, place)
    package = as_object(entry.get("package"), f"{place}: package")
    ecosystem, name, purl = (
        as_text(package.get(key, ""), f"{place}: package: {key}")
        for key in ("ecosystem", "name", "purl")
    )
    if bool(ecosystem) != bool(name) or not (name or purl):
        raise InputError(f"{place}: package: expected ecosystem and name, or purl")
    versions = as_list(entry.get("versions", []), f"{place}: versions")
    ranges = as_list(entry.get("ranges", []), f"{place}: ranges")
    return AffectedPackage(
        ecosystem,
        name,
        purl,
        tuple(as_text(one, f"{place}: versions") for one in versions),
        tuple(_range(one, f"{place}: ranges") for one in ranges),
    )


def _range(value: JsonValue, place: str) -> VersionRange:
    members = as_object(value, place)
    kind = as_text(members.get("type"), f"{place}: type")
    if kind == "GIT":  # A question to a repository's history, which is not at hand.
        return VersionRange(kind)
    if kind not in ("ECOSYSTEM", "SEMVER"):
        raise InputError(f"{place}: type: expected ECOSYSTEM, SEMVER or GIT, got {kind[:40]!r}")
    place = f"{place}: events"
    events: list[tuple[str, str]] = []
    for event in as_list(members.get("events"), place):
        pairs = list(as_object(event, place).items())
        if len(pairs) != 1 or pairs[0][0] not in _EVENTS:
            raise InputError(f"{place}: expected one of {', '.join(sorted(_EVENTS))} in each")
        events.append((pairs[0][0], as_text(pairs[0][1], f"{place}: {pairs[0][0]}")))
    kinds = {one for one, _ in events}
    if "introduced" not in kinds or {"fixed", "last_affected"} <= kinds:
        raise InputError(f"{place}: expected introduced, and not both fixed and last_affected")
    return VersionRange(kind, tuple(events))


_Mark = tuple[Version, str]
# What an entry, or one of its ranges, says of a version.
_Reader = Callable[[Version], bool | None]


def _answer(readers: Sequence[_Reader], version: Version) -> bool | None:
    asked = (version,) if version.local is None else (version, Version(version.public))  # 4
    answers = {_one_of([reader(one) for reader in readers]) for one in asked}  # 3
    return answers.pop() if len(answers) == 1 else None


def _one_of(answers: Collection[bool | None]) -> bool | None:
    """True where one is; None where one is unsure, or there are none."""
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _about(entry: AffectedPackage, project: str) -> set[bool | None]:
    """Whether name and purl are the project's; what both say."""
    about = set()
    if entry.name:
        about.add(_by_name(entry, project))
    if entry.purl:
        about.add(_by_purl(entry.purl, project))
    return about


def _readers(advisory: Advisory, project: str) -> list[_Reader]:
    return [_by_entry(entry, project) for entry in advisory.affected]


def _by_entry(entry: AffectedPackage, project: str) -> _Reader:
    about = _about(entry, project)
    if about != {True}:
        # Name and URL that differ are about nobody knows what.
        return _always(False if about == {False} else None)
    readers = [_by_range(one) for one in entry.ranges if one.type != "GIT"]
    if entry.versions:
        readers.append(_by_list(entry.versions))
    return lambda version: _one_of([one(version) for one in readers])


def _always(answer: bool | None) -> _Reader:
    return lambda _: answer


def _by_list(versions: Collection[str]) -> _Reader:
    listed = {_version(one) for one in versions}
    # A version that PEP 440 does not know, e.g. "<= 1.0", is None and may mean any.
    otherwise = None if None in listed else False
    return lambda version: version in listed or otherwise


def _by_name(entry: AffectedPackage, project: str) -> bool | None:
    # "pypi", "pip", "Python" or "Echo:PyPI" may be meant for ours; no other ecosystem has these.
    if not re.search("py|pip", entry.ecosystem.lower()):
        return False
    same = normal_name(entry.name) == project if re.fullmatch(_NAME, entry.name) else None
    return None if same and entry.ecosystem != "PyPI" else same


def _by_purl(purl: str, project: str) -> bool | None:
    if (found := _PURL.fullmatch(purl)) is None:
        return None
    if found[1].lower() != "pypi":
        return False
    if (named := _PROJECT.fullmatch(found[2])) is None:
        return None
    # With a version or qualifiers, which OSV's have not, it is less than the package, or another.
    same = normal_name(named[1]) == project
    return None if same and named[2] else same


def _by_range(one: VersionRange) -> _Reader:
    marks: list[_Mark] = []
    for kind, text in one.events:
        # SemVer's "1.0-1" is before 1.0, PEP 440's after it: plain numbers are the same in both.
        readable = one.type == "ECOSYSTEM" or re.fullmatch(r"[0-9]+(\.[0-9]+)*", text)
        at = _ENDS.get((kind, text)) or (_version(text) if readable else None)
        if at is None:
            return _always(None)
        marks.append((at, kind))
    # At one version "introduced" is first, so that with "last_affected" it is that version alone.
    marks.sort(key=lambda mark: (mark[0], mark[1] != "introduced"))
    limits = [] if _ANY in one.events else [at for at, kind in marks if kind == "limit"]
    there = frozenset(marks)
    return lambda version: _in_range(marks, there, limits, version)


def _in_range(
    marks: Sequence[_Mark], there: frozenset[_Mark], limits: Sequence[Version], version: Version
) -> bool | None:
    inside = False
    for at, kind in marks:
        if kind == "introduced" and version >= at:
            # Closed and opened at one version: which of them is last, the record leaves open.
            if (at, "fixed") in there or (inside and (at, "last_affected") in there):
                return None
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside and (not limits or version < max(limits))


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # not PEP 440, or thousands of digits
        return None
