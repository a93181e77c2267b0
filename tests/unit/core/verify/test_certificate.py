"""Who signed is read out of a certificate strictly, all claims included."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.identity import Claim
from sealane.core.verify.certificate import identity_of
from sealane.errors import VerificationError
from support.signing import PRIVATE_KEY

ARC = "1.3.6.1.4.1.57264.1."
AT = datetime(2026, 1, 1, tzinfo=UTC)
URI = x509.UniformResourceIdentifier("https://gitlab.com/a/b//ci.yml@refs/tags/v1")


def utf8(text: str) -> bytes:
    content = text.encode()
    size = len(content)
    if size < 0x80:
        return bytes([0x0C, size]) + content
    if size < 0x100:
        return bytes([0x0C, 0x81, size]) + content
    return b"\x0c\x82" + size.to_bytes(2) + content


def certificate(
    names: Sequence[x509.GeneralName] | None, claims: dict[int, bytes]
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(PRIVATE_KEY.public_key())
        .serial_number(1)
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(minutes=10))
    )
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
    for number, value in claims.items():
        extension = x509.UnrecognizedExtension(ObjectIdentifier(f"{ARC}{number}"), value)
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(PRIVATE_KEY, hashes.SHA256())


ISSUER = {8: utf8("https://gitlab.com")}


def test_all_claims_are_read_also_the_newest() -> None:
    claims = {
        **ISSUER,
        23: utf8("release"),
        24: utf8("sub"),
        12: utf8("x" * 200),
        13: utf8("y" * 300),
    }
    found = identity_of(certificate([URI], {**claims, 2: b"raw"}))
    assert (found.issuer, found.subject) == ("https://gitlab.com", URI.value)
    assert found.claim(Claim.DEPLOYMENT_ENVIRONMENT) == "release"
    assert found.claim(Claim.TOKEN_SUBJECT) == "sub"
    assert found.claim(Claim.SOURCE_REPOSITORY_URI) == "x" * 200
    assert found.claim(Claim.SOURCE_REPOSITORY_DIGEST) == "y" * 300
    assert [number for number, _ in found.extensions] == [8, 12, 13, 23, 24]


def test_an_old_certificate_names_its_issuer_in_extension_1() -> None:
    old = certificate([x509.RFC822Name("ann@example.org")], {1: b"https://login.example.org"})
    found = identity_of(old)
    assert (found.issuer, found.subject) == ("https://login.example.org", "ann@example.org")


def test_the_newer_issuer_wins() -> None:
    both = certificate([URI], {1: b"https://other.example", **ISSUER})
    assert identity_of(both).issuer == "https://gitlab.com"


def test_a_user_name_is_a_subject() -> None:
    name = x509.OtherName(ObjectIdentifier(f"{ARC}7"), utf8("ann!example.org"))
    assert identity_of(certificate([name], ISSUER)).subject == "ann!example.org"


BAD = [
    pytest.param(None, ISSUER, id="no-subject"),
    pytest.param([URI, URI], ISSUER, id="two-subjects"),
    pytest.param([x509.DNSName("example.org")], ISSUER, id="a-host"),
    pytest.param([x509.OtherName(ObjectIdentifier("1.2.3"), utf8("x"))], ISSUER, id="other-name"),
    pytest.param([URI], {}, id="no-issuer"),
    pytest.param([URI], {8: utf8("")}, id="empty-issuer"),
    pytest.param([URI], {1: b"\xff"}, id="old-issuer-not-utf-8"),
    pytest.param([URI], {8: b"https://gitlab.com"}, id="not-der"),
    pytest.param([URI], {8: b"\x13" + utf8("x")[1:]}, id="another-type"),
    pytest.param([URI], {8: utf8("abc") + b"d"}, id="bytes-after"),
    pytest.param([URI], {8: utf8("abc")[:-1]}, id="bytes-missing"),
    pytest.param([URI], {8: b"\x0c\x81\x03abc"}, id="long-length"),
    pytest.param([URI], {8: b"\x0c\x82\x00\x80" + b"a" * 128}, id="leading-zero"),
    pytest.param([URI], {8: b"\x0c\x80abc"}, id="indefinite"),
    pytest.param([URI], {8: b"\x0c\x84"}, id="length-missing"),
    pytest.param([URI], {8: b"\x0c\x01\xff"}, id="not-utf-8"),
    pytest.param([URI], {8: utf8("a\0b")}, id="nul"),
    pytest.param([URI], {8: utf8("a" * 3000)}, id="long"),
    pytest.param([URI], {**ISSUER, 23: b"release"}, id="environment-not-der"),
]


KEY = "urn:sealane:key"
NAMED_LIKE_A_KEY = [
    pytest.param([URI], {8: utf8(KEY)}, id="issuer"),
    pytest.param([URI], {8: utf8("URN:Sealane:openpgp")}, id="in-another-case"),
    pytest.param([URI], {8: utf8("urn:sealane:")}, id="the-prefix-alone"),
    pytest.param([URI], {1: KEY.encode()}, id="old-issuer"),
    pytest.param([x509.UniformResourceIdentifier(f"{KEY}:x")], ISSUER, id="subject"),
    pytest.param([x509.OtherName(ObjectIdentifier(f"{ARC}7"), utf8(KEY))], ISSUER, id="user-name"),
]


@pytest.mark.parametrize(("names", "claims"), NAMED_LIKE_A_KEY)
def test_a_certificate_that_names_itself_like_a_key_is_refused(
    names: list[x509.GeneralName], claims: dict[int, bytes]
) -> None:
    with pytest.raises(VerificationError, match="which no certificate may") as raised:
        identity_of(certificate(names, claims))
    assert raised.value.code == "SL-ID-001"


def test_what_only_resembles_a_key_is_read() -> None:
    for issuer in ("urn:sealanes:key", "https://urn:sealane:key", "urn:other:key"):
        assert identity_of(certificate([URI], {8: utf8(issuer)})).issuer == issuer


@pytest.mark.parametrize(("names", "claims"), BAD)
def test_a_certificate_that_does_not_say_who_signed_is_refused(
    names: list[x509.GeneralName] | None, claims: dict[int, bytes]
) -> None:
    with pytest.raises(VerificationError) as raised:
        identity_of(certificate(names, claims))
    assert raised.value.code == "SL-ID-001"


@given(st.binary(max_size=40))
def test_no_claim_raises_anything_else(value: bytes) -> None:
    try:
        identity_of(certificate([URI], {**ISSUER, 23: value}))
    except VerificationError:
        return


def test_extensions_that_cannot_be_read_are_refused() -> None:
    good = certificate([URI], ISSUER).public_bytes(Encoding.DER)
    # The length of the alternative name inside its extension no longer fits.
    name = URI.value.encode()
    broken = good.replace(bytes([len(name)]) + name, bytes([len(name) + 1]) + name)
    assert broken != good
    with pytest.raises(VerificationError) as raised:
        identity_of(x509.load_der_x509_certificate(broken))
    assert raised.value.code == "SL-ID-001"
