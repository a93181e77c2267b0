"""A signer is pinned by what stays the same from release to release."""

from dataclasses import replace

import pytest

from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.identity import Identity
from sealane.core.policy.pins import LogKind, package_of
from sealane.core.policy.pins_claims import as_pinned, kind_of_evidence, log_of, seen_signer
from sealane.core.policy.refs import matches_template
from sealane.errors import InputError, PolicyError
from support.histories import GITHUB, GITLAB, Pipeline
from support.pinned import ANN, CI, fact, identity, wheel


def test_a_pipeline_is_pinned_by_its_project_file_ids_and_tag() -> None:
    seen = seen_signer(fact())
    assert seen.refs == ("refs/tags/v1.1",)
    pinned = as_pinned(seen, "1.1")
    assert pinned.refs == CI.refs
    assert (pinned.project, pinned.config, pinned.project_id) == (CI.project, CI.config, "4711")
    assert (pinned.owner_id, pinned.runner, pinned.environment) == ("42", "gitlab-hosted", "")
    assert (pinned.subject, pinned.workflow, pinned.signs) == ("", "", ("slsa-provenance",))


def test_a_workflow_of_github_is_pinned_alike() -> None:
    seen = seen_signer(fact(by=GITHUB.but(environment="release")))
    assert seen.project == "https://github.com/acme/acme"
    assert (seen.config, seen.workflow) == (".github/workflows/release.yml", "")
    assert (seen.environment, seen.runner) == ("release", "github-hosted")


def test_a_person_and_a_key_are_pinned_by_their_subject() -> None:
    seen = seen_signer(fact(by=ANN))
    assert (seen.issuer, seen.subject) == ("https://login.example.org", "ann@example.org")
    assert (seen.config, seen.project, seen.workflow, seen.refs) == ("", "", "", ())


def test_of_a_self_managed_forge_its_own_host_is_pinned() -> None:
    host = "https://git.example.org"
    claims = {**GITLAB.but(issuer=host, base=host).claims("1.1")}
    claims[12] = "https://gitlab.com/group/acme"
    assert seen_signer(fact(by=identity(claims))).project == f"{host}/group/acme"


@pytest.mark.parametrize(
    ("who", "version", "config", "workflow"),
    [
        pytest.param(GITLAB, "1.1", ".gitlab-ci.yml", "", id="own-file"),
        pytest.param(GITLAB.but(workflow="https://gitlab.com/group/acme//ci/sign.yml"), "1.1",
                     ".gitlab-ci.yml", "ci/sign.yml", id="own-workflow"),
        pytest.param(GITHUB.but(workflow="https://github.com/trust/ed/.github/workflows/b.yml"),
                     "1.1", ".github/workflows/release.yml",
                     "https://github.com/trust/ed/.github/workflows/b.yml", id="others-workflow"),
        pytest.param(GITLAB.but(tag="@acme/x@"), "1.1", ".gitlab-ci.yml", "", id="tag-with-at"),
    ],
)  # fmt: skip
def test_files_are_told_by_their_place_without_revision(
    who: Pipeline, version: str, config: str, workflow: str
) -> None:
    seen = seen_signer(fact(by=who, version=version))
    assert (seen.config, seen.workflow) == (config, workflow)


def test_a_pipeline_of_another_project_is_pinned_by_its_url() -> None:
    claims = {**GITLAB.claims("1.1"), 18: "https://gitlab.com/ci/shared//all.yml@refs/heads/main"}
    seen = seen_signer(fact(by=identity({**claims, 9: claims[18]})))
    assert seen.project == "https://gitlab.com/group/acme"
    assert (seen.config, seen.workflow) == ("https://gitlab.com/ci/shared//all.yml", "")


@pytest.mark.parametrize("uri", ["x", "https://gitlab.com", "https://github.com/a/b", "a/b/c/d"])
def test_a_text_that_names_no_file_is_pinned_as_it_is(uri: str) -> None:
    seen = seen_signer(fact(by=identity({**GITLAB.claims("1.1"), 9: uri, 18: uri})))
    assert seen.config == uri
    assert seen.project == "https://gitlab.com/group/acme"


