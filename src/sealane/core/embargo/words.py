"""What gives a case away: in commit messages, names of branches and jobs, fragments, tags, files.

All of that is seen before the lift, by people who wait for it. A text that gives nothing away has
no identifier of a vulnerability, not the name of the case, no kind of attack, and nothing that says
"security" in other words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.vocabulary import (
    BESIDE,
    CLASSES,
    ORDINARY,
    TELLING,
    pattern_of,
    phrases_in,
    words_of,
)
from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError

# Words between a component and what tells of a hole in it; about a line and a half.
_NEAR = 12
_NEAR_LETTERS = 160
_SHORTEST_NAME = 4  # letters of a component's name; shorter ones are words of every text
_MOST_SHOWN = 5

_GAP = r"[\W_]{0,3}"
# With its digits an identifier is one wherever it stands, e.g. in "fixCVE202610001".
_IDENTIFIER = re.compile(
    rf"cve{_GAP}(?:19|20)\d\d{_GAP}\d{{4,19}}|ghsa(?:{_GAP}[23456789cfghjmpqrvwx]{{4}}){{3}}"
    rf"|pysec{_GAP}\d{{4}}{_GAP}\d+|(?<![^\W_])cwe{_GAP}\d{{1,5}}(?!\d)",
    re.IGNORECASE,
)
# How changes are marked as security fixes: the short type of Conventional Commits, gitmoji's lock,
# fragments of a changelog (12.security.md, which is not SECURITY.md).
_MARK = re.compile(
    r"^sec(?:\([^)\n]{0,80}\))?!?:|:lock:|\U0001f512"
    r"|[\w-]\.sec(?:urity)?(?:\.\d+)?\.(?:md|rst|txt)\b",
    re.IGNORECASE | re.MULTILINE,
)
# What a text quotes as code, and what looks like a name in a program without quotes.
_CODE = re.compile(r"`([^`\n]{1,200})`")
_DOTTED = re.compile(r"\b([A-Za-z]\w*(?:\.\w+)*)(\(\))?")
_CAMEL = re.compile(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+")
_ESCAPED = re.compile(r"%(?:20|2[dDfF]|3[aA]|5[fF])")


class LeakKind(StrEnum):
    """What it is that gives a case away."""

    IDENTIFIER = "an identifier of a vulnerability"
    CASE = "the name of the case"
    KIND = "the kind of bug that the advisory names"
    SECURITY = "a word that tells of a security fix"
    COMPONENT = "the component beside a word that tells of an attack"


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What may not be read before the lift; holds the secret itself, so it is not shown.

    Attributes:
        case: Name of the case.
        ids: Identifiers of the vulnerability, in any database.
        kinds: Kinds of bugs that the advisory names.
        components: Names of what is fixed; they tell only beside other words.
        ordinary: What the project says every day, and is public.
    """

    case: str
    ids: frozenset[str]
    kinds: frozenset[str]
    components: frozenset[str]
    ordinary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leak:
    """One place that gives a case away.

    Attributes:
        place: What was looked at, e.g. "commit 1a2b3c4" or "branch".
        line: Line in it, from 1.
        kind: What it is.
        found: The words, as one safe line.
    """

    place: str
    line: int
    kind: LeakKind
    found: str

    def __str__(self) -> str:
        return f"{self.place}: line {self.line}: {self.found!r} is {self.kind}"


def case_words(
    manifest: EmbargoManifest, texts: Iterable[str] = (), *, ordinary: Iterable[str] = ()
) -> CaseWords:
    """What gives this case away.

    Args:
        manifest: Its name, identifiers and packages.
        texts: The advisory's: summary, details, title, announcement. Kinds of bugs are taken from
            them, and the names of modules, functions and files.
        ordinary: Words and phrases that the project uses in public all the time, and identifiers
            that are public already; "*" stands for any ending.
    """
    read = [_plain(one) for one in texts]
    packages = {one.package.rsplit("/", 1)[-1] for one in manifest.builds}
    named = {name for text in read for name in _named_in(text)}
    return CaseWords(
        case=manifest.case,
        ids=frozenset(manifest.ids),
        kinds=frozenset(kind for text in read for kind in phrases_in(text, CLASSES)),
        components=frozenset(one for one in packages | named if _is_distinct(one)),
        ordinary=frozenset(map(_plain, ordinary)),
    )


def leaks_in(text: str, words: CaseWords, place: str) -> tuple[Leak, ...]:
    """Everything in a text that gives a case away, in the text's order.

    It makes no difference in which case words are, how they are joined, or which of Unicode's forms
    of a character is used (NFKC). What lies in something ordinary is left out, as is what lies in
    a longer thing that is named already.

    Args:
        text: A message, or a name: of a branch, tag, job, variable, file, container tag.
        words: See `case_words`.
        place: What it is called in findings.
    """
    read = _plain(text)
    ordinary = _spans(pattern_of(frozenset(ORDINARY) | words.ordinary), read)
    told = _marked(read, ordinary)
    found: list[tuple[int, int, LeakKind]] = []
    for kind, spans in _searched(read, words, ordinary):
        for start, end in spans:
            if 0 in told[start:end]:
                told[start:end] = bytes([1]) * (end - start)
                found.append((start, end, kind))
    return tuple(_told(read, sorted(found), place))


