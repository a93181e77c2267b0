"""Attestations as an index hosts them, made of a bundle.

Spec: PyPA, index-hosted attestations.
"""

from typing import Any

Json = dict[str, Any]


def attestation_of(bundle: Json) -> Json:
    """The attestation that a bundle of version 0.3 around an envelope becomes."""
    material, envelope = bundle["verificationMaterial"], bundle["dsseEnvelope"]
    held: Json = {
        "certificate": material["certificate"]["rawBytes"],
        "transparency_entries": material["tlogEntries"],
    }
    stamps = material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])
    if stamps:
        held["timestamps"] = [one["signedTimestamp"] for one in stamps]
    signature = envelope["signatures"][0]["sig"]
    return {
        "version": 1,
        "verification_material": held,
        "envelope": {"statement": envelope["payload"], "signature": signature},
    }
