"""People with keys who approve things: role files, a manifest, statements and envelopes."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from sealane.core.embargo.approvals import ApprovalStatement, render_approval_statement
from sealane.core.embargo.case import EmbargoManifest, Schedule, SourceLine, Tlp
from sealane.core.embargo.counting import count
from sealane.core.embargo.role_keys import key_id
from sealane.core.embargo.roles import Action, Role, RoleKey, RoleName, Roles
from sealane.core.embargo.roles_file import new_roles
from sealane.core.embargo.signing import Signature, attach
from sealane.core.embargo.tally import Tally
from sealane.core.model.values import replace
from sealane.core.verify.keys import spki_of
from support.maker.keys import PrivateKey, key_named, sign

AT = datetime(2026, 12, 15, 15, tzinfo=UTC)
DAY = timedelta(days=1)
DIGEST = "ab" * 32
NONCE = "0123456789abcdef" * 2
# A document, changed on purpose.
Json = Any


def private(name: str) -> PrivateKey:
    """The key of a name: "ann", or "ann 2" for another one of theirs; every other is Ed25519."""
    return key_named(f"approving {name}", "p256" if len(name) % 2 else "ed25519")


def key(name: str, holder: str = "") -> RoleKey:
    spki = spki_of(private(name).public_key())
    return RoleKey(key_id(spki), spki, holder or name.partition(" ")[0])


def role(name: RoleName, threshold: int, *names: str) -> Role:
    keys = sorted((key(one) for one in names), key=lambda one: one.id)
    return Role(name, threshold, tuple(keys))


SECURITY = role(RoleName.SECURITY, 2, "ann", "ann 2", "carl", "dora")
RELEASE = role(RoleName.RELEASE, 1, "emil", "dora")
ABORT = role(RoleName.ABORT, 1, "frida", "ann")


def roles_of(*roles: Role, shared: bool = False, least_security: int = 2) -> Roles:
    found = roles or (SECURITY, RELEASE, ABORT)
    return new_roles(found, AT + 30 * DAY, shared=shared, least_security=least_security)


ROLES = roles_of()


def manifest_of(roles: Roles = ROLES, **changes: Json) -> EmbargoManifest:
    made = EmbargoManifest(
        case="quiet-lake-4711",
        revision=3,
        previous="cd" * 32,
        tlp=Tlp.RED,
        schedule=Schedule("linux-distros", AT - 9 * DAY, AT, AT + DAY, 1800),
        roles_version=roles.version,
        roles_sha256=roles.sha256,
        source=(SourceLine("main", "a1" * 20, "b1" * 20, "v1.4.2"),),
    )
    return replace(made, **changes)


def statement_of(**changes: Json) -> ApprovalStatement:
    made = ApprovalStatement(
        case="quiet-lake-4711",
        revision=3,
        action=Action.LIFT,
        manifest_sha256=DIGEST,
        not_before=AT - DAY,
        expires=AT + DAY,
        nonce=NONCE,
    )
    return replace(made, **changes)


def signed(payload: bytes, *names: str, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """An envelope around a payload, signed by the keys of these names."""
    message = pre_authentication_encoding(payload_type, payload)
    made = [Signature(key(name).spki, sign(private(name), message)) for name in names]
    return edited(attach(payload, made), ["payloadType"], payload_type) + b"\n"


def approved(*names: str, **changes: Json) -> bytes:
    """An approval by the keys of these names; the nonce is theirs unless another is given."""
    changes.setdefault("nonce", key_id("+".join(names).encode())[:32])
    return signed(render_approval_statement(statement_of(**changes)), *names)


def counted(
    *envelopes: bytes,
    roles: Roles = ROLES,
    action: Action = Action.LIFT,
    **changes: Json,
) -> Tally:
    handed_in = {f"{number}.json": one for number, one in enumerate(envelopes, 1)}
    given_ = {"action": action, "at": AT, **changes}
    return count(manifest_of(roles), DIGEST, roles, handed_in, **given_)


def people(tally: Tally) -> dict[str, tuple[str, ...]]:
    return {one.name.value: one.approved for one in tally.roles}


def edited(content: bytes, path: Sequence[str | int], value: Json) -> bytes:
    """A canonical document with one member set, spelled canonically again; None takes it out."""
    document = json.loads(content)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """A document with one bit flipped, or a few bytes taken out or put in."""
    at = draw(st.integers(0, len(content) - 1))
    match draw(st.sampled_from(("flip", "cut", "add"))):
        case "flip":
            middle = bytes([content[at] ^ 1 << draw(st.integers(0, 7))])
            return content[:at] + middle + content[at + 1 :]
        case "cut":
            return content[:at] + content[at + draw(st.integers(1, 9)) :]
    return content[:at] + draw(st.binary(min_size=1, max_size=4)) + content[at:]
