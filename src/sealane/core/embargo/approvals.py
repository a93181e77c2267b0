"""An approval: what somebody agreed to, bound to one manifest, one action and a time.

Spec: in-toto attestation, spec/v1/statement.md; DSSE v1, envelope.md.
"""

from __future__ import annotations

import re
from datetime import datetime

from sealane.core.attestation.envelope import Envelope
from sealane.core.attestation.strict_json import as_list, parse_json
from sealane.core.embargo.envelopes import check_payload_type, read_envelope
from sealane.core.embargo.exact import (
    check_spelling,
    exact_moment,
    exact_number,
    exact_object,
    exact_sha256,
    exact_text,
)
from sealane.core.embargo.roles import Action
from sealane.core.model.chain import canonical
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

APPROVAL_TYPE = "https://gitlab.com/sealane/sealane/attestations/embargo-approval/v1"
MANIFEST_FILE = "embargo.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
_CASE = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class ApprovalStatement:
    """What is signed to approve something.

    Attributes:
        case: Name of the case.
        revision: Revision of the manifest.
        action: What is approved.
        manifest_sha256: Digest of the manifest's file, lower-case hex.
        not_before: The action is not earlier, UTC, whole seconds.
        expires: It is before this, UTC, whole seconds.
        nonce: 32 digits in lower-case hex that were never used before.
    """

    case: str
    revision: int
    action: Action
    manifest_sha256: str
    not_before: datetime
    expires: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it was handed in; nobody has looked at its signatures yet."""

    statement: ApprovalStatement
    envelope: Envelope


def render_approval_statement(statement: ApprovalStatement) -> bytes:
    """The in-toto Statement v1 that is signed: JSON in one line, ASCII, keys sorted.

    Raises:
        InputError: `parse_approval_statement` would not read it.
    """
    content = _written(statement)
    parse_approval_statement(content)
    return content


def parse_approval_statement(payload: bytes) -> ApprovalStatement:
    """Read what is signed; it has one spelling.

    Raises:
        InputError: No statement about one manifest, of another type, a member missing, unknown or
            twice, a value of another form, another spelling, or it ends before it begins.
    """
    place = "approval"
    names = ("_type", "subject", "predicateType", "predicate")
    members = exact_object(parse_json(payload, place), place, names)
    for name, expected in (("_type", STATEMENT_TYPE), ("predicateType", APPROVAL_TYPE)):
        if members[name] != expected:
            raise InputError(
                f"{place}: {name}: expected {expected!r}, got {str(members[name])[:90]!r}"
            )
    statement = _statement(_manifest(members["subject"]), members["predicate"])
    check_spelling(payload, _written(statement), place)
    if statement.expires <= statement.not_before:
        raise InputError(
            f"{place}: expires: expected later than {rfc3339(statement.not_before)}, "
            f"got {rfc3339(statement.expires)}"
        )
    return statement


def parse_approval(content: bytes) -> Approval:
    """Read an approval: a DSSE envelope around its statement.

    Raises:
        InputError: No envelope, another payload type, or no statement of an approval.
    """
    envelope = read_envelope(content)
    check_payload_type(envelope)
    return Approval(parse_approval_statement(envelope.payload), envelope)


def _written(statement: ApprovalStatement) -> bytes:
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": MANIFEST_FILE, "digest": {"sha256": statement.manifest_sha256}}],
            "predicateType": APPROVAL_TYPE,
            "predicate": {
                "case": statement.case,
                "revision": statement.revision,
                "action": statement.action.value,
                "not_before": rfc3339(statement.not_before),
                "expires": rfc3339(statement.expires),
                "nonce": statement.nonce,
            },
        }
    )


def _manifest(value: JsonValue) -> str:
    subjects = as_list(value, "approval: subject")
    if len(subjects) != 1:
        raise InputError(f"approval: subject: expected one manifest, got {len(subjects)}")
    subject = exact_object(subjects[0], "approval: subject", ("name", "digest"))
    if subject["name"] != MANIFEST_FILE:
        raise InputError(
            f"approval: subject: expected {MANIFEST_FILE!r}, got {str(subject['name'])[:60]!r}"
        )
    digest = exact_object(subject["digest"], "approval: subject: digest", ("sha256",))
    return exact_sha256(digest["sha256"], "approval: subject: digest")


def _statement(manifest_sha256: str, value: JsonValue) -> ApprovalStatement:
    names = ("case", "revision", "action", "not_before", "expires", "nonce")
    members = exact_object(value, "approval", names)
    case = exact_text(members["case"], "approval: case", _CASE, "the name of a case")
    return ApprovalStatement(
        case=case,
        revision=exact_number(members["revision"], "approval: revision"),
        action=_action(members["action"]),
        manifest_sha256=manifest_sha256,
        not_before=exact_moment(members["not_before"], "approval: not_before"),
        expires=exact_moment(members["expires"], "approval: expires"),
        nonce=exact_text(members["nonce"], "approval: nonce", _NONCE, "32 digits in hex"),
    )


def _action(value: JsonValue) -> Action:
    known = {action.value: action for action in Action}
    if not isinstance(value, str) or value not in known:
        raise InputError(
            f"approval: action: expected {', '.join(known)}, got {str(value)[:40]!r}",
            hint="a newer sealane may have written it",
        )
    return known[value]
