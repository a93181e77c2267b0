"""What goes to a computer that has no network, and what comes back from it.

The request carries what is signed, and the file that it is about; what is shown there is read out
of these bytes, so nobody can show one thing and have another signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from sealane.core.attestation.envelope import (
    PAYLOAD_TYPE,
    parse_base64,
    pre_authentication_encoding,
)
from sealane.core.attestation.strict_json import parse_json
from sealane.core.embargo.approvals import ApprovalStatement, parse_approval_statement
from sealane.core.embargo.envelopes import (
    check_payload_type,
    read_envelope,
    render_envelope,
    signers,
)
from sealane.core.embargo.exact import check_spelling, exact_object
from sealane.core.embargo.role_keys import key_id
from sealane.core.embargo.roles import RoleKey, Roles
from sealane.core.embargo.roles_file import parse_roles
from sealane.core.embargo.rotation import render_rotation_statement
from sealane.core.model.chain import canonical
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError, InputError

REQUEST_SCHEMA = "sealane.embargo-request/1"
# A manifest has up to 4 MiB, and base64 makes a third more of it.
_MOST_BYTES = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: by the key with this SubjectPublicKeyInfo (DER); ECDSA in DER."""

    spki: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody is asked to sign.

    Attributes:
        statement: The bytes of the statement.
        subject: The file that it is about: the manifest, or the new role file.
        approval: What the statement says, if it is an approval.
        rotation: The role file, if it is a rotation.
    """

    statement: bytes
    subject: bytes
    approval: ApprovalStatement | None
    rotation: Roles | None


def bytes_to_sign(statement: bytes) -> bytes:
    """What a key signs, byte for byte: Ed25519 over this, ECDSA over its SHA-256.

    Spec: DSSE v1, protocol.md, "Signature Definition".
    """
    return pre_authentication_encoding(PAYLOAD_TYPE, statement)


def attach(statement: bytes, signatures: Sequence[Signature]) -> bytes:
    """The envelope around a statement and its signatures, sorted by key.

    Raises:
        InputError: No signature, more than 32, an empty one, or two by one key.
    """
    named = sorted((key_id(one.spki), one.value) for one in signatures)
    ids = [name for name, _ in named]
    if len(set(ids)) != len(ids):
        raise InputError(
            "envelope: two signatures by one key", hint="a key counts once; attach one of them"
        )
    return render_envelope(statement, named)


def export_request(statement: bytes, subject: bytes) -> bytes:
    """What is carried to the computer that signs.

    Args:
        statement: What is to be signed, from `render_approval_statement` or
            `render_rotation_statement`.
        subject: The file that it is about: the manifest, or the new role file.

    Returns:
        JSON in one line, ASCII, with a line end.

    Raises:
        InputError: `parse_request` would not read it.
    """
    content = _written(statement, subject)
    parse_request(content)
    return content


def parse_request(content: bytes) -> Request:
    """Read what somebody is asked to sign.

    Nothing but approvals and rotations is ever taken: a key that signs whatever it is given signs
    everything.

    Raises:
        InputError: Larger than 6 MiB, no request, or its statement is neither an approval of the
            manifest that is with it nor a rotation to the role file that is with it.
    """
    if len(content) > _MOST_BYTES:
        raise InputError(f"request: expected {_MOST_BYTES} bytes at most, got {len(content)}")
    names = ("schema", "statement", "subject")
    members = exact_object(parse_json(content, "request"), "request", names)
    if members["schema"] != REQUEST_SCHEMA:
        raise InputError(
            f"request: schema: expected {REQUEST_SCHEMA!r}, got {str(members['schema'])[:60]!r}"
        )
    statement = parse_base64(members["statement"], "request: statement")
    subject = parse_base64(members["subject"], "request: subject")
    check_spelling(content, _written(statement, subject), "request")
    rotation = _rotation(statement, subject)
    return Request(
        statement, subject, None if rotation else _approval(statement, subject), rotation
    )


def describe_request(request: Request) -> tuple[tuple[str, str], ...]:
    """What is to be signed, as (label, text) for people; all of it is in the statement."""
    said, rotation = request.approval, request.rotation
    digest = hashlib.sha256(request.subject).hexdigest()
    if said is not None:
        return (
            ("approve", said.action.value),
            ("case", said.case),
            ("revision", str(said.revision)),
            ("manifest", f"sha256:{digest}"),
            ("not before", rfc3339(said.not_before)),
            ("before", rfc3339(said.expires)),
            ("nonce", said.nonce),
        )
    if rotation is not None:
        return (
            ("rotate", f"to version {rotation.version} of the role file"),
            ("role file", f"sha256:{digest}"),
            ("in place of", f"sha256:{rotation.previous}" if rotation.previous else "none"),
            ("expires", rfc3339(rotation.expires)),
            ("one person may fill two roles", "yes" if rotation.shared else "no"),
            *((role.name.value, _people(role.threshold, role.keys)) for role in rotation.roles),
        )
    raise InputError("request: neither an approval nor a rotation")


def import_answer(request: bytes, answer: bytes, keys: Sequence[RoleKey]) -> bytes:
    """What came back, as the envelope that is kept.

    1. The request can be read, and so can the answer.
    2. The answer is to this request, byte for byte.
    3. Each signature of it is by one of the keys, and no key signed twice.

    Args:
        request: What was exported.
        answer: What came back: the envelope.
        keys: The keys that may sign it; of a rotation those of both role files.

    Returns:
        The envelope anew, with each key's own id.

    Raises:
        InputError: One of them cannot be read, or a key signed twice.
        EmbargoError: The answer is to something else, or a signature is by none of the keys.
    """
    asked = parse_request(request)  # 1
    envelope = read_envelope(answer)
    check_payload_type(envelope)
    if envelope.payload != asked.statement:  # 2
        raise EmbargoError(
            f"answer: expected a statement with SHA-256 {_digest(asked.statement)}, got one with "
            f"{_digest(envelope.payload)}",
            hint="it answers another request: export this one again, and sign that",
        )
    made = []
    for number, key in enumerate(signers(envelope, keys), 1):  # 3
        if key is None:
            raise EmbargoError(
                f"answer: signature {number}: expected one by a key of the roles, got one by a "
                f"key that it calls {envelope.signatures[number - 1][0][:64]!r}",
                hint="sign with the key that the role file names",
            )
        made.append(Signature(key.spki, envelope.signatures[number - 1][1]))
    return attach(asked.statement, made)


def _written(statement: bytes, subject: bytes) -> bytes:
    document = {"schema": REQUEST_SCHEMA, "statement": _base64(statement)}
    return canonical({**document, "subject": _base64(subject)}) + b"\n"


def _rotation(statement: bytes, subject: bytes) -> Roles | None:
    """The role file that a statement puts in place; None if it says something else."""
    try:
        roles = parse_roles(subject, least_security=1)
    except InputError:
        return None
    return roles if render_rotation_statement(roles) == statement else None


def _approval(statement: bytes, subject: bytes) -> ApprovalStatement:
    approval = parse_approval_statement(statement)
    if approval.manifest_sha256 != _digest(subject):
        raise InputError(
            f"request: subject: expected the manifest {approval.manifest_sha256}, got a file with "
            f"SHA-256 {_digest(subject)}",
            hint="export the request again; sign nothing of this one",
        )
    return approval


def _people(threshold: int, keys: Sequence[RoleKey]) -> str:
    return f"{threshold} of {', '.join(sorted({key.holder for key in keys}))}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
