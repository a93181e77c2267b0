"""Proves the advisories that a policy's conditions name, before anything is judged by them.

One of those whom the condition names has to have signed the record, by a trust root of the policy,
and what was judged has to be the bytes that are read as the record.

Whatever does not hold leaves the record unknown: then the condition may hold, and its needs are
required. That is told, because it makes artifacts fail that would pass otherwise.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sealane.appraise.alone import judge_alone
from sealane.appraise.setup import make_setup
from sealane.core.model.values import replace
from sealane.core.policy.needs import AnyOf, Requirement
from sealane.core.policy.quick import STATEMENTS
from sealane.core.policy.schema import Condition, Policy, Rule
from sealane.core.release.affected import Advisory, parse_advisory
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.trust.load import TrustMaterial

LARGEST_RECORD = 4 * 1024 * 1024


def with_advisories(
    policy: Policy, roots: tuple[TrustMaterial, ...], at: datetime
) -> tuple[Policy, tuple[str, ...]]:
    """A policy whose conditions know what their advisories say.

    Args:
        policy: What was read, its keys loaded.
        roots: The trust roots that are judged by, as `choose_roots` returned them.
        at: When, aware, UTC.

    Returns:
        The policy, and a note on each advisory that is not known.

    Raises:
        PolicyError: As `make_setup`.
        TrustError: A trust root cannot be read.
        MissingExtraError: The policy names an engine that is not installed.
    """
    conditions: list[Condition] = []
    notes: list[str] = []
    for one in policy.conditions:
        if not one.advisory:
            conditions.append(one)
            continue
        try:
            record = _proven(one, policy, roots, at)
        except InputError as error:
            notes.append(
                f"condition {one.name!r}: {error.message}; so what depends on it is required"
            )
            conditions.append(one)
        else:
            conditions.append(replace(one, record=record))
    return replace(policy, conditions=tuple(conditions)), tuple(notes)


def _proven(
    condition: Condition, policy: Policy, roots: tuple[TrustMaterial, ...], at: datetime
) -> Advisory:
    """The record of a condition.

    Raises:
        InputError: It is missing, no record, or not proven to be by whom the condition names.
    """
    path = Path(condition.advisory)
    signed = Rule(("*",), (_signed_by(condition, policy),))
    asked = replace(policy, rules=(signed,), conditions=(), exemptions=())
    setup = make_setup(asked, *roots)
    try:
        judged = judge_alone(path, setup, at)
    except InputError as error:
        raise InputError(f"advisory: {error.message}") from error
    if judged.refused is not None:
        raise InputError(f"advisory {path.name!r}: not proven: {judged.refused.code}")
    content = read_bounded(path, LARGEST_RECORD, what="advisory")
    if sha256(content).hexdigest() != judged.sha256:
        raise InputError(f"advisory {path.name!r}: it changed while it was read")
    return parse_advisory(content)


def _signed_by(condition: Condition, policy: Policy) -> AnyOf:
    """Signed by one of those who are named, by whichever trust root of the policy."""
    # Of several roots each requirement has to say which.
    roots = [one.name for one in policy.trusts] if len(policy.trusts) > 1 else [""]
    return AnyOf(tuple([Requirement(STATEMENTS, condition.by, trust=name) for name in roots]))
