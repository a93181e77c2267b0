"""Whether a release lists exactly the files of this version that are judged."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.policy.checks.interface import Question
from sealane.core.policy.completeness import gaps_of
from sealane.core.policy.identity import Difference

_UNDECIDED, _INCOMPLETE = "SL-REQ-018", "SL-REQ-017"
_KINDS = ("release", "release-manifest")


def check_complete(question: Question) -> Iterator[Difference]:
    """None of the release's files is missing, and none is there beside them.

    Until all files of a run are known, that is undecided, which is never enough.
    """
    statement = question.fact.statement
    if statement is None or question.kind not in _KINDS:
        actual = f"a statement of kind {question.kind}"
        yield Difference(_INCOMPLETE, "predicate", "a statement that lists a release", actual)
    elif question.files is None:
        yield Difference(_UNDECIDED, "subject", "every file of the release", question.artifact.name)
    else:
        for expected, actual in gaps_of(statement, question.files):
            yield Difference(_INCOMPLETE, "subject", expected, actual)
