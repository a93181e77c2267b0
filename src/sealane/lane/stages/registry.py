"""All stages, in the order they run."""

from __future__ import annotations

from sealane.errors import UsageError
from sealane.lane.stages import attest, audit, build, compare, confirm, preflight, publish
from sealane.lane.stages.interface import Stage

# The place of publish; it runs once for each channel.
ORDER = (
    "preflight", "audit", "build-a", "build-b", "compare", "attest", "publish", "confirm",
)  # fmt: skip
STAGES: tuple[Stage, ...] = (
    preflight.STAGE,
    audit.STAGE,
    build.STAGE_A,
    build.STAGE_B,
    compare.STAGE,
    attest.STAGE,
    confirm.STAGE,
)


def stage(name: str) -> Stage:
    """A stage by its name.

    Raises:
        UsageError: There is none of that name, or it needs a channel.
    """
    for one in STAGES:
        if one.name == name:
            return one
    raise UsageError(f"no stage is named {name[:40]!r}", hint=f"stages are {', '.join(ORDER)}")


def publish_stage(channel: str) -> Stage:
    """The stage that publishes to one channel."""
    return publish.Publish(channel)


def build_stage(letter: str, *, allow_no_isolation: bool = False) -> Stage:
    """The stage that builds one copy.

    Args:
        letter: "a" or "b".
        allow_no_isolation: Go on, in a sandbox only, where builds cannot be isolated; recorded.
    """
    return build.Build(letter, allow_no_isolation)
