"""Keys and certificate authorities of the sandbox, made once and kept in its state."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sealane.errors import InputError
from sealane.sandbox.state import State
from sealane.sandbox.timestamp import TimestampAuthority

# Every certificate of the sandbox names it, so that none is mistaken for a real one.
ORGANIZATION = "sealane sandbox"
_LIFETIME = timedelta(days=3650)
_LEEWAY = timedelta(minutes=1)
_PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey
_PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def spki(key: _PublicKey) -> bytes:
    """DER SubjectPublicKeyInfo of a public key."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: _PublicKey) -> bytes:
    """SHA-256 of a public key's SubjectPublicKeyInfo: a log's id, a CT issuer's hash."""
    return hashlib.sha256(spki(key)).digest()


def key_usage(*, sign: bool) -> x509.KeyUsage:
    """Key usage of a leaf (`sign`: digital signatures only) or of an authority."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """What issues Fulcio's certificates.

    Attributes:
        key: Key of the intermediate.
        intermediate: The certificate leaves chain to.
        root: The certificate trust starts from.
    """

    key: ec.EllipticCurvePrivateKey
    intermediate: x509.Certificate
    root: x509.Certificate

    @property
    def chain_pem(self) -> list[str]:
        """Intermediate and root, PEM."""
        chain = (self.intermediate, self.root)
        return [one.public_bytes(serialization.Encoding.PEM).decode() for one in chain]


@dataclass(frozen=True, slots=True)
class Keys:
    """Every lasting key of the sandbox.

    Attributes:
        created: When they were made, in whole seconds; trust in them starts here.
        issuer: Signs identity tokens.
        rekor1: Signs log entries and checkpoints of Rekor v1.
        rekor2: Signs checkpoints of Rekor v2.
        ct: Signs certificate timestamps.
        authority: Issues signing certificates.
        tsa: Stamps signatures with the time.
    """

    created: datetime
    issuer: rsa.RSAPrivateKey
    rekor1: ec.EllipticCurvePrivateKey
    rekor2: ed25519.Ed25519PrivateKey
    ct: ec.EllipticCurvePrivateKey
    authority: Authority
    tsa: TimestampAuthority


def load_keys(state: State, now: datetime) -> Keys:
    """The keys of a state directory; made when it has none.

    Raises:
        InputError: Some were made before, and are gone or unreadable.
    """
    state.ensure("CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    known = state.read("SELECT value FROM kv WHERE key = 'created'")
    if not known:
        keys = _make_keys(now.replace(microsecond=0))
        _store(state, keys)
        # Last, so that an interrupted start makes all of them again.
        state.write("INSERT INTO kv VALUES ('created', ?)", keys.created.isoformat())
        return keys
    try:
        return Keys(
            datetime.fromisoformat(known[0][0]),
            _load_rsa(state, "issuer"),
            _load_ec(state, "rekor1"),
            _load_ed25519(state, "rekor2"),
            _load_ec(state, "ct"),
            Authority(*_load_authority(state, "fulcio")),
            TimestampAuthority(*_load_authority(state, "tsa")),
        )
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"sandbox {str(state.directory)!r}: its keys cannot be read: {error}",
            hint="delete the directory, which may be an older version's; a sandbox keeps nothing "
            "of worth",
        ) from error


def _make_keys(created: datetime) -> Keys:
    return Keys(
        created,
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
        _make_authority(created),
        _make_tsa(created),
    )


def _make_authority(created: datetime) -> Authority:
    """Fulcio's; the root's key is dropped here: nothing is ever issued from it again."""
    root_key = ec.generate_private_key(ec.SECP384R1())
    key = ec.generate_private_key(ec.SECP384R1())
    root = _self_signed("root", root_key, created, depth=1)
    builder = (
        _certificate("intermediate", key, root.subject, root_key, created)
        .not_valid_after(created + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
    )
    return Authority(key, builder.sign(root_key, hashes.SHA384()), root)


def _make_tsa(created: datetime) -> TimestampAuthority:
    """The time-stamp authority; its root's key is dropped here, too."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    root = _self_signed("time-stamp root", root_key, created, depth=0)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = (
        _certificate("time-stamp authority", key, root.subject, root_key, created)
        .not_valid_after(created + _LIFETIME - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(sign=True), critical=True)
        # Critical and alone: RFC 3161 section 2.3, and clients look.
        .add_extension(usage, critical=True)
    )
    return TimestampAuthority(key, builder.sign(root_key, hashes.SHA256()), root)


def _self_signed(
    role: str, key: ec.EllipticCurvePrivateKey, created: datetime, *, depth: int
) -> x509.Certificate:
    builder = (
        _certificate(role, key, _name(role), key, created)
        .not_valid_after(created + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(key_usage(sign=False), critical=True)
    )
    return builder.sign(key, hashes.SHA384() if key.key_size > 256 else hashes.SHA256())


def _certificate(
    role: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    created: datetime,
) -> x509.CertificateBuilder:
    """What all certificates have; the caller adds what this one is for, and how long."""
    subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder(issuer, _name(role), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(created - _LEEWAY)
        .add_extension(subject_id, critical=False)
        .add_extension(issuer_id, critical=False)
    )


def _name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, f"sealane sandbox {role}"),
        ]
    )


def _store(state: State, keys: Keys) -> None:
    named: Sequence[tuple[str, _PrivateKey]] = (
        ("issuer", keys.issuer),
        ("rekor1", keys.rekor1),
        ("rekor2", keys.rekor2),
        ("ct", keys.ct),
        ("fulcio", keys.authority.key),
        ("tsa", keys.tsa.key),
    )
    for name, key in named:
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        state.write_key(f"{name}.key", pem)
    certificates = (
        ("fulcio", keys.authority.intermediate),
        ("fulcio-root", keys.authority.root),
        ("tsa", keys.tsa.leaf),
        ("tsa-root", keys.tsa.root),
    )
    for name, certificate in certificates:
        content = certificate.public_bytes(serialization.Encoding.DER)
        (state.directory / f"{name}.der").write_bytes(content)


def _load_rsa(state: State, name: str) -> rsa.RSAPrivateKey:
    key = _load_key(state, name)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{name}.key is not an RSA key")
    return key


def _load_ec(state: State, name: str) -> ec.EllipticCurvePrivateKey:
    key = _load_key(state, name)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{name}.key is not an EC key")
    return key


def _load_ed25519(state: State, name: str) -> ed25519.Ed25519PrivateKey:
    key = _load_key(state, name)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise TypeError(f"{name}.key is not an Ed25519 key")
    return key


def _load_key(state: State, name: str) -> object:
    content = (state.directory / f"{name}.key").read_bytes()
    return serialization.load_pem_private_key(content, password=None)


def _load_authority(
    state: State, name: str
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    """Key, certificate of that key, and root."""
    key = _load_ec(state, name)
    certificate, root = (
        x509.load_der_x509_certificate((state.directory / f"{one}.der").read_bytes())
        for one in (name, f"{name}-root")
    )
    if certificate.public_key() != key.public_key():
        raise ValueError(f"{name}.der is not the certificate of {name}.key")
    return key, certificate, root
