"""The document's version, its status, and its revision history.

Spec: CSAF 2.0, sections 6.1.14, 6.1.16 to 6.1.22 and 6.1.30.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.versions import Number, history, number_of
from sealane.core.advisory.csaf.walk import Object, inner, text

_STATUS = "/document/tracking/status"
_VERSION = "/document/tracking/version"


def _unsorted(csaf: Csaf) -> Iterator[Broken]:
    for before, after in pairwise(history(csaf.document)):
        if after.number.order < before.number.order:
            yield (
                f"{after.place}/number",
                f"expected {before.number.text[:40]} or more, got {after.number.text[:40]}",
            )


def _not_the_latest(csaf: Csaf) -> Iterator[Broken]:
    latest, version = history(csaf.document)[-1].number, _version(csaf)
    if _status(csaf) == "draft":
        expected, actual = latest.release, version.release
    else:
        expected, actual = latest.without_build, version.without_build
    if actual != expected:
        yield _VERSION, f"expected {expected[:40]}, the latest revision, got {actual[:40]}"


def _not_a_draft(csaf: Csaf) -> Iterator[Broken]:
    version = _version(csaf)
    if (_before_release(version) or version.pre) and _status(csaf) != "draft":
        yield _STATUS, f"expected draft for version {version.text[:40]}, got {_status(csaf)}"


def _drafts_in_history(csaf: Csaf) -> Iterator[Broken]:
    if _status(csaf) == "draft":
        return
    for one in history(csaf.document):
        if _before_release(one.number):
            yield (
                f"{one.place}/number",
                f"expected 1 or more in a {_status(csaf)} document, got {one.number.text[:40]}",
            )


def _prereleases_in_history(csaf: Csaf) -> Iterator[Broken]:
    for one in history(csaf.document):
        if one.number.pre:
            yield f"{one.place}/number", f"expected no pre-release, got {one.number.text[:40]}"


def _prerelease_of_no_draft(csaf: Csaf) -> Iterator[Broken]:
    version = _version(csaf)
    if version.pre and _status(csaf) != "draft":
        yield (
            _VERSION,
            f"expected no pre-release in a {_status(csaf)} document, got {version.text[:40]}",
        )


def _gaps(csaf: Csaf) -> Iterator[Broken]:
    found = history(csaf.document)
    if found[0].number.major > 1:
        yield (
            f"{found[0].place}/number",
            f"expected 0 or 1 as the first, got {found[0].number.text[:40]}",
        )
    for before, after in pairwise(found):
        if after.number.major > before.number.major + 1:
            yield (
                f"{after.place}/number",
                f"expected {before.number.major + 1} as the next, got {after.number.text[:40]}",
            )


def _same_number(csaf: Csaf) -> Iterator[Broken]:
    seen: dict[str, str] = {}
    for one in history(csaf.document):
        first = seen.setdefault(one.number.text, one.place)
        if first != one.place:
            yield f"{one.place}/number", f"{one.number.text[:40]} stands at {first} already"


def _mixed(csaf: Csaf) -> Iterator[Broken]:
    whole = _version(csaf).whole
    for one in history(csaf.document):
        if one.number.whole != whole:
            kind = "a whole number" if whole else "a semantic version"
            yield (
                f"{one.place}/number",
                f"expected {kind}, as the document's version is one, got {one.number.text[:40]}",
            )


def _before_release(number: Number) -> bool:
    return number.core[0] == "0"


def _tracking(csaf: Csaf) -> Object:
    return inner(inner(csaf.document, "document"), "tracking")


def _status(csaf: Csaf) -> str:
    return text(_tracking(csaf), "status")


def _version(csaf: Csaf) -> Number:
    return number_of(text(_tracking(csaf), "version"))


RULES: Final = (
    Rule("6.1.14", "Sorted Revision History", Level.MANDATORY, _unsorted),
    Rule("6.1.16", "Latest Document Version", Level.MANDATORY, _not_the_latest),
    Rule("6.1.17", "Document Status Draft", Level.MANDATORY, _not_a_draft),
    Rule("6.1.18", "Released Revision History", Level.MANDATORY, _drafts_in_history),
    Rule(
        "6.1.19",
        "Revision History Entries for Pre-release Versions",
        Level.MANDATORY,
        _prereleases_in_history,
    ),
    Rule("6.1.20", "Non-draft Document Version", Level.MANDATORY, _prerelease_of_no_draft),
    Rule("6.1.21", "Missing Item in Revision History", Level.MANDATORY, _gaps),
    Rule("6.1.22", "Multiple Definition in Revision History", Level.MANDATORY, _same_number),
    Rule("6.1.30", "Mixed Integer and Semantic Versioning", Level.MANDATORY, _mixed),
)
