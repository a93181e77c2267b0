"""Reads and writes a record as the PyPA advisory database keeps it: YAML.

A reader of YAML guesses: 1.0 is a number, 2026-11-01 a date, `no` a boolean, and other readers
guess otherwise. Here a text is what is in quotes, or what no reader takes for anything else; times
are texts. Anchors, tags, merges and duplicate keys are refused.

Spec: YAML 1.1 as PyYAML reads it, and the core schema of YAML 1.2, section 10.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import read_record, refuse_unwritable
from sealane.core.advisory.record_render import render_members
from sealane.core.attestation.strict_json import MOST_DEPTH, as_object, kind_of
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

MOST_BYTES = 1024 * 1024  # A reader of YAML takes seconds for this; real files are below 100 KiB.
_PREFIX = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CONSTANTS: dict[str, JsonValue] = {"true": True, "false": False, "null": None, "~": None, "": None}
# Plain, PyYAML takes these for texts; readers of YAML 1.2 take them for numbers, and those of 1.1
# that follow its letter for booleans.
_TWO_MEANINGS = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[yYnN]"
)
# Line breaks of YAML 1.1 alone: PyYAML loses them in single quotes, and readers of 1.2 keep them.
_BREAKS = re.compile("[\x85\u2028\u2029]")


class _Mark(Protocol):
    """Where something stands; the first line is 0."""

    line: int


class _Event(Protocol):
    """What is used of the library's events; only those of a scalar have value and implicit."""

    start_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]


def parse_record_yaml(content: bytes) -> Record:
    """Read a record, YAML in UTF-8.

    Raises:
        InputError: Not YAML as it is read here, larger than 1 MiB, or as `parse_record`.
        MissingExtraError: The extra [advisory] is not installed.
    """
    document = parse_yaml(content)
    try:
        return read_record(document)
    except InputError as error:
        hint = "in YAML, put versions, identifiers and times in quotes"
        raise InputError(error.message, hint=error.hint or hint) from error


def parse_yaml(content: bytes) -> dict[str, JsonValue]:
    """The members of a YAML document, as JSON values; times stay texts.

    Raises:
        InputError: Not UTF-8, not YAML, not one document, not an object, larger than 1 MiB, nested
            too deep; a duplicate key, one that is no text, an anchor, a tag, a merge, or a value
            that readers of YAML take for different things.
        MissingExtraError: The extra [advisory] is not installed.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"advisory: expected at most {MOST_BYTES} bytes, got {len(content)}")
    yaml = _library()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        value = _Composer(yaml, yaml.parse(content.decode("utf-8"), Loader=loader)).document()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"advisory: not YAML in UTF-8: {said[:200]}") from error
    refuse_unwritable(value, "advisory")
    return as_object(value, "advisory")


def render_record_yaml(record: Record) -> bytes:
    """The record as YAML in UTF-8, in the order in which `render_record` writes it.

    Raises:
        MissingExtraError: The extra [advisory] is not installed.
    """
    yaml = _library()

    class Dumper(yaml.SafeDumper):  # type: ignore[name-defined,misc]  # the library is a value here
        """Puts in quotes what another reader might take for something else than a text."""

    def text(dumper: Dumper, value: str) -> object:
        style = "'" if _TWO_MEANINGS.fullmatch(value) else None
        if _BREAKS.search(value):
            style = '"'
        return dumper.represent_scalar(f"{_PREFIX}str", value, style=style)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(
        render_members(record), Dumper=Dumper, sort_keys=False, allow_unicode=True
    )
    return written.encode()


def _library() -> ModuleType:
    try:
        import yaml
    except ImportError as error:
        raise MissingExtraError("an advisory in YAML", "advisory", "yaml") from error
    return yaml


class _Composer:
    """Builds JSON values from the events of a parser, so that nothing is guessed on the way."""

    def __init__(self, yaml: ModuleType, events: Iterator[_Event]) -> None:
        self._yaml = yaml
        self._events = events
        self._resolver = yaml.resolver.Resolver()

    def document(self) -> JsonValue:
        """The value of the only document.

        Raises:
            InputError: See `parse_yaml`.
        """
        next(self._events)  # the stream begins
        if isinstance(next(self._events), self._yaml.StreamEndEvent):
            raise InputError("advisory: expected a YAML document, got none")
        value = self._value(next(self._events), 0)
        next(self._events)  # the document ends
        if not isinstance(next(self._events), self._yaml.StreamEndEvent):
            raise InputError("advisory: expected one YAML document, got more")
        return value

    def _value(self, event: _Event, depth: int) -> JsonValue:
        line = f"advisory: line {event.start_mark.line + 1}"
        if depth > MOST_DEPTH:
            raise InputError(f"{line}: nested deeper than {MOST_DEPTH}")
        if isinstance(event, self._yaml.AliasEvent) or event.anchor is not None:
            raise InputError(f"{line}: an anchor or alias", hint="write the value out each time")
        if event.tag is not None:
            raise InputError(f"{line}: the tag {event.tag[:40]!r}", hint="leave the tag out")
        if isinstance(event, self._yaml.MappingStartEvent):
            return self._object(depth)
        if isinstance(event, self._yaml.SequenceStartEvent):
            return self._list(depth)
        return self._scalar(event, line)

    def _list(self, depth: int) -> list[JsonValue]:
        found: list[JsonValue] = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            found.append(self._value(event, depth + 1))
        return found

    def _object(self, depth: int) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            line = f"advisory: line {event.start_mark.line + 1}"
            key = self._value(event, depth + 1)
            if not isinstance(key, str):
                raise InputError(f"{line}: expected a text as key, got {kind_of(key)}")
            if key in found:
                raise InputError(f"{line}: the key {key[:60]!r} stands twice")
            found[key] = self._value(next(self._events), depth + 1)
        return found

    def _scalar(self, event: _Event, line: str) -> JsonValue:
        text = event.value
        if not event.implicit[0]:  # in quotes, or a block
            return text
        tag = self._resolver.resolve(self._yaml.ScalarNode, text, (True, False))
        kind = tag.removeprefix(_PREFIX)
        if kind == "timestamp" or (kind == "str" and not _TWO_MEANINGS.fullmatch(text)):
            return text
        if kind in ("bool", "null") and text in _CONSTANTS:
            return _CONSTANTS[text]
        if kind in ("int", "float") and (found := _NUMBER.fullmatch(text)):
            try:
                return float(text) if found[2] or found[3] else int(text)
            except ValueError as error:  # thousands of digits
                raise InputError(f"{line}: a number of {len(text)} digits") from error
        raise InputError(
            f"{line}: {text[:40]!r}: readers of YAML do not agree on what it is",
            hint="put it in quotes if it is a text",
        )
