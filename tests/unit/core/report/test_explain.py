"""A verdict in plain words: the steps that were taken, what failed, and what to do about it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import CODES, code_of
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Problem, Verdict
from sealane.core.report.explain import render_explained
from support.maker.claims import CLAIMS, ISSUERS, SUBJECTS

AT = datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC)
DIGEST = Digest("sha256", "ab" * 32)
FILE = Artifact("acme-1.0.whl", (DIGEST,), 8, "pkg:pypi/acme@1.0", "1.0")
SIGNER = Identity(ISSUERS["gitlab"], SUBJECTS["gitlab"], tuple(CLAIMS["gitlab"].items()))
STATEMENT = Statement((Subject((DIGEST,), FILE.name),), "https://slsa.dev/provenance/v1", {}, "00")
EVIL = "x\x1b[31m\n$(id)<script>"
FACT = Fact(
    FILE, STATEMENT, SIGNER, AT, "embedded (sha256:00)",
    Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "acme-1.0.whl.sigstore.json"),
    log_index=7, certificate="cd" * 32,
)  # fmt: skip
PASSED = Finding("SL-REQ-001 requirement-met", Outcome.PASS, actual="slsa-provenance by ci")


def finding(
    code: str,
    outcome: Outcome = Outcome.FAIL,
    *,
    place: str = "",
    expected: str = "",
    actual: str = "",
    hint: str = "",
) -> Finding:
    return Finding(code_of(code).label, outcome, place, expected, actual, hint)


def explained(*findings: Finding, facts: tuple[Fact, ...] = (FACT,), **more: object) -> str:
    appraisal = Appraisal((Verdict(FILE, findings, facts),), (), AT)
    text = render_explained(replace(appraisal, **more))  # type: ignore[arg-type]  # its own fields
    assert all(line.isprintable() for line in text.splitlines())
    return text


def test_each_step_says_what_it_found() -> None:
    text = explained(PASSED)
    for number in range(1, 10):
        assert f"    {number}. " in text
    assert "signed at 2026-06-01T12:00:30+00:00" in text
    assert "Entry 7 of a log" in text
    assert "states: slsa-provenance." in " ".join(text.split())
    assert "Required, and found: slsa-provenance by ci." in text
    assert text.endswith("So it passed: all that is required holds.\n")


def test_a_key_has_no_authority_and_needs_no_log() -> None:
    by_key = replace(FACT, certificate="", log_index=None, signed_at=None, statement=None)
    text = explained(PASSED, facts=(by_key,))
    assert "3. Nothing proves when it was signed." in text
    assert "4. A key that you named signed it" in text
    assert "6. It is in no log" in text
    assert "9. It is over this very file" in text


@pytest.mark.parametrize("form", [EvidenceForm.IN_TOTO_LAYOUT, EvidenceForm.OPENPGP_SIGNATURE])
def test_forms_with_a_library_of_their_own_have_no_steps_that_were_not_taken(
    form: EvidenceForm,
) -> None:
    fact = replace(FACT, evidence=Evidence(form, b"", "f.asc"), certificate="", log_index=None)
    text = explained(PASSED, facts=(fact,))
    assert "2. to 8. Somebody whom you named signed it" in text
    assert "5." not in text


def test_a_statement_of_an_unknown_type_is_named_by_its_address() -> None:
    unknown = replace(STATEMENT, predicate_type="https://example.org/new")
    text = " ".join(explained(PASSED, facts=(replace(FACT, statement=unknown),)).split())
    assert "states: https://example.org/new." in text


@pytest.mark.parametrize("code", [code.code for code in CODES])
def test_each_finding_is_explained_with_what_to_do(code: str) -> None:
    text = " ".join(explained(finding(code, expected="this", actual="that")).split())
    assert code_of(code).label in text
    assert "demanded: this found: that What it means: " in text
    assert f"What to do: {code_of(code).hint}." in text
    assert text.endswith("So it failed. Do not use it before what failed is explained.")


def test_a_finding_says_at_which_step_it_was_found() -> None:
    assert "Found at step 7: SL-SIG-004" in explained(finding("SL-SIG-004", place="f"))
    assert "Found by the policy: SL-ID-004" in explained(finding("SL-ID-004"))


def test_the_hint_of_the_finding_goes_before_the_codes_own() -> None:
    assert "What to do: ask Ann." in explained(finding("SL-ID-004", hint="ask Ann"))


def test_what_is_only_noted_is_told_last_and_needs_nothing() -> None:
    note = finding("SL-SIG-004", Outcome.NOTE, place="beside")
    text = explained(note, finding("SL-ID-004"), note)
    assert text.index("Found by the policy") < text.index("Noted at step 7")
    assert text.count("Noted") == 1, "what is the same is told once"
    assert text.count("What to do") == 1


@pytest.mark.parametrize(
    ("code", "outcome", "facts", "ends"),
    [
        ("SL-EV-001", Outcome.MISSING, (), "So nobody can tell"),
        ("SL-POL-002", Outcome.WARN, (FACT,), "So it is a warning"),
    ],
)
def test_what_is_no_pass_is_said_to_be_none(
    code: str, outcome: Outcome, facts: tuple[Fact, ...], ends: str
) -> None:
    text = explained(finding(code, outcome), facts=facts)
    assert ends in text
    assert "That is no pass." in text
    assert ("no evidence that holds" in text) is (not facts)


def test_what_could_not_be_judged_is_told_too() -> None:
    problems = (Problem(5, "f: no such file", "name one"), Problem(5, "g"))
    text = explained(PASSED, problems=problems)
    assert "Not judged: f: no such file\n  What to do: name one" in text
    assert "Not judged: g\n" in text


def test_no_text_of_a_stranger_is_obeyed_and_none_is_a_command() -> None:
    signer = Identity(EVIL, EVIL)
    text = explained(
        finding("SL-ID-003", place=EVIL, expected=EVIL, actual=EVIL, hint=EVIL),
        facts=(replace(FACT, signer=signer, trust=EVIL),),
    )
    assert "\x1b" not in text
    assert "\n$(id)" not in text
    assert "--publisher" not in text
    assert "--cert-identity" not in text
