"""Keys and certificate authorities of the sandbox, made once and kept in its state."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sealane.errors import InputError
from sealane.sandbox.state import State

# Every certificate of the sandbox names it, so that none is mistaken for a real one.
ORGANIZATION = "sealane sandbox"
_LIFETIME = timedelta(days=3650)
_LEEWAY = timedelta(minutes=1)


def spki(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    """DER SubjectPublicKeyInfo of a public key."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
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
        ct: Signs certificate timestamps.
        authority: Issues signing certificates.
    """

    created: datetime
    issuer: rsa.RSAPrivateKey
    rekor1: ec.EllipticCurvePrivateKey
    ct: ec.EllipticCurvePrivateKey
    authority: Authority


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
            _load_ec(state, "ct"),
            Authority(
                _load_ec(state, "fulcio"),
                *(_load_certificate(state, name) for name in ("fulcio", "fulcio-root")),
            ),
        )
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"sandbox {str(state.directory)!r}: its keys cannot be read: {error}",
            hint="delete the directory; a sandbox keeps nothing of worth",
        ) from error


def _make_keys(created: datetime) -> Keys:
    root_key = ec.generate_private_key(ec.SECP384R1())
    key = ec.generate_private_key(ec.SECP384R1())
    root = _authority("root", root_key, root_key, None, created)
    intermediate = _authority("intermediate", key, root_key, root, created)
    # The root's key is dropped here: nothing is ever issued from it again.
    return Keys(
        created,
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
        Authority(key, intermediate, root),
    )


def _authority(
    role: str,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    created: datetime,
) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, f"sealane sandbox {role}"),
        ]
    )
    depth = 1 if issuer is None else 0
    builder = (
        x509.CertificateBuilder(issuer.subject if issuer else name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(created - _LEEWAY)
        .not_valid_after(created + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(key_usage(sign=False), critical=True)
    )
    if issuer is not None:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        builder = builder.add_extension(usage, critical=False)
    subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = builder.add_extension(subject_id, critical=False)
    return builder.add_extension(issuer_id, critical=False).sign(issuer_key, hashes.SHA384())


def _store(state: State, keys: Keys) -> None:
    named = (
        ("issuer", keys.issuer),
        ("rekor1", keys.rekor1),
        ("ct", keys.ct),
        ("fulcio", keys.authority.key),
    )
    for name, key in named:
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        state.write_key(f"{name}.key", pem)
    certificates = (("fulcio", keys.authority.intermediate), ("fulcio-root", keys.authority.root))
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


def _load_key(state: State, name: str) -> object:
    content = (state.directory / f"{name}.key").read_bytes()
    return serialization.load_pem_private_key(content, password=None)


def _load_certificate(state: State, name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((state.directory / f"{name}.der").read_bytes())
