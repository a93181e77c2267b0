"""Time-stamps as two readers that are not ours see them: rfc3161-client and OpenSSL."""

import base64
import hashlib
import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

from sealane.errors import InputError
from sealane.sandbox.timestamp import (
    POLICY,
    SHA256,
    SHA384,
    SHA512,
    TimestampAuthority,
    TimestampRequest,
    parse_json_request,
    parse_query,
)
from support.sandbox_parts import sandbox_keys

MESSAGE = b"a signature"
AT = datetime(2026, 11, 25, 12, 30, 15, 999999, tzinfo=UTC)
REJECTION = 2


@pytest.fixture
def authority() -> TimestampAuthority:
    return sandbox_keys().tsa


@pytest.fixture
def now() -> datetime:
    return sandbox_keys().created + timedelta(hours=1)


def verify(
    authority: TimestampAuthority, reply: bytes, message: bytes = MESSAGE, nonce: int | None = None
) -> TimeStampResponse:
    """What rfc3161-client makes of a reply; it raises unless everything holds."""
    builder = VerifierBuilder(nonce=nonce).tsa_certificate(authority.leaf)
    response = decode_timestamp_response(reply)
    builder.add_root_certificate(authority.root).build().verify_message(response, message)
    return response


def digest_of(algorithm: str, message: bytes = MESSAGE) -> bytes:
    name = {SHA256: "sha256", SHA384: "sha384", SHA512: "sha512"}[algorithm]
    return hashlib.new(name, message).digest()


@pytest.mark.parametrize("algorithm", [SHA256, SHA384, SHA512])
@pytest.mark.parametrize("nonce", [None, 0, 1, 2**64 - 1, 2**159])
@pytest.mark.parametrize("wanted", [True, False])
def test_a_stamp_of_every_algorithm_verifies(
    authority: TimestampAuthority, now: datetime, algorithm: str, nonce: int | None, wanted: bool
) -> None:
    request = TimestampRequest(algorithm, digest_of(algorithm), nonce, certificate_wanted=wanted)
    response = verify(authority, authority.respond(request, now), nonce=nonce)
    assert response.tst_info.nonce == nonce
    assert response.tst_info.gen_time == now
    assert response.tst_info.message_imprint.hash_algorithm.dotted_string == algorithm
    assert bool(response.signed_data.certificates) == wanted


