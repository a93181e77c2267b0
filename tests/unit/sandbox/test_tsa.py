import base64
import hashlib
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from sealane.sandbox.faults import HangUpError
from sealane.sandbox.wire import Response
from support.sandbox_parts import Parts

PATH = "/api/v1/timestamp"
DER, JSON = "application/timestamp-query", "application/json"
MESSAGE = b"a signature"
QUERY = TimestampRequestBuilder().data(MESSAGE).build()
AS_JSON = {
    "artifactHash": base64.b64encode(hashlib.sha256(MESSAGE).digest()).decode(),
    "hashAlgorithm": "sha256",
}


def stamped(parts: Parts, body: object = QUERY.as_bytes(), kind: str = DER) -> Response:
    return parts.call("POST", PATH, body, content_type=kind)


def verify(parts: Parts, response: Response, message: bytes = MESSAGE) -> TimeStampResponse:
    tsa = parts.keys.tsa
    builder = VerifierBuilder().tsa_certificate(tsa.leaf).add_root_certificate(tsa.root)
    reply = decode_timestamp_response(response.body)
    builder.build().verify_message(reply, message)
    return reply


@pytest.mark.parametrize("kind", [DER, f"{DER}; x=y", DER.upper()])
def test_a_query_is_stamped_with_the_services_time(parts: Parts, kind: str) -> None:
    parts.time += 3600.75
    response = stamped(parts, kind=kind)
    assert (response.status, response.content_type) == (201, "application/timestamp-reply")
    reply = verify(parts, response)
    assert reply.tst_info.nonce == QUERY.nonce
    assert reply.tst_info.gen_time == datetime.fromtimestamp(int(parts.time), UTC)


def test_a_json_request_is_stamped(parts: Parts) -> None:
    response = stamped(parts, AS_JSON, JSON)
    assert (response.status, response.content_type) == (201, "application/timestamp-reply")
    assert not verify(parts, response).signed_data.certificates
    with_certificate = stamped(parts, {**AS_JSON, "certificates": True}, JSON)
    assert verify(parts, with_certificate).signed_data.certificates


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", DER), (b"x", DER), (b"{}", JSON), (QUERY.as_bytes(), JSON), (AS_JSON, DER),
     (QUERY.as_bytes(), ""), (QUERY.as_bytes(), "text/plain")],
)  # fmt: skip
def test_an_unreadable_request_is_refused_as_text(parts: Parts, body: object, kind: str) -> None:
    response = stamped(parts, body, kind)
    assert response.status == 400
    assert response.content_type.startswith("text/plain")
    assert parts.logged[0].startswith("tsa refused: ")


def test_an_authority_that_is_down_stamps_nothing(parts: Parts) -> None:
    parts.faults["tsa"] = "down"
    assert stamped(parts).status == 503


def test_a_wrong_imprint_is_signed_and_of_another_message(parts: Parts) -> None:
    parts.faults["tsa"] = "wrong-imprint"
    response = stamped(parts)
    assert response.status == 201
    with pytest.raises(VerificationError, match="messages"):
        verify(parts, response)


def test_a_slow_authority_says_nothing_until_the_switch_changes(parts: Parts) -> None:
    parts.faults["tsa"] = "slow"
    threading.Timer(0.2, parts.faults.clear).start()
    with pytest.raises(HangUpError):
        stamped(parts)


SERVICES = st.sampled_from(
    [
        ("POST", PATH, DER),
        ("POST", PATH, JSON),
        ("POST", "/rekor2/api/v2/log/entries", JSON),
        ("POST", "/api/v1/log/entries", JSON),
        ("POST", "/api/v1/log/entries/retrieve/", JSON),
        ("POST", "/api/v2/signingCert", JSON),
        ("POST", "/ct/v1/add-pre-chain", JSON),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(SERVICES, st.binary(max_size=300) | VALUES)
@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_every_body_is_answered_with_success_or_a_refusal(
    parts: Parts, service: tuple[str, str, str], body: object
) -> None:
    method, path, kind = service
    response = parts.call(method, path, body, content_type=kind)
    assert 200 <= response.status < 500
    known = ("application/json", "text/plain", "application/timestamp-reply")
    assert response.content_type.startswith(known)


@given(st.text(st.sampled_from("0123456789x/.pabc-%é"), max_size=24))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_address_of_a_tile_is_answered(parts: Parts, tail: str) -> None:
    for kind in ("0", "entries", "8"):
        assert parts.call("GET", f"/rekor2/tile/{kind}/{tail}").status in {200, 404}
