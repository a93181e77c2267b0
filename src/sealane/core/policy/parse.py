"""Reads a policy file: strict, with line, place, expected and actual for each error."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, NoReturn, assert_never

from sealane.core.attestation.predicates import registry
from sealane.core.policy.quick import (
    checked_file,
    checked_issuer,
    checked_origin,
    checked_project,
    workflow_file,
)
from sealane.core.policy.refs import check_template
from sealane.core.policy.schema import (
    EMBEDDED_ROOT,
    EmailPublisher,
    ForgePublisher,
    ForgeSort,
    Policy,
    Publisher,
    Requirement,
    Rule,
    Trust,
)
from sealane.core.release.lines import line_of
from sealane.errors import PolicyError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from sealane.core.policy.tables import Document, PublisherTable, RuleTable

_Place = tuple[str | int, ...]
_SHOWN = 10


class _Refuser:
    """Raises errors that name the file and, where it can be had, the line."""

    def __init__(self, origin: str, text: str) -> None:
        self._origin = origin
        self._text = text

    def at(self, place: _Place, why: str) -> str:
        line = line_of(self._text, place)
        where = f" line {line}:" if line else ""
        return f"{where} {_dotted(place)}: {why}"

    def refuse(self, problems: list[str], cause: Exception | None = None) -> NoReturn:
        shown = ";".join(problems[:_SHOWN])
        raise PolicyError(
            f"policy {self._origin}:{shown}", hint="correct it, then run: sealane policy check"
        ) from cause


def parse_policy(content: bytes, origin: str, resolve: Callable[[str], str]) -> Policy:
    """Read the bytes of a policy file.

    Args:
        content: The file.
        origin: Its path, for errors and the report.
        resolve: Makes a path in the file, relative to its folder, absolute.

    Raises:
        PolicyError: Not UTF-8, not TOML, a key or value that is unknown, missing, of another type
            or not supported in this version, or a part that contradicts another.
    """
    from pydantic import ValidationError

    from sealane.core.policy.tables import Document

    text, values = _parse_toml(content, origin)
    refuser = _Refuser(origin, text)
    unsupported = [refuser.at(place, why) for place, why in _unsupported(values)]
    if unsupported:
        refuser.refuse(unsupported)
    try:
        document = Document.model_validate(values)
    except ValidationError as error:
        refuser.refuse([refuser.at(*problem) for problem in _problems(error)], error)
    return _policy(document, hashlib.sha256(content).hexdigest(), refuser, resolve, origin)


def _parse_toml(content: bytes, origin: str) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"policy {origin}: not UTF-8 at byte {error.start}", hint="save it as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PolicyError(f"policy {origin}: {error}", hint="correct the TOML syntax") from error


def _unsupported(values: Mapping[str, Any]) -> Iterator[tuple[_Place, str]]:
    from sealane.core.policy.tables import UNSUPPORTED_KEYS, UNSUPPORTED_VALUES

    for room, place, table in _tables(values):
        for key, value in table.items():
            if key in UNSUPPORTED_KEYS.get(room, ()):
                yield (*place, key), "not supported in this version"
            elif isinstance(value, str) and value in UNSUPPORTED_VALUES.get((room, key), ()):
                yield (*place, key), f"{value!r} is not supported in this version"


def _tables(values: Mapping[str, Any]) -> Iterator[tuple[str, _Place, Mapping[str, Any]]]:
    """Every table of the file: what it is, where it stands, its content."""
    yield "", (), values
    for room in ("trust", "publisher"):
        named = values.get(room)
        for name, table in named.items() if isinstance(named, dict) else ():
            if isinstance(table, dict):
                yield room, (room, name), table
    rules = values.get("rule")
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            yield "rule", ("rule", number), rule
            required = rule.get("require")
            for index, one in enumerate(required if isinstance(required, list) else ()):
                if isinstance(one, dict):
                    yield "require", ("rule", number, "require", index), one


def _problems(error: ValidationError) -> Iterator[tuple[_Place, str]]:
    for entry in error.errors(include_url=False):
        place = tuple(entry["loc"])
        # Below a publisher Pydantic names the kind of table it tried; the file has no such key.
        if len(place) > 2 and place[0] == "publisher":
            place = (*place[:2], *place[3:])
        if entry["type"] == "extra_forbidden":
            yield place, "unknown key"
        elif entry["type"] == "missing":
            yield place, "required, and missing"
        else:
            yield place, f"{entry['msg']}, got {_quoted(entry['input'])}"


def _quoted(value: object) -> str:
    try:
        return f"{value!r:.60}"
    except RecursionError:
        return "something nested too deep to be shown"


def _policy(
    document: Document, sha256: str, refuser: _Refuser, resolve: Callable[[str], str], origin: str
) -> Policy:
    publishers = {
        name: _publisher(name, table, refuser) for name, table in document.publisher.items()
    }
    expires = document.expires
    if expires is not None and expires.utcoffset() is None:
        refuser.refuse([refuser.at(("expires",), "expected a zone, e.g. 2027-06-30T00:00:00Z")])
    try:
        expires = expires.astimezone(UTC) if expires else None
    except OverflowError as error:
        refuser.refuse([refuser.at(("expires",), "not a time in UTC")], error)
    return Policy(
        id=document.id,
        origin=origin,
        sha256=sha256,
        rules=tuple(
            _rule(number, table, publishers, refuser) for number, table in enumerate(document.rule)
        ),
        expires=expires,
        trust=_trust(document, refuser, resolve),
    )


def _trust(document: Document, refuser: _Refuser, resolve: Callable[[str], str]) -> Trust | None:
    for name, table in document.trust.items():
        if table.root == EMBEDDED_ROOT:
            return Trust(name, EMBEDDED_ROOT, table.sha256)
        if table.sha256 is None:
            refuser.refuse([refuser.at(("trust", name), "a root file needs its sha256")])
        return Trust(name, resolve(table.root), table.sha256)
    return None


def _publisher(name: str, table: PublisherTable, refuser: _Refuser) -> Publisher:
    place: _Place = ("publisher", name)

    def part(key: str, check: Callable[[str], str]) -> str:
        try:
            return check(getattr(table, key))
        except PolicyError as error:
            return refuser.refuse([refuser.at((*place, key), error.message)], error)

    match table.kind:
        case "email":
            return EmailPublisher(name, part("issuer", checked_issuer), tuple(table.members))
        case "gitlab":
            return ForgePublisher(
                name, ForgeSort.GITLAB, part("issuer", checked_origin),
                part("project", checked_project), part("config", checked_file),
                (part("ref", check_template),), table.environment, table.runner, table.project_id,
            )  # fmt: skip
        case "github":
            return ForgePublisher(
                name, ForgeSort.GITHUB, part("issuer", checked_issuer),
                part("project", lambda text: checked_project(text, parts=2)),
                part("workflow", workflow_file), (part("ref", check_template),),
                table.environment, table.runner, table.project_id,
            )  # fmt: skip
        case _:
            assert_never(table.kind)


def _rule(
    number: int, table: RuleTable, publishers: Mapping[str, Publisher], refuser: _Refuser
) -> Rule:
    required = []
    for index, one in enumerate(table.require):
        place: _Place = ("rule", number, "require", index)
        if one.predicate not in registry.names():
            known = ", ".join(registry.names())
            why = f"predicate {one.predicate!r} is not supported in this version; known: {known}"
            refuser.refuse([refuser.at(place, why)])
        if one.by not in publishers:
            refuser.refuse([refuser.at(place, f"by: there is no [publisher.{one.by}]")])
        required.append(Requirement((one.predicate,), (publishers[one.by],)))
    return Rule(tuple(table.match), tuple(required))


def _dotted(place: _Place) -> str:
    return ".".join(str(part) for part in place) or "file"
