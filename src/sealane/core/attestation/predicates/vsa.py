"""A verification summary: somebody verified the artifact, against a policy, with this result.

Spec: slsa.dev, "Verification Summary Attestation", v1 (text of 1.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sealane.core.attestation.members import Members
from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.model.artifact import Digest
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://slsa.dev/verification_summary/v1"
PASSED, FAILED = "PASSED", "FAILED"
_RESERVED = "SLSA_"
_LEVEL = re.compile(r"SLSA_([A-Z]+(?:_[A-Z]+)*)_LEVEL_([0-9]|UNEVALUATED)")
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class InputAttestation:
    """Evidence the verifier used: where it was, and its digests."""

    uri: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Vsa:
    """One verification.

    Attributes:
        verifier: URI of who verified; it counts only together with who signed.
        verifier_version: (component, version) of the verifier's parts.
        verified_at: When, aware, UTC; None where it is not said.
        resource: URI under which the artifact is to be had.
        policy: URI of the policy.
        policy_digests: The policy's digests; empty where none is given.
        inputs: All attestations that were used; None where the verifier does not say.
        passed: The result.
        levels: What the artifact was verified to be, e.g. "SLSA_BUILD_LEVEL_3".
        dependency_levels: How many dependencies are of which level; None without a claim, empty
            for an artifact that has none.
        slsa_version: Of the specification, e.g. "1.2"; "" for some 1.x.
        sandbox: Whether it says that it is of a rehearsal, and proves nothing about the world.
    """

    verifier: str
    verifier_version: tuple[tuple[str, str], ...]
    verified_at: datetime | None
    resource: str
    policy: str
    policy_digests: tuple[Digest, ...]
    inputs: tuple[InputAttestation, ...] | None
    passed: bool
    levels: tuple[str, ...]
    dependency_levels: tuple[tuple[str, int], ...] | None
    slsa_version: str
    sandbox: bool = False


def parse_vsa(predicate: Mapping[str, JsonValue]) -> Vsa:
    """Read a summary, of whatever result.

    Raises:
        InputError: A required member is missing, one is of another type, a label begins with
            "SLSA_" and is no level, a track has two levels, or result and levels contradict each
            other.
    """
    members = Members(predicate, "vsa")
    verifier, policy = members.inner("verifier"), members.inner("policy")
    result = members.text("verificationResult")
    if result not in {PASSED, FAILED}:
        raise InputError(f"vsa: verificationResult: expected PASSED or FAILED, got {result[:40]!r}")
    slsa_version = members.text_or_empty("slsaVersion")
    if slsa_version and not _VERSION.fullmatch(slsa_version):
        raise InputError(f"vsa: slsaVersion: expected e.g. '1.2', got {slsa_version[:40]!r}")
    return Vsa(
        verifier=verifier.text("id"),
        verifier_version=_versions(verifier.inner_or_empty("version")),
        verified_at=members.moment_or_none("timeVerified"),
        resource=members.text("resourceUri"),
        policy=policy.text("uri"),
        policy_digests=policy.digests_or_none("digest"),
        inputs=_inputs(members),
        passed=result == PASSED,
        levels=_levels(members.texts("verifiedLevels"), passed=result == PASSED),
        dependency_levels=_dependency_levels(members),
        slsa_version=slsa_version,
        sandbox=members.has(SANDBOX),
    )


def check_vsa(predicate: Mapping[str, JsonValue]) -> Vsa:
    """Read a summary that has to say that the artifact passed.

    Raises:
        InputError: As `parse_vsa`, or the verifier's result is FAILED.
    """
    found = parse_vsa(predicate)
    if not found.passed:
        raise InputError(
            f"vsa: {found.verifier[:100]} verified the artifact, and it FAILED",
            hint="do not use the artifact before the verifier's publisher has explained it",
        )
    return found


def render_vsa(vsa: Vsa) -> dict[str, JsonValue]:
    """A summary as JSON; what it does not say is left out."""
    policy: dict[str, JsonValue] = {"uri": vsa.policy}
    if vsa.policy_digests:
        policy["digest"] = _digest_set(vsa.policy_digests)
    predicate: dict[str, JsonValue] = {
        "verifier": {"id": vsa.verifier, "version": dict(vsa.verifier_version)},
        "resourceUri": vsa.resource,
        "policy": policy,
        "verificationResult": PASSED if vsa.passed else FAILED,
        "verifiedLevels": list(vsa.levels),
    }
    if vsa.verified_at is not None:
        predicate["timeVerified"] = rfc3339(vsa.verified_at)
    if vsa.inputs is not None:
        predicate["inputAttestations"] = [_input(one) for one in vsa.inputs]
    if vsa.dependency_levels is not None:
        predicate["dependencyLevels"] = dict(vsa.dependency_levels)
    if vsa.slsa_version:
        predicate["slsaVersion"] = vsa.slsa_version
    if vsa.sandbox:
        predicate[SANDBOX] = True
    return predicate


def _input(one: InputAttestation) -> JsonValue:
    digests: dict[str, JsonValue] = {"digest": _digest_set(one.digests)}
    return {**digests, "uri": one.uri} if one.uri else digests


def _digest_set(digests: tuple[Digest, ...]) -> dict[str, JsonValue]:
    return {digest.algorithm: digest.value for digest in digests}


def _versions(members: Members) -> tuple[tuple[str, str], ...]:
    return tuple((name, members.text_or_empty(name)) for name in members.names())


def _inputs(members: Members) -> tuple[InputAttestation, ...] | None:
    if not members.has("inputAttestations"):
        return None
    listed = members.each("inputAttestations")
    return tuple(
        InputAttestation(one.text_or_empty("uri"), one.digests("digest")) for one in listed
    )


def _levels(labels: tuple[str, ...], *, passed: bool) -> tuple[str, ...]:
    tracks = [track for label in labels if (track := _track(label))]
    if len(set(tracks)) != len(tracks):
        raise InputError("vsa: verifiedLevels: one track twice, so nobody knows which level counts")
    if passed and FAILED in labels:
        raise InputError("vsa: verifiedLevels: FAILED beside a result of PASSED")
    return labels


def _dependency_levels(members: Members) -> tuple[tuple[str, int], ...] | None:
    if not members.has("dependencyLevels"):
        return None
    found = []
    for label, count in members.inner("dependencyLevels").items():
        _track(label)
        if type(count) is not int or count < 0:
            raise InputError(f"vsa: dependencyLevels: {label[:60]}: expected how many")
        found.append((label, count))
    return tuple(found)


def _track(label: str) -> str:
    """The track a level is of; "" for a label of the verifier's own."""
    if not label.startswith(_RESERVED):
        return ""
    level = _LEVEL.fullmatch(label)
    if level is None:
        raise InputError(f"vsa: {label[:60]!r}: labels that begin with SLSA_ are levels of a track")
    return level[1]