def _told(text: str, found: Sequence[tuple[int, int, LeakKind]], place: str) -> Iterator[Leak]:
    line, at = 1, 0
    for start, end, kind in found:
        line, at = line + text.count("\n", at, start), start
        yield Leak(place, line, kind, shown(" ".join(text[start:end].split())))


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Nothing gives the case away.

    Raises:
        EmbargoError: Something does; the first five are named.
    """
    if not leaks:
        return
    more = f"\n  and {len(leaks) - _MOST_SHOWN} more" if len(leaks) > _MOST_SHOWN else ""
    listed = "".join(f"\n  {one}" for one in leaks[:_MOST_SHOWN])
    raise EmbargoError(
        f"expected nothing that gives the case away before the lift, got {len(leaks)}:"
        f"{listed}{more}",
        hint="say what the change does, not why; a word that is public in this project anyway can "
        "be listed as ordinary",
    )


_Span = tuple[int, int]


def _searched(
    text: str, words: CaseWords, ordinary: Sequence[_Span]
) -> Iterator[tuple[LeakKind, list[_Span]]]:
    """What is looked for, the most telling first."""
    ids = _spans(_IDENTIFIER, text) + _spans(pattern_of(words.ids), text)
    yield LeakKind.IDENTIFIER, sorted(ids, key=lambda span: span[0] - span[1])
    yield LeakKind.CASE, _spans(_anywhere(words.case), text)
    kinds = _spans(pattern_of(words.kinds), text)
    yield LeakKind.KIND, kinds
    telling = _spans(_MARK, text) + _spans(pattern_of(frozenset(TELLING)), text)
    yield LeakKind.SECURITY, telling
    told = _marked(text, [*ordinary, *kinds, *telling])
    attacks = _spans(pattern_of(frozenset(BESIDE)), text)
    attacks = [(start, end) for start, end in attacks if 0 in told[start:end]]
    components = _spans(pattern_of(words.components), text)
    yield LeakKind.COMPONENT, [one for name in components for one in _beside(name, attacks, text)]


def _beside(name: _Span, attacks: Sequence[_Span], text: str) -> list[_Span]:
    """A name together with the nearest of the words near it; empty where there is none."""
    first = bisect_left(attacks, name[0] - _NEAR_LETTERS, key=lambda span: span[1])
    last = bisect_right(attacks, name[1] + _NEAR_LETTERS, key=lambda span: span[0])
    gaps = [
        (max(name[0], start) - min(name[1], end), (min(name[0], start), max(name[1], end)))
        for start, end in attacks[first:last]
        if not name[0] <= start < end <= name[1]
    ]
    gap, (start, end) = min(gaps, default=(_NEAR_LETTERS, name))
    between = len(words_of(text[start:end])) - 2
    return [(start, end)] if gap < _NEAR_LETTERS and between <= _NEAR else []


def _anywhere(case: str) -> re.Pattern[str]:
    """Finds the name of a case inside other words too: nobody writes it by accident."""
    return re.compile(_GAP.join(map(re.escape, case.split("-"))), re.IGNORECASE)


def _spans(pattern: re.Pattern[str], text: str) -> list[_Span]:
    return [found.span() for found in pattern.finditer(text)]


def _marked(text: str, spans: Iterable[_Span]) -> bytearray:
    """One byte for each character of a text; not 0 where it lies in a span."""
    marks = bytearray(len(text))
    for start, end in spans:
        marks[start:end] = bytes([1]) * (end - start)
    return marks


def _plain(text: str) -> str:
    """A text in one form: compatible characters as one, what cannot be seen taken out."""
    # As URLs and names of caches have it: %2D between the parts of an identifier.
    unescaped = _ESCAPED.sub("-", text)
    whole = unicodedata.normalize("NFKC", unescaped)
    return "".join(one for one in whole if unicodedata.category(one) != "Cf")


def _named_in(text: str) -> Iterator[str]:
    """The names of modules, functions and files in a text, whole and their last parts."""
    programs = [
        name
        for name, called in _DOTTED.findall(text)
        if called or "." in name or "_" in name or _CAMEL.fullmatch(name)
    ]
    for found in (*_CODE.findall(text), *programs):
        name = found.strip().removesuffix("()")
        folder, _, last = name.rpartition("/")
        yield name
        # Of a file what it is without its ending, of a module's member the member.
        yield last.partition(".")[0] if folder else re.split(r"[.:#]", last)[-1]


def _is_distinct(name: str) -> bool:
    """Whether it is a name: of some letters, not a number, a version or a whole sentence."""
    words = words_of(name)
    return sum(map(str.isalpha, "".join(words))) >= _SHORTEST_NAME and len(words) <= _NEAR
