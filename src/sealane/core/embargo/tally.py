"""The values of a count of approvals: who approved, who is missing, what was refused and why."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from sealane.core.embargo.roles import Action, RoleName
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError

# More of what was refused than this is not read by anybody in an error.
_MOST_TOLD = 3


class Reason(StrEnum):
    """Why an approval, or one signature of it, does not count."""

    UNREADABLE = "unreadable"
    PAYLOAD_TYPE = "other payload type"
    SIGNATURE = "by no key of the roles"
    MANIFEST = "other manifest"
    CASE = "other case"
    REVISION = "other revision"
    ACTION = "other action"
    TOO_EARLY = "not valid yet"
    EXPIRED = "expired"
    REPLAYED = "used before"
    ROLE = "in no role that is asked"
    KEY = "this key is counted"
    HOLDER = "this person is counted"


@dataclass(frozen=True, slots=True)
class Refused:
    """An approval that does not count, or one signature of it.

    Attributes:
        name: What it was handed in as.
        signature: Number of the signature, from 1; 0 for the whole envelope.
        reason: Why.
        detail: The expected and the actual value, in words.
    """

    name: str
    signature: int
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A signature that counts: what it was handed in as, by whose key, and under which nonce."""

    name: str
    key_id: str
    holder: str
    nonce: str


@dataclass(frozen=True, slots=True)
class RoleTally:
    """How far one role has approved.

    Attributes:
        name: The role.
        threshold: How many different people it takes.
        approved: The people who approved with a key of the role, sorted.
        missing: Those who have not, sorted.
        lacking: How many more it takes, where each person fills one role only; 0 for none.
    """

    name: RoleName
    threshold: int
    approved: tuple[str, ...]
    missing: tuple[str, ...]
    lacking: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What the approvals that were handed in amount to.

    Attributes:
        action: What was to be approved.
        case: Name of the case.
        revision: Revision of the manifest.
        manifest_sha256: Digest of the manifest's file, lower-case hex.
        roles: Each role that the action asks.
        counted: Each signature that counts.
        refused: What does not count.
    """

    action: Action
    case: str
    revision: int
    manifest_sha256: str
    roles: tuple[RoleTally, ...]
    counted: tuple[Counted, ...]
    refused: tuple[Refused, ...]

    @property
    def complete(self) -> bool:
        """Whether every role that is asked has approved; never where none is asked."""
        return bool(self.roles) and all(role.lacking == 0 for role in self.roles)

    @property
    def nonces(self) -> frozenset[str]:
        """The nonces that are used up once the action has been done."""
        return frozenset(one.nonce for one in self.counted)

    def __bool__(self) -> NoReturn:
        """Refuse `if tally:`, which would be true for one that is not complete."""
        raise TypeError("a Tally has no truth value; read .complete")


def require(tally: Tally) -> None:
    """Go on only if everybody has approved who has to.

    Raises:
        EmbargoError: Approvals are missing.
    """
    if tally.complete:
        return
    lacking = [
        f"{role.name}: expected {role.threshold} people, got {role.threshold - role.lacking} "
        f"({', '.join(role.approved) or 'nobody'})"
        for role in tally.roles
        if role.lacking
    ]
    refused = [f"refused: {_told(one)}" for one in tally.refused[:_MOST_TOLD]]
    missing = sorted({name for role in tally.roles for name in role.missing})
    raise EmbargoError(
        f"{tally.action} of {tally.case}, revision {tally.revision}: "
        + "; ".join([*lacking, *refused]),
        hint=f"ask for more approvals; these have given none: {', '.join(missing)}",
    )


def _told(refused: Refused) -> str:
    number = f", signature {refused.signature}" if refused.signature else ""
    return f"{refused.name}{number}: {refused.reason}: {refused.detail}"
