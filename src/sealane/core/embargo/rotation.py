"""A role file follows another only if the people of both say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sealane.core.embargo.approvals import STATEMENT_TYPE
from sealane.core.embargo.envelopes import check_payload_type, read_envelope, signers
from sealane.core.embargo.role_keys import keys_of
from sealane.core.embargo.roles import RoleKey, RoleName, Roles
from sealane.core.embargo.roles_file import check_roles, holders_of, role_of
from sealane.core.model.chain import canonical
from sealane.errors import EmbargoError, InputError

ROTATION_TYPE = "https://gitlab.com/sealane/sealane/attestations/embargo-rotation/v1"
ROLES_FILE = "roles.json"


def render_rotation_statement(after: Roles) -> bytes:
    """What is signed to put a new version of a role file in place of the one before.

    Returns:
        An in-toto Statement v1 about the new file; JSON in one line, ASCII.
    """
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": ROLES_FILE, "digest": {"sha256": after.sha256}}],
            "predicateType": ROTATION_TYPE,
            "predicate": {"version": after.version, "previous": after.previous},
        }
    )


def check_rotation(before: Roles, after: Roles, envelopes: Mapping[str, bytes]) -> None:
    """Check that a role file may take the place of the one before it.

    The one before may have expired: otherwise nobody could ever replace it.

    1. Both can be counted by.
    2. The new one is the next version, and names the one before by its digest.
    3. As many different people as the old `security` takes signed exactly this rotation.
    4. So did as many as the new one takes, so that a key nobody has cannot lock the case.

    Args:
        before: The role file that holds until now.
        after: The one that is to follow.
        envelopes: What was signed, DSSE, by name.

    Raises:
        InputError: One of the files cannot be counted by.
        EmbargoError: One of the others does not hold.
    """
    check_roles(before)  # 1
    check_roles(after)
    _check_follows(before, after)  # 2
    known = {key.id: key for roles in (before, after) for key in keys_of(roles)}
    refused: list[str] = []
    signed = {
        key.id
        for name in sorted(envelopes)
        for key in _signed_by(name, envelopes[name], after, tuple(known.values()), refused)
    }
    for which, roles in (("old", before), ("new", after)):  # 3, 4
        _check_signed(which, roles, signed, refused)


def _check_follows(before: Roles, after: Roles) -> None:
    if after.version != before.version + 1:
        raise EmbargoError(
            f"roles: version: expected {before.version + 1}, got {after.version}",
            hint="rotate one version after the other; none is left out, none comes back",
        )
    if after.previous != before.sha256:
        raise EmbargoError(
            f"roles: previous: expected {before.sha256}, the version before, got {after.previous}",
            hint="make the new version from the one that holds now",
        )


def _signed_by(
    name: str, content: bytes, after: Roles, keys: Sequence[RoleKey], refused: list[str]
) -> Iterator[RoleKey]:
    """The keys that signed this rotation in one envelope; why it was refused otherwise."""
    try:
        envelope = read_envelope(content)
        check_payload_type(envelope)
    except InputError as error:
        refused.append(f"{name}: {error.message}")
        return
    if envelope.payload != render_rotation_statement(after):
        refused.append(f"{name}: it is about something else than version {after.version}")
        return
    for number, key in enumerate(signers(envelope, keys), 1):
        if key is None:
            refused.append(f"{name}: signature {number} is by no key of the roles")
        else:
            yield key


def _check_signed(which: str, roles: Roles, signed: set[str], refused: Sequence[str]) -> None:
    security = role_of(roles, RoleName.SECURITY)
    people = sorted({key.holder for key in security.keys if key.id in signed})
    if len(people) >= security.threshold:
        return
    missing = sorted(holders_of(security) - set(people))
    raise EmbargoError(
        f"roles: rotation: expected {security.threshold} people of the {which} security role, "
        f"got {len(people)} ({', '.join(people) or 'nobody'})"
        + "".join(f"; {why}" for why in refused[:3]),
        hint=f"one of these has to sign it too: {', '.join(missing)}",
    )
