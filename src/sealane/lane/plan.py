"""What preflight found: what is to be released, from which commit, to where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """One package of the release: the name it is published under, its folder and version."""

    name: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the lane is about to do; written by preflight, pinned by every later stage.

    Attributes:
        project: Name of the project.
        tag: The tag that is released.
        tag_object: Object id of the tag (equals `commit` for a lightweight tag).
        commit: Commit id the tag stands for.
        tree: Tree id of that commit.
        epoch: Commit time in Unix seconds; SOURCE_DATE_EPOCH of the builds.
        releases: What is built and published.
        channels: Names of the channels, in order.
        configuration: SHA-256 of `sealane.toml`, lower-case hex.
        changelog: SHA-256 of the changelog section of this version; "" without a changelog.
        sandbox: True in a rehearsal.
    """

    project: str
    tag: str
    tag_object: str
    commit: str
    tree: str
    epoch: int
    releases: tuple[PlannedRelease, ...]
    channels: tuple[str, ...]
    configuration: str
    changelog: str
    sandbox: bool
