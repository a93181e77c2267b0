"""What goes to an offline computer is what is signed there, and only that comes back."""

import base64
import hashlib
import json

import pytest
from hypothesis import given, settings

from sealane.core.attestation.envelope import pre_authentication_encoding
from sealane.core.embargo.approvals import parse_approval, render_approval_statement
from sealane.core.embargo.role_keys import keys_of
from sealane.core.embargo.roles import RoleName
from sealane.core.embargo.roles_file import new_roles, render_roles
from sealane.core.embargo.rotation import check_rotation, render_rotation_statement
from sealane.core.embargo.signing import (
    Request,
    Signature,
    attach,
    bytes_to_sign,
    describe_request,
    export_request,
    import_answer,
    parse_request,
)
from sealane.errors import EmbargoError, InputError
from support.approving import (
    AT,
    DAY,
    NONCE,
    ROLES,
    SECURITY,
    edited,
    key,
    mutated,
    private,
    role,
    signed,
    statement_of,
)
from support.maker.keys import sign

MANIFEST = b'{"case": "quiet-lake-4711"}\n'
SAID = statement_of(manifest_sha256=hashlib.sha256(MANIFEST).hexdigest())
STATEMENT = render_approval_statement(SAID)
REQUEST = export_request(STATEMENT, MANIFEST)
KEYS = keys_of(ROLES)
AFTER = new_roles((SECURITY, role(RoleName.RELEASE, 1, "emil")), AT + 60 * DAY, before=ROLES)
ROTATION = export_request(render_rotation_statement(AFTER), render_roles(AFTER))


def test_what_is_signed_is_the_encoding_of_dsse() -> None:
    expected = pre_authentication_encoding("application/vnd.in-toto+json", STATEMENT)
    assert bytes_to_sign(STATEMENT) == expected


def test_signatures_are_attached_in_the_order_of_their_keys() -> None:
    made = [
        Signature(key(name).spki, sign(private(name), bytes_to_sign(STATEMENT)))
        for name in ("ann", "carl", "dora")
    ]
    assert attach(STATEMENT, made) == attach(STATEMENT, made[::-1])
    approval = parse_approval(attach(STATEMENT, made))
    assert approval.statement == SAID
    assert {name for name, _ in approval.envelope.signatures} == {
        key(name).id for name in ("ann", "carl", "dora")
    }


def test_two_signatures_by_one_key_are_not_attached() -> None:
    made = Signature(key("ann").spki, b"1")
    with pytest.raises(InputError, match="two signatures by one key"):
        attach(STATEMENT, [made, Signature(made.spki, b"2")])


@pytest.mark.parametrize("signatures", [[], [Signature(b"", b"")]])
def test_nothing_is_not_attached(signatures: list[Signature]) -> None:
    with pytest.raises(InputError):
        attach(STATEMENT, signatures)


def test_an_approval_goes_there_and_back() -> None:
    request = parse_request(REQUEST)
    assert request == Request(STATEMENT, MANIFEST, SAID, None)
    answer = signed(request.statement, "ann", "carl")
    assert import_answer(REQUEST, answer, KEYS) == answer


def test_a_rotation_goes_there_and_back() -> None:
    request = parse_request(ROTATION)
    assert (request.rotation, request.approval) == (AFTER, None)
    kept = import_answer(ROTATION, signed(request.statement, "ann", "dora"), KEYS)
    check_rotation(ROLES, AFTER, {"a": kept})


def test_what_is_shown_is_what_is_signed() -> None:
    assert describe_request(parse_request(REQUEST)) == (
        ("approve", "lift"),
        ("case", "quiet-lake-4711"),
        ("revision", "3"),
        ("manifest", f"sha256:{SAID.manifest_sha256}"),
        ("not before", "2026-12-14T15:00:00Z"),
        ("before", "2026-12-16T15:00:00Z"),
        ("nonce", NONCE),
    )


