"""Whether a fact was proven with the trust root that is demanded."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.policy.checks.interface import Question
from sealane.core.policy.identity import NOTHING, Difference

_CODE = "SL-REQ-004"


def check_trust(question: Question) -> Iterator[Difference]:
    """The root's name in the policy is that of the requirement.

    Roots are never merged: a policy that names several has to say which one is meant.
    """
    wanted, roots = question.requirement.trust, question.fact.roots
    actual = ", ".join(roots) or NOTHING
    if not wanted:
        yield Difference(
            _CODE, "trust", "a requirement that says which of several trust roots", actual
        )
    elif wanted not in roots:
        yield Difference(_CODE, "trust", wanted, actual)
