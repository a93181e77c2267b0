"""Markdown: the advisory for people, as a page of a project or the text of an announcement.

What the record says stands in code spans and escaped lines; only `details` keeps its markup. The
table of affected versions comes before it, so that nothing in it can stand in for the table, and
nothing after it, where code that was left open would hide it.

Spec: CommonMark 0.31; GitHub Flavored Markdown 0.29, section 4.10 (tables).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import takewhile
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.cvss import rating_of
from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.projects import (
    Project,
    file_stem,
    names_of,
    projects_of,
    ratings_of,
    utf8,
)
from sealane.core.advisory.prose import code, one_line, paragraphs
from sealane.core.advisory.range_text import parse_range, parse_version, range_text, upgrades_in
from sealane.core.advisory.record import Record
from sealane.core.model.moment import rfc3339
from sealane.core.model.project_name import normal_name
from sealane.errors import InputError

_HEADING = "## Affected versions"
_HEAD = "| package | affected | fixed in |"
_RULE = "|---|---|---|"
_ROW = re.compile(r"\| `([^`|]+)` \| `([^`|]+)` \| (?:`([^`|]+)`|none) \|")
_ADVICE = "## What to do"
_NOTHING = "Nothing is affected: this advisory was withdrawn."
_CODE = re.compile("`([^`]+)`")
_FACT = re.compile("- ([a-z ]+): (.*)")


class Markdown:
    """The advisory for people."""

    name: ClassVar[str] = "markdown"
    title: ClassVar[str] = "Markdown, for people"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The page.

        Raises:
            InputError: It says what cannot be written as ranges of versions.
            MissingExtraError: A vector is to be rated, and the extra is not installed.
        """
        projects = projects_of(record)
        blocks = [f"# {one_line(record.summary or record.id)}", *_stamps(record, rendering)]
        blocks.append("\n".join(_facts(record, rendering)))
        blocks += [_HEADING, "\n".join(_table(projects)) if _holds(record, rendering) else _NOTHING]
        blocks += _advice(projects) if _holds(record, rendering) else []
        for title, items in _lists(record):
            if items:
                blocks += [f"## {title}", "\n".join(f"- {one}" for one in items)]
        if details := paragraphs(record.details):
            blocks += ["## Details", details]
        text = "\n\n".join(blocks)
        return Document(self.name, f"{file_stem(record)}.md", utf8(f"{text}\n"))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """What is in one of the project's rows of the table.

        Raises:
            InputError: Not such a page.
        """
        ranges = [
            parse_range(one[2], "markdown")
            for one in _rows(_lines(content))
            if normal_name(one[1]) == project
        ]
        return frozenset(
            text
            for text in versions
            if any(all(bound.holds(Version(text)) for bound in bounds) for bounds in ranges)
        )

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """Whether there is a title, and a table that can be read.

        Raises:
            InputError: Not UTF-8.
        """
        lines = _lines(content)
        found = []
        if not re.fullmatch(r"# .*\S.*", lines[0]):
            found.append(Fault("title", "/line/1", f"expected a title, got {lines[0][:60]!r}"))
        try:
            for row in _rows(lines):
                parse_range(row[2], "markdown")
                if row[3]:
                    parse_version(row[3], "markdown")
            named = self.said(content).weaknesses
        except InputError as error:
            return (*found, Fault("versions", "", error.message))
        for identifier in sorted(named - weaknesses.keys()) if weaknesses else ():
            message = f"expected a CWE id that exists, got {identifier[:20]}"
            found.append(Fault("cwe", "", message))
        return tuple(found)

    def said(self, content: bytes) -> Said:
        """What the lines above the table say, and the table's last column.

        Raises:
            InputError: Not such a page.
        """
        lines = _lines(content)
        rows = _rows(lines)
        facts: dict[str, list[str]] = {}
        for line in lines[: lines.index(_HEADING)]:
            if fact := _FACT.fullmatch(line):
                facts.setdefault(fact[1], []).append(fact[2])
        written = {name: _CODE.findall(" ".join(texts)) for name, texts in facts.items()}
        rated = [_CODE.sub("", text) for text in facts.get("severity", [])]
        advice = frozenset(one for line in _advised(lines) for one in upgrades_in(line))
        return Said(
            frozenset([*written.get("identifier", []), *written.get("also known as", [])]),
            frozenset(written.get("severity", [])),
            frozenset(word for text in rated for word in re.findall(r"[a-z]+|\d+\.\d", text)),
            frozenset(written.get("weaknesses", [])),
            advice.union(row[3] for row in rows if row[3]),
            frozenset(normal_name(row[1]) for row in rows),
        )


