"""The chain of trust of one fact: from what was trusted in advance to the file."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim
from sealane.core.model.moment import rfc3339
from sealane.core.report.html.text import code, foreign, in_full, pairs

# What stands as the issuer of signers that no login vouches for; neither is an address.
_NO_LOGIN = "urn:"


def chain(fact: Fact) -> Iterator[str]:
    """Its links as a list, in the order in which they hold each other."""
    yield '<ol class="chain">'
    for title, rows in _links(fact):
        yield f'<li><strong class="link">{title}</strong>'
        yield from pairs(rows)
        yield "</li>"
    yield "</ol>"


def _links(fact: Fact) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    statement, signer, artifact = fact.statement, fact.signer, fact.artifact
    roots = ", ".join(foreign(one) for one in fact.roots)
    yield "Trust root", [("trusted in advance", in_full(fact.trust)), ("in the policy", roots)]
    if not signer.issuer.startswith(_NO_LOGIN):
        yield "Issuer", [("login that vouched for the signer", code(signer.issuer))]
    title = "Certificate of the signer" if fact.certificate else "Key of the signer"
    claims = [(name_of(number), code(text)) for number, text in signer.extensions]
    digest = code(fact.certificate) if fact.certificate else ""
    yield title, [("subject", code(signer.subject)), ("SHA-256", digest), *claims]
    logged = "no entry was demanded or proven" if fact.log_index is None else str(fact.log_index)
    yield "Log entry and time", [("log index", logged), ("signed at", _signed_at(fact))]
    form, digest = foreign(fact.evidence.form.value), fact.evidence.sha256
    found = [("form", form), ("found in", code(fact.evidence.origin))]
    yield "Signature", [*found, ("SHA-256 of the evidence", code(digest) if digest else "")]
    if statement is None:
        yield "Statement", [("what was signed", "the file itself, without a statement")]
    else:
        kind, payload = code(statement.predicate_type), code(statement.digest)
        yield "Statement", [("type", kind), ("SHA-256 of the payload", payload)]
    digests = "<br>".join(code(str(digest)) for digest in artifact.digests)
    yield "Artifact", [("name", code(artifact.name)), ("digests", digests)]


def _signed_at(fact: Fact) -> str:
    if fact.signed_at is None:
        return "nothing proves when"
    moment = rfc3339(fact.signed_at)
    return f'<time datetime="{moment}">{moment}</time>'


def name_of(number: int) -> str:
    """What a claim of a certificate is called."""
    known = number in set(Claim)
    return Claim(number).name.lower().replace("_", " ") if known else f"extension {number}"
