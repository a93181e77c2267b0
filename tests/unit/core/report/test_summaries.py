"""Verdicts as summaries: PASSED is said of a pass alone, and of nothing that enforces nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.attestation.predicates.svr import PREDICATE as SVR
from sealane.core.attestation.predicates.svr import parse_svr
from sealane.core.attestation.predicates.vsa import PREDICATE as VSA
from sealane.core.attestation.predicates.vsa import parse_vsa
from sealane.core.attestation.statement import parse_statement
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.statement import Statement
from sealane.core.model.summarizer import Summarizer
from sealane.core.model.verdict import Appraisal, Basis, Finding, Outcome, Verdict
from sealane.core.report.svr import svr_of, svr_statements
from sealane.core.report.vsa import vsa_of, vsa_statements
from sealane.errors import UsageError
from support.summaries import AT, evidence, fact_from, passed

FILE = Artifact("f-1.0.tar.gz", (Digest("sha256", "a" * 64),), 7, "pkg:pypi/f@1.0", "1.0")
BASED_ON = (Basis("policy", "acme, /home/ann/p.toml", "c" * 64, "acme"),)
WHO = Summarizer("https://example.org/v", "9")


def run(*verdicts: Verdict) -> Appraisal:
    return Appraisal(verdicts, BASED_ON, AT)


def read(statements: tuple[bytes, ...]) -> list[Statement]:
    return [parse_statement("application/vnd.in-toto+json", one) for one in statements]


def test_a_pass_is_summed_up_with_all_that_was_used() -> None:
    (statement,) = read(vsa_statements(run(passed(FILE, 2)), WHO))
    assert statement.predicate_type == VSA
    assert [(one.name, one.digests) for one in statement.subjects] == [(FILE.name, FILE.digests)]
    assert statement.predicate == {
        "verifier": {"id": "https://example.org/v", "version": {"sealane": "9"}},
        "timeVerified": "2026-11-25T12:00:00Z",
        "resourceUri": "pkg:pypi/f@1.0",
        "policy": {"uri": "urn:sealane:policy:acme", "digest": {"sha256": "c" * 64}},
        "inputAttestations": [
            {"uri": "x.sigstore", "digest": {"sha256": evidence("").sha256}},
        ],
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_2"],
        "slsaVersion": "1.2",
    }


def test_no_level_is_claimed_that_nobody_demanded() -> None:
    assert vsa_of(passed(FILE), run(passed(FILE)), WHO).levels == ("SLSA_BUILD_LEVEL_UNEVALUATED",)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.MISSING, Outcome.WARN, Outcome.NOTE])
def test_all_that_is_no_pass_is_failed(outcome: Outcome) -> None:
    verdict = Verdict(FILE, (Finding("SL-ID-004 ref-mismatch", outcome, level=3),))
    (statement,) = read(vsa_statements(run(verdict), WHO))
    found = parse_vsa(statement.predicate)
    assert (found.passed, found.levels) == (False, ("FAILED",))
    assert found.inputs == ()
    assert svr_statements(run(verdict), WHO) == ()
    assert svr_of(verdict, run(verdict), WHO).properties == ()


@given(st.lists(st.sampled_from(list(Outcome)), max_size=4))
def test_adding_anything_that_does_not_hold_never_makes_a_passed(outcomes: list[Outcome]) -> None:
    verdict = passed(FILE, 3)
    more = tuple(Finding("SL-ID-004 ref-mismatch", one, level=3) for one in outcomes)
    verdict = replace(verdict, findings=(*verdict.findings, *more))
    held = verdict.outcome is Outcome.PASS
    assert vsa_of(verdict, run(verdict), WHO).passed is held
    assert (len(svr_statements(run(verdict), WHO)) == 1) is held
    if {Outcome.FAIL, Outcome.MISSING} & set(outcomes):
        assert not held


def test_a_result_lists_what_holds_and_the_policy_it_holds_by() -> None:
    (statement,) = read(svr_statements(run(passed(FILE, 3)), WHO))
    assert statement.predicate_type == SVR
    assert statement.predicate == {
        "verifier": {
            "id": "https://example.org/v",
            "policies": [{"uri": "urn:sealane:policy:acme", "digest": {"sha256": "c" * 64}}],
        },
        "timeCreated": "2026-11-25T12:00:00Z",
        "properties": ["SEALANE_POLICY_PASSED", "SLSA_BUILD_LEVEL_3"],
    }
    (statement,) = read(svr_statements(run(passed(FILE)), WHO))
    assert parse_svr(statement.predicate).properties == ("SEALANE_POLICY_PASSED",)


def test_a_rehearsal_is_stamped_in_the_verifier_and_beside_it() -> None:
    world = replace(run(passed(FILE)), sandbox=True)
    for statements in (vsa_statements(world, WHO), svr_statements(world, WHO)):
        (statement,) = read(statements)
        predicate: dict[str, Any] = dict(statement.predicate)
        assert predicate["verifier"]["id"] == "sandbox+https://example.org/v"
        assert predicate[SANDBOX] is True


def test_each_artifact_has_a_statement_of_its_own() -> None:
    other = replace(FILE, name="g-1.0.tar.gz", digests=(Digest("sha256", "b" * 64),))
    failed = Verdict(other, (Finding("SL-EV-001 evidence-missing", Outcome.MISSING),))
    statements = read(vsa_statements(run(passed(FILE), failed), WHO))
    assert [one.subjects[0].name for one in statements] == [FILE.name, other.name]
    assert [parse_vsa(one.predicate).passed for one in statements] == [True, False]
    (only,) = read(svr_statements(run(passed(FILE), failed), WHO))
    assert only.subjects[0].name == FILE.name


@pytest.mark.parametrize("statements", [vsa_statements, svr_statements])
def test_a_run_that_enforces_nothing_is_not_summed_up(
    statements: Callable[[Appraisal, Summarizer], tuple[bytes, ...]],
) -> None:
    with pytest.raises(UsageError, match="--warn-only"):
        statements(replace(run(passed(FILE)), enforced=False), WHO)


@pytest.mark.parametrize(
    ("origin", "uri"),
    [
        ("/home/ann/dist/f.sigstore.json", "f.sigstore.json"),
        (r"C:\Users\ann\f.sigstore.json", "f.sigstore.json"),
        ("https://index.example/f.provenance", "f.provenance"),
        ("https://index.example/a b", "a%20b"),
        ("e\x1b[31m", "e%1B%5B31m"),
        ("e\udcff.json", "e%FF.json"),
    ],
)
def test_evidence_is_named_without_the_verifiers_folders(origin: str, uri: str) -> None:
    verdict = replace(passed(FILE), facts=(fact_from(FILE, evidence(origin)),))
    (found,) = vsa_of(verdict, run(verdict), WHO).inputs or ()
    assert found.uri == uri


def test_evidence_is_listed_once_and_with_its_parts() -> None:
    twice = fact_from(FILE, evidence("a.jsonl"))
    layout = replace(evidence("root.layout"), part_digests=(("x.link", "d" * 64),))
    verdict = replace(passed(FILE), facts=(twice, twice, fact_from(FILE, layout)))
    found = vsa_of(verdict, run(verdict), WHO).inputs or ()
    assert [one.uri for one in found] == ["a.jsonl", "root.layout", "x.link"]


def test_evidence_without_a_digest_is_a_bug_and_no_summary() -> None:
    bare = fact_from(FILE, Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"x", "x"))
    verdict = replace(passed(FILE), facts=(bare,))
    with pytest.raises(ValueError, match="not asked for digests"):
        vsa_of(verdict, run(verdict), WHO)


def test_a_name_that_is_no_text_stands_in_no_summary() -> None:
    odd = passed(replace(FILE, name="f\udcff.whl"))
    for who in (WHO, replace(WHO, resource="https://example.org/d/")):
        with pytest.raises(UsageError, match="not UTF-8"):
            vsa_statements(run(odd), who)
    with pytest.raises(UsageError, match="not UTF-8"):
        svr_statements(run(odd), WHO)


def test_no_text_of_a_stranger_breaks_the_statement() -> None:
    odd = replace(FILE, name='"}\n<script>$(x)\u202e', purl=None)
    (made,) = vsa_statements(run(passed(odd)), replace(WHO, resource="https://example.org/d/"))
    assert json.loads(made)["subject"][0]["name"] == odd.name
    assert made.isascii()
    assert b"\n" not in made
