"""Step 4: an authority of the trust root issued the certificate, and was valid at every time.

What depends on bytes alone (who issued a certificate, whether an authority's own chain is sound) is
separate from what depends on the time, so that only the former is ever remembered.

Spec: RFC 5280 section 6.1; Sigstore client specification, "Certificate".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from sealane.core.verify.broken import BROKEN
from sealane.core.verify.issued import check_issued
from sealane.core.verify.profile import check_algorithm, check_authority_profile, check_key
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import Authority
from sealane.errors import VerificationError


def read_certificate(der: bytes) -> x509.Certificate:
    """A certificate.

    Raises:
        VerificationError: It cannot be read.
    """
    try:
        return _loaded(der)
    except BROKEN as error:
        message = f"the signing certificate cannot be read: {str(error)[:100]}"
        raise refusal(Reason.CERTIFICATE_UNREADABLE, message) from error


def issuers_of(
    leaf: x509.Certificate, der: bytes, authorities: Sequence[Authority]
) -> tuple[Authority, ...]:
    """The authorities that issued a certificate, whenever they were valid.

    1. The issuer's name is the authority's, and its key made the signature.
    2. Each certificate of the authority's chain is issued by the next one, and may issue.

    Args:
        leaf: A signing certificate.
        der: The same, as it was read.
        authorities: Those of the trust root.

    Returns:
        At least one; several where the trust root names an authority with several windows.

    Raises:
        VerificationError: None did, or one did whose chain is not sound.
    """
    check_algorithm(leaf)
    found = [  # 1
        one for one in authorities if _issued(leaf, der, _certificate(one.chain[0]))
    ]
    if not found:
        raise refusal(
            Reason.CERTIFICATE_UNTRUSTED,
            "no authority of the trust root issued the signing certificate",
            expected=", ".join(sorted({one.name for one in authorities})) or "an authority",
            actual=leaf.issuer.rfc4514_string()[:200],
        )
    for one in found:
        _check_sound(one.chain)  # 2
    return tuple(found)


def check_chain_at(
    leaf: x509.Certificate, issuers: Sequence[Authority], moments: Sequence[datetime]
) -> None:
    """Check that the certificate, and one of its issuers, were valid at every time.

    Raises:
        VerificationError: They were not.
    """
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    for at in moments:
        if not start <= at <= end:
            raise refusal(
                Reason.TIME_OUTSIDE_CERTIFICATE,
                "it was signed outside the life of the certificate",
                expected=f"{start.isoformat()} to {end.isoformat()}",
                actual=at.isoformat(),
            )
    if not any(_valid(one, moments) for one in issuers):
        raise refusal(
            Reason.AUTHORITY_OUTSIDE_WINDOW,
            "the certificate's authority was not valid when it was signed",
            expected=" or ".join(str(one.window) for one in issuers),
            actual=", ".join(at.isoformat() for at in moments),
        )


def _loaded(der: bytes) -> x509.Certificate:
    certificate = x509.load_der_x509_certificate(der)
    # The library reads names only when they are asked for, and raises there for malformed ones.
    _ = certificate.issuer, certificate.subject
    return certificate


def _issued(certificate: x509.Certificate, der: bytes, issuer: x509.Certificate | None) -> bool:
    if issuer is None or certificate.issuer != issuer.subject:
        return False
    try:
        check_issued(certificate, der, issuer)
    except (*BROKEN, InvalidSignature):
        return False
    return True


def _valid(authority: Authority, moments: Sequence[datetime]) -> bool:
    if not all(authority.window.holds(at) for at in moments):
        return False
    limits = [_limits(der) for der in authority.chain]
    return all(start <= at <= end for start, end in limits for at in moments)


@lru_cache(maxsize=256)
def _certificate(der: bytes) -> x509.Certificate | None:
    """A certificate of a trust root; None for one that cannot be read, which issues nothing."""
    try:
        return _loaded(der)
    except BROKEN:
        return None


@lru_cache(maxsize=256)
def _limits(der: bytes) -> tuple[datetime, datetime]:
    certificate = x509.load_der_x509_certificate(der)
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


@lru_cache(maxsize=256)
def _sound(chain: tuple[bytes, ...]) -> str:
    """Why an authority's chain may not issue; "" for one that may."""
    certificates = [one for der in chain if (one := _certificate(der)) is not None]
    if len(certificates) != len(chain):
        return "a certificate of the authority cannot be read"
    try:
        for depth, certificate in enumerate(certificates):
            # The last one is trusted because the trust root names it, signed by itself or not.
            last = depth + 1 == len(certificates)
            above = certificate if last else certificates[depth + 1]
            own = last and certificate.issuer != certificate.subject
            check_algorithm(certificate)
            check_key(certificate)
            if not own and not _issued(certificate, chain[depth], above):
                return "a certificate of the authority is not issued by the next one"
            check_authority_profile(certificate, depth)
    except VerificationError as error:
        return error.message
    return ""


def _check_sound(chain: tuple[bytes, ...]) -> None:
    why = _sound(chain)
    if why:
        raise refusal(Reason.CERTIFICATE_PROFILE, why)
