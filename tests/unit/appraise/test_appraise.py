"""Nothing passes by accident: no artifact, no evidence, no policy, an expired one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sealane.appraise.appraise import appraise
from sealane.appraise.collect import Case
from sealane.appraise.setup import make_setup
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.ending import exit_code
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.policy.answers import finding
from sealane.core.policy.quick import quick_policy
from sealane.errors import EvidenceError, PolicyError
from sealane.io.stores.trust.load import load_trust

AT = datetime(2026, 6, 1, tzinfo=UTC)
FILE = Artifact("f-1.0.tar.gz", (Digest("sha256", "a" * 64),), 7, "pkg:pypi/f@1.0", "1.0")
POLICY = quick_policy(["gitlab:a/b"])
TRUST = load_trust(None, sandbox=None)
SETUP = make_setup(POLICY, TRUST)
NOBODY = make_setup(None, TRUST)
EMPTY = b'{"version": 1, "attestation_bundles": []}'


def case(*contents: bytes, form: EvidenceForm = EvidenceForm.PEP740_PROVENANCE) -> Case:
    found = tuple(Evidence(form, content, f"e{n}") for n, content in enumerate(contents))
    return Case(FILE, found)


def codes(appraisal: Appraisal) -> list[tuple[str, str]]:
    (verdict,) = appraisal.verdicts
    return [(one.code.split()[0], one.outcome.value) for one in verdict.findings]


def test_no_artifact_is_an_error_and_never_a_pass() -> None:
    with pytest.raises(EvidenceError):
        appraise([], SETUP, AT)


def test_an_expired_policy_judges_nothing() -> None:
    setup = replace(SETUP, policy=replace(POLICY, expires=AT))
    with pytest.raises(PolicyError, match="expired"):
        appraise([case()], setup, AT)


@pytest.mark.parametrize("setup", [SETUP, NOBODY], ids=["policy", "nobody"])
def test_without_evidence_nothing_passes(setup: object) -> None:
    chosen = SETUP if setup is SETUP else NOBODY
    assert codes(appraise([case()], chosen, AT)) == [("SL-EV-001", "missing")]
    found = appraise([case(EMPTY)], chosen, AT)
    assert codes(found) == [("SL-EV-001", "missing"), ("SL-EV-002", "missing")]
    assert exit_code(found) == 3


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"{", EvidenceForm.PEP740_PROVENANCE),
        (b"{}", EvidenceForm.PEP740_ATTESTATION),
        (b"{}", EvidenceForm.SIGSTORE_BUNDLE),
        (b"", EvidenceForm.SIGSTORE_BUNDLE),
    ],
)
@pytest.mark.parametrize("setup", [SETUP, NOBODY], ids=["policy", "nobody"])
def test_broken_evidence_fails(setup: object, content: bytes, form: EvidenceForm) -> None:
    chosen = SETUP if setup is SETUP else NOBODY
    found = appraise([case(content, form=form)], chosen, AT)
    assert codes(found) == [("SL-SIG-002", "fail")]
    assert exit_code(found) == 1


def test_what_could_not_be_read_keeps_an_artifact_from_passing() -> None:
    unread = finding("SL-SIG-002", Outcome.FAIL, "x")
    assert codes(appraise([Case(FILE, (), (unread,))], SETUP, AT)) == [("SL-SIG-002", "fail")]


def test_the_report_names_what_was_judged_by() -> None:
    found = appraise([case()], SETUP, AT)
    assert [str(one) for one in found.based_on] == [f"policy: {POLICY}", f"trust root: {TRUST}"]
    assert not found.sandbox
    nobody = appraise([case()], NOBODY, AT)
    assert str(nobody.based_on[0]) == "policy: none: nobody was named to trust"


def verdict(*outcomes: Outcome) -> Verdict:
    return Verdict(FILE, tuple(Finding("c", outcome) for outcome in outcomes))


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), 3),
        ((Outcome.PASS,), 3),
        ((Outcome.MISSING,), 3),
        ((Outcome.NOTE,), 3),
        ((Outcome.FAIL,), 1),
        ((Outcome.PASS, Outcome.FAIL), 1),
    ],
)
def test_the_exit_code_is_0_for_proven_passes_only(
    outcomes: tuple[Outcome, ...], code: int
) -> None:
    # No fact was proven in any of these, so none can be a pass.
    assert exit_code(Appraisal((verdict(*outcomes),), (), AT)) == code


def test_no_verdict_is_no_pass() -> None:
    assert exit_code(Appraisal((), (), AT)) == 3
