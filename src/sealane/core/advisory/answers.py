"""Findings of the checks, each with its code, its place, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Collection

from sealane.core.model.codes import code_of
from sealane.core.model.verdict import Finding, Outcome

# A record can name thousands of versions; a finding names the first few, and how many there are.
_MOST_SHOWN = 12


def failed(code: str, place: str, expected: str, actual: str, hint: str = "") -> Finding:
    """Something that is untrue, or that its readers cannot read."""
    return _finding(code, Outcome.FAIL, place, (expected, actual), hint)


def missing(code: str, place: str, expected: str, actual: str, hint: str = "") -> Finding:
    """Something that could not be looked at, so that nobody can tell."""
    return _finding(code, Outcome.MISSING, place, (expected, actual), hint)


def warned(code: str, place: str, expected: str, actual: str, hint: str = "") -> Finding:
    """Something unusual that is neither untrue nor unreadable."""
    return _finding(code, Outcome.WARN, place, (expected, actual), hint)


def noted(code: str, place: str, actual: str) -> Finding:
    """Something worth knowing that asks for nothing."""
    return Finding(code_of(code).label, Outcome.NOTE, place, "", actual)


def passed(code: str, place: str) -> Finding:
    """A check that held; what it asked is the meaning of its code."""
    return Finding(code_of(code).label, Outcome.PASS, place)


def unlisted(code: str, project: str) -> Finding:
    """The index of a project was not read, so what it has is not known."""
    return missing(
        code,
        f"index of {project}",
        "what it lists",
        "it was not read",
        "let it be asked, --online=index, or name a saved answer of it, --index FILE",
    )


def several(texts: Collection[str]) -> str:
    """Texts in a row, in their order; of many the first few, and how many more there are."""
    shown = ", ".join(list(texts)[:_MOST_SHOWN])
    more = len(texts) - _MOST_SHOWN
    return f"{shown}, and {more} more" if more > 0 else shown


def _finding(
    code: str, outcome: Outcome, place: str, compared: tuple[str, str], hint: str
) -> Finding:
    kind = code_of(code)
    return Finding(kind.label, outcome, place, *compared, hint or kind.hint)
