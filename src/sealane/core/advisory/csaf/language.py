"""Whether a language tag names languages, scripts and regions that exist.

Spec: RFC 5646, section 2.2.9, "valid"; IANA's language subtag registry.
"""

from __future__ import annotations

from functools import cache

from sealane.core.advisory.csaf.subtags import (
    EXTENDED,
    PRIMARY,
    REGIONS,
    SCRIPTS,
    SHORT,
    VARIANTS,
)

# Registered extensions: transformed content (RFC 6497) and locale (RFC 6067).
_SINGLETONS = frozenset("tu")
_WHOLE = frozenset(("i-default", "i-mingo"))


def language_fault(tag: str) -> str:
    """What is wrong with a tag that is well-formed; "" where it is valid.

    Args:
        tag: A tag as the form of CSAF allows it, e.g. "zh-Hant-TW".
    """
    lower = tag.lower()
    if lower in _WHOLE:
        return ""
    # What follows "x" is private: nobody else knows what it names.
    public = lower.partition("x-")[0] if lower.startswith("x-") else lower.partition("-x-")[0]
    parts = public.split("-") if public else []
    language, *rest = parts or [""]
    if language and not _is_language(language):
        return f"no language is registered as {language!r}"
    here, extensions = _parted(rest)
    return _subtags_fault(language, here) or _extensions_fault(extensions)


def _parted(rest: list[str]) -> tuple[list[str], list[str]]:
    """The subtags before the first extension, and the singletons of the extensions."""
    first = next((at for at, part in enumerate(rest) if len(part) == 1), len(rest))
    return rest[:first], [part for part in rest[first:] if len(part) == 1]


def _subtags_fault(language: str, subtags: list[str]) -> str:
    variants = set()
    extended = False
    for part in subtags:
        if len(part) == 3 and part.isalpha():
            if extended or part not in _extended().get(language, ()):
                return f"{part!r} does not extend the language {language!r}"
            extended = True
        elif len(part) == 4 and part.isalpha():
            # Qaaa to Qabx are for private use.
            if part not in _words(SCRIPTS) and not "qaaa" <= part <= "qabx":
                return f"no script is registered as {part!r}"
        elif len(part) <= 3:
            if not _is_region(part):
                return f"no region is registered as {part!r}"
        elif part not in _words(VARIANTS):
            return f"no variant is registered as {part!r}"
        elif part in variants:
            return f"the variant {part!r} stands twice"
        else:
            variants.add(part)
    return ""


def _extensions_fault(singletons: list[str]) -> str:
    for part in singletons:
        if part not in _SINGLETONS:
            return f"no extension is registered as {part!r}"
        if singletons.count(part) > 1:
            return f"the extension {part!r} stands twice"
    return ""


def _is_language(part: str) -> bool:
    # qaa to qtz are for private use; more than three letters have no language yet.
    if len(part) == 3 and "qaa" <= part <= "qtz":
        return True
    return part in (_words(SHORT) if len(part) == 2 else _packed(PRIMARY))


def _is_region(part: str) -> bool:
    # QM to QZ and XA to XZ are for private use.
    private = len(part) == 2 and ("qm" <= part <= "qz" or "xa" <= part <= "xz")
    return private or part in _words(REGIONS)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def _packed(text: str) -> frozenset[str]:
    """Texts of three letters, listed as two and the rest of them."""
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return frozenset(head + letter for head, letters in pairs for letter in letters)


@cache
def _extended() -> dict[str, frozenset[str]]:
    """Extended language subtags by the language they extend."""
    by_language = (one.partition(": ") for one in EXTENDED.split(", "))
    return {language: _packed(listed) for language, _, listed in by_language}
