"""Reads `sealane.toml`: strict, with line, place, expected, actual and a hint for each error."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sealane.core.release.lines import line_of
from sealane.core.release.project import CONFIGURATION_FILE, Project
from sealane.errors import InputError

if TYPE_CHECKING:
    from sealane.core.release.project_schema import Document

_SHOWN = 10  # problems in one message
_DEEPEST = 20  # tables and lists in each other; the schema has four
_Place = tuple[str | int, ...]


def parse_project(
    content: bytes, manifest_name: Callable[[str], str | None] = lambda _: None
) -> Project:
    """Read the bytes of a `sealane.toml`, with all defaults filled in.

    Args:
        content: The file.
        manifest_name: Gives the name in the `pyproject.toml` of a package's folder, if any.

    Raises:
        InputError: All problems found, each with line, place, expected and actual.
    """
    # Pydantic is heavy, so what needs it is imported when a project is read.
    from pydantic import ValidationError

    from sealane.core.release.project_build import build_project
    from sealane.core.release.project_schema import Document

    text, values = _parse_toml(content)
    _check_depth(values)
    problems = list(_unsupported(values, text))
    if problems:
        raise _refused(problems, "remove it, or use a later version of sealane")
    try:
        document = Document.model_validate(values)
    except ValidationError as error:
        found = [_problem(dict(entry), text) for entry in error.errors(include_url=False)]
        raise _refused(found, "docs/reference/configuration.md lists all keys") from error
    digest = hashlib.sha256(content).hexdigest()
    return build_project(document, digest, manifest_name, _fail_at(text))


def _parse_toml(content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{CONFIGURATION_FILE}: not UTF-8 at byte {error.start}", hint="save it as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(
            f"{CONFIGURATION_FILE}: {error}", hint="correct the TOML syntax"
        ) from error


def _check_depth(values: Mapping[str, Any]) -> None:
    """Refuse what is nested too deep for what follows: a dotted key alone reaches any depth."""
    level: list[Any] = [values]
    for _ in range(_DEEPEST):
        nested = (one.values() if isinstance(one, dict) else one for one in level)
        level = [inner for one in nested for inner in one if isinstance(inner, dict | list)]
    if level:
        raise InputError(
            f"{CONFIGURATION_FILE}: tables are nested deeper than {_DEEPEST}",
            hint="docs/reference/configuration.md lists all keys",
        )


def _unsupported(values: Mapping[str, Any], text: str) -> Iterator[str]:
    """Keys and values that are of the schema, but not of this version."""
    from sealane.core.release.project_schema import UNSUPPORTED_KEYS, UNSUPPORTED_VALUES

    for path, value in _walk(values, ()):
        table = ".".join(part for part in path[:-1] if isinstance(part, str))
        name = f"{table}.{path[-1]}"
        scalar = value if isinstance(value, str | bool) else None
        if path[-1] in UNSUPPORTED_KEYS.get(table, ()):
            yield f"{_at(text, path)}: not supported in this version"
        elif scalar is not None and scalar in UNSUPPORTED_VALUES.get(name, ()):
            yield f"{_at(text, path)}: {scalar!r} is not supported in this version"


def _walk(values: Mapping[str, Any], base: _Place) -> Iterator[tuple[_Place, Any]]:
    for key, value in values.items():
        path = (*base, key)
        yield path, value
        if isinstance(value, dict):
            yield from _walk(value, path)
        elif isinstance(value, list):
            for position, entry in enumerate(value):
                if isinstance(entry, dict):
                    yield from _walk(entry, (*path, position))


def _problem(entry: Mapping[str, Any], text: str) -> str:
    path = tuple(entry["loc"])
    at = _at(text, path)
    if entry["type"] == "extra_forbidden":
        return f"{at}: unknown key{_suggestion(path)}"
    if entry["type"] == "missing":
        return f"{at}: missing, and it has no default"
    message = str(entry["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    if path[-1] == "token":
        # Somebody may have written the token itself.
        return f"{at}: expected the name of an environment variable, not a token"
    return f"{at}: expected {message}, got {entry.get('input')!r:.60}"


def _suggestion(path: _Place) -> str:
    from sealane.core.release.project_schema import UNSUPPORTED_KEYS, Document

    table = ".".join(part for part in path[:-1] if isinstance(part, str))
    known = [*UNSUPPORTED_KEYS.get(table, ()), *_fields(Document, path[:-1])]
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _fields(model: type[Document], path: _Place) -> list[str]:
    """Names of the keys a table of the schema has."""
    from pydantic import TypeAdapter

    schema: Any = TypeAdapter(model).json_schema(by_alias=True)
    node = schema
    for part in path:
        node = node.get("properties", {}).get(part, {}) if isinstance(part, str) else node
        for _ in range(3):  # optional, then a list, then a reference
            node = next((n for n in node.get("anyOf", ()) if n.get("type") != "null"), node)
            node = node.get("items", node)
            node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return sorted(node.get("properties", ()))


def _at(text: str, path: _Place) -> str:
    line = line_of(text, path)
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}"
    return (f"line {line}: " if line else "") + shown.lstrip(".")


def _fail_at(text: str) -> Callable[[_Place, str, object], InputError]:
    def fail(path: _Place, expected: str, actual: object) -> InputError:
        problem = f"{_at(text, path)}: expected {expected}, got {actual!r:.80}"
        return _refused([problem], "docs/reference/configuration.md says what each key takes")

    return fail


def _refused(problems: list[str], hint: str) -> InputError:
    shown = problems[:_SHOWN]
    if len(problems) > _SHOWN:
        shown.append(f"and {len(problems) - _SHOWN} more")
    if len(shown) == 1:
        return InputError(f"{CONFIGURATION_FILE} {shown[0]}", hint=hint)
    listed = "".join(f"\n  {problem}" for problem in shown)
    return InputError(f"{CONFIGURATION_FILE}: {len(problems)} problems{listed}", hint=hint)
