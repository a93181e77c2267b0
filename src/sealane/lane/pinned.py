"""What a stage after preflight works on: the plan, and that it still fits what is there."""

from __future__ import annotations

from pathlib import Path

from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded
from sealane.io.adapters.git import Repository
from sealane.lane.plan import Plan, parse_plan


def load_pinned_plan(
    path: Path, repository: Repository, *, configuration: str, tag: str | None, sandbox: bool
) -> Plan:
    """The plan preflight wrote, when tag, commit and configuration are still those.

    A tag that was moved between two jobs, or a plan of another release, ends here.

    Args:
        path: `plan.json`.
        repository: Where the tag is.
        configuration: SHA-256 of the `sealane.toml` that was read.
        tag: The tag this job was named; None where it was named none.
        sandbox: Whether a sandbox was named.

    Raises:
        InputError: There is no plan, or something of it is not as it was.
    """
    plan = parse_plan(read_bounded(path, what="plan"))
    pairs = (
        ("sealane.toml", plan.configuration, configuration),
        ("commit of the tag", plan.commit, repository.commit_of_tag(plan.tag)),
        ("tag object", plan.tag_object, repository.tag_object(plan.tag)),
        ("tag", plan.tag, tag or plan.tag),
        ("sandbox", str(plan.sandbox), str(sandbox)),
    )
    for what, expected, actual in pairs:
        if expected != actual:
            raise InputError(
                f"plan: {what}: expected {expected}, got {actual}",
                hint="run preflight again, and find out who moved the tag",
            )
    return plan
