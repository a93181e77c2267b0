"""Reads a policy file: strict, with line, place, expected and actual of everything that is wrong.

1. The bytes are UTF-8, and TOML.
2. Every table has the keys of its description and no others, and every value its type.
3. Values are made of them, and what contradicts itself is told.
4. What is included is read in the same way, by the digest it is named with.
5. The whole is looked through once more, for what no rule can mean.

Whatever is wrong at one of these steps is told all at once, and ends the reading.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sealane.core.policy.demands import together_troubles, trust_of, trust_troubles
from sealane.core.policy.including import Includer, Naming, Part, Read
from sealane.core.policy.lint import (
    condition_troubles,
    covered_troubles,
    match_troubles,
    trust_of_nobody_troubles,
    unused_troubles,
)
from sealane.core.policy.publishers import PublisherReader
from sealane.core.policy.reading import Reader, Trouble
from sealane.core.policy.refuser import Refuser
from sealane.core.policy.rules import RuleReader
from sealane.core.policy.schema import EngineName, Policy, Rule, Trust
from sealane.core.policy.tables import INCLUDED, POLICY, SHAPES
from sealane.core.policy.windows import (
    advisory_troubles,
    condition_of,
    distrust_of,
    exemptible,
    exemption_of,
    exemption_troubles,
    expired_troubles,
    window_troubles_of,
)
from sealane.errors import PolicyError

_Document = Mapping[str, Any]


def parse_policy(
    content: bytes,
    origin: str,
    resolve: Callable[[str], str],
    *,
    include: Read | None = None,
    at: datetime | None = None,
) -> Policy:
    """Read the bytes of a policy file.

    Args:
        content: The file.
        origin: Its path, for errors and the report.
        resolve: Makes a path in the file, relative to its folder, absolute.
        include: Reads a file that it includes, by its path relative to the policy's folder; None
            where nothing can be included.
        at: When it is read, aware, UTC: then what is over by that time is refused with its line.
            None leaves that to whoever judges by the policy.

    Returns:
        The policy, without the keys in files that it names: nobody is their publisher before
        they were loaded.

    Raises:
        PolicyError: Not UTF-8, not TOML, a key or value that is unknown, missing or of another
            type, a part that contradicts another or could never hold, or an included file that
            cannot be read or has another digest.
    """
    document, refuser = _read(content, origin, POLICY)  # 1, 2
    people = PublisherReader(resolve)
    publishers = {name: people.read(name, one) for name, one in document["publisher"].items()}
    trusts = tuple(trust_of(name, one, resolve) for name, one in _named(document, "trust"))
    naming = Naming(publishers, trusts, tuple(name for name, _ in _named(document, "condition")))
    rules, troubles = _rules(document, naming)  # 3
    refuser.refuse_any([*people.troubles, *_table_troubles(document, naming), *troubles])
    includer = Includer(include, _part, naming)  # 4
    includer.follow(document["include"] or (), refuser)
    conditions = tuple(
        condition_of(name, one, publishers, resolve) for name, one in _named(document, "condition")
    )
    sha256 = hashlib.sha256(content).hexdigest()
    own = replace(_policy(document, origin, sha256, trusts, rules), conditions=conditions)
    policy = _with_parts(own, includer.parts)
    refuser.refuse_any(_whole_troubles(policy, document, rules, at))  # 5
    return policy


def _read(content: bytes, origin: str, shape: str) -> tuple[_Document, Refuser]:
    """The values of a file, and who refuses it.

    Raises:
        PolicyError: As in `parse_policy`, steps 1 and 2.
    """
    try:
        text = content.decode("utf-8")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"policy {origin}: not UTF-8 at byte {error.start}", hint="save it as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PolicyError(f"policy {origin}: {error}", hint="correct the TOML syntax") from error
    refuser, reader = Refuser(origin, text), Reader(SHAPES)
    document = reader.table(values, shape)
    refuser.refuse_any(reader.troubles)
    return document, refuser


def _named(document: _Document, room: str) -> tuple[tuple[str, _Document], ...]:
    return tuple((document[room] or {}).items())


def _rules(
    document: _Document, naming: Naming, origin: str = ""
) -> tuple[tuple[Rule, ...], list[Trouble]]:
    """The rules that can be made, and why others cannot."""
    trusts = tuple(one.name for one in naming.trusts)
    reader = RuleReader(naming.publishers, trusts, naming.conditions)
    found = [
        reader.read(number, table, origin) for number, table in enumerate(document["rule"] or ())
    ]
    return tuple(one for one in found if one is not None), reader.troubles


def _table_troubles(document: _Document, naming: Naming) -> Iterator[Trouble]:
    """What is wrong with the tables of a policy, but for publishers and rules."""
    for name, table in _named(document, "trust"):
        yield from trust_troubles(name, table)
    known = tuple(one for one in naming.publishers.values() if one is not None)
    yield from together_troubles(naming.trusts, EngineName(document["engine"]), known)
    for number, table in enumerate(document["exemption"] or ()):
        yield from exemption_troubles(table, ("exemption", number))
    yield from window_troubles_of(document)
    yield from advisory_troubles(document, naming.publishers)
    yield from match_troubles(document)
    begin, end = document["not_before"], document["expires"]
    if begin is not None and end is not None and end <= begin:
        why = f"expected a time after not_before, {begin.isoformat()}, got {end.isoformat()}"
        yield Trouble(("expires",), why, "write the later of the two as expires")


def _part(content: bytes, path: str, naming: Naming) -> tuple[Part, tuple[_Document, ...], Refuser]:
    """What an included file adds, what it includes, and who refuses it.

    Raises:
        PolicyError: As in `parse_policy`, steps 1 to 3.
    """
    document, refuser = _read(content, path, INCLUDED)
    conditions = _named(document, "condition")
    own = tuple(name for name, _ in conditions)
    rules, troubles = _rules(document, replace(naming, conditions=(*naming.conditions, *own)), path)
    for name in own:
        if name in (*naming.conditions, *naming.taken):
            why = "there is a condition of that name already"
            troubles.append(Trouble(("condition", name), why, "give it another name"))
    refuser.refuse_any([*troubles, *window_troubles_of(document), *match_troubles(document)])
    refuser.refuse_any(
        [*condition_troubles(own, rules), *trust_of_nobody_troubles(rules, naming.trusts)]
    )
    part = Part(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        rules=rules,
        distrust=tuple(map(distrust_of, document["distrust"] or ())),
        conditions=tuple(condition_of(name, table) for name, table in conditions),
    )
    return part, document["include"] or (), refuser


def _policy(
    document: _Document,
    origin: str,
    sha256: str,
    trusts: tuple[Trust, ...],
    rules: tuple[Rule, ...],
) -> Policy:
    return Policy(
        id=document["id"],
        origin=origin,
        sha256=sha256,
        rules=rules,
        expires=document["expires"],
        trusts=trusts,
        engine=EngineName(document["engine"]),
        not_before=document["not_before"],
        no_rejected_evidence=document["no_rejected_evidence"],
        distrust=tuple(map(distrust_of, document["distrust"] or ())),
        exemptions=tuple(map(exemption_of, document["exemption"] or ())),
    )


def _with_parts(policy: Policy, parts: list[Part]) -> Policy:
    if not parts:
        return policy
    return replace(
        policy,
        rules=policy.rules + tuple(one for part in parts for one in part.rules),
        distrust=policy.distrust + tuple(one for part in parts for one in part.distrust),
        conditions=policy.conditions + tuple(one for part in parts for one in part.conditions),
        includes=tuple(f"{part.path} (sha256:{part.sha256})" for part in parts),
    )


def _whole_troubles(
    policy: Policy, document: _Document, own: tuple[Rule, ...], at: datetime | None
) -> Iterator[Trouble]:
    """What is wrong with a policy although each of its tables can be read."""
    yield from unused_troubles(document, policy.rules)
    yield from condition_troubles(document["condition"] or {}, policy.rules)
    yield from trust_of_nobody_troubles(own, policy.trusts)
    if policy.exemptions:
        yield from covered_troubles(own, policy.exemptions, exemptible())
    if at is not None:
        yield from expired_troubles(policy.expires, policy.exemptions, at)
