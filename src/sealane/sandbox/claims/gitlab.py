"""Tokens of GitLab CI, of the best known instance or of another host.

Spec: sigstore/fulcio config/identity/config.yaml, "gitlab-pipeline".
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.sandbox.claims.shape import Claims, Options, Shape, full_ref, option, stable_id

_HOST = "gitlab.com"
# The template writes this base for every instance; only what comes of the issuer and of
# ci_config_ref_uri tells another one.
_FORGE = f"https://{_HOST}"
_OPTIONS = frozenset({"project", "ref", "ref_type", "sha", "file", "environment", "host"})


def build(options: Options) -> dict[str, object]:
    """Claims of a job of a tag or branch pipeline.

    Options: project, ref, ref_type, sha, file, environment, host.
    """
    host = option(options, "host", default=_HOST)
    project = option(options, "project", default="sealane-sandbox/project")
    namespace = project.rpartition("/")[0]
    ref_type = option(options, "ref_type", default="tag")
    path = full_ref(option(options, "ref", default="v1.0.0"), ref_type)
    ref = path.split("/", 2)[2]
    sha = option(options, "sha", default="0" * 40)
    file = option(options, "file", default=".gitlab-ci.yml")
    environment = option(options, "environment", default="")
    claims: dict[str, object] = {
        "iss": f"https://{host}",
        "sub": f"project_path:{project}:ref_type:{ref_type}:ref:{ref}",
        "project_path": project,
        "project_id": stable_id(project),
        "namespace_path": namespace,
        "namespace_id": stable_id(namespace),
        "project_visibility": "public",
        "ref": ref,
        "ref_type": ref_type,
        "ref_path": path,
        "ref_protected": "true",
        "sha": sha,
        "ci_config_ref_uri": f"{host}/{project}//{file}@{path}",
        "ci_config_sha": sha,
        "pipeline_id": "1001",
        "pipeline_source": "push",
        "job_id": "2001",
        "user_id": stable_id("developer"),
        "user_login": "developer",
        "user_email": "developer@sealane.invalid",
        "runner_id": 1,
        "runner_environment": "gitlab-hosted",
    }
    return claims | ({"environment": environment} if environment else {})


def derive(claims: Claims) -> Mapping[str, str]:
    """The ref with its prefix, which the token has in two parts."""
    prefix = "heads" if claims.get("ref_type") == "branch" else "tags"
    return {"prefixed_ref": f"refs/{prefix}/{claims['ref']}"} if claims.get("ref") else {}


SHAPE = Shape(
    issuer=_FORGE,
    options=_OPTIONS,
    build=build,
    subject="https://{ci_config_ref_uri}",
    email=False,
    proof="sub",
    extensions={
        1: "{iss}",
        8: "{iss}",
        9: "https://{ci_config_ref_uri}",
        10: "{ci_config_sha}",
        11: "{runner_environment}",
        12: f"{_FORGE}/{{project_path}}",
        13: "{sha}",
        14: "{prefixed_ref}",
        15: "{project_id}",
        16: f"{_FORGE}/{{namespace_path}}",
        17: "{namespace_id}",
        18: "https://{ci_config_ref_uri}",
        19: "{ci_config_sha}",
        20: "{pipeline_source}",
        21: f"{_FORGE}/{{project_path}}/-/jobs/{{job_id}}",
        22: "{project_visibility}",
        23: "{environment}",
        24: "{sub}",
    },
    derive=derive,
)
