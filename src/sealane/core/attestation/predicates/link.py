"""One step of a supply chain: what it ran and what went in; the statement's subjects came out.

Spec: in-toto attestation, spec/predicates/link.md, 0.3; in its older versions the materials are a
map, and the command may be one text.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members, parse_digest
from sealane.core.attestation.strict_json import as_object
from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/link/v0.3"
OLD = (
    "https://in-toto.io/Link/v1",
    "https://in-toto.io/Link/v0.2",
    "https://in-toto.io/Link/v0.1",
)


@dataclass(frozen=True, slots=True)
class Material:
    """A file that went into the step: its path and at least one digest."""

    name: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One step.

    Attributes:
        name: What the step is called in the layout.
        command: Program and arguments; may be empty.
        materials: What went in, each name once.
    """

    name: str
    command: tuple[str, ...]
    materials: tuple[Material, ...]


def parse_link(predicate: Mapping[str, JsonValue]) -> Link:
    """Read a link of version 0.3.

    Raises:
        InputError: A required member is missing, one is of another type, or a material is there
            twice.
    """
    members = Members(predicate, "link")
    listed = members.each_or_none("materials")
    materials = tuple(Material(one.text("name"), one.digests("digest")) for one in listed)
    if len({one.name for one in materials}) != len(materials):
        raise InputError("link: materials: one name twice")
    return _link(members, members.texts_or_none("command"), materials)


def parse_old_link(predicate: Mapping[str, JsonValue]) -> Link:
    """Read a link of an older version.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    members = Members(predicate, "link")
    materials = []
    for name, value in members.inner_or_empty("materials").items():
        place = f"link: materials: {name[:60]}"
        digests = as_object(value, place)
        listed = tuple(parse_digest(alg, digests[alg], place) for alg in sorted(digests))
        materials.append(Material(name, listed))
    one_text = isinstance(predicate.get("command"), str)
    command = (members.text("command"),) if one_text else members.texts_or_none("command")
    return _link(members, command, tuple(materials))


def _link(members: Members, command: tuple[str, ...], materials: tuple[Material, ...]) -> Link:
    for key in ("byproducts", "environment"):
        members.inner_or_empty(key)
    return Link(members.text("name"), command, materials)
