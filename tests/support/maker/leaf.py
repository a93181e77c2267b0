"""Signing certificates: for minutes, with the promises of certificate logs in them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.sandbox import sct
from sealane.sandbox.pki import key_id, key_usage
from support.maker.authority import CODE_SIGNING, Authority, Extension
from support.maker.claims import claims_of, subject_of
from support.maker.keys import Hash, PrivateKey, ec_named

LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A signing certificate, and the key that it is for."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class LeafShape:
    """What a leaf says; the default is a sound one.

    Attributes:
        usage: Key usage; None for none.
        purposes: Extended key usages; empty for none.
        ca: Whether basic constraints say that it is an authority; None for no basic constraints.
        extra: Further extensions, each with whether it is critical.
        hash: What the authority signs over.
        life: How long it lives.
        subject: Its subject alternative name; None for that of the identity.
        claims: Its claims; None for those of the identity.
        broken_promise: Whether a promise is over other bytes.
        promises: The value of the extension with the promises, where that is none.
    """

    usage: x509.KeyUsage | None = field(default_factory=lambda: key_usage(sign=True))
    purposes: Sequence[x509.ObjectIdentifier] = CODE_SIGNING
    ca: bool | None = None
    extra: Sequence[Extension] = ()
    hash: Hash = field(default_factory=hashes.SHA384)
    life: timedelta = LIFE
    subject: x509.SubjectAlternativeName | None = None
    claims: Sequence[x509.UnrecognizedExtension] | None = None
    broken_promise: bool = False
    promises: bytes | None = None


SOUND = LeafShape()


def issue(
    authority: Authority,
    key: PrivateKey,
    identity: str,
    at: datetime,
    *,
    logs: Sequence[ec.EllipticCurvePrivateKey],
    shape: LeafShape = SOUND,
) -> Leaf:
    """A certificate that begins at a time.

    Args:
        authority: Who issues it.
        key: Whose.
        identity: Whom it names.
        at: When it begins, aware; whole seconds of it count.
        logs: Keys of the certificate logs that promise to log it.
        shape: What else it says.
    """
    builder = _builder(authority, key, identity, at.replace(microsecond=0), shape)
    value = shape.promises
    if value is None and logs:
        # The body does not depend on whose key signs, so a cheap one does for this.
        draft = builder.sign(ec_named("drafts"), shape.hash).tbs_certificate_bytes
        issuer = key_id(authority.key.public_key())
        value = sct.extension_value(
            [_promise(log, issuer, draft, at, broken=shape.broken_promise) for log in logs]
        )
    if value is not None:
        # Last, so that the body without it is the draft's.
        listed = x509.UnrecognizedExtension(x509.ObjectIdentifier(sct.SCT_LIST_OID), value)
        builder = builder.add_extension(listed, critical=False)
    return Leaf(key, builder.sign(authority.key, shape.hash))


def _builder(
    authority: Authority, key: PrivateKey, identity: str, at: datetime, shape: LeafShape
) -> x509.CertificateBuilder:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    public = key.public_key()
    builder = (
        x509.CertificateBuilder(authority.issuing.subject, x509.Name([]), public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + shape.life)
    )
    if shape.ca is not None:
        constraints = x509.BasicConstraints(ca=shape.ca, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    if shape.usage is not None:
        builder = builder.add_extension(shape.usage, critical=True)
    if shape.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(shape.purposes), critical=False)
    builder = (
        builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(issuer, critical=False)
        .add_extension(shape.subject or subject_of(identity), critical=True)
    )
    for claim in claims_of(identity) if shape.claims is None else shape.claims:
        builder = builder.add_extension(claim, critical=False)
    for extension, critical in shape.extra:
        builder = builder.add_extension(extension, critical=critical)
    return builder


def _promise(
    log: ec.EllipticCurvePrivateKey, issuer: bytes, body: bytes, at: datetime, *, broken: bool
) -> bytes:
    milliseconds = int(at.timestamp() * 1000)
    seen = hashlib.sha256(body).digest() if broken else body
    entry = sct.timestamped_entry(milliseconds, issuer, seen)
    signature = log.sign(sct.signed_bytes(entry), ec.ECDSA(hashes.SHA256()))
    return sct.encode_sct(key_id(log.public_key()), milliseconds, signature)
