"""Whether the summary of another verifier is what a requirement wants; every difference is named.

Signature, subject and predicate type have been proven before; what is left of a consumer's steps:
1. The pair of signer and verifier is one that the policy names: who signs for one verifier must not
   sign for another. The signer is compared where all signers are; the verifier is compared here.
2. A verification summary names the resource that the artifact is taken as.
3. Its result is PASSED.
4. The demanded level, and every demanded property, is among those it lists.

A simple verification result lists properties and has no result of its own: the policy has to say
which property it wants, or an empty list would do.

Spec: slsa.dev, "Verification Summary Attestation", 1.2, "How to verify"; in-toto attestation,
spec/predicates/svr.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.model.artifact import Artifact
from sealane.core.model.statement import Statement
from sealane.core.model.summarizer import SANDBOX_PREFIX
from sealane.core.policy.identity import NOTHING, Difference
from sealane.core.policy.needs import Requirement

_NAMES = ("vsa", "svr")
_LEVEL = "SLSA_BUILD_LEVEL_"
HIGHEST_LEVEL = 3
_PLACEHOLDERS = ("{name}", "{version}")


def check_summary(
    requirement: Requirement, statement: Statement, artifact: Artifact
) -> tuple[Difference, ...]:
    """Everything in which a summary is not what is required; empty where it is, or is no summary.

    Args:
        requirement: What the policy wants.
        statement: What was signed, proven to be about the artifact.
        artifact: What is judged.

    Raises:
        InputError: The predicate does not have the form of its type; no such statement is proven.
    """
    known = by_uri(statement.predicate_type)
    if known is None or known.name not in _NAMES:
        return ()
    if known.name == "vsa":
        return tuple(_vsa(requirement, statement, artifact))
    return tuple(_svr(requirement, statement))


def expected_resource(requirement: Requirement, artifact: Artifact) -> str:
    """The URI that a verification summary has to name; "" where nobody can tell.

    A name in it is percent-encoded: what a file is called must not lead to another path.
    """
    template = requirement.resource or artifact.purl or ""
    if not requirement.resource:
        return template
    if "{version}" in template and artifact.version is None:
        return ""
    values = (artifact.name, artifact.version or "")
    for placeholder, value in zip(_PLACEHOLDERS, values, strict=True):
        template = template.replace(placeholder, quote(value, safe=""))
    return template


def _vsa(
    requirement: Requirement, statement: Statement, artifact: Artifact
) -> Iterator[Difference]:
    from sealane.core.attestation.predicates.vsa import FAILED, PASSED, parse_vsa

    found = parse_vsa(statement.predicate)
    yield from _verifier(requirement, found.verifier, sandbox=found.sandbox)  # 1
    wanted = expected_resource(requirement, artifact)
    if not wanted or found.resource != wanted:  # 2
        expected = wanted or "a resource that the requirement names"
        yield Difference("SL-SUM-002", "resourceUri", expected, found.resource)
    if not found.passed:  # 3
        yield Difference("SL-SUM-005", "verificationResult", PASSED, FAILED)
    yield from _labels(requirement, found.levels, "verifiedLevels")  # 4


def _svr(requirement: Requirement, statement: Statement) -> Iterator[Difference]:
    from sealane.core.attestation.predicates import svr

    old = statement.predicate_type == svr.PREDICATE_V01
    found = (svr.parse_svr_v01 if old else svr.parse_svr)(statement.predicate)
    yield from _verifier(requirement, found.verifier, sandbox=found.sandbox)  # 1
    if requirement.resource:  # 2
        yield Difference("SL-SUM-002", "resourceUri", requirement.resource, NOTHING)
    if not (requirement.level or requirement.properties):  # 3
        listed = ", ".join(found.properties) or NOTHING
        yield Difference(
            "SL-SUM-004", "properties", "properties that the requirement names", listed
        )
    yield from _labels(requirement, found.properties, "properties")  # 4


def _verifier(requirement: Requirement, verifier: str, *, sandbox: bool) -> Iterator[Difference]:
    wanted = requirement.verifier
    if not wanted or verifier != wanted:
        expected = wanted or "a verifier that the requirement names"
        yield Difference("SL-SUM-001", "verifier.id", expected, verifier)
    elif sandbox and not wanted.startswith(SANDBOX_PREFIX):
        yield Difference("SL-SUM-001", "verifier.id", f"{wanted}, outside a sandbox", "a sandbox's")


def _labels(requirement: Requirement, labels: Sequence[str], place: str) -> Iterator[Difference]:
    listed = ", ".join(labels) or NOTHING
    # A level of a track holds for those below it too.
    enough = {f"{_LEVEL}{level}" for level in range(requirement.level, HIGHEST_LEVEL + 1)}
    if requirement.level and not enough & set(labels):
        expected = f"{_LEVEL}{requirement.level} or higher"
        yield Difference("SL-SUM-003", place, expected, listed)
    for wanted in requirement.properties:
        if wanted not in labels:
            yield Difference("SL-SUM-004", place, wanted, listed)
