"""Tokens of GitHub Actions.

Spec: sigstore/fulcio config/identity/config.yaml, "github-workflow".
"""

from __future__ import annotations

from sealane.sandbox.claims.shape import (
    Options,
    Shape,
    full_ref,
    nothing_derived,
    option,
    stable_id,
)

ISSUER = "https://token.actions.githubusercontent.com"
_FORGE = "https://github.com"
_OPTIONS = frozenset({"project", "repository", "ref", "ref_type", "sha", "file", "environment"})


def build(options: Options) -> dict[str, object]:
    """Claims of a workflow run for a tag or a branch.

    Options: project (or repository), ref, ref_type, sha, file, environment.
    """
    repository = option(options, "project", "repository", default="sealane-sandbox/project")
    owner = repository.split("/")[0]
    ref_type = option(options, "ref_type", default="tag")
    ref = full_ref(option(options, "ref", default="v1.0.0"), ref_type)
    sha = option(options, "sha", default="0" * 40)
    file = option(options, "file", default="release.yml")
    environment = option(options, "environment", default="")
    workflow = f"{repository}/.github/workflows/{file}@{ref}"
    claims: dict[str, object] = {
        "iss": ISSUER,
        "sub": f"repo:{repository}:"
        + (f"environment:{environment}" if environment else f"ref:{ref}"),
        "repository": repository,
        "repository_id": stable_id(repository),
        "repository_owner": owner,
        "repository_owner_id": stable_id(owner),
        "repository_visibility": "public",
        "ref": ref,
        "ref_type": ref_type,
        "ref_protected": "true",
        "head_ref": "",
        "base_ref": "",
        "sha": sha,
        "workflow": "release",
        "workflow_ref": workflow,
        "workflow_sha": sha,
        "job_workflow_ref": workflow,
        "job_workflow_sha": sha,
        "event_name": "push",
        "run_id": "1001",
        "run_number": "1",
        "run_attempt": "1",
        "actor": "developer",
        "actor_id": stable_id("developer"),
        "runner_environment": "github-hosted",
    }
    return claims | ({"environment": environment} if environment else {})


SHAPE = Shape(
    issuer=ISSUER,
    options=_OPTIONS,
    build=build,
    subject=f"{_FORGE}/{{job_workflow_ref}}",
    email=False,
    proof="sub",
    extensions={
        1: "{iss}",
        2: "{event_name}",
        3: "{sha}",
        4: "{workflow}",
        5: "{repository}",
        6: "{ref}",
        8: "{iss}",
        9: f"{_FORGE}/{{job_workflow_ref}}",
        10: "{job_workflow_sha}",
        11: "{runner_environment}",
        12: f"{_FORGE}/{{repository}}",
        13: "{sha}",
        14: "{ref}",
        15: "{repository_id}",
        16: f"{_FORGE}/{{repository_owner}}",
        17: "{repository_owner_id}",
        18: f"{_FORGE}/{{workflow_ref}}",
        19: "{workflow_sha}",
        20: "{event_name}",
        21: f"{_FORGE}/{{repository}}/actions/runs/{{run_id}}/attempts/{{run_attempt}}",
        22: "{repository_visibility}",
        23: "{environment}",
        24: "{sub}",
    },
    derive=nothing_derived,
)
