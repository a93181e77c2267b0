"""What every format asks of a record: its projects as intervals, its identifiers, its ratings."""

from __future__ import annotations

import json
import re

from packaging.version import Version

from sealane.core.advisory.intervals import Interval, intervals_of
from sealane.core.advisory.record import ECOSYSTEM, Affected, Record, Severity
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.release.affected import fixed_versions
from sealane.errors import InputError

_NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")  # PEP 508
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,98}", re.ASCII)
_CVE = re.compile("CVE-[0-9]{4}-[0-9]{4,}")


@dataclass(frozen=True, slots=True)
class Project:
    """What a record says of one project.

    Attributes:
        name: As PEP 503 writes it.
        intervals: What is affected, sorted, at least one.
        fixed: Versions that an event calls fixed, oldest first.
        imports: Affected functions, by module and name, e.g. "acme.http.parse".
    """

    name: str
    intervals: tuple[Interval, ...]
    fixed: tuple[str, ...]
    imports: tuple[str, ...] = ()


def projects_of(record: Record) -> tuple[Project, ...]:
    """Every project of a record, in its order; several entries of one are put together.

    Raises:
        InputError: Nothing is affected, or what is cannot be written as intervals of PEP 440
            versions of a project on a Python index.
    """
    found: dict[str, list[Affected]] = {}
    for entry in record.affected:
        found.setdefault(_project(entry), []).append(entry)
    if not found:
        raise InputError(
            f"advisory {record.id}: affected: expected at least one package, got none",
            hint="name the package, and the versions that are affected",
        )
    return tuple(_put_together(name, entries) for name, entries in found.items())


def refuse_withdrawn(record: Record, instead: str) -> None:
    """Refuse a record that says nothing is affected any more.

    Args:
        record: The record.
        instead: What the format's users do about it, for the hint.

    Raises:
        InputError: It is withdrawn.
    """
    if record.withdrawn is not None:
        raise InputError(
            f"advisory {record.id}: withdrawn: expected a record that holds", hint=instead
        )


def names_of(record: Record) -> tuple[str, ...]:
    """The record's identifier, then those of the same vulnerability."""
    return tuple(dict.fromkeys((record.id, *record.aliases)))


def cve_of(record: Record) -> str:
    """Its CVE id; "" where it has none yet.

    Raises:
        InputError: It has several, which are several vulnerabilities.
    """
    found = [one for one in names_of(record) if _CVE.fullmatch(one)]
    if len(found) > 1:
        raise InputError(
            f"advisory {record.id}: expected one CVE id, got {', '.join(found[:3])}",
            hint="one advisory a CVE id; name the others in `related`",
        )
    return found[0] if found else ""


def file_stem(record: Record) -> str:
    """What a document's file is called, before the ending of its format.

    Raises:
        InputError: Its identifier is no file name.
    """
    return stem_of(record.id)


def stem_of(identifier: str) -> str:
    """The same for an identifier alone.

    Raises:
        InputError: It is no file name.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        raise InputError(
            f"advisory: id: expected one like PYSEC-2026-1, got {identifier[:40]!r}",
            hint="letters, digits, hyphens and points",
        )
    return identifier.replace(":", "-")


def ratings_of(record: Record) -> tuple[Severity, ...]:
    """Its ratings and those of its packages, each once."""
    inner = [one for entry in record.affected for one in entry.severity]
    return tuple(dict.fromkeys((*record.severity, *inner)))


def render_json(document: JsonValue) -> bytes:
    """A document of ours: JSON in UTF-8, sorted by name, indented by 2, with a newline at its end.

    Raises:
        InputError: A text in it is no Unicode.
    """
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return utf8(f"{text}\n")


def utf8(text: str) -> bytes:
    """A text as UTF-8.

    Raises:
        InputError: It holds half of a surrogate pair.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "advisory: expected text, got half of a surrogate pair",
            hint="JSON's \\ud800 to \\udfff only count in pairs",
        ) from error


def _project(entry: Affected) -> str:
    about = entry.about
    if about.ecosystem != ECOSYSTEM or not _NAME.fullmatch(about.name):
        raise InputError(
            f"affected: package: expected a project of {ECOSYSTEM}, "
            f"got {about.name[:40]!r} of {about.ecosystem[:40]!r}",
            hint="one advisory for each ecosystem",
        )
    return normal_name(about.name)


def _put_together(name: str, entries: list[Affected]) -> Project:
    intervals = {one for entry in entries for one in intervals_of(entry.about)}
    if not intervals:
        raise InputError(
            f"affected {name}: expected a range or versions, got neither",
            hint="write at least one event `introduced`",
        )
    fixed = {text for entry in entries for text in fixed_versions(entry.about)}
    imports = [one for entry in entries for one in _imports(entry)]
    return Project(
        name,
        tuple(sorted(intervals, key=_order)),
        tuple(sorted(fixed, key=Version)),
        tuple(dict.fromkeys(imports)),
    )


def _order(interval: Interval) -> tuple[Version, str, str]:
    return (Version(interval.introduced or "0.dev0"), interval.fixed, interval.last_affected)


def _imports(entry: Affected) -> list[str]:
    """`ecosystem_specific.imports` of the PyPA's database; what has another form is passed over."""
    named = dict(entry.ecosystem_specific).get("imports")
    found = []
    for one in named if isinstance(named, list) else []:
        if not isinstance(one, dict) or not isinstance(modules := one.get("modules"), list):
            continue
        attribute = one.get("attribute")
        tail = f".{attribute}" if isinstance(attribute, str) else ""
        found += [f"{module}{tail}" for module in modules if isinstance(module, str)]
    return found