def test_a_signer_without_claim_9_is_told_by_its_subject() -> None:
    claims = {**GITLAB.claims("1.1")}
    extensions = tuple((number, text) for number, text in sorted(claims.items()) if number != 9)
    other = "https://gitlab.com/group/acme//other.yml@refs/tags/v1.1"
    assert seen_signer(fact(by=Identity(claims[8], other, extensions))).workflow == "other.yml"
    assert seen_signer(fact(by=Identity(claims[8], claims[9], extensions))).workflow == ""


@pytest.mark.parametrize(
    ("ref", "version", "template"),
    [
        ("refs/tags/v1.1", "1.1", "refs/tags/v{pep440}"),
        ("refs/tags/1.1", "1.1", "refs/tags/{pep440}"),
        ("refs/tags/acme/1.1.0", "1.1", "refs/tags/acme/{pep440}"),
        ("refs/tags/v1.1.0-rc.1", "1.1.0rc1", "refs/tags/v{pep440}"),
        ("refs/tags/v1.1.0", "1.1.0rc1", "refs/tags/v{base}"),
        ("refs/tags/py3-v1.1", "1.1", "refs/tags/py3-v{pep440}"),
        ("refs/tags/v1.1rc1", "1", "refs/tags/v1.1rc1"),
        ("refs/tags/v11.1", "1.1", "refs/tags/v11.1"),
        ("refs/tags/v1.1-final", "1.1", "refs/tags/v1.1-final"),
        ("refs/tags/nightly", "1.1", "refs/tags/nightly"),
        ("refs/heads/main", "1.1", "refs/heads/main"),
        ("refs/tags/v" + "1" * 200, "1.1", "refs/tags/v" + "1" * 200),
    ],
)
def test_a_tag_is_pinned_with_a_place_for_the_version(
    ref: str, version: str, template: str
) -> None:
    claims = {**GITLAB.claims("1.1"), 14: ref}
    pinned = as_pinned(seen_signer(fact(by=identity(claims))), version)
    assert pinned.refs == (template,)
    assert matches_template(ref, template, version)


@pytest.mark.parametrize("ref", ["refs/tags/{pep440}", "refs/tags/v1.1}", "main", "refs/tags/a b"])
def test_a_ref_that_no_template_can_stand_for_is_refused(ref: str) -> None:
    seen = seen_signer(fact(by=identity({**GITLAB.claims("1.1"), 14: ref})))
    with pytest.raises(PolicyError, match="ref"):
        as_pinned(seen, "1.1")


@pytest.mark.parametrize("number", [15, 17, 11, 23])
@pytest.mark.parametrize("text", [" ", "x\x1b[31m", "x\n", "x" * 2049])
def test_a_claim_that_no_file_can_hold_is_refused(number: int, text: str) -> None:
    seen = seen_signer(fact(by=identity({**GITLAB.claims("1.1"), number: text})))
    with pytest.raises(InputError, match="cannot be pinned"):
        as_pinned(seen, "1.1")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(None, "signature"), (PUBLISH_V1, "publish"), ("https://x.example.org/v1",) * 2],
)
def test_a_kind_of_evidence_has_its_short_name_or_its_uri(kind: str | None, name: str) -> None:
    assert kind_of_evidence(fact(kind)) == name


def test_the_log_of_a_fact_is_told_by_generation() -> None:
    told = [log_of(fact(generation=number)) for number in (0, 1, 2)]
    assert told == [LogKind.SOME, LogKind.V1, LogKind.V2]
    assert log_of(fact(logged=False)) is LogKind.NONE


def test_a_package_is_named_by_the_files_name_alone() -> None:
    assert package_of(wheel("1.1")) == "pkg:pypi/acme"
    assert package_of(wheel(None)) == ""
    for odd in ("ácme", "a b", "x" * 500, "a#b"):
        assert package_of(replace(wheel(), purl=f"pkg:pypi/{odd}@1.0")) == ""
