"""What is said to others of a run: only of one that was enforced, by a policy that has a name."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm, with_digests
from sealane.core.model.summarizer import (
    Summarizer,
    build_level,
    check_summarizable,
    policy_uri,
    statement_about,
)
from sealane.core.model.verdict import Appraisal, Basis, Finding, Outcome, Verdict
from sealane.errors import UsageError

FILE = Artifact(
    "a b.whl", (Digest("sha1", "1" * 40), Digest("sha256", "a" * 64)), 7, "pkg:pypi/a@1", "1"
)
BARE = replace(FILE, purl=None)
POLICY = Basis("policy", "acme, p.toml", "c" * 64, "acme")
RUN = Appraisal((Verdict(FILE, ()),), (POLICY,), datetime(2026, 1, 1, tzinfo=UTC))
WHO = Summarizer("https://example.org/v", "1")


def test_the_policy_is_named_by_what_it_calls_itself_never_by_where_it_lies() -> None:
    assert policy_uri(check_summarizable(RUN, WHO)) == "urn:sealane:policy:acme"
    assert policy_uri(Basis("policy", "a b", "c" * 64)) == "urn:sealane:policy:a%20b"


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(replace(RUN, enforced=False), id="warn-only"),
        pytest.param(replace(RUN, based_on=()), id="nothing"),
        pytest.param(replace(RUN, based_on=(Basis("trust root", "r", "d" * 64),)), id="root"),
        pytest.param(replace(RUN, based_on=(Basis("policy", "none", ""),)), id="nobody-named"),
    ],
)
def test_a_run_without_a_policy_that_counts_is_not_summed_up(run: Appraisal) -> None:
    with pytest.raises(UsageError):
        check_summarizable(run, WHO)


def test_one_uri_does_not_stand_for_two_artifacts() -> None:
    two = replace(RUN, verdicts=RUN.verdicts * 2)
    check_summarizable(two, WHO)
    check_summarizable(two, replace(WHO, resource="https://example.org/"))
    check_summarizable(RUN, replace(WHO, resource="https://example.org/x"))
    with pytest.raises(UsageError, match="2 artifacts"):
        check_summarizable(two, replace(WHO, resource="https://example.org/x"))


def test_the_resource_is_what_was_said_or_the_package_url() -> None:
    assert WHO.resource_of(FILE) == "pkg:pypi/a@1"
    assert replace(WHO, resource="https://e.org/x").resource_of(FILE) == "https://e.org/x"
    assert replace(WHO, resource="https://e.org/").resource_of(BARE) == "https://e.org/a%20b.whl"
    with pytest.raises(UsageError, match="no package URL"):
        WHO.resource_of(BARE)


def test_a_rehearsals_verifier_is_another() -> None:
    assert WHO.verifier_in(RUN) == "https://example.org/v"
    assert WHO.verifier_in(replace(RUN, sandbox=True)) == "sandbox+https://example.org/v"


def test_a_level_counts_where_it_was_proven_of_what_passed() -> None:
    from support.summaries import passed

    assert build_level(passed(FILE)) == 0
    assert build_level(passed(FILE, 2, 3, 0)) == 3
    failing = Finding("SL-ID-004 ref-mismatch", Outcome.FAIL)
    verdict = passed(FILE, 3)
    assert build_level(replace(verdict, findings=(*verdict.findings, failing))) == 0
    warned = Finding("SL-ID-004 ref-mismatch", Outcome.WARN, level=3)
    verdict = passed(FILE, 1)
    assert build_level(replace(verdict, findings=(*verdict.findings, warned))) == 1


def test_a_statement_has_one_subject_by_strong_digests() -> None:
    made = json.loads(statement_about(FILE, "t:1", {"x": 1}))
    assert made == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "a b.whl", "digest": {"sha256": "a" * 64}}],
        "predicateType": "t:1",
        "predicate": {"x": 1},
    }


def test_evidence_is_named_by_the_digest_of_each_of_its_files() -> None:
    found = with_digests(
        Evidence(EvidenceForm.IN_TOTO_LAYOUT, b"", "root.layout", (("a.link", b"x"),))
    )
    assert found.sha256.startswith("e3b0c442")
    ((name, digest),) = found.part_digests
    assert (name, digest[:8]) == ("a.link", "2d711642")
