"""What the index and the certificate will say of the publishing job, before any token exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from sealane.core.model.values import dataclass
from sealane.core.release.project import ChannelKind, Forge, ForgeKind, Project

_GITLAB_ISSUER_HOST = "gitlab.com"
_GITHUB_HOST = "github.com"


@dataclass(frozen=True, slots=True)
class Publisher:
    """The trusted publisher a project has to register on the index.

    Attributes:
        kind: "GitLab" or "GitHub".
        fields: (label, value) as the index's form asks for them.
        identity: Subject the signing certificate will carry for the tag.
    """

    kind: str
    fields: tuple[tuple[str, str], ...]
    identity: str

    def __str__(self) -> str:
        return f"{self.kind}: " + ", ".join(f"{label} {value}" for label, value in self.fields)


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim that will not be what the publisher demands."""

    claim: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"claim {self.claim}: expected {self.expected!r}, this job has {self.actual!r}"


def expected_publisher(forge: Forge, environment: str, tag: str) -> Publisher:
    """The publisher whose token the publish job will carry."""
    owner, _, name = forge.project.rpartition("/")
    place = f"https://{forge.host}/{forge.project}"
    shown = environment or "(any)"
    match forge.kind:
        case ForgeKind.GITLAB:
            fields = (
                ("namespace", owner), ("project", name), ("pipeline file", forge.pipeline),
                ("environment", shown),
            )  # fmt: skip
            return Publisher("GitLab", fields, f"{place}//{forge.pipeline}@refs/tags/{tag}")
        case ForgeKind.GITHUB:
            workflow = forge.pipeline.rpartition("/")[2]
            fields = (
                ("owner", owner), ("repository", name), ("workflow", workflow),
                ("environment", shown),
            )  # fmt: skip
            return Publisher("GitHub", fields, f"{place}/{forge.pipeline}@refs/tags/{tag}")
        case _:
            assert_never(forge.kind)


def unsupported_publisher(project: Project) -> str | None:
    """Why the index could not accept this forge's evidence; None where it can."""
    index = [channel.name for channel in project.channels if channel.kind is ChannelKind.PYPI]
    hosts = {ForgeKind.GITLAB: _GITLAB_ISSUER_HOST, ForgeKind.GITHUB: _GITHUB_HOST}
    expected = hosts[project.forge.kind]
    if not index or project.forge.host == expected:
        return None
    return (
        f"channel {index[0]!r}: expected a pipeline on {expected}, got {project.forge.host}: "
        "the package index accepts no attestation of a self-managed forge"
    )


def claim_differences(
    forge: Forge, tag: str, commit: str, job: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Compare what a CI job says of itself with what the publisher demands.

    Args:
        forge: What sealane.toml says.
        tag: The tag that is released.
        commit: Its commit id.
        job: Environment variables of the job; outside a CI there is nothing to compare.

    Returns:
        What differs; a variable that its CI always sets and that is missing differs, too.
    """
    running = {}
    if job.get("GITLAB_CI"):
        running[ForgeKind.GITLAB] = _gitlab(forge, tag, commit)
    if job.get("GITHUB_ACTIONS"):
        running[ForgeKind.GITHUB] = _github(forge, tag, commit)
    if not running:
        return ()
    if list(running) != [forge.kind]:
        return (Difference("CI", forge.kind, " and ".join(running)),)
    expected = running[forge.kind]
    found = {name: job.get(name, "") for name in expected}
    return tuple(
        Difference(name, value, found[name])
        for name, value in expected.items()
        if found[name] != value
    )


def _gitlab(forge: Forge, tag: str, commit: str) -> dict[str, str]:
    return {
        "CI_SERVER_HOST": forge.host,
        "CI_PROJECT_PATH": forge.project,
        "CI_CONFIG_PATH": forge.pipeline,
        "CI_COMMIT_TAG": tag,
        "CI_COMMIT_SHA": commit,
        "CI_COMMIT_REF_PROTECTED": "true",
    }


def _github(forge: Forge, tag: str, commit: str) -> dict[str, str]:
    ref = f"refs/tags/{tag}"
    return {
        "GITHUB_SERVER_URL": f"https://{forge.host}",
        "GITHUB_REPOSITORY": forge.project,
        "GITHUB_WORKFLOW_REF": f"{forge.project}/{forge.pipeline}@{ref}",
        "GITHUB_REF": ref,
        "GITHUB_SHA": commit,
        "GITHUB_REF_PROTECTED": "true",
    }
