"""Reads a policy file: strict, with line, place, expected and actual for each error."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sealane.core.attestation.predicates import registry
from sealane.core.policy.demands import check_together, trust_of
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import OpenPgpPublisher, Publisher
from sealane.core.policy.publishers import checked_time, publisher_of
from sealane.core.policy.refuser import Place, Refuser
from sealane.core.policy.schema import EngineName, Policy, Rule, Trust
from sealane.errors import PolicyError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from sealane.core.policy.tables import Document, RuleTable


def parse_policy(content: bytes, origin: str, resolve: Callable[[str], str]) -> Policy:
    """Read the bytes of a policy file.

    Args:
        content: The file.
        origin: Its path, for errors and the report.
        resolve: Makes a path in the file, relative to its folder, absolute.

    Returns:
        The policy, without the keys in files that it names: nobody is their publisher before
        they were loaded.

    Raises:
        PolicyError: Not UTF-8, not TOML, a key or value that is unknown, missing, of another type
            or not supported in this version, or a part that contradicts another.
    """
    from pydantic import ValidationError

    from sealane.core.policy.tables import Document

    text, values = _parse_toml(content, origin)
    refuser = Refuser(origin, text)
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


def _unsupported(values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    from sealane.core.policy.tables import UNSUPPORTED_KEYS, UNSUPPORTED_VALUES

    for room, place, table in _tables(values):
        for key, value in table.items():
            if key in UNSUPPORTED_KEYS.get(room, ()):
                yield (*place, key), "not supported in this version"
            elif isinstance(value, str) and value in UNSUPPORTED_VALUES.get((room, key), ()):
                yield (*place, key), f"{value!r} is not supported in this version"


def _tables(values: Mapping[str, Any]) -> Iterator[tuple[str, Place, Mapping[str, Any]]]:
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


def _problems(error: ValidationError) -> Iterator[tuple[Place, str]]:
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
    document: Document, sha256: str, refuser: Refuser, resolve: Callable[[str], str], origin: str
) -> Policy:
    publishers = {
        name: publisher_of(name, table, refuser, resolve)
        for name, table in document.publisher.items()
    }
    engine, trust = EngineName(document.engine), _trust(document, refuser, resolve)
    check_together(trust, engine, tuple(publishers.values()), refuser)
    return Policy(
        id=document.id,
        origin=origin,
        sha256=sha256,
        rules=tuple(
            _rule(number, table, publishers, refuser) for number, table in enumerate(document.rule)
        ),
        expires=checked_time(document.expires, ("expires",), refuser),
        trusts=() if trust is None else (trust,),
        engine=engine,
    )


def _trust(document: Document, refuser: Refuser, resolve: Callable[[str], str]) -> Trust | None:
    for name, table in document.trust.items():
        return trust_of(name, table, refuser, resolve)
    return None


def _rule(
    number: int, table: RuleTable, publishers: Mapping[str, Publisher], refuser: Refuser
) -> Rule:
    required = []
    for index, one in enumerate(table.require):
        place: Place = ("rule", number, "require", index)
        if not registry.is_name(one.predicate):
            known = ", ".join(registry.names())
            why = f"predicate {one.predicate!r} is not supported in this version; known: {known}"
            refuser.refuse([refuser.at(place, why)])
        if one.by not in publishers:
            refuser.refuse([refuser.at(place, f"by: there is no [publisher.{one.by}]")])
        publisher = publishers[one.by]
        if isinstance(publisher, OpenPgpPublisher) and one.predicate != registry.SIGNATURE:
            why = f"an OpenPGP signature makes no statement, and none of {one.predicate!r}"
            hint = f'write predicate = "{registry.SIGNATURE}" for it'
            refuser.refuse([refuser.at(place, why)], hint=hint)
        required.append(Requirement((one.predicate,), (publisher,)))
    return Rule(tuple(table.match), tuple(required))
