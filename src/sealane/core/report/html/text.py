"""What strangers wrote, as text of a page, and the small parts that all of the page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from sealane.core.model.shown import LONGEST, shown
from sealane.core.model.verdict import Outcome
from sealane.core.report.interface import WORDS

# The word says it, and the sign helps to find it; colour only repeats both.
_SIGNS = {
    Outcome.PASS: "\u2713",
    Outcome.FAIL: "\u2717",
    Outcome.MISSING: "?",
    Outcome.WARN: "!",
    Outcome.NOTE: "i",
}


def foreign(text: str) -> str:
    """A stranger's text: seen as it is, and isolated, so that its letters reorder nothing else."""
    return f"<bdi>{escape(shown(text))}</bdi>"


def in_full(text: str) -> str:
    """The same however long: what ends in a digest has to be seen to its end."""
    parts = (shown(text[start : start + LONGEST]) for start in range(0, len(text), LONGEST))
    return f"<bdi>{escape(''.join(parts))}</bdi>"


def code(text: str) -> str:
    """A stranger's text in the letters of code."""
    return f"<code>{foreign(text)}</code>"


def sign(outcome: Outcome) -> str:
    """The sign of an outcome, which is not read out: a word stands beside it."""
    return f'<span class="{outcome.value}" aria-hidden="true">{_SIGNS[outcome]}</span>'


def mark(outcome: Outcome, word: str = "") -> str:
    """An outcome as a word with its sign; another word where one is given."""
    return f'<span class="mark {outcome.value}">{sign(outcome)} {word or WORDS[outcome]}</span>'


def pairs(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names and values, without those that have none; values are HTML."""
    kept = [(name, value) for name, value in rows if value]
    if kept:
        yield "<dl>"
        yield from (f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in kept)
        yield "</dl>"


def table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table whose first column names its rows; cells and caption are HTML.

    On a narrow screen its cells stand below each other. That takes the meaning of a table from
    them in some browsers, so the roles are written out, and each cell repeats its column's name.
    """
    yield '<table role="table">'
    yield f"<caption>{caption}</caption>"
    yield '<thead role="rowgroup"><tr role="row">'
    yield from (f'<th scope="col" role="columnheader">{head}</th>' for head in heads)
    yield '</tr></thead><tbody role="rowgroup">'
    for first, *others in rows:
        yield f'<tr role="row"><th scope="row" role="rowheader">{first}</th>'
        for head, cell in zip(heads[1:], others, strict=True):
            name = f'<span class="column" aria-hidden="true">{head}: </span>'
            yield f'<td role="cell">{name}{cell}</td>'
        yield "</tr>"
    yield "</tbody></table>"
