"""A leaf is for signing code and nothing else; an authority is for issuing such leaves."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from sealane.core.verify.profile import (
    check_algorithm,
    check_authority_profile,
    check_key,
    check_leaf_profile,
)
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from sealane.sandbox import der
from sealane.sandbox.pki import key_usage
from support.judged import WORLD
from support.maker.authority import CODE_SIGNING, ROOT, Shape, make_authority, named
from support.maker.keys import ec_named, key_named
from support.maker.leaf import LeafShape

PRIVATE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")
CONSTRAINTS = x509.NameConstraints([x509.DNSName("example.org")], None)
SIGN_AND_ISSUE = x509.KeyUsage(
    digital_signature=True, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip
TLS = (ExtendedKeyUsageOID.SERVER_AUTH,)
ANY = (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)


def leaf(shape: LeafShape) -> x509.Certificate:
    return WORLD.leaf(shape=shape).certificate


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(LeafShape(), id="usual"),
        pytest.param(LeafShape(ca=False), id="said-to-be-none"),
        pytest.param(LeafShape(purposes=(*CODE_SIGNING, *TLS)), id="two-purposes"),
        pytest.param(LeafShape(extra=[(PRIVATE, False)]), id="unknown-but-not-critical"),
    ],
)
def test_a_leaf_for_signing_code_is_taken(shape: LeafShape) -> None:
    check_leaf_profile(leaf(shape))


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(LeafShape(ca=True), id="authority"),
        pytest.param(LeafShape(usage=None), id="no-usage"),
        pytest.param(LeafShape(usage=key_usage(sign=False)), id="for-issuing"),
        pytest.param(LeafShape(usage=SIGN_AND_ISSUE), id="for-issuing-too"),
        pytest.param(LeafShape(purposes=()), id="no-purpose"),
        pytest.param(LeafShape(purposes=TLS), id="for-servers"),
        pytest.param(LeafShape(purposes=ANY), id="for-anything"),
        pytest.param(LeafShape(extra=[(PRIVATE, True)]), id="unknown-critical"),
        pytest.param(LeafShape(extra=[(CONSTRAINTS, True)]), id="critical-constraints"),
        pytest.param(LeafShape(extra=[(x509.PrecertPoison(), True)]), id="precertificate"),
    ],
)
def test_any_other_leaf_is_refused(shape: LeafShape) -> None:
    with pytest.raises(VerificationError) as raised:
        check_leaf_profile(leaf(shape))
    assert raised.value.code == Reason.CERTIFICATE_PROFILE


def authority(shape: Shape) -> x509.Certificate:
    return make_authority("profiles", WORLD.born, shape).issuing


@pytest.mark.parametrize(
    ("shape", "depth"),
    [
        (Shape(pathlen=0), 0),
        (Shape(pathlen=0, purposes=CODE_SIGNING), 0),
        (Shape(pathlen=2), 2),
        (Shape(pathlen=None), 9),
        (Shape(pathlen=0, extra=[(PRIVATE, False)]), 0),
        (ROOT, 1),
    ],
)
def test_an_authority_for_such_leaves_is_taken(shape: Shape, depth: int) -> None:
    check_authority_profile(authority(shape), depth)


@pytest.mark.parametrize(
    ("shape", "depth"),
    [
        pytest.param(Shape(ca=None), 0, id="no-constraints"),
        pytest.param(Shape(ca=False), 0, id="no-authority"),
        pytest.param(Shape(critical=False), 0, id="constraints-not-critical"),
        pytest.param(Shape(pathlen=0), 1, id="path-too-long"),
        pytest.param(Shape(pathlen=1), 2, id="path-longer"),
        pytest.param(Shape(issues=None), 0, id="no-usage"),
        pytest.param(Shape(issues=False), 0, id="for-signing"),
        pytest.param(Shape(purposes=TLS), 0, id="for-servers"),
        pytest.param(Shape(purposes=ANY), 0, id="for-anything"),
        pytest.param(Shape(extra=[(CONSTRAINTS, True)]), 0, id="critical-name-constraints"),
        pytest.param(Shape(extra=[(CONSTRAINTS, False)]), 0, id="name-constraints"),
        pytest.param(Shape(extra=[(PRIVATE, True)]), 0, id="unknown-critical"),
    ],
)
def test_any_other_authority_is_refused(shape: Shape, depth: int) -> None:
    with pytest.raises(VerificationError) as raised:
        check_authority_profile(authority(shape), depth)
    assert raised.value.code == Reason.CERTIFICATE_PROFILE


KEY = ec_named("profiles root")


def self_signed(*extra: x509.ExtensionType) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(named("root"), named("root"), KEY.public_key(), 7)
    builder = builder.not_valid_before(WORLD.born).not_valid_after(WORLD.at)
    for extension in extra:
        builder = builder.add_extension(extension, critical=True)
    return builder


@pytest.mark.parametrize("algorithm", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_a_certificate_over_a_strong_hash_is_taken(
    algorithm: hashes.SHA256 | hashes.SHA384 | hashes.SHA512,
) -> None:
    check_algorithm(self_signed().sign(KEY, algorithm))


def test_a_certificate_over_another_hash_is_refused() -> None:
    ed25519_key = ed25519.Ed25519PrivateKey.generate()
    strong = self_signed().sign(KEY, hashes.SHA256())
    # An algorithm that nobody knows, in both places where it stands.
    unknown = bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d04037f")
    changed = strong.public_bytes(Encoding.DER).replace(*unknown)
    for certificate in (
        self_signed().sign(KEY, hashes.SHA224()),
        self_signed().sign(KEY, hashes.SHA3_256()),
        self_signed().sign(ed25519_key, None),
        x509.load_der_x509_certificate(changed),
    ):
        with pytest.raises(VerificationError) as raised:
            check_algorithm(certificate)
        assert raised.value.code == Reason.CERTIFICATE_PROFILE


def test_a_certificate_of_another_version_is_refused() -> None:
    """Extensions are of version 3; a reader of an older one may overlook them."""
    strong = self_signed(x509.BasicConstraints(ca=True, path_length=None))
    _, content, _ = der.decode(strong.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER))
    (_, body), *signature = der.elements(content)
    # Version 1 is the default, and so it is not written.
    _, *unversioned = der.elements(body)
    parts = [(der.SEQUENCE, b"".join(der.encode(*one) for one in unversioned)), *signature]
    first = der.encode(der.SEQUENCE, b"".join(der.encode(*one) for one in parts))
    old = x509.load_der_x509_certificate(first)
    with pytest.raises(VerificationError, match="version 3"):
        check_authority_profile(old, 0)


def test_extensions_that_cannot_be_read_are_refused() -> None:
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    sound = self_signed(constraints).sign(KEY, hashes.SHA256())
    # BOOLEAN true becomes an INTEGER in the constraints.
    broken = sound.public_bytes(Encoding.DER).replace(
        b"\x30\x03\x01\x01\xff", b"\x30\x03\x02\x01\xff"
    )
    with pytest.raises(VerificationError, match="cannot be read"):
        check_authority_profile(x509.load_der_x509_certificate(broken), 0)


def test_an_authoritys_key_is_of_a_kind_that_is_supported() -> None:
    check_key(authority(Shape()))
    for kind in ("rsa1024", "k256"):
        certificate = WORLD.leaf(key=key_named("weak", kind)).certificate
        with pytest.raises(VerificationError, match="an authority's key"):
            check_key(certificate)