def test_of_a_rotation_the_new_people_are_shown() -> None:
    shown = describe_request(parse_request(ROTATION))
    assert shown == (
        ("rotate", "to version 2 of the role file"),
        ("role file", f"sha256:{AFTER.sha256}"),
        ("in place of", f"sha256:{ROLES.sha256}"),
        ("expires", "2027-02-13T15:00:00Z"),
        ("one person may fill two roles", "no"),
        ("security", "2 of ann, carl, dora"),
        ("release", "1 of emil"),
    )
    shared = new_roles(ROLES.roles, AT + DAY, shared=True)
    first = export_request(render_rotation_statement(shared), render_roles(shared))
    told = dict(describe_request(parse_request(first)))
    assert told["in place of"] == "none"
    assert told["one person may fill two roles"] == "yes"


def test_a_request_for_nothing_is_not_shown() -> None:
    with pytest.raises(InputError, match="neither"):
        describe_request(Request(b"{}", b"{}", None, None))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b" " * 6_300_000, "bytes at most", id="oversized"),
        pytest.param(b"\xef\xbb\xbf" + REQUEST, "not JSON", id="byte-order-mark"),
        pytest.param(json.dumps(json.loads(REQUEST)).encode(), "one spelling", id="spelling"),
        pytest.param(edited(REQUEST, ["schema"], "x"), "schema: expected", id="schema"),
        pytest.param(edited(REQUEST, ["summary"], "harmless"), "unknown", id="unknown-member"),
        pytest.param(edited(REQUEST, ["subject"], None), "subject: missing", id="missing"),
        pytest.param(edited(REQUEST, ["subject"], "e30"), "not base64", id="base64"),
        pytest.param(
            edited(REQUEST, ["subject"], _base64(b"{}")) + b"\n",
            "expected the manifest", id="other-manifest",
        ),
        pytest.param(
            edited(REQUEST, ["statement"], _base64(b"{}")) + b"\n", "missing", id="no-statement"
        ),
        pytest.param(
            edited(ROTATION, ["subject"], _base64(render_roles(ROLES))) + b"\n",
            "predicateType: expected", id="other-role-file",
        ),
    ],
)  # fmt: skip
def test_what_is_no_request_is_not_signed(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_request(content)
    assert message in raised.value.message


def test_only_requests_that_can_be_read_are_exported() -> None:
    with pytest.raises(InputError, match="expected the manifest"):
        export_request(STATEMENT, MANIFEST + b" ")
    with pytest.raises(InputError):
        export_request(b"anything at all", MANIFEST)


def test_an_answer_to_another_request_is_refused() -> None:
    other = render_approval_statement(statement_of(nonce="0" * 32))
    with pytest.raises(EmbargoError, match="answer: expected a statement") as raised:
        import_answer(REQUEST, signed(other, "ann"), KEYS)
    assert raised.value.hint


@pytest.mark.parametrize("names", [("stranger",), ("ann", "stranger")])
def test_an_answer_with_a_signature_by_nobody_of_the_roles_is_refused(
    names: tuple[str, ...],
) -> None:
    with pytest.raises(EmbargoError, match="expected one by a key of the roles") as raised:
        import_answer(REQUEST, signed(STATEMENT, *names), KEYS)
    assert raised.value.hint


def test_an_answer_that_calls_its_key_something_else_is_kept_under_the_right_id() -> None:
    answer = signed(STATEMENT, "ann")
    renamed = edited(answer, ["signatures", 0, "keyid"], "my laptop")
    assert import_answer(REQUEST, renamed, KEYS) == answer


def test_an_answer_that_one_key_signed_twice_is_refused() -> None:
    document = json.loads(signed(STATEMENT, "ann"))
    document["signatures"] *= 2
    with pytest.raises(InputError, match="two signatures by one key"):
        import_answer(REQUEST, json.dumps(document).encode(), KEYS)


def test_an_answer_under_another_payload_type_is_refused() -> None:
    answer = edited(signed(STATEMENT, "ann"), ["payloadType"], "text/plain")
    with pytest.raises(InputError, match="payloadType"):
        import_answer(REQUEST, answer, KEYS)


@given(mutated(REQUEST))
@settings(max_examples=60)
def test_a_changed_request_is_refused_or_the_same(content: bytes) -> None:
    try:
        found = parse_request(content)
    except InputError:
        return
    assert export_request(found.statement, found.subject) == content
