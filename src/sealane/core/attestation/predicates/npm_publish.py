"""An npm registry's word that it published a version of a package.

Spec: npm/attestation, specs/publish/v0.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

PREDICATE = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"


@dataclass(frozen=True, slots=True)
class NpmPublish:
    """What was published: name and version of the package, address of the registry."""

    name: str
    version: str
    registry: str


def parse_npm_publish(predicate: Mapping[str, JsonValue]) -> NpmPublish:
    """Read what was published.

    Raises:
        InputError: A member is missing, or of another type.
    """
    members = Members(predicate, "npm publish")
    return NpmPublish(members.text("name"), members.text("version"), members.text("registry"))
