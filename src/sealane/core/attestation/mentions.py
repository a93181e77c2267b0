"""What is inside evidence, and which files it says it is about, before anything is proven.

Only to tell which artifact an evidence file is to be tried on; the proof compares digests again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from sealane.core.attestation.envelope import parse_base64, parse_envelope
from sealane.core.attestation.pep740 import bundle_from_attestation, claimed_in_provenance
from sealane.core.attestation.statement import parse_statement
from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.artifact import STRONG_ALGORITHMS, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

if TYPE_CHECKING:
    from sealane.core.attestation.jsonl import Lines

_HASHES = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}


def bundles_in(evidence: Evidence) -> tuple[tuple[bytes, str], ...]:
    """Every Sigstore bundle in a piece of evidence, and whom an index says it is from.

    Returns:
        (bundle, claimed publisher as JSON or ""); empty for a container that holds none, and for a
        form that is no container of bundles.

    Raises:
        InputError: It is broken.
    """
    match evidence.form:
        case EvidenceForm.SIGSTORE_BUNDLE:
            return ((evidence.content, ""),)
        case EvidenceForm.BUNDLE_LINES:
            return tuple((one, "") for one in _lines(evidence).bundles)
        case EvidenceForm.NPM_ATTESTATIONS:
            from sealane.core.attestation.npm import bundles_in_npm

            return tuple((one, "") for one in bundles_in_npm(evidence.content))
        case EvidenceForm.PEP740_ATTESTATION:
            return ((bundle_from_attestation(evidence.content), ""),)
        case EvidenceForm.PEP740_PROVENANCE:
            return tuple(
                (one.bundle, json.dumps(dict(one.publisher), sort_keys=True))
                for one in claimed_in_provenance(evidence.content)
            )
        case (
            EvidenceForm.DSSE_ENVELOPE
            | EvidenceForm.IN_TOTO_LAYOUT
            | EvidenceForm.OPENPGP_SIGNATURE
        ):
            return ()
        case _:
            assert_never(evidence.form)


def envelopes_in(evidence: Evidence) -> tuple[bytes, ...]:
    """Every plain DSSE envelope in a piece of evidence, JSON; keys have to prove it.

    Raises:
        InputError: It is broken.
    """
    if evidence.form is EvidenceForm.DSSE_ENVELOPE:
        return (evidence.content,)
    if evidence.form is EvidenceForm.BUNDLE_LINES:
        return _lines(evidence).envelopes
    return ()


def passed_over(evidence: Evidence) -> tuple[str, ...]:
    """What a reader should know was in a piece of evidence and was not looked at.

    Raises:
        InputError: It is broken.
    """
    if evidence.form is not EvidenceForm.BUNDLE_LINES:
        return ()
    ignored = _lines(evidence).ignored
    return (f"{evidence.origin}: {ignored} of its lines are no evidence",) if ignored else ()


def _lines(evidence: Evidence) -> Lines:
    from sealane.core.attestation.jsonl import parse_lines

    return parse_lines(evidence.content)


def mentioned(evidence: Evidence) -> frozenset[Digest]:
    """The strong digests evidence claims to be about; what is broken mentions nothing.

    One broken bundle of several does not hide what the others are about.
    """
    found: set[Digest] = set()
    try:
        for bundle, _ in bundles_in(evidence):
            found |= _quietly(_in_bundle, bundle)
        for envelope in envelopes_in(evidence):
            found |= _quietly(_in_envelope, envelope)
        if evidence.form is EvidenceForm.IN_TOTO_LAYOUT:
            found |= _in_links(evidence)
    except InputError:
        return frozenset()
    return frozenset(found)


def _quietly(read: Callable[[bytes], set[Digest]], content: bytes) -> set[Digest]:
    try:
        return read(content)
    except InputError:
        return set()


def _in_bundle(bundle: bytes) -> set[Digest]:
    members = parse_object(bundle, "bundle")
    if members.get("dsseEnvelope") is not None:
        envelope = as_object(members["dsseEnvelope"], "envelope")
        payload = parse_base64(envelope.get("payload"), "payload")
        return _in_statement(as_text(envelope.get("payloadType"), "type"), payload)
    signature = as_object(members.get("messageSignature"), "signature")
    return _in_message(as_object(signature.get("messageDigest"), "digest"))


def _in_message(digest: dict[str, JsonValue]) -> set[Digest]:
    algorithm = _HASHES.get(str(digest.get("algorithm")), "")
    value = parse_base64(digest.get("digest"), "digest").hex()
    if STRONG_ALGORITHMS.get(algorithm) != len(value):
        raise InputError("digest: of no algorithm that identifies an artifact")
    return {Digest(algorithm, value)}


def _in_envelope(content: bytes) -> set[Digest]:
    envelope = parse_envelope(content)
    return _in_statement(envelope.payload_type, envelope.payload)


def _in_statement(payload_type: str, payload: bytes) -> set[Digest]:
    statement = parse_statement(payload_type, payload)
    digests = (digest for subject in statement.subjects for digest in subject.digests)
    return {digest for digest in digests if digest.algorithm in STRONG_ALGORITHMS}


def _in_links(evidence: Evidence) -> set[Digest]:
    from sealane.core.attestation.layout import Link, read_parts

    links = (read for _, read in read_parts(evidence.parts) if isinstance(read, Link))
    return {digest for link in links for _, digests in link.products for digest in digests}
