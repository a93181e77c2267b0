"""Optional rules on the language of a document.

Spec: CSAF 2.0, sections 6.2.12, 6.2.14 and 6.2.15; RFC 5646, sections 2.2.1 to 2.2.7, and the
ranges for private use in IANA's language subtag registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import inner, text

# First and last of the subtags of a length that are nobody's, or anybody's.
_LANGUAGES = ("qaa", "qtz")
_SCRIPTS = ("qaaa", "qabx")
_REGIONS = (("aa", "aa"), ("qm", "qz"), ("xa", "xz"), ("zz", "zz"))


def _missing(csaf: Csaf) -> Iterator[Broken]:
    if "lang" not in inner(csaf.document, "document"):
        yield "/document", "expected lang, found none"


def _private(csaf: Csaf) -> Iterator[Broken]:
    for place, tag in _languages(csaf):
        if found := _private_subtag(tag):
            yield place, f"expected a language everybody knows, got {found!r} in {tag[:80]!r}"


def _default(csaf: Csaf) -> Iterator[Broken]:
    for place, tag in _languages(csaf):
        if tag.lower() == "i-default":
            yield place, f"expected the language that it is written in, got {tag!r}"


def _languages(csaf: Csaf) -> Iterator[tuple[str, str]]:
    document = inner(csaf.document, "document")
    for name in ("lang", "source_lang"):
        if name in document:
            yield f"/document/{name}", text(document, name)


def _private_subtag(tag: str) -> str:
    """The subtag for private use in a tag; "" where there is none."""
    extended = False
    for number, subtag in enumerate(tag.lower().split("-")):
        if subtag == "x":
            return subtag
        # What follows another single letter is an extension's, and no script or region.
        extended = extended or len(subtag) == 1
        if not extended and _is_private(subtag, first=number == 0):
            return subtag
    return ""


def _is_private(subtag: str, *, first: bool) -> bool:
    if first:
        return len(subtag) == 3 and _LANGUAGES[0] <= subtag <= _LANGUAGES[1]
    if len(subtag) == 4:
        return _SCRIPTS[0] <= subtag <= _SCRIPTS[1]
    return len(subtag) == 2 and any(low <= subtag <= high for low, high in _REGIONS)


RULES = (
    Rule("6.2.12", "Missing Document Language", Level.OPTIONAL, _missing),
    Rule("6.2.14", "Use of Private Language", Level.OPTIONAL, _private),
    Rule("6.2.15", "Use of Default Language", Level.OPTIONAL, _default),
)
