"""What a policy file says for a while: distrust, exemptions, conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sealane.core.attestation.predicates import registry
from sealane.core.policy.exemptions import NEVER_EXEMPTED
from sealane.core.policy.people import Publisher
from sealane.core.policy.publishers import window_troubles
from sealane.core.policy.reading import Place, Trouble, did_you_mean
from sealane.core.policy.schema import Condition, Distrust, Exemption

_TEXTS = ("issuer", "subject", "project", "run", "digest")
# Says that something holds: there is nothing in it to be accepted.
_MET = "SL-REQ-001"
# What advisories say is no evidence, and no rule answers it.
_OF_ADVISORIES = ("SL-ADV-", "SL-AGR-")


def distrust_of(table: Mapping[str, Any]) -> Distrust:
    """The distrust of a `[[distrust]]`."""
    named = {key: table[key] or "" for key in _TEXTS}
    return Distrust(table["reason"], **named, start=table["start"], end=table["end"])


def exemption_of(table: Mapping[str, Any]) -> Exemption:
    """The exemption of an `[[exemption]]`."""
    return Exemption(
        match=table["match"],
        code=table["code"],
        reason=table["reason"],
        expires=table["expires"],
        predicate=table["predicate"] or "",
    )


def condition_of(
    name: str,
    table: Mapping[str, Any],
    publishers: Mapping[str, Publisher | None] = MappingProxyType({}),
    resolve: Callable[[str], str] = str,
) -> Condition:
    """The condition of a `[condition.NAME]`.

    Args:
        name: The condition's.
        table: What was read, in which nothing is wrong.
        publishers: Those of the policy, by name.
        resolve: Makes a path in the file, relative to its folder, absolute.
    """
    named = table.get("advisory")
    by = tuple(found for one in table.get("by") or () if (found := publishers[one]) is not None)
    advisory = resolve(named) if named else ""
    return Condition(name, table["match"], table["start"], table["end"], advisory, by)


def advisory_troubles(
    document: Mapping[str, Any], publishers: Mapping[str, Publisher | None]
) -> Iterator[Trouble]:
    """Advisories that nobody signs, or somebody whom the policy does not name."""
    for name, table in (document["condition"] or {}).items():
        place: Place = ("condition", name)
        if bool(table["advisory"]) != bool(table["by"]):
            key, other = ("by", "advisory") if table["advisory"] else ("advisory", "by")
            hint = "name the file of the record, and the publisher who has to have signed it"
            yield Trouble((*place, key), f"required beside {other}, and missing", hint)
        for one in table["by"] or ():
            if one not in publishers:
                hint = did_you_mean(one, publishers) or f"known are {', '.join(publishers)}"
                yield Trouble((*place, "by"), f"there is no publisher {one!r}", hint)


def exemptible() -> frozenset[str]:
    """Every finding code that an exemption can name."""
    from sealane.core.model.codes import CODES

    known = frozenset(one.code for one in CODES if not one.code.startswith(_OF_ADVISORIES))
    return known - NEVER_EXEMPTED - {_MET}


def exemption_troubles(table: Mapping[str, Any], place: Place) -> Iterator[Trouble]:
    """A code, or a predicate, that there is not."""
    codes, code = exemptible(), table["code"]
    if code in NEVER_EXEMPTED:
        hint = "correct what is demanded, or leave the artifact to a rule of its own"
        yield Trouble((*place, "code"), f"nothing exempts an artifact from {code}", hint)
    elif code not in codes:
        hint = did_you_mean(code, sorted(codes)) or "docs/reference/findings.md lists them"
        yield Trouble((*place, "code"), f"there is no finding {code!r} to be accepted", hint)
    name = table["predicate"]
    if name is not None and not registry.is_name(name):
        hint = did_you_mean(name, registry.names()) or f"known are {', '.join(registry.names())}"
        yield Trouble((*place, "predicate"), f"there is no predicate {name!r}", hint)


def window_troubles_of(document: Mapping[str, Any]) -> Iterator[Trouble]:
    """Every window in a file that ends before it starts."""
    for number, table in enumerate(document["distrust"] or ()):
        yield from window_troubles(table, ("distrust", number))
    for name, table in (document["condition"] or {}).items():
        yield from window_troubles(table, ("condition", name))


def expired_troubles(
    expires: datetime | None, exemptions: Sequence[Exemption], at: datetime
) -> Iterator[Trouble]:
    """What of a policy is over.

    Args:
        expires: When the policy ends.
        exemptions: Its exemptions, in the order of the file.
        at: When it is read, aware, UTC.
    """
    if expires is not None and expires <= at:
        hint = "get the current policy from whoever wrote it"
        yield Trouble(("expires",), f"expired at {expires.isoformat()}", hint)
    for number, one in enumerate(exemptions):
        if one.expires <= at:
            hint = "take it out; write a new one only if the reason still holds"
            why = f"expired at {one.expires.isoformat()}"
            yield Trouble(("exemption", number, "expires"), why, hint)
