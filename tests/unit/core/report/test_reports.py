"""A report says what was judged by, and obeys no stranger's text."""

import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.shown import LONGEST, quoted, shown
from sealane.core.model.verdict import Appraisal, Basis, Finding, Outcome, Problem, Verdict
from sealane.core.policy.answers import finding
from sealane.core.report.interface import SANDBOX, UNENFORCED
from sealane.core.report.registry import FORMS, form

AT = datetime(2026, 1, 1, tzinfo=UTC)
FILE = Artifact("f-1.0.tar.gz", (Digest("sha256", "a" * 64),), 7, "pkg:pypi/f@1.0", "1.0")
SIGNER = Identity(
    "https://gitlab.com", "https://gitlab.com/a/b//ci.yml@refs/tags/v1",
    ((int(Claim.SOURCE_REPOSITORY_REF), "refs/tags/$(touch x)"), (99, "new")),
)  # fmt: skip
EVIDENCE = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "f.sigstore.json")
FACT = Fact(FILE, None, SIGNER, AT, "root", EVIDENCE, 7, "b" * 64, ("a note",))
PASSED = finding("SL-REQ-001", Outcome.PASS, "f.sigstore.json", "signed by ci", "ci")
NOBODY = finding("SL-ID-011", Outcome.MISSING, "f.sigstore.json", "somebody", "x")
MISMATCH = finding("SL-ID-004", Outcome.FAIL, "ref", "refs/tags/v1", "refs/heads/main")
BASED_ON = (Basis("policy", "acme", "c" * 64), Basis("trust root", "embedded", "d"))


def appraisal(*findings: Finding, facts: tuple[Fact, ...] = (FACT,)) -> Appraisal:
    return Appraisal((Verdict(FILE, findings, facts),), BASED_ON, AT)


def rendered(name: str, what: Appraisal) -> str:
    found = form(name)
    assert found is not None
    return found.render(what)


def test_the_first_line_names_policy_and_root_with_their_digests() -> None:
    first = rendered("text", appraisal(PASSED)).splitlines()[0]
    assert "c" * 64 in first
    assert "trust root: embedded" in first


@pytest.mark.parametrize("name", [one.name for one in FORMS])
def test_a_rehearsal_and_an_unenforced_run_are_stamped(name: str) -> None:
    text = rendered(name, replace(appraisal(PASSED), sandbox=True, enforced=False))
    if name == "json":
        assert (json.loads(text)["sandbox"], json.loads(text)["enforced"]) == (True, False)
    elif name != "text":
        assert SANDBOX in text
        assert UNENFORCED in text
    else:
        assert text.startswith("[sandbox] ")
        assert text.rstrip().endswith("[sandbox]")
        assert "not enforced" in text


def test_claims_are_shown_to_be_compared_only_where_nobody_was_named() -> None:
    text = rendered("text", appraisal(NOBODY))
    assert "--cert-identity https://gitlab.com/a/b//ci.yml@refs/tags/v1" in text
    assert shlex.quote("refs/tags/$(touch x)") in text
    assert "compare this with what the project's own page says" in text
    for other in (PASSED, MISMATCH):
        assert "--cert-identity" not in rendered("text", appraisal(other))


def test_a_failure_shows_expected_actual_and_a_hint() -> None:
    text = rendered("text", appraisal(MISMATCH))
    for part in ("FAIL", "SL-ID-004 ref-mismatch", "refs/tags/v1", "refs/heads/main", "hint: "):
        assert part in text
    assert "1 artifact: 0 passed, 1 failed" in text


def test_notes_and_hosts_are_shown() -> None:
    text = rendered("text", replace(appraisal(PASSED), notes=("n\x1b",), hosts=("index.example",)))
    assert "note: n\\x1b" in text
    assert "asked: index.example" in text


def test_json_says_everything() -> None:
    document = json.loads(rendered("json", appraisal(PASSED)))
    assert document["passed"] is True
    (verdict,) = document["verdicts"]
    assert verdict["artifact"]["digests"] == {"sha256": "a" * 64}
    assert verdict["facts"][0]["claims"] == {
        "source_repository_ref": "refs/tags/$(touch x)",
        "extension_99": "new",
    }


