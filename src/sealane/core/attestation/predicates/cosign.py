"""What cosign states: that an image was signed, a scan of it, and documents of any kind.

Spec: sigstore/cosign, specs/COSIGN_PREDICATE_SPEC.md and COSIGN_VULN_ATTESTATION_SPEC.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

SIGN = "https://sigstore.dev/cosign/sign/v1"
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"
CUSTOM = "https://cosign.sigstore.dev/attestation/v1"


@dataclass(frozen=True, slots=True)
class CosignScan:
    """One scan: URI of the scanner ("" where it is not said), start and end, aware, UTC."""

    scanner: str
    started: datetime
    finished: datetime


def parse_sign(predicate: Mapping[str, JsonValue]) -> None:
    """Check a signature's predicate: its members are annotations that nobody defined.

    The statement's subject is all that such a signature says, as with one over the file itself.
    """
    Members(predicate, "cosign signature")


def parse_vuln(predicate: Mapping[str, JsonValue]) -> CosignScan:
    """Read a scan; its result is the scanner's own document and is left as it is.

    Raises:
        InputError: A required member is missing, one is of another type, or the scan ended before
            it started.
    """
    members = Members(predicate, "cosign vuln")
    scanner, metadata = members.inner("scanner"), members.inner("metadata")
    scanner.value("result")
    started, finished = metadata.moment("scanStartedOn"), metadata.moment("scanFinishedOn")
    if finished < started:
        raise InputError("cosign vuln: metadata: the scan ended before it started")
    return CosignScan(scanner.text_or_empty("uri"), started, finished)


def parse_custom(predicate: Mapping[str, JsonValue]) -> None:
    """Check a document of any kind.

    Raises:
        InputError: There is no document, or the time is none.
    """
    members = Members(predicate, "cosign custom")
    members.value("Data")
    members.moment_or_none("Timestamp")
