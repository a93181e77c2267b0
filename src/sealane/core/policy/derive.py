"""The policy that a project's own description implies: attest and confirm judge by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ForgePublisher, ForgeSort
from sealane.core.policy.quick import (
    GITHUB_ISSUER,
    checked_file,
    checked_origin,
    checked_project,
    workflow_file,
)
from sealane.core.policy.refs import TAGS, check_template
from sealane.core.policy.schema import Policy, Rule, policy_of
from sealane.core.release.project import Forge, ForgeKind
from sealane.errors import PolicyError

_PREDICATES = ("publish", "slsa-provenance")


def derive_policy(forge: Forge, *, environment: str, tags: Sequence[str]) -> Policy:
    """Every file needs a publish attestation and provenance by the project's own pipeline.

    Args:
        forge: Where the pipeline runs.
        environment: Protected environment of the signing job; "" where it has none.
        tags: Patterns of release tags, e.g. "v{pep440}"; each has the version's place.

    Raises:
        PolicyError: No pattern, one without a place for the version, or a part of the forge's
            description that cannot be used.
    """
    if not tags or not all("{" in tag for tag in tags):
        raise PolicyError("derived policy: expected tag patterns with a place for the version")
    refs = tuple(check_template(f"{TAGS}{tag}") for tag in tags)
    publisher = _publisher(forge, environment or None, refs)
    required = tuple(Requirement((name,), (publisher,)) for name in _PREDICATES)
    return policy_of("derived", "derived from sealane.toml", (Rule(("*",), required),))


def _publisher(forge: Forge, environment: str | None, refs: tuple[str, ...]) -> ForgePublisher:
    match forge.kind:
        case ForgeKind.GITLAB:
            return ForgePublisher(
                "lane", ForgeSort.GITLAB, checked_origin(f"https://{forge.host}"),
                checked_project(forge.project), config=checked_file(forge.pipeline),
                refs=refs, environment=environment,
            )  # fmt: skip
        case ForgeKind.GITHUB:
            return ForgePublisher(
                "lane", ForgeSort.GITHUB, GITHUB_ISSUER,
                checked_project(forge.project, parts=2), config=workflow_file(forge.pipeline),
                refs=refs, environment=environment,
            )  # fmt: skip
        case _:
            assert_never(forge.kind)
