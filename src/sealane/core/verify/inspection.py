"""What evidence claims of itself: every form that is read, taken apart, and nothing of it proven.

For people who want to know what they have. Nothing here is asked whether it holds, so nothing here
may decide anything: `check` and `about` start again from the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import assert_never

from sealane.core.attestation.bundle import Bundle, LogEntry, MessageSignature, parse_bundle
from sealane.core.attestation.envelope import parse_envelope
from sealane.core.attestation.key_facts import KeyFact, facts_of, key_facts
from sealane.core.attestation.mentions import bundles_in, envelopes_in, passed_over
from sealane.core.attestation.sniff import sniff
from sealane.core.attestation.statement import parse_statement
from sealane.core.attestation.unsigned import Unsigned, parse_unsigned
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.statement import Statement
from sealane.core.model.values import dataclass
from sealane.core.verify.inspected_certificate import SigningCertificate, inspect_certificate
from sealane.errors import InputError

_OPENPGP = "OpenPGP signature over a file"


@dataclass(frozen=True, slots=True)
class Entry:
    """A log entry that evidence brings.

    Attributes:
        kind: Kind and version, e.g. "dsse 0.0.1".
        index: Position in the log.
        log: Id of the log, hex.
        at: The log's own time, aware, UTC; None where it says none.
        promise: Whether the log's promise is there.
        proof: Whether an inclusion proof is there.
    """

    kind: str
    index: int
    log: str
    at: datetime | None
    promise: bool
    proof: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in a file of evidence.

    Attributes:
        what: What it is, e.g. "Sigstore bundle".
        media_type: Media type it gives itself; "" for none.
        certificate: Whose signature it says it is; None for one by a key, or by nobody.
        key_ids: Hints at the keys that signed, as written.
        by_key: Whether keys signed it that somebody has to name.
        signatures: How many signatures it holds.
        entries: Log entries.
        timestamps: How many RFC 3161 time-stamps it holds.
        digests: Digests of the files it says it is over, where it makes no statement.
        statement: What it states; None for a signature over a file, and where it cannot be read.
        facts: (label, text) of what it says beyond that.
        claimed: Whom an index says it is from, JSON; "" where nobody says.
        problem: Why a part of it cannot be read; "" where all of it can.
    """

    what: str
    media_type: str = ""
    certificate: SigningCertificate | None = None
    key_ids: tuple[str, ...] = ()
    by_key: bool = False
    signatures: int = 0
    entries: tuple[Entry, ...] = ()
    timestamps: int = 0
    digests: tuple[Digest, ...] = ()
    statement: Statement | None = None
    facts: tuple[KeyFact, ...] = ()
    claimed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file of evidence, taken apart.

    Attributes:
        origin: Its path.
        form: Its form.
        sha256: Digest of the file, lower-case hex.
        pieces: What is in it; empty for a container that holds nothing.
        notes: What a reader should know of the file.
    """

    origin: str
    form: str
    sha256: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def inspect_evidence(content: bytes, origin: str) -> Inspection:
    """Take a file of evidence apart.

    Args:
        content: The file.
        origin: Its path.

    Raises:
        InputError: It is of no form that is read, or broken as a whole.
    """
    digest = hashlib.sha256(content).hexdigest()
    unsigned = parse_unsigned(content)
    if unsigned is not None:
        return Inspection(origin, unsigned.form, digest, (_unsigned(unsigned),))
    evidence = Evidence(sniff(content, origin), content, origin)
    pieces = tuple(_pieces(evidence))
    return Inspection(origin, evidence.form.value, digest, pieces, passed_over(evidence))


def _pieces(evidence: Evidence) -> Iterator[Piece]:
    match evidence.form:
        case EvidenceForm.IN_TOTO_LAYOUT:
            yield _or_problem("in-toto layout", "", _layout, evidence.content)
        case EvidenceForm.OPENPGP_SIGNATURE:
            yield _or_problem(_OPENPGP, "", _openpgp, evidence.content)
        case (
            EvidenceForm.SIGSTORE_BUNDLE
            | EvidenceForm.BUNDLE_LINES
            | EvidenceForm.PEP740_ATTESTATION
            | EvidenceForm.PEP740_PROVENANCE
            | EvidenceForm.NPM_ATTESTATIONS
            | EvidenceForm.DSSE_ENVELOPE
        ):
            for content, claimed in bundles_in(evidence):
                yield _or_problem("Sigstore bundle", claimed, _bundle, content)
            for content in envelopes_in(evidence):
                yield _or_problem("DSSE envelope", "", _envelope, content)
        case _:
            assert_never(evidence.form)


def _or_problem(
    what: str, claimed: str, read: Callable[[bytes, str], Piece], content: bytes
) -> Piece:
    """One piece; one that is broken does not hide the others."""
    try:
        return read(content, claimed)
    except InputError as error:
        return Piece(what, claimed=claimed, problem=error.message)


def _bundle(content: bytes, claimed: str) -> Piece:
    bundle = parse_bundle(content)
    statement, digests, facts, problem = _signed(bundle)
    return Piece(
        "Sigstore bundle",
        media_type=bundle.media_type,
        certificate=inspect_certificate(bundle.certificates[0]) if bundle.certificates else None,
        key_ids=(bundle.key_hint,) if bundle.key_hint else (),
        by_key=bundle.key_hint is not None,
        signatures=_count(bundle),
        entries=tuple(_entry(one) for one in bundle.entries),
        timestamps=len(bundle.timestamps),
        digests=digests,
        statement=statement,
        facts=facts,
        claimed=claimed,
        problem=problem,
    )


def _count(bundle: Bundle) -> int:
    signed = bundle.content
    return 1 if isinstance(signed, MessageSignature) else len(signed.signatures)


_Said = tuple[Statement | None, tuple[Digest, ...], tuple[KeyFact, ...], str]


def _signed(bundle: Bundle) -> _Said:
    signed = bundle.content
    if isinstance(signed, MessageSignature):
        if not signed.algorithm:
            return None, (), (), ""
        try:
            return None, (Digest(signed.algorithm, signed.digest.hex()),), (), ""
        except ValueError as error:
            return None, (), (), str(error)
    return _stated(signed.payload_type, signed.payload)


def _stated(payload_type: str, payload: bytes) -> _Said:
    try:
        statement = parse_statement(payload_type, payload)
    except InputError as error:
        return None, (), (("payload type", payload_type),), error.message
    return statement, (), key_facts(statement.predicate_type, statement.predicate), ""


def _entry(entry: LogEntry) -> Entry:
    at = None
    if entry.integrated is not None:
        try:
            at = datetime.fromtimestamp(entry.integrated, UTC)
        except (OverflowError, ValueError, OSError):
            # A time that no calendar has; the verifier refuses it.
            at = None
    return Entry(
        kind=" ".join(entry.kind),
        index=entry.index,
        log=entry.log_id.hex(),
        at=at,
        promise=entry.promise is not None,
        proof=entry.proof is not None,
    )


def _envelope(content: bytes, claimed: str) -> Piece:
    envelope = parse_envelope(content)
    statement, _, facts, problem = _stated(envelope.payload_type, envelope.payload)
    return Piece(
        "DSSE envelope",
        key_ids=tuple(key_id for key_id, _ in envelope.signatures if key_id),
        by_key=True,
        signatures=len(envelope.signatures),
        statement=statement,
        facts=facts,
        claimed=claimed,
        problem=problem,
    )


def _layout(content: bytes, claimed: str) -> Piece:
    from sealane.core.attestation.layout import Layout, parse_metadata

    read = parse_metadata(content)
    key_ids = read.key_ids if isinstance(read, Layout) else ()
    facts = tuple(fact for fact in facts_of(read) if fact[0] != "key ids")
    return Piece(
        "in-toto layout",
        key_ids=tuple(dict.fromkeys(key_ids)),
        by_key=True,
        signatures=len(key_ids),
        facts=facts,
        claimed=claimed,
    )


def _openpgp(content: bytes, claimed: str) -> Piece:
    from sealane.core.attestation.openpgp import signatures_in

    found = signatures_in(content)
    return Piece(_OPENPGP, by_key=True, signatures=len(found), claimed=claimed)


def _unsigned(found: Unsigned) -> Piece:
    statement = found.statement
    facts = found.facts
    if statement is not None:
        facts = key_facts(statement.predicate_type, statement.predicate)
    return Piece(
        found.what,
        by_key=found.signatures > 0,
        signatures=found.signatures,
        statement=statement,
        facts=facts,
        problem=found.problem,
    )
