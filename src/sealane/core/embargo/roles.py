"""Who may approve what: keys and the people who hold them.

A key is told by its public key alone: it can be given two identifiers, and then one signature would
count as two.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sealane.core.model.values import dataclass

ROLES_SCHEMA = "sealane.embargo-roles/1"


class RoleName(StrEnum):
    """The roles of a case."""

    SECURITY = "security"
    RELEASE = "release"
    ABORT = "abort"


class Action(StrEnum):
    """What an approval is given for; each names a manifest by its digest."""

    SEAL = "seal"
    PREDISCLOSE = "predisclose"
    LIFT = "lift"
    EARLY_LIFT = "early-lift"
    ABORT = "abort"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class RoleKey:
    """One key, and who holds it.

    Attributes:
        id: SHA-256 of the SubjectPublicKeyInfo in DER, lower-case hex.
        spki: The SubjectPublicKeyInfo, DER.
        holder: The person; the same one under every key of theirs.
    """

    id: str
    spki: bytes
    holder: str


@dataclass(frozen=True, slots=True)
class Role:
    """How many different people of whom have to approve."""

    name: RoleName
    threshold: int
    keys: tuple[RoleKey, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """One version of the role file.

    Attributes:
        version: 1 for the first; each one after is one more.
        previous: SHA-256 of the version before, lower-case hex; "" for the first.
        expires: When it stops being one, UTC.
        roles: "security" and "release" always, "abort" where somebody else may abort.
        shared: Whether one person may fill two roles in one approval; the policy says so.
        sha256: Digest of the file, lower-case hex.
    """

    version: int
    previous: str
    expires: datetime
    roles: tuple[Role, ...]
    shared: bool
    sha256: str
