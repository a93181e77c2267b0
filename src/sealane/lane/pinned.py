"""What a stage after preflight works on: the plan, and that it still fits what is there."""

from __future__ import annotations

from pathlib import Path

from sealane.core.release.project import Project
from sealane.core.release.tag import parse_pattern
from sealane.errors import InputError
from sealane.io.adapters.git import Repository
from sealane.lane.folder import read_result
from sealane.lane.plan import Plan, parse_plan


def load_plan(path: Path) -> Plan:
    """The plan preflight wrote.

    Raises:
        InputError: There is none, or it is not one.
    """
    return parse_plan(read_result(path, what="plan", stage="preflight"))


def load_pinned_plan(
    path: Path, repository: Repository, *, project: Project, tag: str | None, sandbox: bool
) -> Plan:
    """The plan preflight wrote, when tag, commit and configuration are still those.

    A tag that was moved between two jobs, or a plan of another release, ends here.

    Args:
        path: `plan.json`.
        repository: Where the tag is.
        project: What `sealane.toml` says.
        tag: The tag this job was named; None where it was named none.
        sandbox: Whether a sandbox was named.

    Raises:
        InputError: There is no plan, or something of it is not as it was.
    """
    plan = load_plan(path)
    version = parse_pattern(project.tags[0]).parse(plan.tag).pep440
    pairs = (
        ("sealane.toml", plan.configuration, project.digest),
        ("project", plan.project, project.name),
        ("releases", _releases(plan), _wanted(project, version)),
        ("channels", ", ".join(plan.channels), ", ".join(one.name for one in project.channels)),
        ("commit of the tag", plan.commit, repository.commit_of_tag(plan.tag)),
        ("tag object", plan.tag_object, repository.tag_object(plan.tag)),
        ("tag", plan.tag, tag or plan.tag),
        ("sandbox", str(plan.sandbox), str(sandbox)),
    )
    for what, expected, actual in pairs:
        if expected != actual:
            raise InputError(
                f"plan: {what}: expected {expected}, got {actual}",
                hint="run preflight again, and find out who moved the tag or changed the plan",
            )
    return plan


def _releases(plan: Plan) -> str:
    return ", ".join(f"{one.name} {one.version} of {one.path}" for one in plan.releases)


def _wanted(project: Project, version: str) -> str:
    return ", ".join(f"{one.publish_as} {version} of {one.path}" for one in project.packages)