@pytest.mark.parametrize("algorithm", list(HashAlgorithm))
@pytest.mark.parametrize("nonce", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
def test_the_clients_own_request_is_answered(
    authority: TimestampAuthority,
    now: datetime,
    algorithm: HashAlgorithm,
    nonce: bool,
    wanted: bool,
) -> None:
    builder = TimestampRequestBuilder().data(MESSAGE).hash_algorithm(algorithm)
    asked = builder.nonce(nonce=nonce).cert_request(cert_request=wanted).build()
    reply = authority.respond(parse_query(asked.as_bytes()), now)
    response = verify(authority, reply, nonce=asked.nonce)
    assert response.tst_info.nonce == asked.nonce
    assert bool(response.signed_data.certificates) == wanted


def test_a_stamp_is_for_its_message_nonce_and_authority_only(
    authority: TimestampAuthority, now: datetime
) -> None:
    reply = authority.respond(TimestampRequest(SHA256, digest_of(SHA256), 7), now)
    verify(authority, reply, nonce=7)
    with pytest.raises(VerificationError, match="messages"):
        verify(authority, reply, MESSAGE + b"x")
    with pytest.raises(VerificationError, match="Nonce"):
        verify(authority, reply, nonce=8)
    keys = sandbox_keys()
    stranger = TimestampAuthority(keys.rekor1, authority.leaf, authority.root)
    foreign = stranger.respond(TimestampRequest(SHA256, digest_of(SHA256)), now)
    with pytest.raises(VerificationError):
        verify(authority, foreign)


def test_every_flipped_bit_of_the_stamped_text_is_refused(
    authority: TimestampAuthority, now: datetime
) -> None:
    reply = authority.respond(TimestampRequest(SHA256, digest_of(SHA256), 7), now)
    start = reply.index(digest_of(SHA256))
    for place in range(start - 20, start + 60):
        changed = bytearray(reply)
        changed[place] ^= 1
        with pytest.raises((VerificationError, ValueError)):
            verify(authority, bytes(changed), nonce=7)


def test_a_stamp_has_whole_seconds_and_a_serial_of_its_own(authority: TimestampAuthority) -> None:
    request = TimestampRequest(SHA256, digest_of(SHA256))
    stamps = [decode_timestamp_response(authority.respond(request, AT)) for _ in range(20)]
    assert {stamp.tst_info.gen_time for stamp in stamps} == {AT.replace(microsecond=0)}
    serials = {stamp.tst_info.serial_number for stamp in stamps}
    assert len(serials) == len(stamps)
    assert all(0 < serial < 2**160 for serial in serials)


def test_the_policy_is_the_one_asked_for_or_our_own(
    authority: TimestampAuthority, now: datetime
) -> None:
    for policy in (POLICY, "1.2.3.4"):
        request = TimestampRequest(SHA256, digest_of(SHA256), policy=policy)
        response = verify(authority, authority.respond(request, now))
        assert response.tst_info.policy == x509.ObjectIdentifier(policy)


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        pytest.param(TimestampRequest("1.3.14.3.2.26", bytes(20)), "unrecognized", id="sha-1"),
        pytest.param(TimestampRequest(SHA256, bytes(31)), "format", id="short"),
        pytest.param(TimestampRequest(SHA256, bytes(48)), "format", id="long"),
        pytest.param(TimestampRequest(SHA512, b""), "format", id="empty"),
        pytest.param(TimestampRequest(SHA256, bytes(32), extended=True), "extension", id="ext"),
    ],
)
def test_what_cannot_be_stamped_is_rejected_with_the_reason(
    authority: TimestampAuthority,
    now: datetime,
    tmp_path: Path,
    request_: TimestampRequest,
    failure: str,
) -> None:
    reply = authority.respond(request_, now)
    response = decode_timestamp_response(reply)
    assert response.status == REJECTION
    # rfc3161-client looks for the token before it looks at the status.
    with pytest.raises(ValueError, match="Missing"):
        verify(authority, reply)
    (tmp_path / "reply").write_bytes(reply)
    shown = openssl(tmp_path, "-reply", "-in", "reply", "-text")
    assert re.search(f"Failure info: .*{failure}", shown.stdout), shown.stdout
    assert "TST info:\nNot included" in shown.stdout


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A missing openssl fails the test: it is the one reader of another family here."""
    command = ["openssl", "ts", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("options", [[], ["-cert"], ["-no_nonce"], ["-cert", "-no_nonce"]])
def test_openssl_asks_and_verifies(
    authority: TimestampAuthority,
    now: datetime,
    tmp_path: Path,
    algorithm: str,
    options: list[str],
) -> None:
    (tmp_path / "data").write_bytes(MESSAGE)
    for name in ("root", "leaf"):
        certificate: x509.Certificate = getattr(authority, name)
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        (tmp_path / f"{name}.pem").write_bytes(pem)
    query = ["-query", "-data", "data", f"-{algorithm}", *options, "-out", "query"]
    assert openssl(tmp_path, *query).returncode == 0
    request = parse_query((tmp_path / "query").read_bytes())
    assert request.certificate_wanted == ("-cert" in options)
    (tmp_path / "reply").write_bytes(authority.respond(request, now))
    at = str(int(now.timestamp()) + 1)
    check = ["-verify", "-in", "reply", "-CAfile", "root.pem", "-untrusted", "leaf.pem"]
    verified = openssl(tmp_path, *check, "-attime", at, "-queryfile", "query")
    assert verified.returncode == 0, verified.stderr
    (tmp_path / "data").write_bytes(MESSAGE + b"x")
    assert openssl(tmp_path, *check, "-attime", at, "-data", "data").returncode != 0


def test_the_leaf_stamps_and_does_nothing_else(authority: TimestampAuthority) -> None:
    leaf = authority.leaf
    leaf.verify_directly_issued_by(authority.root)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    root = authority.root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (root.ca, root.path_length) == (True, 0)
    assert leaf.not_valid_after_utc < authority.root.not_valid_after_utc
    key = leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(leaf.signature_hash_algorithm, hashes.SHA256)


JSON = {"artifactHash": base64.b64encode(digest_of(SHA256)).decode(), "hashAlgorithm": "sha256"}


@pytest.mark.parametrize(
    ("asked", "request_"),
    [
        ({}, TimestampRequest(SHA256, digest_of(SHA256))),
        ({"hashAlgorithm": "SHA-256"}, TimestampRequest(SHA256, digest_of(SHA256))),
        ({"hashAlgorithm": "sha384"}, TimestampRequest(SHA384, digest_of(SHA256))),
        ({"nonce": 5}, TimestampRequest(SHA256, digest_of(SHA256), 5)),
        (
            {"certificates": True, "tsaPolicyOID": "1.2.3"},
            TimestampRequest(SHA256, digest_of(SHA256), certificate_wanted=True, policy="1.2.3"),
        ),
    ],
)
def test_a_json_request_says_the_same(asked: dict[str, Any], request_: TimestampRequest) -> None:
    assert parse_json_request(json.dumps(JSON | asked).encode()) == request_


@pytest.mark.parametrize(
    "asked",
    [
        {"hashAlgorithm": "md5"},
        {"hashAlgorithm": None},
        {"hashAlgorithm": 7},
        {"artifactHash": "%"},
        {"artifactHash": None},
        {"nonce": "5"},
        {"nonce": True},
        {"nonce": 1 << 513},
        {"certificates": 1},
        {"tsaPolicyOID": "x"},
        {"tsaPolicyOID": 7},
        {"unknown": 1},
    ],
)
def test_a_malformed_json_request_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="time-stamp request"):
        parse_json_request(json.dumps(JSON | asked).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b"\xff", b"[" * 100000])
def test_a_json_request_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match="time-stamp request"):
        parse_json_request(body)


def query() -> bytes:
    return TimestampRequestBuilder().data(MESSAGE).build().as_bytes()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(query()[:-1], id="cut-short"),
        pytest.param(query() + b"\0", id="trailing"),
        pytest.param(query().replace(b"\x02\x01\x01", b"\x02\x01\x02", 1), id="version-2"),
        pytest.param(b"0" + bytes(100), id="zeros"),
    ],
)
def test_a_malformed_query_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match="time-stamp request"):
        parse_query(body)


def flipped(at: int, byte: int) -> bytes:
    """A real query with one byte replaced."""
    body = bytearray(query())
    body[at % len(body)] = byte
    return bytes(body)


FLIPPED = st.builds(flipped, st.integers(0, 60), st.integers(0, 255))


@given(st.binary(max_size=200) | FLIPPED)
def test_any_bytes_are_a_request_that_is_answered_or_are_refused(body: bytes) -> None:
    for parse in (parse_query, parse_json_request):
        try:
            request = parse(body)
        except InputError:
            continue
        assert decode_timestamp_response(sandbox_keys().tsa.respond(request, AT))
