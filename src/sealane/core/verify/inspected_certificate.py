"""What a signing certificate says, for people; no authority is asked whether it wrote that.

Spec: RFC 5280, section 4.1; sigstore/fulcio, docs/oid-info.md.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sealane.core.model.identity import Identity
from sealane.core.model.values import dataclass
from sealane.core.verify.certificate import identity_of
from sealane.core.verify.chain import read_certificate
from sealane.errors import VerificationError


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """A certificate as it describes itself.

    Attributes:
        sha256: Digest of its DER, lower-case hex.
        authority: Name of the authority that it says issued it (RFC 4514); "" where that cannot
            be read.
        start: First moment of its life, aware, UTC; None where that cannot be read.
        end: Last moment of its life, aware, UTC; None where that cannot be read.
        identity: Whom it names; None where that cannot be read.
        problem: Why something cannot be read; "" where all can.
    """

    sha256: str
    authority: str = ""
    start: datetime | None = None
    end: datetime | None = None
    identity: Identity | None = None
    problem: str = ""


def inspect_certificate(der: bytes) -> SigningCertificate:
    """Read a certificate; what is broken in it is told and hides nothing else of the evidence."""
    digest = hashlib.sha256(der).hexdigest()
    try:
        # It reads the names too: what is malformed in them is refused there.
        certificate = read_certificate(der)
    except VerificationError as error:
        return SigningCertificate(digest, problem=error.message)
    authority = certificate.issuer.rfc4514_string()
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    try:
        identity = identity_of(certificate)
    except VerificationError as error:
        return SigningCertificate(digest, authority, start, end, problem=error.message)
    return SigningCertificate(digest, authority, start, end, identity)
