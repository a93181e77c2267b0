"""An informative rule on spelling, asked only where somebody has dictionaries.

What no dictionary has is left aside: names of people, vendors, products and engines; acronyms and
other words with capitals inside; code, paths, addresses, versions, and whatever else has characters
in it that no word has.

Spec: CSAF 2.0, section 6.3.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import Object, each, inner, text, texts, vulnerabilities

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_EDGES = "\"'“”‘’«»()[]{}<>*_#.,;:!?…-–—"  # noqa: RUF001 - as texts have them
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001
_MOST = 10  # words that a message names


def _misspelled(csaf: Csaf) -> Iterator[Broken]:
    language = text(inner(csaf.document, "document"), "lang")
    if csaf.speller is None or not language:
        return
    known = csaf.speller(language)
    if known is None:
        yield "/document/lang", f"expected a language with a dictionary, got {language[:80]!r}"
        return
    for place, prose in _prose(csaf):
        if wrong := _wrong(prose, known):
            more = ", ..." if len(wrong) > _MOST else ""
            yield place, f"expected words of a dictionary, got {', '.join(wrong[:_MOST])}{more}"


def _wrong(prose: str, known: Callable[[str], bool]) -> list[str]:
    """Each word of a text that is none, once, in the order of the text."""
    found: dict[str, None] = {}
    for chunk in _CODE.sub(" ", prose).split():
        words = chunk.strip(_EDGES).split("-")
        for word in words if all(map(_WORD.fullmatch, words)) else ():
            # "XYZ" and "PyPI" are names; a capital at the beginning may begin a sentence.
            if word[1:] == word[1:].lower() and len(word) > 1 and not known(word):
                found.setdefault(word)
    return list(found)


def _prose(csaf: Csaf) -> Iterator[tuple[str, str]]:
    document = inner(csaf.document, "document")
    yield from _of(document, "/document", "title")
    yield from _of(inner(document, "distribution"), "/document/distribution", "text")
    yield from _common(document, "/document")
    history = each(inner(document, "tracking"), "revision_history", "/document/tracking")
    for place, revision in history:
        yield from _of(revision, place, "summary")
    for place, vulnerability in vulnerabilities(csaf.document):
        yield from _of(vulnerability, place, "title")
        yield from _common(vulnerability, place)
        for name, member in _LISTS:
            for at, one in each(vulnerability, name, place):
                yield from _of(one, at, member)
        for at, remediation in each(vulnerability, "remediations", place):
            for number, entitlement in enumerate(texts(remediation, "entitlements")):
                yield f"{at}/entitlements/{number}", entitlement
            restart = inner(remediation, "restart_required")
            yield from _of(restart, f"{at}/restart_required", "details")


_LISTS = (("involvements", "summary"), ("remediations", "details"), ("threats", "details"))


def _common(members: Object, place: str) -> Iterator[tuple[str, str]]:
    """What documents and vulnerabilities both have."""
    for at, note in each(members, "notes", place):
        yield from _of(note, at, "audience", "text", "title")
    for at, reference in each(members, "references", place):
        yield from _of(reference, at, "summary")
    for at, thanks in each(members, "acknowledgments", place):
        yield from _of(thanks, at, "summary")


def _of(members: Object, place: str, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if name in members:
            yield f"{place}/{name}", text(members, name)


RULES = (
    Rule(
        "6.3.8",
        "Spell check (asked only with dictionaries)",
        Level.INFORMATIVE,
        _misspelled,
    ),
)