@pytest.mark.parametrize("findings", [(), (MISMATCH,), (NOBODY,), (PASSED, MISMATCH)])
def test_json_never_says_passed_of_what_did_not(findings: tuple[Finding, ...]) -> None:
    assert json.loads(rendered("json", appraisal(*findings)))["passed"] is False
    assert json.loads(rendered("json", appraisal(PASSED, facts=())))["passed"] is False
    assert json.loads(rendered("json", Appraisal((), BASED_ON, AT)))["passed"] is False


def test_an_unknown_form_is_none() -> None:
    assert form("xml") is None


def test_a_form_has_a_short_name_too() -> None:
    assert form("md") is form("markdown") is not None


@given(st.text(max_size=80))
def test_no_text_reaches_a_terminal_as_it_is(evil: str) -> None:
    artifact = replace(FILE, name=evil)
    signer = Identity(evil, evil, ((int(Claim.SOURCE_REPOSITORY_REF), evil),))
    fact = replace(FACT, signer=signer, notes=(evil,), evidence=replace(EVIDENCE, origin=evil))
    findings = (replace(NOBODY, place=evil, expected=evil, actual=evil, hint=evil),)
    whole = Appraisal(
        (Verdict(artifact, findings, (fact,)),),
        (Basis(evil, evil, evil),),
        AT,
        (evil,),
        notes=(evil,),
    )
    for one in FORMS:
        text = one.render(whole)
        assert all(char.isprintable() for line in text.split("\n") for char in line)
    plain = replace(whole, verdicts=(Verdict(FILE, findings, (FACT,)),))
    assert len(FORMS[0].render(whole).splitlines()) <= len(FORMS[0].render(plain).splitlines()) + 1


@given(st.text(max_size=600))
def test_a_text_is_shown_on_one_line(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text[:LONGEST]).splitlines()) <= 1


@given(st.text(max_size=600))
def test_a_quoted_text_is_one_word_of_a_shell(text: str) -> None:
    word = quoted(text)
    assert word.isprintable()
    if shown(text) == text:
        assert shlex.split(word) == [text]


EVIL = "file 'a\x1b[2K\nPASS  b': unreadable"


@pytest.mark.parametrize("hint", ["name readable files", ""])
def test_what_could_not_be_judged_stands_beside_the_verdicts(hint: str) -> None:
    text = rendered("text", replace(appraisal(PASSED), problems=(Problem(5, EVIL, hint),)))
    lines = text.splitlines()
    assert r"ERROR    file 'a\x1b[2K\nPASS  b': unreadable" in lines
    assert ("        hint: name readable files" in lines) == bool(hint)
    assert lines[-1].endswith("; 1 could not be judged")
    assert "passed, 0 failed, 0 without enough evidence;" in lines[-1]


def test_a_problem_keeps_a_report_for_programs_from_passing() -> None:
    passed = json.loads(rendered("json", appraisal(PASSED)))
    with_problem = replace(appraisal(PASSED), problems=(Problem(6, "nobody answers", "later"),))
    document = json.loads(rendered("json", with_problem))
    assert (passed["passed"], document["passed"]) == (True, False)
    assert document["problems"] == [{"exit_code": 6, "message": "nobody answers", "hint": "later"}]


@pytest.mark.parametrize("signed_at", [AT, None])
def test_a_signature_without_a_proven_time_says_so(signed_at: datetime | None) -> None:
    fact = replace(FACT, signed_at=signed_at)
    text = rendered("text", appraisal(NOBODY, facts=(fact,)))
    assert ("at no proven time" in text) == (signed_at is None)
    (verdict,) = json.loads(rendered("json", appraisal(NOBODY, facts=(fact,))))["verdicts"]
    assert verdict["facts"][0]["signed_at"] == (signed_at and "2026-01-01T00:00:00Z")
