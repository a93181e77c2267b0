"""Asks every rule of a policy about one artifact; what nothing answers is never a pass.

Read this first. For one artifact:
1. What the policy distrusts is a failure, whatever the rules say.
2. Every rule that is about the artifact is asked; where none is, it is denied. Rules of included
   files can only refuse it.
3. A rule holds when all its needs do: a requirement, all of several, or one of several. What
   depends on a condition is left out only where the condition is known not to hold.
4. A requirement holds when enough distinct signers made a statement of its kind, each of them one
   of its publishers, and each statement is what the requirement demands (`checks/`).
5. A failure that the policy exempts becomes a note; it never counts as met.
6. Where a rule is not enforced, its failures become warnings or notes, and what holds of it counts
   only where no rule is enforced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import REFUSING, finding, holds, is_about
from sealane.core.policy.needs import AllOf, AnyOf, Need, Requirement
from sealane.core.policy.requirement import Asked, answer_requirement
from sealane.core.policy.schema import Mode, Policy, Rule

if TYPE_CHECKING:
    from sealane.core.policy.checks.interface import Expressions

_NOT_REQUIRED = "SL-REQ-003 not-required"
_AUDIT = "audit: "


def evaluate(
    policy: Policy,
    artifact: Artifact,
    facts: Sequence[Fact],
    *,
    at: datetime,
    files: tuple[Artifact, ...] | None = None,
    expressions: Callable[[], Expressions] | None = None,
    detailed: bool = False,
) -> tuple[Finding, ...]:
    """The answer of each requirement of each rule that is about the artifact.

    Args:
        policy: What must be true.
        artifact: What is judged.
        facts: What was proven about it.
        at: When it is judged, aware, UTC.
        files: Everything that is judged in this run; None while that is not known, and then no
            release is complete.
        expressions: Loads what evaluates expressions; None where nothing does, and then none holds.
        detailed: Whether findings carry each claim of the signer beside what is demanded of it.

    Returns:
        At least one finding: an artifact that no rule is about is denied.
    """
    asked = Asked(policy, artifact, tuple(facts), at, files, expressions, detailed)
    found: tuple[Finding, ...] = ()
    if policy.distrust:  # 1
        from sealane.core.policy.distrust import distrusted

        found = tuple(distrusted(policy.distrust, artifact, asked.facts))
    about = [rule for rule in policy.rules if is_about(rule, artifact)]  # 2
    rules = [rule for rule in about if not rule.added]
    if not rules:
        return (_denied(asked), *found)
    if len(rules) < len(about):
        found = (*_of_included(about, asked), *found)
    answers = [_answer_all(rule.require, asked) for rule in rules]
    if all(rule.mode is Mode.ENFORCE for rule in rules):
        return (*(one for answer in answers for one in answer), *found)
    return (*_by_mode(rules, answers, artifact), *found)  # 6


def _denied(asked: Asked) -> Finding:
    """No rule is about the artifact: that is a failure where something was proven about it."""
    names = ", ".join(glob for rule in asked.policy.rules for glob in rule.match)
    outcome = Outcome.FAIL if asked.facts else Outcome.MISSING
    return finding("SL-POL-001", outcome, asked.artifact.name, names, asked.artifact.name)


def _of_included(about: Sequence[Rule], asked: Asked) -> Iterator[Finding]:
    """What rules of included files demand more; where they hold that is a note.

    Whoever can write such a file can keep an artifact from passing, and let none in.
    """
    for rule in about:
        for one in _answer_all(rule.require, asked) if rule.added else ():
            refused = rule.mode is Mode.ENFORCE and one.outcome is not Outcome.PASS
            yield one if refused else _softened(one, rule.mode, counts=False)


def _answer_all(needs: Sequence[Need], asked: Asked) -> tuple[Finding, ...]:
    if len(needs) == 1:
        return _answer(needs[0], asked)
    return tuple([one for need in needs for one in _answer(need, asked)])


def _answer(need: Need, asked: Asked) -> tuple[Finding, ...]:  # 3
    if need.only_if:
        from sealane.core.policy.conditions import is_required

        if not is_required(need.only_if, asked.policy.conditions, asked.artifact, asked.at):
            place, said = asked.artifact.name, f"the condition {need.only_if!r} does not hold"
            return (finding("SL-REQ-003", Outcome.NOTE, place, _called(need), said),)
    match need:
        case Requirement():
            return answer_requirement(need, asked)
        case AllOf():
            return _answer_all(need.needs, asked)
        case AnyOf():
            return _answer_one_of(need.needs, asked)
        case _:
            assert_never(need)


def _answer_one_of(needs: Sequence[Need], asked: Asked) -> tuple[Finding, ...]:
    """The answer of the first need that holds, or those of all.

    One that is met comes before one that is only exempted. What is not required at all is no
    choice: it would be met by asking nothing.
    """
    answers = [_answer(need, asked) for need in needs]
    real = [one for one in answers if any(each.code != _NOT_REQUIRED for each in one)]
    held = [one for one in real if holds(one)]
    met = [one for one in held if any(each.outcome is Outcome.PASS for each in one)]
    if met or held:
        return (met or held)[0]
    return tuple(each for one in real or answers for each in one)


def _called(need: Need) -> str:
    match need:
        case Requirement():
            return " or ".join(need.predicates)
        case AllOf():
            return " and ".join(_called(one) for one in need.needs)
        case AnyOf():
            return " or ".join(_called(one) for one in need.needs)
        case _:
            assert_never(need)


def _by_mode(
    rules: Sequence[Rule], answers: Sequence[tuple[Finding, ...]], artifact: Artifact
) -> Iterator[Finding]:
    """The answers of rules of which some are not enforced.

    A rule that is not enforced lets nothing pass where another one is, nor where it holds in part.
    """
    enforced = any(rule.mode is Mode.ENFORCE for rule in rules)
    passed = False
    for rule, answer in zip(rules, answers, strict=True):
        if rule.mode is Mode.ENFORCE:
            yield from answer
            continue
        counts = holds(answer) and not enforced
        passed = passed or (counts and any(one.outcome is Outcome.PASS for one in answer))
        yield from (_softened(one, rule.mode, counts=counts) for one in answer)
    if not enforced and not passed:
        # Notes alone would read as if nothing had been found to judge.
        names = " or ".join(rule.name or ", ".join(rule.match) for rule in rules)
        yield finding("SL-POL-002", Outcome.WARN, artifact.name, names, "none of them holds")


def _softened(answer: Finding, mode: Mode, *, counts: bool) -> Finding:
    if answer.outcome is Outcome.PASS:
        return answer if counts else replace(answer, outcome=Outcome.NOTE, level=0)
    if answer.outcome not in REFUSING:
        return answer
    if mode is Mode.WARN:
        return replace(answer, outcome=Outcome.WARN)
    return replace(answer, outcome=Outcome.NOTE, place=_AUDIT + answer.place)
