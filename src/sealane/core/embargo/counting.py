"""Counts approvals: people, not signatures, and each of them for what they signed only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import assert_never

from sealane.core.attestation.envelope import PAYLOAD_TYPE, Envelope
from sealane.core.embargo.approvals import ApprovalStatement, parse_approval_statement
from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.envelopes import read_envelope, signers
from sealane.core.embargo.role_keys import keys_of
from sealane.core.embargo.roles import Action, Role, RoleKey, RoleName, Roles
from sealane.core.embargo.roles_file import (
    check_roles,
    check_roles_in_time,
    find_role,
    holders_of,
    role_of,
)
from sealane.core.embargo.tally import Counted, Reason, Refused, RoleTally, Tally
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import dataclass, replace
from sealane.errors import EmbargoError, InputError


def count(
    manifest: EmbargoManifest,
    digest: str,
    roles: Roles,
    approvals: Mapping[str, bytes],
    *,
    action: Action,
    at: datetime,
    spent: AbstractSet[str] = frozenset(),
) -> Tally:
    """Count what was approved.

    Whether the action is possible at all is another question: `early-lift` only after a leak, a
    lift not before its time.

    1. The role file can be counted by, has not expired, and is the one that the manifest names.
    2. An approval can be read, and is of the one payload type.
    3. Each signature was made by a key of the role file; the key ids in it are hints only.
    4. What was signed is about this manifest, case, revision and action.
    5. It is valid at the time.
    6. Its nonce is not used up.
    7. In the roles that are asked each key, and each person, counts once.
    8. A person fills one role only, unless roles are shared.

    Args:
        manifest: What is to be agreed on.
        digest: SHA-256 of the manifest's file, lower-case hex.
        roles: The role file.
        approvals: What was handed in, DSSE, by the name it is told by. None of them can take
            anything away from the others.
        action: What is to be approved.
        at: When it happens, aware, UTC. To arm a lift: its `not_before`.
        spent: Nonces of approvals that an earlier act of the case used up (`Tally.nonces`).

    Raises:
        InputError: The role file cannot be counted by.
        EmbargoError: It has expired, or the manifest names another one.
    """
    check_roles(roles)  # 1
    check_roles_in_time(roles, at)
    _check_named(manifest, roles)
    asked = _Asked(manifest, digest, action, at, frozenset(spent))
    counting = _Count(asked, _needed(roles, action), keys_of(roles))
    for name in sorted(approvals):
        counting.take(name, approvals[name])
    return counting.tally(shared=roles.shared)


def _needed(roles: Roles, action: Action) -> tuple[Role, ...]:
    """The roles that an action asks, with how many people of each."""
    security = role_of(roles, RoleName.SECURITY)
    match action:
        case Action.SEAL | Action.PREDISCLOSE | Action.EARLY_LIFT | Action.EXTEND:
            return (security,)
        case Action.LIFT:
            return (security, role_of(roles, RoleName.RELEASE))
        case Action.ABORT:
            return (replace(find_role(roles, RoleName.ABORT) or security, threshold=1),)
    assert_never(action)


def _check_named(manifest: EmbargoManifest, roles: Roles) -> None:
    named = (manifest.roles_version, manifest.roles_sha256)
    if named != (roles.version, roles.sha256):
        raise EmbargoError(
            f"roles: expected version {named[0]} ({named[1]}) as revision {manifest.revision} of "
            f"the manifest says, got version {roles.version} ({roles.sha256})",
            hint="after a rotation make a new revision of the manifest, and approve that",
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an approval has to say in order to count."""

    manifest: EmbargoManifest
    digest: str
    action: Action
    at: datetime
    spent: frozenset[str]

    def problem(self, said: ApprovalStatement) -> tuple[Reason, str] | None:
        """Why a statement that somebody signed does not count here; None if it does."""
        pairs = (  # 4; first what tells most
            (Reason.CASE, self.manifest.case, said.case),
            (Reason.REVISION, str(self.manifest.revision), str(said.revision)),
            (Reason.ACTION, self.action.value, said.action.value),
            (Reason.MANIFEST, self.digest, said.manifest_sha256),
        )
        for reason, expected, actual in pairs:
            if expected != actual:
                return reason, f"expected {expected}, got {actual}"
        now = rfc3339(self.at)
        if self.at < said.not_before:  # 5
            return Reason.TOO_EARLY, f"at {now}, and it begins at {rfc3339(said.not_before)}"
        if self.at >= said.expires:
            return Reason.EXPIRED, f"at {now}, and it ended at {rfc3339(said.expires)}"
        if said.nonce in self.spent:  # 6
            return Reason.REPLAYED, f"nonce {said.nonce} is used up"
        return None