def _stamps(record: Record, rendering: Rendering) -> Iterator[str]:
    """What has to be seen before anything else."""
    if record.provenance is not None and record.provenance.sandbox:
        yield "> **SANDBOX**: a rehearsal; nothing here is about a real release."
    if not rendering.final or rendering.tlp != "CLEAR":
        state = "final" if rendering.final else "DRAFT"
        yield f"> **{state}, TLP:{one_line(rendering.tlp)}**"
    if record.withdrawn is not None:
        yield f"> **WITHDRAWN** at {rfc3339(record.withdrawn)}"


def _facts(record: Record, rendering: Rendering) -> Iterator[str]:
    names = names_of(record)
    yield f"- identifier: {code(names[0])}"
    if names[1:]:
        yield f"- also known as: {', '.join(map(code, names[1:]))}"
    for one in ratings_of(record):
        rating = rating_of(one.type, one.score)
        yield f"- severity: {rating.severity.lower()}, {rating.score}, {code(one.score)}"
    if record.rating and not ratings_of(record):
        yield f"- severity: {one_line(record.rating.lower())}"
    if record.weaknesses:
        yield f"- weaknesses: {', '.join(map(code, dict.fromkeys(record.weaknesses)))}"
    if record.published is not None:
        yield f"- published: {rfc3339(record.published)}"
    yield f"- last changed: {rfc3339(record.modified)}"
    issuer = rendering.issuer
    contact = f", {code(issuer.contact)}" if issuer.contact else ""
    yield f"- issued by: {one_line(issuer.name)}{contact}"


def _holds(record: Record, rendering: Rendering) -> bool:
    return record.withdrawn is None or record.withdrawn > rendering.at


def _table(projects: tuple[Project, ...]) -> Iterator[str]:
    yield _HEAD
    yield _RULE
    for project in projects:
        for one in project.intervals:
            fixed = code(one.fixed) if one.fixed else "none"
            yield f"| {code(project.name)} | {code(range_text(one))} | {fixed} |"


def _advice(projects: tuple[Project, ...]) -> list[str]:
    lines = []
    for project in projects:
        fixed = " or ".join(code(one) for one in project.fixed)
        lines.append(
            f"- {code(project.name)}: upgrade to {fixed}, or to a later release not listed above"
            if fixed
            else f"- {code(project.name)}: no release fixes it yet"
        )
    return [_ADVICE, "\n".join(lines)]


def _advised(lines: list[str]) -> Iterator[str]:
    """What the page says to do; an author's own headings are lower than ours."""
    start = lines.index(_ADVICE) + 2 if _ADVICE in lines else len(lines)
    yield from takewhile(bool, lines[start:])


def _lists(record: Record) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Credits",
        [
            f"{one_line(one.name)} ({one_line(one.type.lower().replace('_', ' ') or 'other')})"
            for one in record.credits
        ],
    )
    yield (
        "References",
        [f"{one_line(one.type.lower())}: {_link(one.url)}" for one in record.references],
    )
    revisions = record.provenance.revisions if record.provenance is not None else ()
    yield (
        "Revisions",
        [
            f"{one_line(one.number)}, {rfc3339(one.at)}: {one_line(one.summary)}"
            for one in revisions
        ],
    )


def _link(url: str) -> str:
    """A link to be followed only where it is plain https; anything else is shown."""
    return f"<{url}>" if re.fullmatch(r"https://[!#-;=?-\[\]_a-z~]+", url) else code(url)


def _lines(content: bytes) -> list[str]:
    try:
        return content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"markdown: expected UTF-8: {error}") from error


def _rows(lines: list[str]) -> list[re.Match[str]]:
    """The rows of the table; none on a page that says it was withdrawn."""
    if _HEADING not in lines:
        raise InputError(
            f"markdown: expected the line {_HEADING!r}, got none",
            hint="take the page from `sealane advisory render`",
        )
    table = [line for line in lines[lines.index(_HEADING) + 1 :] if line][:1]
    if table == [_NOTHING]:
        return []
    start = lines.index(_HEADING) + 2
    if lines[start : start + 2] != [_HEAD, _RULE]:
        raise InputError(f"markdown: expected the table {_HEAD!r}, got {lines[start:][:1]!r}")
    found = []
    for line in lines[start + 2 :]:
        if not line:
            break
        row = _ROW.fullmatch(line)
        if row is None:
            raise InputError(
                f"markdown: expected a row like '| `acme` | `< 1.2` | `1.2` |', got {line[:80]!r}"
            )
        found.append(row)
    if not found:
        raise InputError("markdown: expected at least one row in the table, got none")
    return found
