"""Asks every rule of a policy about one artifact."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from sealane.core.attestation.predicates.registry import SIGNATURE, by_uri
from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.identity import Difference, differences
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import Publisher
from sealane.core.policy.schema import Policy, Rule

_PURL = "pkg:"


def evaluate(policy: Policy, artifact: Artifact, facts: Sequence[Fact]) -> tuple[Finding, ...]:
    """The answer of each requirement of each rule that is about the artifact.

    Args:
        policy: What must be true.
        artifact: What is judged.
        facts: What was proven about it.

    Returns:
        At least one finding: an artifact that no rule is about is denied.
    """
    rules = [rule for rule in policy.rules if is_about(rule, artifact)]
    if not rules:
        names = ", ".join(glob for rule in policy.rules for glob in rule.match)
        return (finding("SL-POL-001", Outcome.FAIL, artifact.name, names, artifact.name),)
    return tuple(
        answer
        for rule in rules
        for requirement in rule.requirements
        for answer in _answer(requirement, artifact, facts)
    )


def is_about(rule: Rule, artifact: Artifact) -> bool:
    """Whether one of a rule's globs matches the artifact's package URL or name.

    A glob over package URLs without an `@` is about the package: the version is left aside.
    """
    return any(fnmatchcase(_named(artifact, glob), glob) for glob in rule.match)


def _named(artifact: Artifact, glob: str) -> str:
    if not glob.startswith(_PURL):
        return artifact.name
    purl = artifact.purl or ""
    return purl if "@" in glob else purl.rpartition("@")[0]


def finding(
    code: str, outcome: Outcome, place: str, expected: str = "", actual: str = "", *, hint: str = ""
) -> Finding:
    """A finding under its full label; the hint is the code's own where none is given."""
    known = code_of(code)
    fallback = "" if outcome is Outcome.PASS else known.hint
    return Finding(known.label, outcome, place, expected, actual, hint or fallback)


def kind_of(fact: Fact) -> str | None:
    """The short name of what a fact states; None for a predicate type that nobody registered."""
    if fact.statement is None:
        return SIGNATURE
    found = by_uri(fact.statement.predicate_type)
    return found.name if found else None


def _answer(
    requirement: Requirement, artifact: Artifact, facts: Sequence[Fact]
) -> tuple[Finding, ...]:
    """One pass for a requirement that holds; else every reason why the nearest fact is not enough.

    1. A fact of a required type must be there.
    2. Its signer must be one of the required publishers.
    """
    wanted = " or ".join(requirement.predicates)
    if not facts:
        return (finding("SL-EV-001", Outcome.MISSING, artifact.name, wanted, "no proven evidence"),)
    of_type = [fact for fact in facts if kind_of(fact) in requirement.predicates]  # 1
    if not of_type:
        there = ", ".join(sorted({kind_of(fact) or _type(fact) for fact in facts}))
        return (finding("SL-PRE-001", Outcome.MISSING, artifact.name, wanted, there),)
    refused: list[tuple[Fact, tuple[Difference, ...]]] = []
    for fact in of_type:  # 2
        for publisher in requirement.by:
            found = differences(publisher, fact.signer, artifact.version)
            if not found:
                return (_met(fact, publisher),)
            refused.append((fact, found))
    # There is one: a requirement without a publisher cannot be made.
    fact, found = min(refused, key=lambda one: _distance(one[1]))
    return tuple(_differs(fact, one) for one in found)


def _met(fact: Fact, publisher: Publisher) -> Finding:
    said = f"{kind_of(fact)} by {fact.signer.subject} ({fact.signer.issuer})"
    return finding(
        "SL-REQ-001", Outcome.PASS, fact.evidence.origin, f"signed by {publisher.name}", said
    )


def _differs(fact: Fact, found: Difference) -> Finding:
    place = f"{fact.evidence.origin}: {found.place}"
    return finding(found.code, Outcome.FAIL, place, found.expected, found.actual)


def _distance(found: tuple[Difference, ...]) -> tuple[int, int]:
    """How far a signer is off: a ref of the right project is nearer than another project."""
    grave = {"SL-ID-002": 4, "SL-ID-003": 3, "SL-ID-009": 3, "SL-ID-005": 2}
    return max(grave.get(one.code, 1) for one in found), len(found)


def _type(fact: Fact) -> str:
    return fact.statement.predicate_type if fact.statement else SIGNATURE