class _Count:
    """A count that goes on: people are added, and never taken away."""

    def __init__(self, asked: _Asked, needed: Sequence[Role], keys: Sequence[RoleKey]) -> None:
        self._asked = asked
        self._needed = needed
        self._keys = keys
        self._people: dict[RoleName, set[str]] = {role.name: set() for role in needed}
        # By key and nonce where it was first: two people who sign the same statement share one.
        self._seen: dict[tuple[str, str], str] = {}
        self._counted: list[Counted] = []
        self._refused: list[Refused] = []

    def take(self, name: str, content: bytes) -> None:
        """Count what one envelope holds."""
        try:
            envelope = read_envelope(content)  # 2
        except InputError as error:
            self._refuse(name, 0, Reason.UNREADABLE, error.message)
            return
        if envelope.payload_type != PAYLOAD_TYPE:
            self._refuse(name, 0, Reason.PAYLOAD_TYPE, repr(envelope.payload_type[:60]))
            return
        made = self._signers(name, envelope)  # 3
        if not made:
            return
        try:
            statement = parse_approval_statement(envelope.payload)
        except InputError as error:
            self._refuse(name, 0, Reason.UNREADABLE, error.message)
            return
        problem = self._asked.problem(statement)  # 4, 5, 6
        if problem is not None:
            self._refuse(name, 0, *problem)
            return
        for number, key in made:
            self._add(name, number, key, statement.nonce)

    def tally(self, *, shared: bool) -> Tally:
        """What it amounts to."""
        free = set().union(*self._people.values())
        found = []
        for place, role in enumerate(self._needed):  # 8
            # Whom no later role could take goes first, which for two roles is the best there is.
            later = set().union(*(self._people[one.name] for one in self._needed[place + 1 :]))
            approved = self._people[role.name]
            able = sorted(approved & free, key=lambda who: (who in later, who))[: role.threshold]
            if not shared:
                free -= set(able)
            missing = holders_of(role) - approved
            lacking = role.threshold - len(able)
            found.append(
                RoleTally(role.name, role.threshold, _sorted(approved), _sorted(missing), lacking)
            )
        manifest = self._asked.manifest
        return Tally(
            self._asked.action, manifest.case, manifest.revision, self._asked.digest,
            tuple(found), tuple(self._counted), tuple(self._refused),
        )  # fmt: skip

    def _signers(self, name: str, envelope: Envelope) -> list[tuple[int, RoleKey]]:
        made = []
        for number, key in enumerate(signers(envelope, self._keys), 1):
            if key is None:
                hint = envelope.signatures[number - 1][0][:64]
                self._refuse(name, number, Reason.SIGNATURE, f"it calls its key {hint!r}")
            else:
                made.append((number, key))
        return made

    def _add(self, name: str, number: int, key: RoleKey, nonce: str) -> None:
        roles = [role.name for role in self._needed if key in role.keys]
        if not roles:
            asked = ", ".join(role.name for role in self._needed)
            self._refuse(name, number, Reason.ROLE, f"{key.holder}: expected a key of {asked}")
            return
        first = self._seen.setdefault((key.id, nonce), name)
        if first != name:
            self._refuse(name, number, Reason.REPLAYED, f"{key.holder}: it is {first} again")
            return
        if any(one.key_id == key.id for one in self._counted):
            self._refuse(name, number, Reason.KEY, key.holder)
            return
        if all(key.holder in self._people[role] for role in roles):
            self._refuse(name, number, Reason.HOLDER, f"{key.holder}: with another key")
            return
        for role in roles:
            self._people[role].add(key.holder)
        self._counted.append(Counted(name, key.id, key.holder, nonce))

    def _refuse(self, name: str, number: int, reason: Reason, detail: str) -> None:
        self._refused.append(Refused(name, number, reason, detail))


def _sorted(people: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(sorted(people))
