"""The document's languages and its category.

Spec: CSAF 2.0, sections 6.1.12, 6.1.15, 6.1.26 and 6.1.28.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sealane.core.advisory.csaf.language import language_fault
from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import inner, text

_PREFIX = "csaf_"
_PROFILES = (
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_vex",
)
_SEPARATORS = re.compile(r"[-_\s]+")


def _languages(csaf: Csaf) -> Iterator[Broken]:
    document = inner(csaf.document, "document")
    for name in ("lang", "source_lang"):
        tag = text(document, name)
        if tag and (fault := language_fault(tag)):
            yield f"/document/{name}", f"expected a language, got {tag[:40]!r}: {fault}"


def _translator(csaf: Csaf) -> Iterator[Broken]:
    document = inner(csaf.document, "document")
    translated = text(inner(document, "publisher"), "category") == "translator"
    if translated and "source_lang" not in document:
        yield "/document", "expected source_lang, as the publisher is a translator; it is missing"


def _category(csaf: Csaf) -> Iterator[Broken]:
    category = text(inner(csaf.document, "document"), "category")
    if category == "csaf_base" or category in _PROFILES:
        return
    if category.lower().startswith(_PREFIX):
        known = ", ".join(("csaf_base", *_PROFILES))
        yield "/document/category", f"{_PREFIX} is reserved for {known}; got {category[:80]!r}"
        return
    plain = _plain(category)
    for profile in _PROFILES:
        if plain in {_plain(profile), _plain(profile.removeprefix(_PREFIX))}:
            yield (
                "/document/category",
                f"{category[:80]!r} looks like the profile {profile}, and is none",
            )


def _translation(csaf: Csaf) -> Iterator[Broken]:
    document = inner(csaf.document, "document")
    language, source = text(document, "lang"), text(document, "source_lang")
    # Language tags are the same in any case: RFC 5646, section 2.1.1.
    if language and language.lower() == source.lower():
        yield "/document/source_lang", f"expected another language than lang, got {source[:40]!r}"


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()


RULES: Final = (
    Rule("6.1.12", "Language", Level.MANDATORY, _languages),
    Rule("6.1.15", "Translator", Level.MANDATORY, _translator),
    Rule("6.1.26", "Prohibited Document Category Name", Level.MANDATORY, _category),
    Rule("6.1.28", "Translation", Level.MANDATORY, _translation),
)
