"""An approval says one thing in one way."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.approvals import (
    APPROVAL_TYPE,
    ApprovalStatement,
    parse_approval,
    parse_approval_statement,
    render_approval_statement,
)
from sealane.core.embargo.roles import Action
from sealane.errors import InputError
from support.approving import AT, DAY, DIGEST, NONCE, Json, edited, mutated, signed, statement_of

GOOD = render_approval_statement(statement_of())


def test_a_statement_is_spelled_as_in_toto_says() -> None:
    assert json.loads(GOOD) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "embargo.json", "digest": {"sha256": DIGEST}}],
        "predicateType": APPROVAL_TYPE,
        "predicate": {
            "case": "quiet-lake-4711",
            "revision": 3,
            "action": "lift",
            "not_before": "2026-12-14T15:00:00Z",
            "expires": "2026-12-16T15:00:00Z",
            "nonce": NONCE,
        },
    }


@given(
    st.builds(
        ApprovalStatement,
        case=st.from_regex(r"[a-z0-9][a-z0-9-]{7,63}", fullmatch=True),
        revision=st.integers(1, 2**31 - 1),
        action=st.sampled_from(Action),
        manifest_sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        not_before=st.integers(0, 900).map(lambda days: AT - days * DAY),
        expires=st.integers(1, 900).map(lambda days: AT + days * DAY),
        nonce=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    )
)
@settings(max_examples=40)
def test_what_is_written_is_read_again(statement: ApprovalStatement) -> None:
    assert parse_approval_statement(render_approval_statement(statement)) == statement


WRONG: tuple[tuple[list[str | int], Json, str], ...] = (
    (["_type"], "https://in-toto.io/Statement/v0.1", "_type: expected"),
    (["predicateType"], APPROVAL_TYPE + "0", "predicateType: expected"),
    (["predicateType"], None, "predicateType: missing"),
    (["critical"], True, "'critical': unknown"),
    (["subject"], [], "one manifest, got 0"),
    (["subject"], [{}, {}], "one manifest, got 2"),
    (["subject"], {}, "expected a list"),
    (["subject", 0, "name"], "roles.json", "subject: expected 'embargo.json'"),
    (["subject", 0, "uri"], "x", "'uri': unknown"),
    (["subject", 0, "digest", "sha512"], "00", "'sha512': unknown"),
    (["subject", 0, "digest", "sha256"], DIGEST.upper(), "SHA-256 in lower-case hex"),
    (["predicate", "must_understand"], [], "'must_understand': unknown"),
    (["predicate", "case"], "CVE-2026-1", "the name of a case"),
    (["predicate", "case"], "short", "the name of a case"),
    (["predicate", "revision"], 0, "revision: expected 1"),
    (["predicate", "revision"], True, "whole number"),
    (["predicate", "revision"], 3.0, "whole number"),
    (["predicate", "action"], "LIFT", "action: expected seal"),
    (["predicate", "action"], ["lift"], "action: expected seal"),
    (["predicate", "not_before"], "2026-12-14T15:00:00", "a time like"),
    (["predicate", "not_before"], "2026-12-14T16:00:00+01:00", "whole seconds in UTC"),
    (["predicate", "expires"], "2026-12-31T23:59:60Z", "expires"),
    (["predicate", "expires"], "2026-12-14T15:00:00Z", "expires: expected later"),
    (["predicate", "expires"], "2026-12-13T15:00:00Z", "expires: expected later"),
    (["predicate", "nonce"], "", "32 digits"),
    (["predicate", "nonce"], NONCE.upper(), "32 digits"),
    (["predicate", "nonce"], NONCE * 2, "32 digits"),
)


@pytest.mark.parametrize(("path", "value", "message"), WRONG)
def test_a_statement_of_another_form_is_refused(
    path: list[str | int], value: Json, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        parse_approval_statement(edited(GOOD, path, value))
    assert message in raised.value.message


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte-order-mark"),
        pytest.param(GOOD + b"\n", id="line-end"),
        pytest.param(json.dumps(json.loads(GOOD)).encode(), id="blanks"),
        pytest.param(GOOD.replace(b'"lift"', b'"\\u006cift"'), id="escaped"),
        pytest.param(
            GOOD.replace(b'"action":"lift"', b'"action":"abort","action":"lift"'), id="twice"
        ),
    ],
)
def test_a_statement_in_another_spelling_is_refused(payload: bytes) -> None:
    with pytest.raises(InputError, match=r"^approval: not "):
        parse_approval_statement(payload)


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": AT - DAY},
        {"not_before": AT.replace(microsecond=1)},
        {"not_before": AT.replace(tzinfo=None)},
        {"nonce": "x"},
        {"case": ""},
    ],
)
def test_what_could_not_be_read_is_not_written(changes: Json) -> None:
    with pytest.raises(InputError, match=r"^approval: "):
        render_approval_statement(statement_of(**changes))


def test_an_approval_is_its_statement_in_an_envelope() -> None:
    approval = parse_approval(signed(GOOD, "ann"))
    assert approval.statement == statement_of()
    assert approval.envelope.payload == GOOD


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        edited(signed(GOOD, "ann"), ["payloadType"], "application/json"),
        edited(signed(GOOD, "ann"), ["payload"], base64.b64encode(b"{}").decode()),
    ],
)
def test_what_is_no_approval_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_approval(content)


@given(mutated(GOOD))
@settings(max_examples=80)
def test_what_is_read_has_the_one_spelling(payload: bytes) -> None:
    try:
        found = parse_approval_statement(payload)
    except InputError:
        return
    assert render_approval_statement(found) == payload
