"""What is wrong with a policy as a whole although each of its tables can be read.

All of it is refused, not warned of: a policy that does not do what its author believes is worse
than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sealane.core.policy.answers import PURL
from sealane.core.policy.needs import AllOf, AnyOf, Need
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher
from sealane.core.policy.reading import Place, Trouble
from sealane.core.policy.schema import NO_ROOT, Exemption, Rule, Trust

EVERYTHING = "*"
# In a glob they stand for themselves, so whoever writes them means a regular expression.
_EXPRESSION = re.compile(r"\.\*|\.\+|\\|\^|\$$|\(|\||\)")
# A glob's `*` also takes slashes: `oci://*.example.org/x` is met on any host, by a path.
_AUTHORITY = re.compile(r"(?:pkg:|[a-z][a-z0-9+.-]*://)(?P<host>[^/]*)")
# Package URLs have their type in lower case, and of this type names in normal form (PEP 503).
_PURL = re.compile(r"pkg:(?P<type>[^/]*)(?:/(?P<name>[^@]*))?", re.IGNORECASE)
_PYPI = "pypi"
_CLASS = re.compile(r"\[.[^\]]*\]")
_NOT_NORMAL = re.compile(r"[A-Z_./]|--")
_WILD = re.compile(r"[*?\[]")
_GLOB_HINT = "match takes globs: * stands for any text, and all of the name has to match"
_NORMAL_HINT = 'write e.g. "pkg:pypi/acme-utils": lower case, single hyphens; an @ in a name is %40'
_FOLDER_HINT = "write the file's own name, or its package URL"
_HOST_HINT = "write the host, or the package type, in full, or * alone for any"


def match_troubles(document: Mapping[str, Any]) -> Iterator[Trouble]:
    """Globs that are taken for regular expressions, leave the host loose, or meet nothing."""
    for room in ("rule", "exemption"):
        for number, table in enumerate(document.get(room) or ()):
            yield from _of_globs(table["match"], (room, number, "match"))
    for name, table in (document.get("condition") or {}).items():
        yield from _of_globs(table["match"], ("condition", name, "match"))


def unused_troubles(document: Mapping[str, Any], rules: Sequence[Rule]) -> Iterator[Trouble]:
    """Publishers that no rule and no condition names, and trust roots that no rule names.

    Args:
        document: The policy's own file.
        rules: All rules, also those of included files.
    """
    required = [one for rule in rules for one in rule.requirements]
    named = {one.name for requirement in required for one in requirement.by}
    # Whoever signs an advisory decides what is required.
    for table in (document.get("condition") or {}).values():
        named.update(table["by"] or ())
    for name in document["publisher"]:
        if name not in named:
            hint = "name it in a rule's by, or take it out"
            yield Trouble(("publisher", name), "no rule names this publisher", hint)
    trusts = {one.trust for one in required}
    several = document["trust"] or {}
    for name in several if len(several) > 1 else ():
        if name not in trusts:
            hint = "name it in a requirement's trust, or take it out"
            yield Trouble(("trust", name), "no rule names this trust root", hint)


def condition_troubles(conditions: Iterable[str], rules: Sequence[Rule]) -> Iterator[Trouble]:
    """Conditions that no rule names.

    Args:
        conditions: Names of those that a file defines.
        rules: All rules that can name them.
    """
    asked = {name for rule in rules for need in rule.require for name in _conditions_in(need)}
    for name in conditions:
        if name not in asked:
            hint = "name it in an only_if, or take it out"
            yield Trouble(("condition", name), "no rule names this condition", hint)


def trust_of_nobody_troubles(rules: Sequence[Rule], trusts: Sequence[Trust]) -> Iterator[Trouble]:
    """Requirements that no evidence can meet: a certificate has to hold, and no root knows one."""
    nobody = {one.name for one in trusts if one.root == NO_ROOT}
    for number, rule in enumerate(rules):
        for one in rule.requirements:
            by_key = all(isinstance(who, KeyPublisher | OpenPgpPublisher) for who in one.by)
            if one.trust in nobody and not by_key:
                why = f'no certificate holds with [trust.{one.trust}] root = "{NO_ROOT}"'
                hint = "name a trust root, or publishers of kind key"
                yield Trouble(("rule", number), why, hint)


def covered_troubles(
    rules: Sequence[Rule], exemptions: Sequence[Exemption], codes: frozenset[str]
) -> Iterator[Trouble]:
    """Rules of which every failure is accepted.

    Args:
        rules: The policy's own.
        exemptions: All of them.
        codes: Every code that an exemption can name.
    """
    for number, rule in enumerate(rules):
        accepted = {
            one.code for one in exemptions if not one.predicate and _covers(one.match, rule.match)
        }
        if accepted >= codes:
            why = "exemptions accept every failure, so it demands nothing"
            yield Trouble(("rule", number), why, "take the rule out, or the exemptions")


def _covers(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    return EVERYTHING in wide or set(narrow) <= set(wide)


def _conditions_in(need: Need) -> Iterator[str]:
    yield need.only_if
    if isinstance(need, AnyOf | AllOf):
        for one in need.needs:
            yield from _conditions_in(one)


def _of_globs(globs: Sequence[str], place: Place) -> Iterator[Trouble]:
    for glob in globs:
        if _EXPRESSION.search(glob):
            why = f"{glob[:60]!r} looks like a regular expression, and is a glob"
            yield Trouble(place, why, _GLOB_HINT)
        found = _AUTHORITY.match(glob)
        if found and found["host"] != EVERYTHING and _WILD.search(found["host"]):
            why = f"{glob[:60]!r} leaves the host, or the package type, loose"
            yield Trouble(place, why, _HOST_HINT)
        if _meets_no_package(glob):
            why = f"{glob[:60]!r} is met by no package: their names are in normal form"
            yield Trouble(place, why, _NORMAL_HINT)
        elif "/" in _CLASS.sub("x", glob) and not _AUTHORITY.match(glob):
            why = f"{glob[:60]!r} is met by no file: their names have no folders"
            yield Trouble(place, why, _FOLDER_HINT)


def _meets_no_package(glob: str) -> bool:
    """Whether a glob over package URLs can match none, so that what it guards is never asked."""
    found = _PURL.match(glob)
    if found is None:
        return False
    if not glob.startswith(PURL) or found["type"] != found["type"].lower():
        return True
    # What stands in brackets may list, or leave out, what no name has.
    name = _CLASS.sub("x", found["name"] or "")
    return "/@" in glob or (found["type"] == _PYPI and _NOT_NORMAL.search(name) is not None)
