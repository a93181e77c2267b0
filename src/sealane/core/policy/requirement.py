"""Whether what was proven meets one requirement, and if not, everything the nearest fact lacks.

1. A fact of a required type must be there.
2. Its signer must be one of the required publishers.
3. What it states, when, and how it was proven must be what the requirement demands (`checks/`).
4. As many distinct principals as the threshold demands must have signed such a fact: one who signs
   twice, whatever with, counts once, and so does a publisher that is one pipeline.
5. What the policy exempts is left aside in 2 and 3, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from sys import intern
from typing import TYPE_CHECKING

from sealane.core.attestation.predicates.registry import SIGNATURE
from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass, replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import finding, kind_of
from sealane.core.policy.identity import Difference, differences
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import Publisher
from sealane.core.policy.schema import Exemption, Policy
from sealane.errors import InputError

if TYPE_CHECKING:
    from sealane.core.policy.checks.interface import Expressions

_SUMMARIES = ("vsa", "svr")
# How far a signer, or what was signed, is off: a ref of the right project is nearer than another
# project, and what was not decided yet is nearest.
_GRAVE = {"SL-ID-002": 5, "SL-ID-003": 4, "SL-ID-009": 4, "SL-ID-005": 3, "SL-REQ-018": 1}
_USUAL = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What every requirement is asked about; the arguments of `evaluate`."""

    policy: Policy
    artifact: Artifact
    facts: tuple[Fact, ...]
    at: datetime
    files: tuple[Artifact, ...] | None = None
    expressions: Callable[[], Expressions] | None = None
    detailed: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact, the publisher its signer is nearest to, and what is not as demanded.

    Attributes:
        fact: What was proven.
        kind: What it states.
        publisher: One of the requirement's publishers.
        left: Everything that keeps it from counting.
        accepted: What is not as demanded and exempted.
    """

    fact: Fact
    kind: str
    publisher: Publisher
    left: tuple[Difference, ...] = ()
    accepted: tuple[tuple[Difference, Exemption], ...] = ()

    @property
    def distance(self) -> tuple[int, int]:
        """How far it is off, and in how many things."""
        return max([_GRAVE.get(one.code, _USUAL) for one in self.left]), len(self.left)


def answer_requirement(requirement: Requirement, asked: Asked) -> tuple[Finding, ...]:
    """One pass a signer for a requirement that holds; else every reason why it does not."""
    wanted = " or ".join(requirement.predicates)
    name = asked.artifact.name
    if not asked.facts:
        none = finding("SL-EV-001", Outcome.MISSING, name, wanted, "no proven evidence")
        return (_exempted(none, requirement, asked),)
    kinds = [(kind_of(fact), fact) for fact in asked.facts]
    of_type = [(kind, fact) for kind, fact in kinds if kind in requirement.predicates]  # 1
    if not of_type:
        there = ", ".join(sorted({kind or _type(fact) for kind, fact in kinds}))
        lacking = finding("SL-PRE-001", Outcome.MISSING, name, wanted, there)
        return (_exempted(lacking, requirement, asked),)
    refused, held = [], []
    for kind, fact in of_type:
        candidate = _nearest(requirement, kind or "", fact, asked)
        if candidate.left:
            refused.append(candidate)
        elif requirement.threshold == 1 and not candidate.accepted:
            return _met(candidate, requirement, asked)
        else:
            held.append(candidate)
    return _counted(requirement, held, refused, asked)


def _nearest(requirement: Requirement, kind: str, fact: Fact, asked: Asked) -> Candidate:
    """The fact by the first publisher by whom it counts, or else by the nearest one."""
    found = []
    for publisher in requirement.by:
        one = _candidate(requirement, kind, fact, publisher, asked)
        if not one.left and not one.accepted:
            return one
        found.append(one)
    # There is one: a requirement without a publisher cannot be made.
    return min(found, key=_order)


def _order(one: Candidate) -> tuple[int, int]:
    return one.distance if one.left else (0, len(one.accepted))


def _candidate(
    requirement: Requirement, kind: str, fact: Fact, publisher: Publisher, asked: Asked
) -> Candidate:
    found = differences(publisher, fact.signer, asked.artifact.version)  # 2
    if not found and not _demands_more(requirement, kind, asked):
        return Candidate(fact, kind, publisher)
    left, accepted = _parted(found, requirement, asked)
    # Of what somebody else signed nothing is worth saying.
    if not left:
        more, also = _parted(
            _checked(requirement, kind, fact, publisher, asked), requirement, asked
        )
        left, accepted = more, accepted + also
    return Candidate(fact, kind, publisher, left, accepted)


def _demands_more(requirement: Requirement, kind: str, asked: Asked) -> bool:
    """Whether type and signer are not all that is demanded: most requirements want no more."""
    one = requirement
    return bool(
        kind in _SUMMARIES
        or one.trust
        or len(asked.policy.trusts) > 1
        or one.source
        or one.builder
        or one.level
        or one.when
        or one.complete
        or one.not_before is not None
        or one.max_age_days is not None
        or one.sbom is not None
        or one.scan is not None
        or one.tests is not None
    )


def _checked(
    requirement: Requirement, kind: str, fact: Fact, publisher: Publisher, asked: Asked
) -> Iterator[Difference]:  # 3
    from sealane.core.policy.checks.interface import Question
    from sealane.core.policy.checks.registry import checks_of

    roots = len(asked.policy.trusts)
    question = Question(
        requirement, fact, kind, publisher, asked.artifact, asked.at, asked.files, asked.expressions
    )
    for check in checks_of(requirement, kind, roots):
        try:
            yield from check(question)
        except InputError as error:
            # It was read when it was proven; whatever cannot be read now is not as demanded.
            yield Difference("SL-PRE-002", "predicate", "a predicate of its type", error.message)


def _parted(
    found: Iterable[Difference], requirement: Requirement, asked: Asked
) -> tuple[tuple[Difference, ...], tuple[tuple[Difference, Exemption], ...]]:
    """What is not as demanded, and what of it is exempted."""
    exemptions = asked.policy.exemptions
    if not exemptions:
        return tuple(found), ()
    from sealane.core.policy.exemptions import exemption_for

    left, accepted = [], []
    for one in found:
        exemption = exemption_for(
            one.code, requirement.predicates, exemptions, asked.artifact, asked.at
        )
        if exemption is None:
            left.append(one)
        else:
            accepted.append((one, exemption))
    return tuple(left), tuple(accepted)


def _counted(
    requirement: Requirement, held: list[Candidate], refused: list[Candidate], asked: Asked
) -> tuple[Finding, ...]:  # 4
    from sealane.core.policy.principals import principal_of, seat_of

    signers: dict[tuple[str, str], Candidate] = {}
    taken: set[tuple[str, str]] = set()
    for one in sorted(held, key=_order):
        principal = principal_of(one.fact.signer)
        seat = seat_of(one.publisher, principal)
        if principal not in signers and seat not in taken:
            signers[principal] = one
            taken.add(seat)
    met = tuple(each for one in signers.values() for each in _met(one, requirement, asked))
    if len(signers) >= requirement.threshold:
        return met
    found: tuple[Finding, ...] = ()
    if requirement.threshold > 1:
        few = _exempted(_few(requirement, signers, refused, asked), requirement, asked)
        if met and few.outcome is Outcome.NOTE:
            return (few, *met)
        found = (few,)
    if refused:
        found += _differs(min(refused, key=_order), asked)
    return found


def _few(
    requirement: Requirement,
    signers: Mapping[tuple[str, str], Candidate],
    refused: list[Candidate],
    asked: Asked,
) -> Finding:
    wanted = f"{' or '.join(requirement.predicates)} by {requirement.threshold} distinct signers"
    names = ", ".join(one.fact.signer.subject for one in signers.values())
    actual = f"{len(signers)}: {names}" if signers else "0"
    outcome = Outcome.FAIL if refused else Outcome.MISSING
    return finding("SL-REQ-002", outcome, asked.artifact.name, wanted, actual)


def _met(one: Candidate, requirement: Requirement, asked: Asked) -> tuple[Finding, ...]:
    """A pass, and a note on each thing that was only exempted."""
    fact = one.fact
    said = f"{one.kind} by {fact.signer.subject} ({fact.signer.issuer})"
    level = requirement.level
    if level and one.kind not in _SUMMARIES:
        from sealane.core.policy.level import build_level

        reached = build_level(fact, one.publisher, requirement.builder)
        said += f"; SLSA build level {reached}"
    # One text for all files of one signer.
    said, wanted = intern(said), intern(f"signed by {one.publisher.name}")
    passed = finding("SL-REQ-001", Outcome.PASS, fact.evidence.origin, wanted, said)
    # A level that was reached with something left aside is not told to others as reached.
    if level and not one.accepted:
        passed = replace(passed, level=level)
    return (_compared(passed, one, asked), *_notes(one))


def _differs(one: Candidate, asked: Asked) -> tuple[Finding, ...]:
    first, *others = (
        finding(
            each.code, Outcome.FAIL, _place(one, each), each.expected, each.actual, hint=each.hint
        )
        for each in one.left
    )
    return (_compared(first, one, asked), *others, *_notes(one))


def _notes(one: Candidate) -> Iterator[Finding]:  # 5
    if one.accepted:
        from sealane.core.policy.exemptions import exempted

        for each, exemption in one.accepted:
            failed = finding(each.code, Outcome.FAIL, _place(one, each), each.expected, each.actual)
            yield exempted(failed, exemption)


def _exempted(answer: Finding, requirement: Requirement, asked: Asked) -> Finding:
    if not asked.policy.exemptions:
        return answer
    from sealane.core.policy.exemptions import exempted, exemption_for

    exemption = exemption_for(
        answer.code, requirement.predicates, asked.policy.exemptions, asked.artifact, asked.at
    )
    return exempted(answer, exemption)


def _compared(answer: Finding, one: Candidate, asked: Asked) -> Finding:
    if not asked.detailed:
        return answer
    from sealane.core.policy.comparisons import comparisons

    found = comparisons(one.publisher, one.fact.signer, asked.artifact.version)
    return replace(answer, compared=found)


def _place(one: Candidate, found: Difference) -> str:
    return f"{one.fact.evidence.origin}: {found.place}"


def _type(fact: Fact) -> str:
    return fact.statement.predicate_type if fact.statement else SIGNATURE
