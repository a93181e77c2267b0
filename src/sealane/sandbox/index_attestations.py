"""PEP 740 attestations of an upload: read strictly, and compared with the file.

The signature is judged elsewhere; here is everything that needs no cryptography.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sealane.errors import InputError
from sealane.sandbox.hosts import publish_predicate_type
from sealane.sandbox.index_model import parse_filename

SLSA_PROVENANCE = "https://slsa.dev/provenance/v1"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
_BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
# One for each type of predicate.
_MOST = 2


class AttestationError(Exception):
    """Attestations cannot be taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One attestation.

    Attributes:
        document: As it was sent, without unknown keys; goes into the provenance.
        bundle: The same as a Sigstore bundle, JSON.
    """

    document: Mapping[str, Any]
    bundle: str


def parse_attestations(text: str) -> tuple[Attestation, ...]:
    """Read the form field.

    Raises:
        AttestationError: Malformed, none, or more than two.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AttestationError("Malformed attestations: not JSON") from error
    if not isinstance(values, list):
        raise AttestationError("Malformed attestations: expected a list")
    if not values:
        raise AttestationError("Malformed attestations: an empty attestation set is not permitted")
    attestations = tuple(_attestation(value) for value in values)
    if len(attestations) > _MOST:
        raise AttestationError(f"A maximum of {_MOST} attestations per file are supported")
    return attestations


def check_statement(payload_type: str, payload: bytes, filename: str, sha256: str) -> str:
    """What a verified envelope says of a file.

    1. It is an in-toto statement about exactly one subject.
    2. The subject's name is that of the file, and so is its SHA-256.
    3. The predicate is of a known type; PEP 740's own is empty.

    Returns:
        The type of its predicate.

    Raises:
        AttestationError: One of these fails.
    """
    statement = _statement(payload_type, payload)  # 1
    subject = statement["subject"][0]
    if not isinstance(subject, dict) or not isinstance(subject.get("digest"), dict):
        raise _unverified("invalid subject")
    try:  # 2
        same = parse_filename(str(subject.get("name", ""))) == parse_filename(filename)
    except InputError as error:
        raise _unverified(f"invalid subject: {error.message}") from error
    if not same or not _same_tags(str(subject["name"]), filename):
        raise _unverified(
            f"subject does not match distribution name: {subject['name']} != {filename}"
        )
    if subject["digest"].get("sha256") != sha256:
        raise _unverified("subject does not match distribution digest")
    kind = statement.get("predicateType")  # 3
    if kind == publish_predicate_type():
        if statement.get("predicate") not in (None, {}):
            raise _unverified("the publish predicate is not empty")
        return str(kind)
    if kind == SLSA_PROVENANCE:
        return SLSA_PROVENANCE
    raise AttestationError(f"Attestation with unsupported predicate type: {kind}")


def _attestation(value: object) -> Attestation:
    match value:
        case {
            "version": int(version),
            "verification_material": {
                "certificate": str(certificate),
                "transparency_entries": [*entries],
            },
            "envelope": {"statement": str(statement), "signature": str(signature)},
        } if version == 1 and entries and all(isinstance(entry, dict) for entry in entries):
            pass
        case _:
            raise AttestationError("Malformed attestations: a field is missing or of another type")
    # True is 1 to Python, and an int to the pattern above.
    if isinstance(version, bool):
        raise AttestationError("Malformed attestations: version is not 1")
    parts = {name: _base64(text) for name, text in (
        ("certificate", certificate), ("statement", statement), ("signature", signature)
    )}  # fmt: skip
    document = {
        "version": 1,
        "verification_material": {
            "certificate": parts["certificate"], "transparency_entries": entries
        },
        "envelope": {"statement": parts["statement"], "signature": parts["signature"]},
    }  # fmt: skip
    bundle = {
        "mediaType": _BUNDLE_TYPE,
        "verificationMaterial": {
            "certificate": {"rawBytes": parts["certificate"]}, "tlogEntries": entries
        },
        "dsseEnvelope": {
            "payload": parts["statement"],
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": parts["signature"]}],
        },
    }  # fmt: skip
    return Attestation(document, json.dumps(bundle))


def _base64(text: str) -> str:
    """Standard base64 in one line; some clients send it in several."""
    try:
        return b64encode(b64decode("".join(text.split()), validate=True)).decode()
    except (binascii.Error, ValueError) as error:
        raise AttestationError("Malformed attestations: not base64") from error


def _statement(payload_type: str, payload: bytes) -> dict[str, Any]:
    if payload_type != PAYLOAD_TYPE:
        raise _unverified(f"expected JSON envelope, got {payload_type}")
    try:
        statement = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise _unverified("invalid statement: not JSON") from error
    if not isinstance(statement, dict) or statement.get("_type") != STATEMENT_TYPE:
        raise _unverified("invalid statement: not an in-toto statement v1")
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or len(subjects) != 1:
        raise _unverified("too many subjects in statement (must be exactly one)")
    return statement


def _same_tags(name: str, filename: str) -> bool:
    """Wheels of one version differ in build and tags alone; of each, the order of tags is free."""
    if not filename.endswith(".whl"):
        return True
    left, right = (
        [set(field.split(".")) for field in text.removesuffix(".whl").split("-")[2:]]
        for text in (name, filename)
    )
    return left == right


def _unverified(reason: str) -> AttestationError:
    return AttestationError(
        "Could not verify the uploaded artifact using the included attestation: "
        f"Verification failed: {reason}"
    )
