"""A TLS authority that can vouch for the air-lock's hosts and for nothing else.

Its key never touches the disk: it signs one leaf when the sandbox starts and is forgotten.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = timedelta(days=7)
# For a client whose clock was read a moment before ours.
_LEEWAY = timedelta(minutes=1)
_LOOPBACK_NAME = "localhost"
_LOOPBACK = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))
_ORGANIZATION = "sealane sandbox"


class TlsAuthority:
    """Certificates of one run of the sandbox.

    Writes `ca.pem`, which children are pointed to by environment variables and which belongs in
    no system store.

    Args:
        directory: State directory, 0700.
        hosts: Hosts of the air-lock's map; `localhost` and the loopback addresses come on top.
        now: Current time, aware.

    Attributes:
        certificate: Path of the authority's certificate.
        context: Server side of TLS with a leaf for all names.
    """

    def __init__(self, directory: Path, hosts: Sequence[str], now: datetime) -> None:
        self._names = tuple(dict.fromkeys((*hosts, _LOOPBACK_NAME)))
        self._start = now.replace(microsecond=0) - _LEEWAY
        # The leeway counts: not a second longer than a week in all.
        self._end = self._start + _LIFETIME
        authority_key = ec.generate_private_key(ec.SECP256R1())
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        authority = self._authority(authority_key)
        leaf = self._leaf(leaf_key, authority, authority_key)
        self.certificate = directory / "ca.pem"
        self.certificate.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        self._leaf_file = directory / "tls.pem"
        self.context = self._context(leaf, leaf_key)

    def destroy(self) -> None:
        """Remove the authority's certificate, so that no child goes on trusting it."""
        for path in (self.certificate, self._leaf_file):
            path.unlink(missing_ok=True)

    def _authority(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = _name("sealane sandbox TLS")
        constraints = x509.NameConstraints(
            permitted_subtrees=[
                *(x509.DNSName(host) for host in self._names),
                *(x509.IPAddress(ipaddress.ip_network(address)) for address in _LOOPBACK),
            ],
            excluded_subtrees=None,
        )
        return (
            self._builder(name, name, key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(constraints, critical=True)
            .sign(key, hashes.SHA256())
        )

    def _leaf(
        self,
        key: ec.EllipticCurvePrivateKey,
        authority: x509.Certificate,
        authority_key: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        names = x509.SubjectAlternativeName(
            [
                *(x509.DNSName(host) for host in self._names),
                *(x509.IPAddress(address) for address in _LOOPBACK),
            ]
        )
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
        return (
            self._builder(authority.subject, _name("sealane sandbox server"), key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(names, critical=False)
            .add_extension(issuer_id, critical=False)
            .sign(authority_key, hashes.SHA256())
        )

    def _builder(
        self, issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey
    ) -> x509.CertificateBuilder:
        subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder(issuer, subject, key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._start)
            .not_valid_after(self._end)
            .add_extension(subject_id, critical=False)
        )

    def _context(self, leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
        pem = leaf.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        # OpenSSL takes the key from a file only; it is there for this moment.
        with contextlib.ExitStack() as stack:
            stack.callback(self._leaf_file.unlink, missing_ok=True)
            self._leaf_file.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(self._leaf_file, flags, 0o600), "wb") as stream:
                stream.write(pem)
            context.load_cert_chain(self._leaf_file)
        return context


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
