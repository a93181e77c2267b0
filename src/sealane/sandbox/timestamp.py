"""Time-stamps of RFC 3161: requests are read, replies are made; no clock and no network."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from sealane.errors import InputError

# What the public authority of Sigstore answers under where a request names no policy.
POLICY = "1.3.6.1.4.1.57264.2"
SHA256, SHA384, SHA512 = (f"2.16.840.1.101.3.4.2.{number}" for number in (1, 2, 3))
_SIZES: Mapping[str, int] = {SHA256: 32, SHA384: 48, SHA512: 64}
_NAMES: Mapping[str, str] = {
    "sha256": SHA256, "sha-256": SHA256,
    "sha384": SHA384, "sha-384": SHA384,
    "sha512": SHA512, "sha-512": SHA512,
}  # fmt: skip
_KNOWN_MEMBERS = {"artifactHash", "hashAlgorithm", "nonce", "certificates", "tsaPolicyOID"}
# A nonce of 64 bits is usual; what nobody needs is not echoed into a signed reply.
_LONGEST_NONCE = 512

_SIGNED_DATA, _DATA_DIGEST = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.4"
_CONTENT_TYPE, _SIGNING_TIME = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.5"
_TST_INFO, _SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.16.2.47"
_ECDSA_SHA256 = "1.2.840.10045.4.3.2"
_GRANTED, _REJECTED = 0, 2
# PKIFailureInfo, RFC 3161 section 2.4.2: the numbers of its bits.
_BAD_ALGORITHM, _BAD_DATA_FORMAT, _UNACCEPTED_EXTENSION = 0, 5, 16


@asn1.sequence
class _Algorithm:
    name: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _Extension:
    name: x509.ObjectIdentifier
    critical: Annotated[bool, asn1.Default(False)]
    value: bytes


@asn1.sequence
class _Imprint:
    algorithm: _Algorithm
    digest: bytes


@asn1.sequence
class _Query:
    version: int
    imprint: _Imprint
    policy: x509.ObjectIdentifier | None
    nonce: int | None
    certificate_wanted: Annotated[bool, asn1.Default(False)]
    extensions: Annotated[list[_Extension] | None, asn1.Implicit(0)]


@asn1.sequence
class _Accuracy:
    seconds: int


@asn1.sequence
class _TstInfo:
    version: int
    policy: x509.ObjectIdentifier
    imprint: _Imprint
    serial: int
    time: asn1.GeneralizedTime
    accuracy: _Accuracy
    nonce: int | None


@asn1.sequence
class _Attribute:
    kind: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class _CertificateId:
    """ESSCertIDv2; SHA-256 is its default and stays out."""

    digest: bytes


@asn1.sequence
class _SigningCertificate:
    certificates: list[_CertificateId]


@asn1.sequence
class _SignerName:
    issuer: x509.Name
    serial: int


@asn1.sequence
class _SignerInfo:
    version: int
    signer: _SignerName
    digest_algorithm: _Algorithm
    attributes: Annotated[asn1.SetOf[_Attribute], asn1.Implicit(0)]
    signature_algorithm: _Algorithm
    signature: bytes


@asn1.sequence
class _Content:
    kind: x509.ObjectIdentifier
    content: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class _SignedData:
    version: int
    digest_algorithms: asn1.SetOf[_Algorithm]
    content: _Content
    certificates: Annotated[asn1.SetOf[x509.Certificate] | None, asn1.Implicit(0)]
    signers: asn1.SetOf[_SignerInfo]


@asn1.sequence
class _Token:
    kind: x509.ObjectIdentifier
    content: Annotated[_SignedData, asn1.Explicit(0)]


@asn1.sequence
class _Status:
    status: int
    text: list[str] | None
    failure: asn1.BitString | None


@asn1.sequence
class _Reply:
    status: _Status
    token: _Token | None


@dataclass(frozen=True, slots=True)
class TimestampRequest:
    """What a client wants to have stamped.

    Attributes:
        algorithm: Object identifier of the digest's algorithm, dotted.
        digest: The digest to stamp.
        nonce: Echoed in the reply, so that the client knows it for its own.
        certificate_wanted: Whether the reply holds the authority's certificate.
        policy: Object identifier of the policy to stamp under, dotted.
        null: Whether NULL stood in the algorithm's parameters; the reply repeats the imprint
            as it came.
        extended: Whether the request has extensions; none is known here.
    """

    algorithm: str
    digest: bytes
    nonce: int | None = None
    certificate_wanted: bool = False
    policy: str = POLICY
    null: bool = False
    extended: bool = False

    @property
    def imprint(self) -> _Imprint:
        """The request's messageImprint."""
        return _Imprint(algorithm=_algorithm(self.algorithm, null=self.null), digest=self.digest)


def parse_query(body: bytes) -> TimestampRequest:
    """Read a TimeStampReq in DER.

    Raises:
        InputError: It is none.

    Spec: RFC 3161 section 2.4.1.
    """
    try:
        query = asn1.decode_der(_Query, body)
    except ValueError as error:
        raise InputError("time-stamp request: not a TimeStampReq in DER") from error
    if query.version != 1:
        raise InputError(f"time-stamp request: expected version 1, got {query.version % 1000}")
    algorithm = query.imprint.algorithm
    return TimestampRequest(
        algorithm=algorithm.name.dotted_string,
        digest=query.imprint.digest,
        nonce=_nonce(query.nonce),
        certificate_wanted=query.certificate_wanted,
        policy=query.policy.dotted_string if query.policy else POLICY,
        null=algorithm.parameters is not None,
        extended=query.extensions is not None,
    )


