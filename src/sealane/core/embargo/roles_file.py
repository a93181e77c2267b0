"""The role file: whose approvals count, for how long, and how many of them it takes.

It has one spelling, because manifests and later versions of it name it by its digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection
from datetime import datetime

from sealane.core.attestation.envelope import parse_base64
from sealane.core.attestation.strict_json import as_list, as_text, parse_json
from sealane.core.embargo.exact import (
    MOST,
    check_spelling,
    exact_flag,
    exact_moment,
    exact_number,
    exact_object,
    exact_sha256,
    exact_text,
)
from sealane.core.embargo.role_keys import check_role_key
from sealane.core.embargo.roles import ROLES_SCHEMA, Role, RoleKey, RoleName, Roles
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError

# No single person may let an embargo go: design.md, section 7.
LEAST_SECURITY = 2
MOST_KEYS = 32
_MOST_BYTES = 256 * 1024
# Lower-case ASCII only: "Ann", "ann " and an "ann" with a Cyrillic letter would count as three.
_HOLDER = re.compile(r"[a-z0-9][a-z0-9._+@-]{0,99}")
_NEEDED = (RoleName.SECURITY, RoleName.RELEASE)


def parse_roles(content: bytes, *, least_security: int = LEAST_SECURITY) -> Roles:
    """Read a role file; whether it has expired is asked with `check_roles_in_time`.

    Args:
        content: The file, as `render_roles` writes it.
        least_security: The lowest threshold of `security` that is taken.

    Raises:
        InputError: Larger than 256 KiB, not JSON, a key twice, unknown or missing, another
            spelling, or one of the rules of `check_roles` does not hold.
    """
    if len(content) > _MOST_BYTES:
        raise InputError(f"roles: expected {_MOST_BYTES} bytes at most, got {len(content)}")
    read = _roles(parse_json(content, "roles"))
    rendered = _written(read)
    roles = replace(read, sha256=_digest(rendered))
    check_roles(roles, least_security=least_security)
    check_spelling(content, rendered, "roles")
    return roles


def render_roles(roles: Roles) -> bytes:
    """A role file: JSON, ASCII, keys sorted, two blanks a level, a line end.

    The digest in the value is not written: it is the file's own.

    Raises:
        InputError: A value that cannot be read again, or one of the rules of `check_roles`, but
            for the digest, does not hold.
    """
    content = _written(roles)
    # Of a role that is there twice only one would be in the file.
    check_roles(replace(roles, sha256=_digest(content)))
    parse_roles(content, least_security=1)
    return content


def new_roles(
    roles: Collection[Role],
    expires: datetime,
    *,
    before: Roles | None = None,
    shared: bool = False,
    least_security: int = LEAST_SECURITY,
) -> Roles:
    """The first version of a role file, or the one after another.

    Args:
        roles: Who may approve what.
        expires: When it stops being a role file, UTC, whole seconds.
        before: The version before it; None for the first.
        shared: Whether one person may fill two roles in one approval.
        least_security: The lowest threshold of `security` that is taken.

    Raises:
        InputError: As `parse_roles`.
    """
    version, previous = (before.version + 1, before.sha256) if before else (1, "")
    made = Roles(version, previous, expires, tuple(roles), shared, "")
    return parse_roles(render_roles(made), least_security=least_security)


def check_roles(roles: Roles, *, least_security: int = 1) -> None:
    """Check that a role file can be counted by.

    1. It has the digest of its file, and says what it follows: the first nothing.
    2. There are `security` and `release`, and each role once.
    3. Each key is one that may approve, once in its role, and has one holder in all roles.
    4. No threshold is below its least, or above the number of different holders.
    5. Enough people are there for a lift, each in one role unless roles may be shared.

    Raises:
        InputError: One of these does not hold.
    """
    if roles.sha256 != _digest(_written(roles)):  # 1
        raise InputError("roles: the digest is not that of the file")
    if (roles.version == 1) != (roles.previous == ""):
        raise InputError(
            f"roles: previous: expected a digest in every version but the first, got "
            f"{roles.previous!r} in version {roles.version}"
        )
    names = [role.name for role in roles.roles]
    if len(set(names)) != len(names):  # 2
        raise InputError(f"roles: expected each role once, got {', '.join(names)}")
    security, release = (role_of(roles, name) for name in _NEEDED)
    holders: dict[str, str] = {}
    for role in roles.roles:
        _check_keys(role, holders)  # 3
        _check_threshold(role, least_security)  # 4
    people = len(holders_of(security) | holders_of(release))
    if not roles.shared and people < security.threshold + release.threshold:  # 5
        raise InputError(
            f"roles: a lift takes {security.threshold} people for security and "
            f"{release.threshold} others for release, and there are {people}",
            hint="name more people, or let roles be shared",
        )


def check_roles_in_time(roles: Roles, at: datetime) -> None:
    """Check that a role file has not expired.

    Args:
        roles: The role file.
        at: When it is asked, aware, UTC.

    Raises:
        EmbargoError: It has.
    """
    if at >= roles.expires:
        raise EmbargoError(
            f"roles: version {roles.version}: expected a role file that is valid at {rfc3339(at)}, "
            f"got one that expired at {rfc3339(roles.expires)}",
            hint="rotate it: a new version, signed by the old and the new security role",
        )


def find_role(roles: Roles, name: RoleName) -> Role | None:
    """The role of a name; None where the file has none."""
    return next((role for role in roles.roles if role.name is name), None)


def role_of(roles: Roles, name: RoleName) -> Role:
    """The role of a name, which has to be there.

    Raises:
        InputError: It is not.
    """
    role = find_role(roles, name)
    if role is None:
        raise InputError(f"roles: {name}: missing", hint="name who holds this role")
    return role


def holders_of(role: Role) -> frozenset[str]:
    """The people of a role, each once."""
    return frozenset(key.holder for key in role.keys)


def _check_keys(role: Role, holders: dict[str, str]) -> None:
    place = f"roles: {role.name}"
    if not 1 <= len(role.keys) <= MOST_KEYS:
        raise InputError(f"{place}: expected 1 to {MOST_KEYS} keys, got {len(role.keys)}")
    ids = [key.id for key in role.keys]
    if len(set(ids)) != len(ids):
        raise InputError(f"{place}: a key is named twice", hint="name each key once")
    for number, key in enumerate(role.keys, 1):
        check_role_key(key, f"{place}: key {number}")
        if holders.setdefault(key.id, key.holder) != key.holder:
            raise InputError(
                f"{place}: key {number}: expected the holder {holders[key.id]!r} as in another "
                f"role, got {key.holder!r}",
                hint="a key is held by one person",
            )


def _check_threshold(role: Role, least_security: int) -> None:
    people = len(holders_of(role))
    least = least_security if role.name is RoleName.SECURITY else 1
    # Whoever may abort may do so alone: the more it takes, the longer something bad goes on.
    most = 1 if role.name is RoleName.ABORT else people
    if not least <= role.threshold <= most:
        counted = f"there are {people} different holders of {len(role.keys)} keys"
        raise InputError(
            f"roles: {role.name}: threshold: expected at least {least} and at most {most}, got "
            f"{role.threshold} ({counted})",
            hint="people are counted, not keys; abort takes one",
        )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(roles: Roles) -> bytes:
    document = {
        "schema": ROLES_SCHEMA,
        "version": roles.version,
        "previous": roles.previous,
        "expires": rfc3339(roles.expires),
        "shared": roles.shared,
        "roles": {role.name.value: _written_role(role) for role in roles.roles},
    }
    return json.dumps(document, indent=2, sort_keys=True, allow_nan=False).encode() + b"\n"


def _written_role(role: Role) -> JsonValue:
    keys: list[JsonValue] = [
        {"id": key.id, "holder": key.holder, "spki": base64.b64encode(key.spki).decode("ascii")}
        for key in sorted(role.keys, key=lambda key: key.id)
    ]
    return {"threshold": role.threshold, "keys": keys}


def _roles(value: JsonValue) -> Roles:
    names = ("schema", "version", "previous", "expires", "shared", "roles")
    members = exact_object(value, "roles", names)
    if members["schema"] != ROLES_SCHEMA:
        raise InputError(
            f"roles: schema: expected {ROLES_SCHEMA!r}, got {str(members['schema'])[:60]!r}"
        )
    previous = members["previous"]
    needed = [name.value for name in _NEEDED]
    named = exact_object(members["roles"], "roles", needed, [name.value for name in RoleName])
    return Roles(
        version=exact_number(members["version"], "roles: version"),
        previous="" if previous == "" else exact_sha256(previous, "roles: previous"),
        expires=exact_moment(members["expires"], "roles: expires"),
        roles=tuple(_role(name, named[name.value]) for name in RoleName if name.value in named),
        shared=exact_flag(members["shared"], "roles: shared"),
        sha256="",
    )


def _role(name: RoleName, value: JsonValue) -> Role:
    place = f"roles: {name}"
    members = exact_object(value, place, ("threshold", "keys"))
    # Zero is read here, so that what is told of it is the threshold's own rule.
    threshold = exact_number(members["threshold"], f"{place}: threshold", 0, MOST)
    keys = as_list(members["keys"], f"{place}: keys")
    return Role(
        name, threshold, tuple(_key(one, f"{place}: key {n}") for n, one in enumerate(keys, 1))
    )


def _key(value: JsonValue, place: str) -> RoleKey:
    members = exact_object(value, place, ("id", "holder", "spki"))
    return RoleKey(
        id=as_text(members["id"], f"{place}: id"),
        spki=parse_base64(members["spki"], f"{place}: spki"),
        holder=exact_text(
            members["holder"], f"{place}: holder", _HOLDER, "a name or address in lower-case ASCII"
        ),
    )
