"""Whether a need is required: what is not known not to be, is.

A condition is the policy's own word on an artifact. Nothing that comes with the artifact is asked:
whoever made it could else leave out what the policy demands.

1. A condition that nobody defined is not known.
2. Outside its window it does not hold.
3. It holds for artifacts that its globs match; of one whose name tells no package a glob over
   package URLs is not known not to match, nor is one over file names of a bare digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sealane.core.model.artifact import Artifact
from sealane.core.policy.answers import PURL, is_about
from sealane.core.policy.schema import Condition


def is_required(
    name: str, conditions: Sequence[Condition], artifact: Artifact, at: datetime
) -> bool:
    """Whether what depends on a condition is asked for.

    Args:
        name: What `only_if` says; "" for always.
        conditions: Those of the policy.
        artifact: What is judged.
        at: When, aware, UTC.
    """
    named = [one for one in conditions if one.name == name]
    return not named or any(_may_hold(one, artifact, at) for one in named)  # 1


def _may_hold(condition: Condition, artifact: Artifact, at: datetime) -> bool:
    if condition.start is not None and at < condition.start:  # 2
        return False
    if condition.end is not None and condition.end < at:
        return False
    return is_about(condition, artifact) or _is_unknown(condition, artifact)  # 3


def _is_unknown(condition: Condition, artifact: Artifact) -> bool:
    nameless = artifact.name in {str(one) for one in artifact.digests}
    return any(
        artifact.purl is None if glob.startswith(PURL) else nameless for glob in condition.match
    )
