"""A simple verification result: what somebody verified the artifact to be.

Spec: in-toto attestation, spec/predicates/svr.md, 0.1 (one policy at most) and 0.2 (several).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sealane.core.attestation.members import Members
from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.model.artifact import Digest
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

PREDICATE = "https://in-toto.io/attestation/svr/v0.2"
PREDICATE_V01 = "https://in-toto.io/attestation/svr/v0.1"


@dataclass(frozen=True, slots=True)
class AppliedPolicy:
    """What was verified against: its URI and its digests, either may be empty."""

    uri: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Svr:
    """One result.

    Attributes:
        verifier: URI of who verified; it counts only together with who signed.
        policies: What was verified against.
        created: When, aware, UTC.
        properties: What holds; what does not is not listed.
        sandbox: Whether it says that it is of a rehearsal, and proves nothing about the world.
    """

    verifier: str
    policies: tuple[AppliedPolicy, ...]
    created: datetime
    properties: tuple[str, ...]
    sandbox: bool = False


def parse_svr(predicate: Mapping[str, JsonValue]) -> Svr:
    """Read a result of version 0.2.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    members = Members(predicate, "svr")
    return _svr(members, tuple(_policy(one) for one in members.inner("verifier").each("policies")))


def parse_svr_v01(predicate: Mapping[str, JsonValue]) -> Svr:
    """Read a result of version 0.1.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    members = Members(predicate, "svr")
    verifier = members.inner("verifier")
    policies = (_policy(verifier.inner("policy")),) if verifier.has("policy") else ()
    return _svr(members, policies)


def render_svr(svr: Svr) -> dict[str, JsonValue]:
    """A result of version 0.2 as JSON; what it does not say is left out."""
    predicate: dict[str, JsonValue] = {
        "verifier": {"id": svr.verifier, "policies": [_rendered(one) for one in svr.policies]},
        "timeCreated": rfc3339(svr.created),
        "properties": list(svr.properties),
    }
    if svr.sandbox:
        predicate[SANDBOX] = True
    return predicate


def _rendered(policy: AppliedPolicy) -> JsonValue:
    members: dict[str, JsonValue] = {"uri": policy.uri} if policy.uri else {}
    if policy.digests:
        members["digest"] = {digest.algorithm: digest.value for digest in policy.digests}
    return members


def _svr(members: Members, policies: tuple[AppliedPolicy, ...]) -> Svr:
    return Svr(
        verifier=members.inner("verifier").text("id"),
        policies=policies,
        created=members.moment("timeCreated"),
        properties=members.texts("properties"),
        sandbox=members.has(SANDBOX),
    )


def _policy(members: Members) -> AppliedPolicy:
    return AppliedPolicy(members.text_or_empty("uri"), members.digests_or_none("digest"))
