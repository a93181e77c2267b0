"""Step 1: a bundle has what its version demands, and no more than anybody should have to check.

Spec: Sigstore client specification, "Bundle"; sigstore_bundle.proto, `media_type`.
"""

from __future__ import annotations

from sealane.core.attestation.bundle import Bundle, Envelope, parse_bundle
from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError

# Peers draw the line at the same place.
MOST_TIMESTAMPS = 32


def read_bundle(content: bytes, demands: Demands) -> Bundle:
    """The bundle in some JSON, of a form that can be proven.

    1. It can be read, and is of a version that is known.
    2. It names one certificate, in the way of its version, or a key.
    3. An envelope has exactly one signature: another one could be anybody's.
    4. Time-stamps are few, and none is there twice: a copy is no second opinion.
    5. So are log entries, and there are as many as are demanded.

    Raises:
        VerificationError: One of these does not hold.
    """
    try:
        bundle = parse_bundle(content)
    except InputError as error:
        raise refusal(Reason.UNREADABLE, error.message) from error
    if bundle.version is None:  # 1
        message = "the bundle is of an unknown version"
        raise refusal(Reason.VERSION_UNKNOWN, message, actual=bundle.media_type[:80])
    _check_key_material(bundle)  # 2
    if isinstance(bundle.content, Envelope) and len(bundle.content.signatures) != 1:  # 3
        count = len(bundle.content.signatures)
        message = "the envelope does not have exactly one signature"
        raise refusal(
            Reason.SIGNATURE_COUNT, message, expected="1 signature", actual=f"{count} signatures"
        )
    _check_timestamps(bundle)  # 4
    _check_entries(bundle, demands)  # 5
    return bundle


def _check_key_material(bundle: Bundle) -> None:
    if not bundle.certificates and bundle.key_hint is None:
        raise refusal(Reason.KEY_MATERIAL_MISSING, "the bundle names no certificate and no key")
    # Version 0.3 has the leaf alone, so that nobody takes a chain of strangers for trusted.
    if bundle.certificates and bundle.single != (bundle.version == 3):
        wanted = "a single certificate" if bundle.version == 3 else "a certificate chain"
        raise refusal(
            Reason.FORM_INVALID,
            "the certificate does not stand where the bundle's version has it",
            expected=f"{wanted} in version 0.{bundle.version}",
        )


def _check_timestamps(bundle: Bundle) -> None:
    count = len(bundle.timestamps)
    if count > MOST_TIMESTAMPS:
        raise refusal(
            Reason.TIMESTAMP_COUNT,
            "the bundle has too many time-stamps",
            expected=f"at most {MOST_TIMESTAMPS}",
            actual=str(count),
        )
    if len(set(bundle.timestamps)) != count:
        raise refusal(Reason.TIMESTAMP_DUPLICATE, "the bundle holds a time-stamp twice")


def _check_entries(bundle: Bundle, demands: Demands) -> None:
    places = {(entry.log_id, entry.index) for entry in bundle.entries}
    if len(places) != len(bundle.entries):
        raise refusal(Reason.ENTRY_DUPLICATE, "the bundle holds a log entry twice")
    wanted = demands.logs if bundle.certificates else demands.key_logs
    if len({log_id for log_id, _ in places}) < wanted:
        raise refusal(
            Reason.ENTRY_MISSING,
            "the bundle has too few log entries",
            expected=f"entries of {wanted} logs" if wanted > 1 else "a log entry",
            actual=str(len(places)),
        )
