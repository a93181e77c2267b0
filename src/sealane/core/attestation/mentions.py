"""Which files a piece of evidence says it is about, before anything is proven.

Only to tell which artifact an evidence file is to be tried on; the proof compares digests again.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import assert_never

from sealane.core.attestation.pep740 import bundle_from_attestation, claimed_in_provenance
from sealane.core.attestation.statement import parse_statement
from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError


def bundles_in(evidence: Evidence) -> tuple[tuple[bytes, str], ...]:
    """Every Sigstore bundle in a piece of evidence, and whom an index says it is from.

    Returns:
        (bundle, claimed publisher as JSON or ""); empty for a provenance object that holds none.

    Raises:
        InputError: It is broken.
    """
    match evidence.form:
        case EvidenceForm.SIGSTORE_BUNDLE:
            return ((evidence.content, ""),)
        case EvidenceForm.PEP740_ATTESTATION:
            return ((bundle_from_attestation(evidence.content), ""),)
        case EvidenceForm.PEP740_PROVENANCE:
            return tuple(
                (one.bundle, json.dumps(dict(one.publisher), sort_keys=True))
                for one in claimed_in_provenance(evidence.content)
            )
        case _:
            assert_never(evidence.form)


def mentioned(evidence: Evidence) -> frozenset[str]:
    """The SHA-256 digests evidence claims to be about, lower-case hex; empty where it is broken."""
    found: set[str] = set()
    try:
        for bundle, _ in bundles_in(evidence):
            found |= _digests(bundle)
    except (InputError, binascii.Error, ValueError):
        return frozenset()
    return frozenset(found)


def _digests(bundle: bytes) -> set[str]:
    members = parse_object(bundle, "bundle")
    if members.get("dsseEnvelope") is not None:
        envelope = as_object(members["dsseEnvelope"], "envelope")
        payload = base64.b64decode(as_text(envelope.get("payload"), "payload"), validate=True)
        statement = parse_statement(as_text(envelope.get("payloadType"), "type"), payload)
        digests = (digest for subject in statement.subjects for digest in subject.digests)
        return {digest.value for digest in digests if digest.algorithm == "sha256"}
    signature = as_object(members.get("messageSignature"), "signature")
    digest = as_object(signature.get("messageDigest"), "digest")
    return {base64.b64decode(as_text(digest.get("digest"), "digest"), validate=True).hex()}
