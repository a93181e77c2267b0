"""Whether an OSV record says that a version of a package is affected.

Written from the specification's pseudocode on `packaging` alone, and from nothing else of sealane:
it is the second opinion on sealane's own evaluator.

Spec: OSV Schema 1.7.5, "Evaluation", and "affected[].ranges[].events fields".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Document: TypeAlias = Mapping[str, Any]
_Key: TypeAlias = tuple[object, ...]

ECOSYSTEM = "PyPI"
# Sorts before every version, also before 0.dev0.
_START: _Key = (0,)
# "limit": "*" is never reached.
_END: _Key = (2,)
_EVENTS = ("introduced", "last_affected", "fixed", "limit")
_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?",
    re.ASCII,
)


def affects(record: Document, package: str, version: str) -> bool:
    """Whether a version of a package of the Python index is affected.

    Args:
        record: OSV record as parsed JSON, in any shape; what makes no sense matches nothing.
        package: Any spelling of its name.
        version: Any spelling of it; one that is not PEP 440 is compared as text alone.
    """
    return any(
        _in_versions(version, _list(entry, "versions"))
        or any(_in_range(version, span) for span in _documents(_list(entry, "ranges")))
        for entry in entries_of(record, package)
    )


def entries_of(record: Document, package: str) -> list[Document]:
    """The `affected` entries of a package."""
    name = canonicalize_name(package)
    return [entry for entry in _documents(_list(record, "affected")) if _package(entry) == name]


def packages_of(record: Document) -> list[str]:
    """Normalised names of all packages a record is about, each once."""
    names = (_package(entry) for entry in _documents(_list(record, "affected")))
    return [name for name in dict.fromkeys(names) if name]


def fixed_in(record: Document, package: str) -> list[str]:
    """Every version that a package's ranges name as fixed, each once, in the order of versions.

    What is not a version is kept, and comes last: the real index passes it on as well.
    """
    found = (
        event["fixed"]
        for entry in entries_of(record, package)
        for span in _documents(_list(entry, "ranges"))
        if span.get("type") == "ECOSYSTEM"
        for event in _documents(_list(span, "events"))
        if isinstance(event.get("fixed"), str)
    )
    unparsed: _Key = (3,)
    return sorted(dict.fromkeys(found), key=lambda text: _pep440(text) or unparsed)


def sorted_versions(versions: Iterable[str]) -> list[str]:
    """Versions in their order, each once; those that are not PEP 440 last, as texts."""
    return sorted(set(versions), key=lambda text: (_pep440(text) or _END, text))


def _package(entry: Document) -> str:
    package = entry.get("package")
    if not isinstance(package, dict):
        return ""
    name, ecosystem = package.get("name"), package.get("ecosystem")
    # A suffix after a colon names a variant of an ecosystem.
    of_index = isinstance(ecosystem, str) and ecosystem.partition(":")[0] == ECOSYSTEM
    return str(canonicalize_name(name)) if of_index and isinstance(name, str) else ""


def _in_versions(version: str, versions: Sequence[object]) -> bool:
    wanted = _pep440(version)
    for one in versions:
        if isinstance(one, str) and (one == version or (wanted and _pep440(one) == wanted)):
            return True
    return False


def _in_range(version: str, span: Document) -> bool:
    """Walk through the sorted events of one range.

    1. Order version and events as the type of the range says; without an order nothing matches.
    2. Not before any limit: not affected.
    3. The last event at or before the version decides.
    """
    order = _ORDERS.get(str(span.get("type")))
    wanted = order(version) if order else None
    if order is None or wanted is None:
        return False
    events = _ordered(_documents(_list(span, "events")), order)  # 1
    if events is None:
        return False
    limits = [key for key, kind in events if kind == "limit"]
    if limits and not any(wanted < limit for limit in limits):  # 2
        return False
    vulnerable = False  # 3
    for key, kind in events:
        if kind == "introduced" and wanted >= key:
            vulnerable = True
        elif (kind == "fixed" and wanted >= key) or (kind == "last_affected" and wanted > key):
            vulnerable = False
    return vulnerable


def _ordered(
    events: Iterable[Document], order: Callable[[str], _Key | None]
) -> list[tuple[_Key, str]] | None:
    """Place and kind of each event, sorted; None if one of them has no place in the order."""
    found: list[tuple[_Key, str]] = []
    for event in events:
        for kind in _EVENTS:
            text = event.get(kind)
            if text is None:
                continue
            key = _place(kind, text, order)
            if key is None:
                return None
            found.append((key, kind))
    # The specification leaves open which of two events at one version comes first; the public
    # service takes them in this order, so that what is fixed where it begins affects nothing.
    return sorted(found, key=lambda one: (one[0], _EVENTS.index(one[1])))


def _place(kind: str, text: object, order: Callable[[str], _Key | None]) -> _Key | None:
    if not isinstance(text, str):
        return None
    if kind == "introduced" and text == "0":
        return _START
    if kind == "limit" and text == "*":
        return _END
    return order(text)


def _pep440(text: str) -> _Key | None:
    try:
        return (1, Version(text))
    except InvalidVersion:
        return None


def _semver(text: str) -> _Key | None:
    """Semantic Versioning 2.0.0, section 11; build metadata has no precedence."""
    match = _SEMVER.fullmatch(text)
    if match is None:
        return None
    numbers = tuple(int(part) for part in match.group(1, 2, 3))
    if match[4] is None:
        return (1, *numbers, 1, ())
    labels = tuple(
        (0, int(label), "") if label.isascii() and label.isdigit() else (1, 0, label)
        for label in match[4].split(".")
    )
    return (1, *numbers, 0, labels)


# Ranges of commits say nothing about versions.
_ORDERS: Mapping[str, Callable[[str], _Key | None]] = {"ECOSYSTEM": _pep440, "SEMVER": _semver}


def _list(document: Document, name: str) -> Sequence[object]:
    value = document.get(name)
    return value if isinstance(value, list) else ()


def _documents(values: Iterable[object]) -> list[Document]:
    return [value for value in values if isinstance(value, dict)]
