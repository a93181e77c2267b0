"""Text of an author in Markdown: their CommonMark is kept, and nothing in it is HTML or an order.

A forge shows what an advisory says with raw HTML more or less allowed, and a CI job that prints it
obeys lines that begin with two colons. So every "<" outside of code becomes "&lt;". In code that
would be shown as it stands, and an advisory on scripts has "<script>" there; code is therefore left
alone, but only where every reader agrees that it is code. Where that is in doubt it is escaped.

Spec: CommonMark 0.31, sections 4.5 (fenced code blocks), 6.1 (code spans), 6.6 (raw HTML), 2.4
(backslash escapes); GitHub Flavored Markdown 0.29, 4.10 (tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.model.shown import shown, visible

# What begins or ends something within a line, and what does so only at its beginning.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~!]|^[#+=-]|(?<=^[0-9])[.)]")
_HEADING = re.compile(r"^(#{1,4})(?=\s|$)")
_FENCE = re.compile(r"```[A-Za-z0-9_+-]*")
# A fence in a quotation, a list, or indented: where it ends depends on what it stands in.
_OTHER_FENCE = re.compile(r"[\s>*+\-0-9.)]*(```|~~~)")
_CODE = re.compile("`[^`]*`")
_LINK = re.compile(r"<(?:https?://|mailto:)[^\s<>`\\\"']*>")


def one_line(text: str) -> str:
    """A stranger's text as Markdown that shows it on one line and does nothing else.

    It is as long as it is, stands in a heading, a list or a table, and is no list of its own.
    """
    # Escapes of what cannot be seen come first: they hold backslashes themselves.
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", visible(text).strip())


def code(text: str) -> str:
    """A text as a code span on one line that may stand in a table."""
    line = shown(text)
    if not line.strip(" "):
        return "(blank)"
    longest = max((len(row) for row in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    # One blank on either side is taken off again; without it a back-tick would join the fence.
    gap = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{gap}{line}{gap}{fence}".replace("|", "\\|")


def paragraphs(text: str) -> str:
    """An author's CommonMark, of any length, without HTML; headings are two levels lower."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).strip("\n")
    lines = [visible(line).rstrip() for line in plain.split("\n")]
    return "\n".join(_kept(lines))


def _kept(lines: list[str]) -> Iterator[str]:
    fenced = all(_FENCE.fullmatch(one) or not _OTHER_FENCE.match(one) for one in lines)
    block: list[str] = []
    inside = False
    for line in lines:
        if fenced and (line == "```" if inside else _FENCE.fullmatch(line)):
            inside = not inside
            yield from _block(block)
            block = []
            yield line
        elif inside:
            yield line
        elif line:
            block.append(line)
        else:
            yield from _block(block)
            block = []
            yield line
    yield from _block(block)
    if inside:  # What follows is ours, and no code of theirs.
        yield "```"


def _block(lines: list[str]) -> Iterator[str]:
    """Lines without a blank one between them: a code span ends within them, or is none."""
    sure = all(_pairs(line) for line in lines)
    for line in lines:
        lower = _HEADING.sub(r"##\1", line)
        if not sure:
            yield _escaped(lower)
            continue
        parts = re.split(f"({_CODE.pattern})", lower)
        yield "".join(one if number % 2 else _escaped(one) for number, one in enumerate(parts))


def _pairs(line: str) -> bool:
    """Whether the back-ticks of a line can only be read as pairs, from left to right."""
    # Cells of a table are cut before code is looked for, and two back-ticks are another fence.
    doubtful = "``" in line or "\\`" in line or ("|" in line and "`" in line)
    return not doubtful and line.count("`") % 2 == 0


def _escaped(text: str) -> str:
    """A text in which no "<" begins anything but a link."""
    rest = _LINK.split(text)
    links = [*_LINK.findall(text), ""]
    return "".join(part.replace("<", "&lt;") + link for part, link in zip(rest, links, strict=True))
