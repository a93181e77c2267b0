"""Whether a need is required: what is not known not to be, is.

A condition is the policy's own word on an artifact. Nothing that comes with the artifact is asked:
whoever made it could else leave out what the policy demands.

1. A condition that nobody defined is not known.
2. Outside its window it does not hold.
3. It holds for artifacts that its globs match; of one whose name tells no package a glob over
   package URLs is not known not to match, nor is one over file names of a bare digest.
4. Where it names an advisory, it does not hold for what the record says is not affected; a record
   that was not proven to be by whom the policy names says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sealane.core.model.artifact import Artifact
from sealane.core.policy.answers import PURL, is_about
from sealane.core.policy.schema import Condition

if TYPE_CHECKING:
    from sealane.core.release.affected import Advisory


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
    if not is_about(condition, artifact) and not _is_unknown(condition, artifact):  # 3
        return False
    return not condition.advisory or _may_be_affected(condition.record, artifact, at)  # 4


def _may_be_affected(record: Advisory | None, artifact: Artifact, at: datetime) -> bool:
    if record is None:
        return True
    from sealane.core.release.affected import is_affected

    return is_affected(record, artifact.purl, artifact.version, at) is not False


def _is_unknown(condition: Condition, artifact: Artifact) -> bool:
    nameless = artifact.name in {str(one) for one in artifact.digests}
    return any(
        artifact.purl is None if glob.startswith(PURL) else nameless for glob in condition.match
    )
