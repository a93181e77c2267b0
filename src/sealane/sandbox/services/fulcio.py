"""Fulcio: a signing certificate for whoever holds an identity token and a key."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from sealane.errors import InputError
from sealane.sandbox import der, sct
from sealane.sandbox.claims.shape import Shape
from sealane.sandbox.pki import Authority, key_id, key_usage
from sealane.sandbox.ports import Ports, TokenRefusedError
from sealane.sandbox.wire import Request, Response, Route, json_response

_AUDIENCE = "sigstore"
_ARC = "1.3.6.1.4.1.57264.1"
# Numbers up to this one hold raw text, those above DER UTF8Strings.
_LAST_RAW = 6
_LIFETIME = timedelta(minutes=10)
_UTF8_STRING = 0x0C
_SMALLEST_RSA = 2048
_LARGEST_RSA = 4096
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class _ProofError(Exception):
    """The client did not show that it holds the key."""


class Fulcio:
    """Routes of the certificate authority.

    Args:
        ports: The world.
        authority: Issues.
        timestamp: Logs a certificate's body: issuer key hash, body -> SCT.
        shape_of: The shape of a verified token.
    """

    def __init__(
        self,
        ports: Ports,
        authority: Authority,
        timestamp: Callable[[bytes, bytes], bytes],
        shape_of: Callable[[Mapping[str, Any]], Shape],
    ) -> None:
        self._ports = ports
        self._authority = authority
        self._timestamp = timestamp
        self._shape_of = shape_of

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("POST", r"/api/v2/signingCert", self._signing_certificate),
            Route.of("GET", r"/api/v2/trustBundle", self._trust_bundle),
        ]

    def _trust_bundle(self, request: Request) -> Response:
        del request
        return json_response(200, {"chains": [{"certificates": self._authority.chain_pem}]})

    def _signing_certificate(self, request: Request) -> Response:
        """Issue: 1. read, 2. check the token, 3. check the key's proof, 4. sign and log."""
        if self._ports.fault("fulcio") == "down":
            return json_response(503, {"code": 14, "message": "unavailable", "details": []})
        try:
            asked = _read(request.body)  # 1
            token = _token(asked, request.headers)
            claims = self._ports.verify_token(token, audience=_AUDIENCE)  # 2
            shape = self._shape_of(claims)
            key = _proven_key(asked, _text(claims.get(shape.proof)))  # 3
            leaf = self._issue(key, shape, _values(shape, claims))  # 4
        except TokenRefusedError as error:
            reason = f"There was an error processing the identity token: {error}"
            return self._refuse(401, 16, reason)
        except _ProofError as error:
            reason = f"The signature supplied in the request could not be verified: {error}"
            return self._refuse(400, 3, reason)
        except InputError as error:
            return self._refuse(400, 3, error.message)
        pem = leaf.public_bytes(serialization.Encoding.PEM).decode()
        chain = {"certificates": [pem, *self._authority.chain_pem]}
        return json_response(200, {"signedCertificateEmbeddedSct": {"chain": chain}})

    def _refuse(self, status: int, code: int, reason: str) -> Response:
        self._ports.log("fulcio", f"refused: {reason}")
        return json_response(status, {"code": code, "message": reason, "details": []})

    def _issue(self, key: _PublicKey, shape: Shape, values: Mapping[str, str]) -> x509.Certificate:
        builder = self._prepare(key, shape, values)
        # The SCT covers everything but the SCT list, so that comes last.
        body = builder.sign(self._authority.key, hashes.SHA384()).tbs_certificate_bytes
        issuer = key_id(self._authority.key.public_key())
        value = sct.extension_value([self._timestamp(issuer, body)])
        listed = x509.UnrecognizedExtension(ObjectIdentifier(sct.SCT_LIST_OID), value)
        leaf = builder.add_extension(listed, critical=False).sign(
            self._authority.key, hashes.SHA384()
        )
        if leaf.tbs_precertificate_bytes != body:
            raise RuntimeError("the certificate is not the one its timestamp is for")
        return leaf

    def _prepare(
        self, key: _PublicKey, shape: Shape, values: Mapping[str, str]
    ) -> x509.CertificateBuilder:
        now = datetime.fromtimestamp(int(self._ports.now()), UTC)
        issuer_id = self._authority.intermediate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value
        builder = x509.CertificateBuilder(
            self._authority.intermediate.subject, x509.Name([]), key
        ).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now).not_valid_after(now + _LIFETIME)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        authority_id = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id)
        for extension, critical in (
            (key_usage(sign=True), True),
            (purpose, False),
            (x509.SubjectKeyIdentifier.from_public_key(key), False),
            (authority_id, False),
            (x509.SubjectAlternativeName([_subject(shape, values)]), True),
            *((extension, False) for extension in _extensions(shape, values)),
        ):
            builder = builder.add_extension(extension, critical=critical)
        return builder


