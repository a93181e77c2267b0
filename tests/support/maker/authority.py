"""Authorities of one's own: for signing certificates, and for times; sound ones and others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sealane.sandbox.pki import key_usage
from sealane.sandbox.timestamp import TimestampAuthority
from support.maker.keys import Hash, ec_named

CODE_SIGNING = (ExtendedKeyUsageOID.CODE_SIGNING,)
TIME_STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
_LIFE = timedelta(days=3650)
Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a certificate of an authority says; the default is a sound one.

    Attributes:
        ca: Whether it is one; None for no basic constraints.
        critical: Whether those are critical.
        pathlen: How many authorities may stand below it.
        issues: Whether its key may sign certificates; None for no key usage.
        purposes: Extended key usages; empty for none.
        extra: Further extensions, each with whether it is critical.
        life: First and last moment, where they are not those of the world.
        hash: What its issuer signs over.
    """

    ca: bool | None = True
    critical: bool = True
    pathlen: int | None = 1
    issues: bool | None = True
    purposes: Sequence[x509.ObjectIdentifier] = ()
    extra: Sequence[Extension] = ()
    life: tuple[datetime, datetime] | None = None
    hash: Hash = field(default_factory=hashes.SHA384)


ROOT = Shape()
INTERMEDIATE = Shape(pathlen=0, purposes=CODE_SIGNING)
STAMPER = Shape(ca=False, pathlen=None, issues=False, purposes=TIME_STAMPING, hash=hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues signing certificates.

    Attributes:
        key: Key of what issues leaves.
        chain: Certificates, the one that issues leaves first, the root last.
    """

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def issuing(self) -> x509.Certificate:
        """What issues leaves."""
        return self.chain[0]


def make_authority(
    name: str, born: datetime, intermediate: Shape = INTERMEDIATE, root: Shape = ROOT
) -> Authority:
    """An authority of two certificates on P-384."""
    root_key, key = ec_named(f"{name} root", "p384"), ec_named(f"{name} intermediate", "p384")
    top = certificate(f"{name} root", root_key, f"{name} root", root_key, born, shape=root)
    below = certificate(
        f"{name} intermediate", key, f"{name} root", root_key, born, shape=intermediate
    )
    return Authority(key, (below, top))


def make_stamper(name: str, born: datetime, leaf: Shape = STAMPER) -> TimestampAuthority:
    """A time-stamp authority on P-256, of a leaf and a root."""
    root_key, key = ec_named(f"{name} root"), ec_named(name)
    top = Shape(pathlen=0, hash=hashes.SHA256())
    return TimestampAuthority(
        key,
        certificate(name, key, f"{name} root", root_key, born, shape=leaf),
        certificate(f"{name} root", root_key, f"{name} root", root_key, born, shape=top),
    )


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    born: datetime,
    *,
    shape: Shape,
) -> x509.Certificate:
    """A certificate for a name, by another name."""
    start, end = shape.life or (born, born + _LIFE)
    public = key.public_key()
    builder = (
        x509.CertificateBuilder(named(issuer), named(name), public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if shape.ca is not None:
        length = shape.pathlen if shape.ca else None
        constraints = x509.BasicConstraints(ca=shape.ca, path_length=length)
        builder = builder.add_extension(constraints, critical=shape.critical)
    if shape.issues is not None:
        builder = builder.add_extension(key_usage(sign=not shape.issues), critical=True)
    if shape.purposes:
        # RFC 3161 section 2.3 wants it critical; of an issuing authority nobody wants it.
        usage = x509.ExtendedKeyUsage(shape.purposes)
        builder = builder.add_extension(usage, critical=shape.purposes == TIME_STAMPING)
    for extension, critical in shape.extra:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, shape.hash)


def named(name: str) -> x509.Name:
    """A distinguished name; "" for the empty one."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