def parse_json_request(body: bytes) -> TimestampRequest:
    """Read a request as the JavaScript client sends it.

    Raises:
        InputError: Not JSON, a member is missing or unknown, or of another type.
    """
    try:
        asked = json.loads(body)
        if not isinstance(asked, dict) or not asked.keys() <= _KNOWN_MEMBERS:
            raise InputError("time-stamp request: not an object of the known members")
        return TimestampRequest(
            algorithm=_NAMES[asked["hashAlgorithm"].lower()],
            digest=base64.b64decode(asked["artifactHash"], validate=True),
            nonce=_nonce(_typed(asked, "nonce", int)),
            certificate_wanted=_typed(asked, "certificates", bool) or False,
            policy=x509.ObjectIdentifier(asked.get("tsaPolicyOID") or POLICY).dotted_string,
        )
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        reason = f"time-stamp request: malformed: {type(error).__name__}"
        raise InputError(reason) from error


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Who stamps.

    Attributes:
        key: P-256 key of the leaf.
        leaf: Certificate for time-stamping alone.
        root: What issued it.
    """

    key: ec.EllipticCurvePrivateKey
    leaf: x509.Certificate
    root: x509.Certificate

    def respond(self, request: TimestampRequest, now: datetime) -> bytes:
        """Stamp a digest, or say why not.

        Args:
            request: What to stamp.
            now: The time to put on it, aware, before 2050; whole seconds of it are stamped.

        Returns:
            A TimeStampResp in DER: granted with a token, or rejected with a reason.

        Spec: RFC 3161 section 2.4.2; RFC 5652 section 5; RFC 5816.
        """
        size = _SIZES.get(request.algorithm)
        if size is None:
            return _rejection(_BAD_ALGORITHM, "the digest's algorithm is not known here")
        if len(request.digest) != size:
            return _rejection(_BAD_DATA_FORMAT, f"the digest is not {size} bytes long")
        if request.extended:
            return _rejection(_UNACCEPTED_EXTENSION, "no extension is known here")
        moment = now.replace(microsecond=0)
        stamped = asn1.encode_der(
            _TstInfo(
                version=1,
                policy=x509.ObjectIdentifier(request.policy),
                imprint=request.imprint,
                serial=1 + secrets.randbits(150),
                time=asn1.GeneralizedTime(moment),
                accuracy=_Accuracy(seconds=1),
                nonce=request.nonce,
            )
        )
        status = _Status(status=_GRANTED, text=None, failure=None)
        token = self._token(stamped, moment, with_leaf=request.certificate_wanted)
        return asn1.encode_der(_Reply(status=status, token=token))

    def _token(self, stamped: bytes, moment: datetime, *, with_leaf: bool) -> _Token:
        """The signed TSTInfo."""
        signed = _SignedData(
            version=3,
            digest_algorithms=asn1.SetOf([_algorithm(SHA256)]),
            content=_Content(kind=x509.ObjectIdentifier(_TST_INFO), content=stamped),
            certificates=asn1.SetOf([self.leaf]) if with_leaf else None,
            signers=asn1.SetOf([self._signer(self._attributes(stamped, moment))]),
        )
        return _Token(kind=x509.ObjectIdentifier(_SIGNED_DATA), content=signed)

    def _attributes(self, stamped: bytes, moment: datetime) -> asn1.SetOf[_Attribute]:
        """What the signature is over: the content's digest, and who signs when."""
        leaf = self.leaf.fingerprint(hashes.SHA256())
        identifier = _SigningCertificate(certificates=[_CertificateId(digest=leaf)])
        return asn1.SetOf(
            [
                _attribute(_CONTENT_TYPE, x509.ObjectIdentifier(_TST_INFO)),
                _attribute(_SIGNING_TIME, asn1.UTCTime(moment)),
                _attribute(_DATA_DIGEST, hashlib.sha256(stamped).digest()),
                _attribute(_SIGNING_CERTIFICATE, identifier),
            ]
        )

    def _signer(self, attributes: asn1.SetOf[_Attribute]) -> _SignerInfo:
        # Signed is the SET OF itself, not the element with the tag it has in the message.
        signed = asn1.encode_der(attributes)
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return _SignerInfo(
            version=1,
            signer=_SignerName(issuer=self.leaf.issuer, serial=self.leaf.serial_number),
            digest_algorithm=_algorithm(SHA256),
            attributes=attributes,
            signature_algorithm=_algorithm(_ECDSA_SHA256),
            signature=signature,
        )


def _rejection(failure: int, reason: str) -> bytes:
    bits = asn1.BitString(bytes(failure // 8) + bytes([0x80 >> failure % 8]), 7 - failure % 8)
    status = _Status(status=_REJECTED, text=[reason], failure=bits)
    return asn1.encode_der(_Reply(status=status, token=None))


def _algorithm(name: str, *, null: bool = False) -> _Algorithm:
    parameters = asn1.Null() if null else None
    return _Algorithm(name=x509.ObjectIdentifier(name), parameters=parameters)


def _attribute(kind: str, value: object) -> _Attribute:
    content = asn1.decode_der(asn1.TLV, asn1.encode_der(value))
    return _Attribute(kind=x509.ObjectIdentifier(kind), values=asn1.SetOf([content]))


def _nonce(value: int | None) -> int | None:
    if value is not None and value.bit_length() > _LONGEST_NONCE:
        raise InputError(f"time-stamp request: the nonce is longer than {_LONGEST_NONCE} bits")
    return value


_T = TypeVar("_T")


def _typed(asked: Mapping[str, Any], name: str, kind: type[_T]) -> _T | None:
    """A member that may be absent; `True` is no number here."""
    value = asked.get(name)
    if value is not None and type(value) is not kind:
        raise TypeError(name)
    return value
