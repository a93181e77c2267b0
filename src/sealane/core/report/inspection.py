"""What evidence claims of itself, for people and for programs; nothing of it is proven.

The first and the last line say so, as does a member of the JSON: whoever reads only one end of it,
or only a part, must not take a claim for a fact. Every text is a stranger's: it is escaped, and
quoted for the shell where somebody will want to copy it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import quoted, shown
from sealane.core.model.statement import JsonValue, Statement
from sealane.core.verify.inspected_certificate import SigningCertificate
from sealane.core.verify.inspection import Entry, Inspection, Piece

SCHEMA = "sealane.inspection/1"
MARK = "UNVERIFIED"
# Of a release with thousands of files nobody reads more; the JSON has them all.
_MOST_SUBJECTS = 20


def render_inspection(inspections: Sequence[Inspection]) -> str:
    """The report for people."""
    lines = [f"{MARK}: what evidence claims of itself; nothing below was checked"]
    for one in inspections:
        lines += _file(one)
    lines.append(
        f"{MARK}: nothing above was checked; compare it with what the project's own page says, "
        "then check the file itself: sealane verify FILE --evidence EVIDENCE --publisher WHO"
    )
    return "\n".join(lines) + "\n"


def render_inspection_json(inspections: Sequence[Inspection]) -> str:
    """The report as one JSON object, ASCII only, so that no terminal obeys what is in it."""
    document: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "verified": False,
        "files": [_file_json(one) for one in inspections],
    }
    # Within texts only; what begins so is an order to the runners of CI jobs, see `shown`.
    return json.dumps(document, indent=2, ensure_ascii=True).replace("##", "#\\u0023") + "\n"


def needs_of(piece: Piece) -> tuple[str, ...]:
    """What a verifier has to have before it can say whether a piece of evidence holds."""
    found = []
    if piece.certificate is not None:
        authority = piece.certificate.authority or "that issued the certificate"
        found.append(f"a trust root with the certificate authority {authority}")
        found.append("the publisher's name, from you")
    elif piece.by_key:
        found.append("the signer's key or certificate, from you")
    else:
        found.append("a signature: nobody signed this, so it proves nothing")
    found += [f"the log {log} in the trust root" for log in _logs(piece)]
    if piece.timestamps:
        found.append("a time-stamp authority in the trust root")
    return tuple(found)


def _logs(piece: Piece) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.log for entry in piece.entries))


def _file(one: Inspection) -> Iterator[str]:
    yield f"{quoted(one.origin)}  sha256:{one.sha256}"
    yield f"  form: {one.form}"
    yield from (f"  note: {shown(note)}" for note in one.notes)
    if not one.pieces:
        yield "  empty: it holds no evidence, and proves nothing"
    for number, piece in enumerate(one.pieces, start=1):
        yield f"  {number}. {piece.what}"
        yield from (f"     {line}" for line in _piece(piece))


def _piece(piece: Piece) -> Iterator[str]:
    if piece.problem:
        yield f"problem: {shown(piece.problem)}"
    if piece.media_type:
        yield f"media type: {shown(piece.media_type)}"
    if piece.claimed:
        yield f"publisher, as an index says: {shown(piece.claimed)}"
    yield f"signatures: {piece.signatures}"
    yield from (f"key: {quoted(key_id)}" for key_id in piece.key_ids)
    if piece.certificate is not None:
        yield from _certificate(piece.certificate)
    for entry in piece.entries:
        yield f"log entry: {_entry(entry)}"
    if piece.certificate is not None or piece.timestamps:
        yield f"time-stamps: {piece.timestamps}"
    yield from (f"over a file with {digest}" for digest in piece.digests)
    if piece.statement is not None:
        yield from _statement(piece.statement)
    yield from (f"  {shown(label)}: {shown(text)}" for label, text in piece.facts)
    yield from (f"a verifier needs: {shown(need)}" for need in needs_of(piece))


def _certificate(found: SigningCertificate) -> Iterator[str]:
    yield f"certificate: sha256:{found.sha256}"
    if found.problem:
        yield f"  problem: {shown(found.problem)}"
    if found.authority:
        yield f"  issued by: {quoted(found.authority)}"
    if found.start is not None and found.end is not None:
        yield f"  valid: {rfc3339(found.start)} to {rfc3339(found.end)}"
    if found.identity is not None:
        yield f"  subject: {quoted(found.identity.subject)}"
        yield f"  issuer of the login: {quoted(found.identity.issuer)}"
        yield from (f"  {name}: {quoted(text)}" for name, text in _claims(found.identity))


def _entry(entry: Entry) -> str:
    held = [word for word, there in (("promise", entry.promise), ("proof", entry.proof)) if there]
    parts = [
        shown(entry.kind),
        f"index {entry.index}",
        f"at {rfc3339(entry.at)}" if entry.at else "without a time",
        f"with {' and '.join(held)}" if held else "without promise or proof",
        f"log {entry.log}",
    ]
    return ", ".join(parts)


def _statement(statement: Statement) -> Iterator[str]:
    known = by_uri(statement.predicate_type)
    name = known.name if known else "a type nobody here knows"
    yield f"states: {shown(statement.predicate_type)} ({name})"
    subjects = statement.subjects
    for subject in subjects[:_MOST_SUBJECTS]:
        digests = " ".join(str(digest) for digest in subject.digests)
        yield f"about: {'' if subject.name is None else quoted(subject.name) + ' '}{shown(digests)}"
    if len(subjects) > _MOST_SUBJECTS:
        yield f"about: {len(subjects) - _MOST_SUBJECTS} more"


def _claims(identity: Identity) -> Iterator[tuple[str, str]]:
    names = {int(claim): claim.name.lower().replace("_", " ") for claim in Claim}
    for number, text in identity.extensions:
        # The issuer has a line of its own; an empty claim is how some issuers write none.
        if number != Claim.ISSUER and text:
            yield names.get(number, f"extension {number}"), text


def _file_json(one: Inspection) -> JsonValue:
    return {
        "file": one.origin,
        "sha256": one.sha256,
        "form": one.form,
        "notes": list(one.notes),
        "pieces": [_piece_json(piece) for piece in one.pieces],
    }


def _piece_json(piece: Piece) -> JsonValue:
    return {
        "what": piece.what,
        "problem": piece.problem,
        "media_type": piece.media_type,
        "publisher_claimed": json.loads(piece.claimed) if piece.claimed else None,
        "signatures": piece.signatures,
        "key_ids": list(piece.key_ids),
        "certificate": None if piece.certificate is None else _certificate_json(piece.certificate),
        "log_entries": [_entry_json(entry) for entry in piece.entries],
        "timestamps": piece.timestamps,
        "digests": {digest.algorithm: digest.value for digest in piece.digests},
        "statement": None if piece.statement is None else _statement_json(piece.statement),
        "facts": dict(piece.facts),
        "needs": list(needs_of(piece)),
    }


def _certificate_json(found: SigningCertificate) -> JsonValue:
    identity = found.identity
    return {
        "sha256": found.sha256,
        "problem": found.problem,
        "authority": found.authority,
        "not_before": None if found.start is None else rfc3339(found.start),
        "not_after": None if found.end is None else rfc3339(found.end),
        "subject": None if identity is None else identity.subject,
        "issuer": None if identity is None else identity.issuer,
        "claims": {} if identity is None else _claims_json(identity),
    }


def _claims_json(identity: Identity) -> dict[str, JsonValue]:
    return {name.replace(" ", "_"): text for name, text in _claims(identity)}


def _entry_json(entry: Entry) -> JsonValue:
    return {
        "kind": entry.kind,
        "index": entry.index,
        "log": entry.log,
        "at": None if entry.at is None else rfc3339(entry.at),
        "promise": entry.promise,
        "proof": entry.proof,
    }


def _statement_json(statement: Statement) -> JsonValue:
    known = by_uri(statement.predicate_type)
    return {
        "predicate_type": statement.predicate_type,
        "predicate": known.name if known else None,
        "subjects": [
            {
                "name": one.name,
                "digests": {digest.algorithm: digest.value for digest in one.digests},
            }
            for one in statement.subjects
        ],
    }
