"""What a certificate has to be made for: an authority to issue, a leaf to sign code.

Spec: RFC 5280 section 4.2.1; sigstore/fulcio, docs/certificate-specification.md.
"""

from __future__ import annotations

from typing import TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from sealane.core.verify.broken import BROKEN
from sealane.core.verify.extensions import Extensions, extensions_of
from sealane.core.verify.keys import load_public_key, spki_of
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError, VerificationError

_Kind = TypeVar("_Kind", bound=x509.ExtensionType)
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
# Critical extensions that are looked at here; any other one may forbid what is being done.
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)


def check_leaf_profile(certificate: x509.Certificate) -> None:
    """Check that a certificate is one for signing code, and no authority.

    Raises:
        VerificationError: It is not.
    """
    extensions = _extensions(certificate)
    constraints = _one(extensions, x509.BasicConstraints)
    if constraints is not None and constraints.value.ca:
        raise _refused("the signing certificate is an authority's")
    usage = _one(extensions, x509.KeyUsage)
    if usage is None or not usage.value.digital_signature or usage.value.key_cert_sign:
        raise _refused("the signing certificate is not for digital signatures alone")
    purposes = _one(extensions, x509.ExtendedKeyUsage)
    if purposes is None or ExtendedKeyUsageOID.CODE_SIGNING not in purposes.value:
        raise _refused("the signing certificate is not for signing code")


def check_authority_profile(certificate: x509.Certificate, depth: int) -> None:
    """Check that a certificate may issue certificates for signing code.

    Args:
        certificate: An authority's.
        depth: How many authorities stand between it and the leaf.

    Raises:
        VerificationError: It may not.
    """
    extensions = _extensions(certificate)
    constraints = _one(extensions, x509.BasicConstraints)
    if constraints is None or not constraints.critical or not constraints.value.ca:
        raise _refused("an issuing certificate is no authority's")
    longest = constraints.value.path_length
    if longest is not None and depth > longest:
        raise _refused(f"an authority allows {longest} authorities below it, not {depth}")
    usage = _one(extensions, x509.KeyUsage)
    if usage is None or not usage.value.key_cert_sign:
        raise _refused("an authority's certificate is not for issuing certificates")
    purposes = _one(extensions, x509.ExtendedKeyUsage)
    if purposes is not None and ExtendedKeyUsageOID.CODE_SIGNING not in purposes.value:
        raise _refused("an authority may not issue certificates for signing code")
    # They would have to be applied to every name in the leaf, critical or not.
    if _one(extensions, x509.NameConstraints) is not None:
        raise _refused("an authority has name constraints, which are not supported")


def check_algorithm(certificate: x509.Certificate) -> None:
    """Check that a certificate is signed over a strong hash.

    Raises:
        VerificationError: It is not.
    """
    try:
        algorithm = certificate.signature_hash_algorithm
    except BROKEN as error:
        raise _refused("a certificate is signed in a way that is not supported") from error
    if not isinstance(algorithm, _HASHES):
        name = algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string
        raise _refused(f"a certificate is signed with {name}, which is not supported")


def check_key(certificate: x509.Certificate) -> None:
    """Check that a certificate is for a key of a kind and size that is supported.

    Raises:
        VerificationError: It is not.
    """
    try:
        load_public_key(spki_of(certificate.public_key()))
    except (InputError, *BROKEN) as error:
        raise _refused(f"an authority's key: {str(error)[:100]}") from error


def _extensions(certificate: x509.Certificate) -> Extensions:
    try:
        extensions = extensions_of(certificate)
    except BROKEN as error:
        raise _refused(f"a certificate's extensions cannot be read: {str(error)[:100]}") from error
    if certificate.version is not x509.Version.v3:
        raise _refused("a certificate is not of version 3")
    for oid, extension in extensions.items():
        if extension.critical and oid not in _UNDERSTOOD:
            raise _refused(
                f"a certificate has the critical extension {oid.dotted_string}, which is unknown"
            )
    return extensions


def _one(extensions: Extensions, kind: type[_Kind]) -> x509.Extension[_Kind] | None:
    found = extensions.get(kind.oid)
    return cast("x509.Extension[_Kind] | None", found)  # the library reads each OID as its class


def _refused(why: str) -> VerificationError:
    return refusal(Reason.CERTIFICATE_PROFILE, why)
