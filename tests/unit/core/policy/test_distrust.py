"""Whatever the policy distrusts fails, however much else holds."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.verdict import Outcome
from sealane.core.policy.schema import Distrust, Exemption
from support.judging import (
    ANN,
    AT,
    BO,
    DIGEST,
    GITHUB,
    HUB,
    LOGIN,
    PUBLISH,
    SIGNED,
    WHEEL,
    ask,
    fact,
    github,
    gitlab,
    having,
    outcome,
    person,
    policy,
    reused,
    said,
    wants,
)
from support.policies import CI, refused, rule

DAY = timedelta(days=1)
HOST = "https://git.example.org"
SHA512 = Digest("sha512", "f" * 128)
CIRCLECI = Identity(
    "https://oidc.circleci.com/org/1",
    "https://circleci.com/api/v2/projects/2/pipeline-definitions/3",
    ((int(Claim.SOURCE_REPOSITORY_URI), "github.com/acme/hello"),),
)


@pytest.mark.parametrize(
    ("named", "signed", "held"),
    [
        pytest.param({"issuer": LOGIN}, fact(), True, id="issuer"),
        pytest.param({"issuer": LOGIN.upper()}, fact(), True, id="issuer-in-capitals"),
        pytest.param({"issuer": LOGIN + "/"}, fact(), False, id="another-issuer"),
        pytest.param({"subject": ANN.subject}, fact(), True, id="subject"),
        pytest.param({"subject": "ann"}, fact(), False, id="part-of-the-subject"),
        pytest.param({"issuer": LOGIN, "subject": BO.subject}, fact(), False, id="not-both"),
        pytest.param({"project": HUB}, fact(by=github()), True, id="project"),
        pytest.param({"project": HUB + "/"}, fact(by=github("ACME/Hello")), True,
                     id="project-written-otherwise"),
        pytest.param({"project": "https://github.com/acme/hell"}, fact(by=github()), False,
                     id="part-of-the-project"),
        pytest.param({"project": "https://github.com/acme"}, fact(by=github()), True,
                     id="everything-of-a-group"),
        pytest.param({"project": "https://github.com/trusted/builder"}, fact(by=reused()), True,
                     id="the-project-of-the-reusable-workflow"),
        pytest.param({"project": HUB}, fact(by=reused()), True, id="the-project-that-calls-it"),
        pytest.param({"project": HUB}, fact(), False, id="a-signer-without-a-project"),
        pytest.param({"project": HUB}, fact(by=CIRCLECI), True, id="circleci-names-no-scheme"),
        pytest.param({"project": HUB + ".git"}, fact(by=github()), True, id="as-git-clones-it"),
        pytest.param({"project": "git+" + HUB}, fact(by=github()), True, id="as-a-dependency"),
        pytest.param({"project": "https://github.com/acme/hello.github"}, fact(by=github()), False,
                     id="a-longer-name"),
        pytest.param({"project": f"{HOST}/acme/hello"}, fact(by=gitlab("git.example.org")), True,
                     id="self-managed"),
        pytest.param({"project": f"{HOST}/acme/hello"}, fact(by=gitlab()), False,
                     id="the-same-path-elsewhere"),
        pytest.param({"run": f"{HUB}/actions/runs/991"}, fact(by=github()), True,
                     id="every-attempt-of-a-run"),
        pytest.param({"run": f"{HUB}/actions/runs/991/attempts/1"}, fact(by=github()), True,
                     id="an-attempt"),
        pytest.param({"run": f"{HUB}/actions/runs/99"}, fact(by=github()), False,
                     id="another-run"),
        pytest.param({"run": f"{HUB}/actions/runs/991"}, fact(), False, id="no-run"),
        pytest.param({"run": f"{HOST}/acme/hello/-/jobs/991"},
                     fact(by=gitlab("git.example.org")), True, id="self-managed-run"),
        pytest.param({"run": f"{HOST}/acme/hello/-/jobs/9"},
                     fact(by=gitlab("git.example.org")), False, id="another-self-managed-run"),
        pytest.param({"digest": str(DIGEST)}, fact(), True, id="digest"),
        pytest.param({"digest": str(DIGEST).upper()}, fact(), True, id="digest-in-capitals"),
        pytest.param({"digest": f"sha256:{'0' * 64}"}, fact(), False, id="another-digest"),
        pytest.param({"digest": str(DIGEST), "subject": BO.subject}, fact(), False,
                     id="digest-and-another-signer"),
    ],
)  # fmt: skip
def test_what_matches_in_everything_that_is_named_fails(
    named: dict[str, Any], signed: Fact, *, held: bool
) -> None:
    judged = policy(wants(by=[ANN, GITHUB]), distrust=(Distrust("SEC-12: leaked", **named),))
    found = [one for one in ask(judged, signed) if one.code.startswith("SL-DIS-001")]
    assert bool(found) is held
    if held:
        assert "SEC-12: leaked" in found[0].hint
        assert outcome(judged, signed) is Outcome.FAIL


@pytest.mark.parametrize(
    ("start", "end", "signed", "held"),
    [
        (SIGNED, SIGNED, SIGNED, True),
        (SIGNED - DAY, SIGNED + DAY, SIGNED, True),
        (SIGNED + DAY, None, SIGNED, False),
        (None, SIGNED - DAY, SIGNED, False),
        (None, SIGNED, SIGNED, True),
        # What proves no time may have been signed then.
        (SIGNED + DAY, None, None, True),
        (None, SIGNED - DAY, None, True),
    ],
)
def test_the_window_is_about_the_proven_time(
    start: datetime | None, end: datetime | None, signed: datetime | None, *, held: bool
) -> None:
    distrust = Distrust("SEC-1", issuer=LOGIN, start=start, end=end)
    judged = policy(distrust=(distrust,))
    got = fact(signed=signed)
    assert outcome(judged, got) is (Outcome.FAIL if held else Outcome.PASS)


def test_distrust_of_one_signer_fails_beside_the_best_evidence() -> None:
    judged = policy(distrust=(Distrust("SEC-1", subject=BO.subject),))
    assert outcome(judged, fact()) is Outcome.PASS
    assert outcome(judged, fact(), fact(by=person(BO))) is Outcome.FAIL
    assert said(ask(judged, fact(), fact(by=person(BO)))) == [
        ("SL-REQ-001", "pass"),
        ("SL-DIS-001", "fail"),
    ]


def test_a_digest_is_distrusted_without_any_evidence() -> None:
    judged = policy(distrust=(Distrust("SEC-1", digest=str(DIGEST), start=AT),))
    assert said(ask(judged)) == [("SL-EV-001", "missing"), ("SL-DIS-001", "fail")]
    named = policy(distrust=(Distrust("SEC-1", digest=str(DIGEST), issuer=LOGIN),))
    assert said(ask(named)) == [("SL-EV-001", "missing")]
    # A fact from outside the window is none inside it.
    assert outcome(judged, fact()) is Outcome.PASS


def test_a_subject_tells_the_other_digests_of_an_artifact() -> None:
    judged = policy(distrust=(Distrust("SEC-1", digest=str(SHA512)),))
    both = Statement((Subject((DIGEST, SHA512)),), PUBLISH, {}, "e" * 64)
    assert outcome(judged, replace(fact(), statement=both)) is Outcome.FAIL
    other = Statement((Subject((DIGEST,)), Subject((SHA512,))), PUBLISH, {}, "e" * 64)
    assert outcome(judged, replace(fact(), statement=other)) is Outcome.PASS
    assert outcome(judged, fact(None)) is not Outcome.FAIL
    known = Artifact(WHEEL.name, (DIGEST, SHA512), 7)
    assert outcome(judged, fact(about=known), artifact=known) is Outcome.FAIL


def test_nothing_exempts_from_distrust() -> None:
    exemptions = (Exemption(("*",), "SL-DIS-001", "no", AT + DAY),)
    judged = policy(distrust=(Distrust("SEC-1", issuer=LOGIN),), exemptions=exemptions)
    assert outcome(judged, fact()) is Outcome.FAIL


def test_a_finding_names_what_is_distrusted() -> None:
    distrust = Distrust("SEC-1", LOGIN, ANN.subject, "", "", str(DIGEST), SIGNED, SIGNED)
    found = ask(policy(distrust=(distrust,)), fact())[-1]
    assert found.expected == (
        f"not {DIGEST}, ann@example.org, issuer {LOGIN}, from 2026-05-01T00:00:00+00:00, "
        "until 2026-05-01T00:00:00+00:00"
    )
    run = f"{HUB}/actions/runs/991"
    found = ask(policy(distrust=(Distrust("x", project=HUB, run=run),)), fact(by=github()))[-1]
    assert found.expected == f"not project {HUB}, run {run}"


def test_without_a_source_claim_the_pipeline_tells_the_project() -> None:
    signer = having(gitlab("git.example.org"), Claim.SOURCE_REPOSITORY_URI, None)
    judged = policy(distrust=(Distrust("SEC-1", project=f"{HOST}/acme/hello"),))
    assert said(ask(judged, fact(by=signer)))[-1] == ("SL-DIS-001", "fail")
    bare = person()
    away = replace(bare, issuer=HOST)
    assert said(ask(judged, fact(by=away)))[-1][0] != "SL-DIS-001"


@pytest.mark.parametrize(
    "named",
    ["project = 'acme/hello'", "project = 'github.com/acme/hello'", "run = '991'",
     "issuer = 'login.example.org'"],
)  # fmt: skip
def test_what_no_certificate_can_say_is_refused(named: str) -> None:
    error = refused(CI, rule(), f"[[distrust]]\nreason = 'SEC-12'\n{named}\n")
    assert f"distrust.0.{named.split(maxsplit=1)[0]}: expected a URI" in error.message
