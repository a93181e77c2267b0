"""Reads the version a file states: by dotted key in TOML or JSON, or by a regex."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TypeAlias

from sealane.core.release.project import VersionFile
from sealane.errors import InputError

_Value: TypeAlias = "object"


def stated_version(text: str, place: VersionFile) -> str:
    """The version a file states at one place, as it is written there.

    Args:
        text: Content of the file.
        place: A dotted key, or a regex with one group that matches once.

    Raises:
        InputError: The file cannot be parsed, or states no version, or more than one.
    """
    if place.regex is not None:
        return _by_regex(text, place, place.regex)
    return _by_key(text, place, place.key or "")


def _by_regex(text: str, place: VersionFile, pattern: str) -> str:
    try:
        compiled = re.compile(pattern, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(f"{place.file}: regex {pattern!r}: {error}") from error
    if compiled.groups != 1:
        raise InputError(
            f"{place.file}: regex {pattern!r}: expected one group, got {compiled.groups}"
        )
    found = [match[1] for match in compiled.finditer(text)]
    if len(found) != 1 or not found[0]:
        raise InputError(
            f"{place.file}: regex {pattern!r} matches {len(found)} times, expected once",
            hint="make the pattern fit the one line that states the version",
        )
    return str(found[0])


def _by_key(text: str, place: VersionFile, key: str) -> str:
    value = _parse(text, place.file)
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            raise InputError(
                f"{place.file}: no key {key!r}",
                hint="name the file that states the version in [version] files",
            )
        value = value[part]
    if not isinstance(value, str):
        raise InputError(f"{place.file}: {key}: expected a string, got {type(value).__name__}")
    return value


def _parse(text: str, name: str) -> _Value:
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text)
        if name.endswith(".json"):
            value: object = json.loads(text)
            return value
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: {error}", hint="correct the file's syntax") from error
    raise InputError(
        f"{name}: keys are read from .toml and .json files only",
        hint="use regex = '…' with one group for other files",
    )