def _text(value: object) -> str:
    """A claim as the templates see it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""


def _values(shape: Shape, claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in claims.items()} | dict(shape.derive(claims))


def _fill(template: str, values: Mapping[str, str]) -> str:
    """A template over claims; empty when one of them is absent or empty."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    return template.format_map(values) if all(values.get(name) for name in names) else ""


def _subject(shape: Shape, values: Mapping[str, str]) -> x509.GeneralName:
    name = _fill(shape.subject, values)
    if shape.email and values.get("email_verified") != "true":
        raise TokenRefusedError("the e-mail address is not verified")
    try:
        if name:
            return x509.RFC822Name(name) if shape.email else x509.UniformResourceIdentifier(name)
    except ValueError as error:
        raise TokenRefusedError("the subject cannot stand in a certificate") from error
    raise TokenRefusedError("a claim that names the subject is missing")


def _extensions(shape: Shape, values: Mapping[str, str]) -> list[x509.UnrecognizedExtension]:
    found = []
    for number, template in sorted(shape.extensions.items()):
        raw = _fill(template, values).encode()
        if raw:
            value = raw if number <= _LAST_RAW else _utf8_string(raw)
            oid = ObjectIdentifier(f"{_ARC}.{number}")
            found.append(x509.UnrecognizedExtension(oid, value))
    return found


def _utf8_string(raw: bytes) -> bytes:
    return der.encode(_UTF8_STRING, raw)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("The request is not JSON") from error
    if not isinstance(asked, dict):
        raise InputError("The request is not a JSON object")
    return asked


def _token(asked: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The token of the body if there is one, else that of the header, whatever the form."""
    credentials = asked.get("credentials")
    inside = credentials.get("oidcIdentityToken") if isinstance(credentials, dict) else None
    if inside:
        return str(inside)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefusedError("there is none")
    return token.strip()


def _proven_key(asked: Mapping[str, Any], identity: str) -> _PublicKey:
    """The key to certify, of which the client has shown that it holds the other half.

    Raises:
        _ProofError: It has not.
        InputError: There is no key, or one of a kind that is not certified.
    """
    try:
        if "certificateSigningRequest" in asked:
            pem = base64.b64decode(asked["certificateSigningRequest"], validate=True)
            request = x509.load_pem_x509_csr(pem)
            key = _known(request.public_key())
            if not request.is_signature_valid:
                raise _ProofError("the signing request is not signed by its key")
            return key
        wanted = asked["publicKeyRequest"]
        proof = base64.b64decode(wanted["proofOfPossession"], validate=True)
        pem = wanted["publicKey"]["content"].encode()
        key = _known(serialization.load_pem_public_key(pem))
    except (AttributeError, LookupError, TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"The request holds no usable key: {type(error).__name__}") from error
    _check_proof(key, proof, identity)
    return key


def _known(key: object) -> _PublicKey:
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return key
    if isinstance(key, rsa.RSAPublicKey) and _SMALLEST_RSA <= key.key_size <= _LARGEST_RSA:
        return key
    raise InputError("Keys are P-256, P-384, P-521, or RSA of 2048 to 4096 bits")


def _check_proof(key: _PublicKey, proof: bytes, identity: str) -> None:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(proof, identity.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(proof, identity.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise _ProofError("the proof of possession is not over the identity") from error
