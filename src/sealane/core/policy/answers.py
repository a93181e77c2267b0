"""What the parts of an evaluation share: findings, and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Protocol, assert_never

from sealane.core.attestation.predicates.registry import SIGNATURE, by_uri
from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.model.fact import Fact
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.schema import Mode

PURL = "pkg:"


class _Matching(Protocol):
    @property
    def match(self) -> tuple[str, ...]: ...


def finding(
    code: str, outcome: Outcome, place: str, expected: str = "", actual: str = "", *, hint: str = ""
) -> Finding:
    """A finding under its full label; the hint is the code's own where none is given."""
    known = code_of(code)
    fallback = "" if outcome is Outcome.PASS else known.hint
    return Finding(known.label, outcome, place, expected, actual, hint or fallback)


def is_about(rule: _Matching, artifact: Artifact) -> bool:
    """Whether one of a rule's globs matches the artifact's package URL or name.

    A glob over package URLs without an `@` is about the package: the version is left aside.
    """
    return any(fnmatchcase(_named(artifact, glob), glob) for glob in rule.match)


def holds(answers: Sequence[Finding]) -> bool:
    """Whether nothing among answers keeps an artifact from passing."""
    return not any(one.outcome in REFUSING for one in answers)


REFUSING = frozenset({Outcome.FAIL, Outcome.MISSING})


def in_mode(found: Finding, mode: Mode) -> Finding:
    """A finding as a rule of a mode tells it: only one that enforces keeps from passing."""
    if found.outcome not in REFUSING:
        return found
    match mode:
        case Mode.ENFORCE:
            return found
        case Mode.WARN:
            return replace(found, outcome=Outcome.WARN)
        case Mode.AUDIT:
            return replace(found, outcome=Outcome.NOTE)
        case _:
            assert_never(mode)


def kind_of(fact: Fact) -> str | None:
    """The short name of what a fact states; None for a predicate type that nobody registered."""
    if fact.statement is None:
        return SIGNATURE
    found = by_uri(fact.statement.predicate_type)
    return found.name if found else None


def _named(artifact: Artifact, glob: str) -> str:
    if not glob.startswith(PURL):
        return artifact.name
    purl = artifact.purl or ""
    return purl if "@" in glob else purl.rpartition("@")[0]
