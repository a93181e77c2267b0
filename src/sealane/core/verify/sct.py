"""Step 5: logs of certificates promised to log this one, so that it cannot be kept a secret.

Spec: RFC 6962 sections 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import certificate_transparency as ct

from sealane.core.verify.broken import BROKEN
from sealane.core.verify.extensions import extensions_of
from sealane.core.verify.keys import spki_of, verify_message
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import Log
from sealane.errors import InputError

_SCTS = x509.PrecertificateSignedCertificateTimestamps
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the library gives these times without a zone
_PRECERT_ENTRY = 1
_VERSION_1, _CERTIFICATE_TIMESTAMP = 0, 0
_MOST = 32


def promised_by(leaf: x509.Certificate, issuer: bytes, logs: Sequence[Log]) -> tuple[Log, ...]:
    """The logs that promised to log a certificate, whenever they were valid.

    A promise of a log that the trust root does not know proves nothing, and is left aside.

    Args:
        leaf: A signing certificate.
        issuer: DER of the certificate that issued it.
        logs: Logs of certificates that the trust root knows.

    Returns:
        One entry of the trust root for each promise that holds; maybe none.

    Raises:
        VerificationError: A promise of a known log does not hold, or they cannot be read.
    """
    try:
        extension = extensions_of(leaf).get(_SCTS.oid)
        if extension is None:
            return ()
        # The library reads this OID as this class.
        promises = list(cast("x509.PrecertificateSignedCertificateTimestamps", extension.value))
        body = leaf.tbs_precertificate_bytes
    except BROKEN as error:
        message = f"the promises in the certificate cannot be read: {str(error)[:100]}"
        raise refusal(Reason.SCT_INVALID, message) from error
    if len(promises) > _MOST:
        raise refusal(Reason.SCT_INVALID, "the certificate has too many promises")
    issuer_hash = _key_hash(issuer)
    made = [(one, log) for one in promises for log in logs if log.log_id == one.log_id]
    for promise, log in made:
        _check(promise, log, issuer_hash, body)
    return tuple(log for _, log in made)


def check_promises_at(found: Sequence[Log], wanted: int, moments: Sequence[datetime]) -> None:
    """Check that enough logs promised, and were valid at every time.

    Raises:
        VerificationError: Too few did, or were.
    """
    if len({log.log_id for log in found}) < wanted:
        raise refusal(
            Reason.SCT_MISSING,
            "too few known logs promised to log the certificate",
            expected=str(wanted),
            actual=str(len(found)),
        )
    valid = {log.log_id for log in found if all(log.key.window.holds(at) for at in moments)}
    if len(valid) < wanted:
        raise refusal(
            Reason.SCT_OUTSIDE_WINDOW,
            "the log of certificates was not valid when it was signed",
            expected=" or ".join(str(log.key.window) for log in found),
            actual=", ".join(at.isoformat() for at in moments),
        )


@lru_cache(maxsize=64)
def _key_hash(issuer: bytes) -> bytes:
    """SHA-256 of an issuer's key, as a promise names it."""
    key = x509.load_der_x509_certificate(issuer).public_key()
    return hashlib.sha256(spki_of(key)).digest()


def _check(
    promise: ct.SignedCertificateTimestamp, log: Log, issuer_hash: bytes, body: bytes
) -> None:
    try:
        milliseconds = (promise.timestamp - _EPOCH) // timedelta(milliseconds=1)
    except ValueError as error:
        message = "the time of a promise in the certificate is none"
        raise refusal(Reason.SCT_INVALID, message) from error
    signed = b"".join(
        (
            struct.pack(">BBQH", _VERSION_1, _CERTIFICATE_TIMESTAMP, milliseconds, _PRECERT_ENTRY),
            issuer_hash,
            len(body).to_bytes(3, "big"),
            body,
            struct.pack(">H", len(promise.extension_bytes)),
            promise.extension_bytes,
        )
    )
    try:
        verify_message(log.key, promise.signature, signed)
    except (InvalidSignature, InputError) as error:
        message = "a promise in the certificate does not hold"
        expected = f"signed by {log.key.name}"
        raise refusal(Reason.SCT_INVALID, message, expected=expected) from error
