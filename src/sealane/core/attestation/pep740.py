"""PEP 740 attestations, and Sigstore bundles, from each other; nothing is lost on the way.

Spec: PyPA specifications, index-hosted attestations. Its `timestamps` are kept although few clients
know them yet: without them an entry of a log without promises has no proven time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    as_text,
    parse_again,
    parse_object,
)
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_VERSION = 1
MOST_ATTESTATIONS = 100


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attestation out of a provenance object, and whom the index says it is from.

    Attributes:
        bundle: The attestation as a Sigstore bundle, JSON.
        publisher: The index's words, e.g. {"kind": "GitLab", …}: a claim, never proven.
    """

    bundle: bytes
    publisher: Mapping[str, JsonValue]


def is_attestation(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object has the members of an attestation."""
    return {"version", "verification_material", "envelope"} <= members.keys()


def is_provenance(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object has the members of a provenance object."""
    return {"version", "attestation_bundles"} <= members.keys()


def bundle_from_attestation(content: bytes) -> bytes:
    """An attestation as a Sigstore bundle v0.3.

    Raises:
        InputError: Not an attestation of version 1.
    """
    return _bundle(as_object(parse_again(content, "attestation"), "attestation"))


def attestation_from_bundle(bundle: bytes) -> bytes:
    """A Sigstore bundle with a DSSE envelope as an attestation, timestamps and all.

    Raises:
        InputError: The bundle has no DSSE envelope with one signature, no leaf certificate, or no
            log entry.
    """
    members = parse_object(bundle, "bundle")
    material = as_object(members.get("verificationMaterial"), "bundle: verificationMaterial")
    envelope = as_object(members.get("dsseEnvelope"), "bundle: dsseEnvelope")
    signatures = as_list(envelope.get("signatures"), "bundle: signatures")
    if len(signatures) != 1 or envelope.get("payloadType") != PAYLOAD_TYPE:
        raise InputError("bundle: expected one signature over an in-toto statement")
    entries = as_list(material.get("tlogEntries"), "bundle: tlogEntries")
    if not entries:
        raise InputError("bundle: no log entry")
    kept: dict[str, JsonValue] = {"certificate": _leaf(material), "transparency_entries": entries}
    timestamps = _timestamps_of_bundle(material)
    if timestamps:
        kept["timestamps"] = timestamps
    attestation: dict[str, JsonValue] = {
        "version": _VERSION,
        "verification_material": kept,
        "envelope": {
            "statement": envelope.get("payload"),
            "signature": as_object(signatures[0], "bundle: signature").get("sig"),
        },
    }
    return json.dumps(attestation).encode()


def claimed_in_provenance(content: bytes) -> tuple[Claimed, ...]:
    """All attestations of a provenance object; empty where it holds none.

    Raises:
        InputError: Not a provenance object of version 1, or one of its parts is broken.
    """
    members = as_object(parse_again(content, "provenance"), "provenance")
    _check_version(members, "provenance")
    bundles = as_list(members.get("attestation_bundles"), "provenance: attestation_bundles")
    found: list[Claimed] = []
    for number, bundle in enumerate(bundles, start=1):
        place = f"provenance: attestation bundle {number}"
        parts = as_object(bundle, place)
        publisher = as_object(parts.get("publisher"), f"{place}: publisher")
        attestations = as_list(parts.get("attestations"), f"{place}: attestations")
        found += [Claimed(_bundle(as_object(one, place)), publisher) for one in attestations]
    if len(found) > MOST_ATTESTATIONS:
        raise InputError(f"provenance: more than {MOST_ATTESTATIONS} attestations")
    return tuple(found)


def _bundle(members: dict[str, JsonValue]) -> bytes:
    _check_version(members, "attestation")
    material = as_object(members.get("verification_material"), "attestation: verification_material")
    envelope = as_object(members.get("envelope"), "attestation: envelope")
    entries = as_list(material.get("transparency_entries"), "attestation: transparency_entries")
    certificate = as_text(material.get("certificate"), "attestation: certificate")
    kept: dict[str, JsonValue] = {
        "certificate": {"rawBytes": certificate},
        "tlogEntries": entries,
    }
    timestamps = as_list(material.get("timestamps") or [], "attestation: timestamps")
    if timestamps:
        listed: list[JsonValue] = [{"signedTimestamp": one} for one in timestamps]
        kept["timestampVerificationData"] = {"rfc3161Timestamps": listed}
    bundle: dict[str, JsonValue] = {
        "mediaType": _BUNDLE_TYPE,
        "verificationMaterial": kept,
        "dsseEnvelope": {
            "payload": as_text(envelope.get("statement"), "attestation: statement"),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": as_text(envelope.get("signature"), "attestation: signature")}],
        },
    }
    return json.dumps(bundle).encode()


def _check_version(members: Mapping[str, JsonValue], place: str) -> None:
    version = members.get("version")
    if version != _VERSION or isinstance(version, bool):
        raise InputError(f"{place}: version: expected {_VERSION}, got {str(version)[:40]!r}")


def _leaf(material: dict[str, JsonValue]) -> JsonValue:
    """The leaf certificate, base64: alone in bundles v0.3, first of a chain before that."""
    if material.get("certificate") is not None:
        certificate = as_object(material["certificate"], "bundle: certificate")
    else:
        chain = as_object(material.get("x509CertificateChain"), "bundle: certificate chain")
        certificates = as_list(chain.get("certificates"), "bundle: certificates")
        if not certificates:
            raise InputError("bundle: empty certificate chain")
        certificate = as_object(certificates[0], "bundle: certificate")
    return as_text(certificate.get("rawBytes"), "bundle: certificate")


def _timestamps_of_bundle(material: dict[str, JsonValue]) -> list[JsonValue]:
    data = material.get("timestampVerificationData")
    if data is None:
        return []
    listed = as_object(data, "bundle: timestampVerificationData").get("rfc3161Timestamps") or []
    place = "bundle: rfc3161Timestamps"
    return [
        as_text(as_object(one, place).get("signedTimestamp"), place)
        for one in as_list(listed, place)
    ]
