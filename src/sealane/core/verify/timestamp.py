"""Step 3a: one RFC 3161 time-stamp is of an authority of the trust root, over this signature.

Spec: RFC 3161 section 2.4.2; Sigstore client specification, "Time-stamp".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509

from sealane.core.model.values import dataclass
from sealane.core.verify.broken import BROKEN
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import Authority

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse, Verifier


# Issuer and serial number of a certificate.
_Signer = tuple[x509.Name, int]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that an authority signed.

    Attributes:
        authority: Which one, by its certificate (DER): two names of one key are one authority.
        at: When, aware, UTC.
    """

    authority: bytes
    at: datetime


def verify_timestamp(response: bytes, signed: bytes, authorities: Sequence[Authority]) -> Stamp:
    """The time that a response proves.

    1. The response can be read, and grants a time-stamp.
    2. One authority's certificate made its only signature, over the bytes that are stamped.
    3. That authority was trusted, and each of its certificates valid, at the time it signed.

    Args:
        response: TimeStampResp, DER.
        signed: What was stamped: the signature over the artifact or envelope.
        authorities: Whom the trust root names.

    Raises:
        VerificationError: One of these does not hold.
    """
    token, at, signer = _decoded(response)  # 1
    closed = False
    for authority in authorities:
        if not _made(token, signed, authority, signer):  # 2
            continue
        if authority.window.holds(at) and _valid(authority, at):  # 3
            return Stamp(authority.chain[0], at)
        closed = True
    if closed:
        raise refusal(
            Reason.TIMESTAMP_OUTSIDE_WINDOW,
            "the time-stamp authority was not valid at the time it signed",
            actual=at.isoformat(),
        )
    raise refusal(
        Reason.TIMESTAMP_INVALID,
        "the time-stamp is over other bytes, or of no authority of the trust root",
        expected=", ".join(one.name for one in authorities) or "an authority in the trust root",
    )


def _decoded(response: bytes) -> tuple[TimeStampResponse, datetime, _Signer]:
    from rfc3161_client import decode_timestamp_response
    from rfc3161_client.tsp import PKIStatus

    try:
        token = decode_timestamp_response(response)
        granted = token.status == PKIStatus.GRANTED
        # Everything that is asked of the token is asked here, because each of it may raise: for a
        # response without one, and KeyError or TypeError for a name with a string of a kind that
        # nobody knows, or that does not go with its attribute.
        signers = _signers(token) if granted else []
        if len(signers) == 1:
            return token, token.tst_info.gen_time.astimezone(UTC), signers[0]
    except (*BROKEN, OverflowError) as error:
        message = f"the time-stamp cannot be read: {str(error)[:100]}"
        raise refusal(Reason.TIMESTAMP_INVALID, message) from error
    raise refusal(
        Reason.TIMESTAMP_INVALID,
        "the time-stamp was not granted, or is not signed exactly once",
        actual=f"status {token.status}, {len(signers)} signatures",
    )


def _signers(token: TimeStampResponse) -> list[_Signer]:
    return [(one.issuer, one.serial_number) for one in token.signed_data.signer_infos]


def _made(token: TimeStampResponse, signed: bytes, authority: Authority, signer: _Signer) -> bool:
    from rfc3161_client import VerificationError as Refused

    # The library takes an authority of one certificate for incomplete, and so does the peer.
    verifier = _verifier(authority.chain)
    if verifier is None:
        return False
    leaf, library = verifier
    # The signer is told by issuer and serial number, which nobody signs; the library compares them
    # only where the response brings certificates.
    if signer != (leaf.issuer, leaf.serial_number):
        return False
    try:
        return library.verify_message(token, signed)
    except (Refused, *BROKEN):
        # The latter for certificates that the response brings, which nobody signed.
        return False


def _valid(authority: Authority, at: datetime) -> bool:
    certificates = [x509.load_der_x509_certificate(der) for der in authority.chain]
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in certificates)


@lru_cache(maxsize=64)
def _verifier(chain: tuple[bytes, ...]) -> tuple[x509.Certificate, Verifier] | None:
    """The leaf of an authority, and what checks its signatures; None for an unusable chain."""
    from rfc3161_client import VerifierBuilder

    try:
        leaf, *above = [x509.load_der_x509_certificate(der) for der in chain]
        # The library reads these without a guard, and panics on some names that are malformed.
        _ = leaf.extensions, [(one.issuer, one.subject) for one in (leaf, *above)]
    except BROKEN:
        return None
    if not above:
        return None
    # Lists of its own: the builder's methods put certificates into the list they were given.
    return leaf, VerifierBuilder(
        tsa_certificate=leaf, intermediates=list(above[:-1]), roots=[above[-1]]
    ).build()
