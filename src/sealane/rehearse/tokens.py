"""The environment of each stage of a rehearsal: its own token, minted when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sealane.core.model.values import dataclass
from sealane.core.release.project import Forge, ForgeKind
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running

# Which stage needs a token, for whom, and in which variable GitLab would hand it over.
_AUDIENCES = {"attest": ("sigstore", "SIGSTORE_ID_TOKEN"), "publish": ("pypi", "PYPI_ID_TOKEN")}


@dataclass(frozen=True, slots=True)
class Job:
    """What a CI would know of the jobs of this release.

    Attributes:
        forge: Where the pipeline runs.
        tag: The tag that started it.
        commit: What it stands for.
        environment: The protected environment of the jobs that hold a token.
    """

    forge: Forge
    tag: str
    commit: str
    environment: str


def environment_for(running: Running, job: Job) -> Callable[[str], Mapping[str, str]]:
    """The environment of a stage, by the stage's name."""

    def of_stage(stage: str) -> Mapping[str, str]:
        own: dict[str, str] = {}
        if stage in _AUDIENCES:
            audience, variable = _AUDIENCES[stage]
            # Both forges' tokens are handed over the same way; only what they say differs.
            own = {"GITLAB_CI": "true", variable: _mint(running, job, audience)}
        return child_environment(running.directory, running.base, own)

    return of_stage


def register_publisher(running: Running, job: Job, project: str) -> None:
    """Do what a person does once on the index: name the workflow that may publish."""
    workflow = job.forge.pipeline
    match job.forge.kind:
        case ForgeKind.GITLAB:
            host = {"issuer": f"https://{job.forge.host}"}
        case ForgeKind.GITHUB:
            workflow, host = workflow.rpartition("/")[2], {}
    running.add_publisher(
        job.forge.kind.value,
        project,
        repository=job.forge.project,
        workflow=workflow,
        environment=job.environment,
        **host,
    )


def _mint(running: Running, job: Job, audience: str) -> str:
    claims = {
        "project": job.forge.project,
        "ref": job.tag,
        "sha": job.commit,
        "environment": job.environment,
    }
    match job.forge.kind:
        case ForgeKind.GITLAB:
            claims |= {"file": job.forge.pipeline, "host": job.forge.host}
        case ForgeKind.GITHUB:
            claims["file"] = job.forge.pipeline.rpartition("/")[2]
    return running.mint(job.forge.kind.value, audience, **claims)
