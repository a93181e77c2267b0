"""Asks for each piece of evidence the prover of its form, and says why it proves nothing."""

from __future__ import annotations

from datetime import datetime

from sealane.appraise.collect import Case
from sealane.appraise.setup import Setup
from sealane.core.attestation.envelope import parse_envelope
from sealane.core.attestation.mentions import bundles_in, envelopes_in, passed_over
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import finding
from sealane.core.verify.about import fact_about
from sealane.core.verify.dsse import prove_envelope
from sealane.core.verify.interface import Proven
from sealane.errors import InputError, MissingExtraError, VerificationError

_UNREADABLE = "SL-SIG-002"


@dataclass(frozen=True, slots=True)
class Part:
    """What one prover is asked about: a bundle, an envelope, a layout or an OpenPGP signature.

    Attributes:
        form: Which of them.
        content: Its bytes.
        notes: What a reader should know of it.
    """

    form: EvidenceForm
    content: bytes
    notes: tuple[str, ...] = ()


def prove_all(
    case: Case, setup: Setup, at: datetime
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """What the evidence about an artifact proves, and why the rest of it does not.

    Args:
        case: The artifact and its evidence.
        setup: What is judged by.
        at: When, aware, UTC.

    Raises:
        MissingExtraError: Evidence has a form that is judged by a library which is not installed.
    """
    facts: list[Fact] = []
    refused: list[Finding] = []
    for evidence in case.evidence:
        try:
            parts = _parts(evidence)
            refused += [_note(evidence, text) for text in passed_over(evidence)]
        except InputError as error:
            refused.append(_broken(evidence, error))
            continue
        if not parts:
            refused.append(finding("SL-EV-002", Outcome.MISSING, evidence.origin))
        for part in parts:
            if part.form is EvidenceForm.OPENPGP_SIGNATURE and not setup.certificates:
                refused.append(_legacy(evidence, at))
                continue
            try:
                facts += _facts(part, evidence, case, setup, at)
            except VerificationError as error:
                refused.append(_refusal(evidence, error))
    return tuple(facts), tuple(refused)


def _parts(evidence: Evidence) -> list[Part]:
    if evidence.form in {EvidenceForm.IN_TOTO_LAYOUT, EvidenceForm.OPENPGP_SIGNATURE}:
        return [Part(evidence.form, evidence.content)]
    bundles = [
        Part(EvidenceForm.SIGSTORE_BUNDLE, bundle, _claimed(publisher))
        for bundle, publisher in bundles_in(evidence)
    ]
    envelopes = [Part(EvidenceForm.DSSE_ENVELOPE, one) for one in envelopes_in(evidence)]
    return bundles + envelopes


def _claimed(publisher: str) -> tuple[str, ...]:
    return (f"the index says it is from {publisher}; that is not proven",) if publisher else ()


def _facts(part: Part, evidence: Evidence, case: Case, setup: Setup, at: datetime) -> list[Fact]:
    # A managed key is trusted because the policy names it, whatever the trust root holds.
    if part.form is EvidenceForm.SIGSTORE_BUNDLE:
        found, root = setup.prove(part.content, case.artifact)
        proven: tuple[Proven, ...] = (found,)
        trust, roots = root.trust, root.names
    else:
        proven = _by_keys(part, evidence, case, setup, at)
        trust, roots = str(setup.trust), setup.root_names
    return [
        fact_about(
            one, case.artifact, evidence=evidence, trust=trust, roots=roots, notes=part.notes
        )
        for one in proven
    ]


def _by_keys(
    part: Part, evidence: Evidence, case: Case, setup: Setup, at: datetime
) -> tuple[Proven, ...]:
    match part.form:
        case EvidenceForm.DSSE_ENVELOPE:
            try:
                envelope = parse_envelope(part.content)
            except InputError as error:
                raise VerificationError(_UNREADABLE, error.message, hint=error.hint) from error
            return prove_envelope(envelope, setup.keys, setup.demands)
        case EvidenceForm.IN_TOTO_LAYOUT:
            from sealane.io.adapters.in_toto_check import LayoutChecker

            return (LayoutChecker().prove_layout(evidence, case.artifact, setup.keys, at),)
        case _:
            return (_openpgp(part.content, case, setup, at),)


def _legacy(evidence: Evidence, at: datetime) -> Finding:
    """An OpenPGP signature that no policy asks for: it is told, and proves nothing."""
    from sealane.io.adapters.openpgp import OpenPgpChecker

    try:
        return _note(evidence, OpenPgpChecker(at).describe(evidence.content))
    except MissingExtraError as error:
        return _note(evidence, f"an OpenPGP signature that was not read: {error.hint}")
    except InputError as error:
        return _broken(evidence, error)


def _openpgp(signature: bytes, case: Case, setup: Setup, at: datetime) -> Proven:
    from sealane.io.adapters.openpgp import OpenPgpChecker

    if case.path is None:
        raise VerificationError(
            "SL-SIG-005",
            "an OpenPGP signature is over the file itself",
            expected="the file",
            actual=case.artifact.name,
            hint="name the file, not its digest",
        )
    return OpenPgpChecker(at).prove_signature(
        signature, case.path, setup.certificates, sha256=case.artifact.sha256
    )


def _note(evidence: Evidence, said: str) -> Finding:
    return finding("SL-EV-004", Outcome.NOTE, evidence.origin, "", said)


def _broken(evidence: Evidence, error: InputError) -> Finding:
    return finding(_UNREADABLE, Outcome.FAIL, evidence.origin, "", error.message, hint=error.hint)


def _refusal(evidence: Evidence, error: VerificationError) -> Finding:
    place = f"{evidence.origin}: {error.message}"
    return finding(error.code, Outcome.FAIL, place, error.expected, error.actual, hint=error.hint)
