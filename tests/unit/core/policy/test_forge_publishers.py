"""Publishers by certificate are read whole; an issuer that is not theirs is refused."""

import pytest

from sealane.core.policy.people import (
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    Publisher,
    Signer,
)
from support.policies import CI, PUBLISH, parse, refused, rule

COMMIT = "c0ffee" * 6 + "c0de"
GITHUB = "https://token.actions.githubusercontent.com"
HUB = f"""[publisher.ci]
kind = "github"
issuer = "{GITHUB}"
project = "Acme/hello"
workflow = "release.yml"
ref = "refs/tags/v{{pep440}}"
"""
UUIDS = [f"00000000-0000-0000-0000-00000000000{number}" for number in range(3)]
CIRCLE = f"""[publisher.ci]
kind = "circleci"
issuer = "https://oidc.circleci.com/org/{UUIDS[0]}"
project_id = "{UUIDS[1]}"
pipeline_definition_id = "{UUIDS[2]}"
"""
GOOGLE = '[publisher.ci]\nkind = "google"\nmembers = ["ann@example.org"]\n'
EMAIL = GOOGLE.replace("google", "email") + 'issuer = "https://login.example.org"\n'
EXACT = """[publisher.ci]
kind = "certificate"
issuer = "https://login.example.org"
subject = "https://x.example/a?b=c"
"""


def publisher(text: str) -> Publisher:
    (found,) = parse(text, rule()).publishers
    return found


def forge(text: str) -> ForgePublisher:
    found = publisher(text)
    assert isinstance(found, ForgePublisher)
    return found


def test_a_pipeline_is_read_with_its_ids() -> None:
    assert forge(CI + 'project_id = "42"\nowner_id = "7"\n') == ForgePublisher(
        "ci", ForgeSort.GITLAB, "https://gitlab.com", "acme/hello", ".gitlab-ci.yml",
        ("refs/tags/v{pep440}",), project_id="42", owner_id="7",
    )  # fmt: skip


def test_refs_may_stand_in_a_list() -> None:
    several = 'ref = ["refs/tags/v{pep440}", "refs/heads/main"]'
    assert forge(CI.replace('ref = "refs/tags/v{pep440}"', several)).refs == (
        "refs/tags/v{pep440}",
        "refs/heads/main",
    )


@pytest.mark.parametrize(
    ("issuer", "base"),
    [
        (GITHUB, "https://github.com"), (f"{GITHUB}/acme-corp", "https://github.com"),
        ("https://git.example.org/_services/token", "https://git.example.org"),
        ("https://git.example.org:8443/_services/token", "https://git.example.org:8443"),
    ],
)  # fmt: skip
def test_each_issuer_of_github_has_its_base(issuer: str, base: str) -> None:
    found = forge(HUB.replace(GITHUB, issuer))
    assert (found.issuer, found.base) == (issuer, base)


@pytest.mark.parametrize(
    "issuer",
    ["https://github.com", f"{GITHUB}/", f"{GITHUB}/a/b", f"{GITHUB}.example", f"{GITHUB}/a.b",
     "http://git.example.org/_services/token", "https://Git.example.org/_services/token",
     "https://git.example.org/x/_services/token", "https:///_services/token",
     "https://token.actions.githubusercontent.co"],
)  # fmt: skip
def test_another_issuer_is_none_of_github(issuer: str) -> None:
    assert "publisher.ci.issuer: " in refused(HUB.replace(GITHUB, issuer), rule()).message


@pytest.mark.parametrize("ref", ["refs/tags/v1.2.0", COMMIT, "a" * 64, "refs/tags/v{pep440}"])
@pytest.mark.parametrize(
    ("text", "key", "path"),
    [(HUB, "workflow", ".github/workflows/sign.yml"), (CI, "config", "sign.yml")],
)
def test_a_reusable_pipeline_is_read(text: str, key: str, path: str, ref: str) -> None:
    line = f'signer = {{ project = "shared/lane", {key} = "sign.yml", ref = "{ref}" }}\n'
    assert forge(text + line).signer == Signer("shared/lane", path, (ref,))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('signer = { workflow = "a.yml", ref = "refs/tags/v1" }', "signer.project: required"),
        ('signer = { project = "a/b", ref = "refs/tags/v1" }', "signer.workflow: required"),
        ('signer = { project = "a/b", workflow = "a.yml" }', "signer.ref: required"),
        ('signer = { project = "a/b", workflow = "a.yml", ref = [] }', "signer.ref: expected a"),
        ('signer = { project = "a/b", workflow = "a.yml", ref = "v1" }', "signer.ref: ref 'v1'"),
        ('signer = { project = "a/b", workflow = "a.yml", ref = "abc123" }', "signer.ref: ref"),
        ('signer = { project = "a/b", workflow = "a.yml", ref = "refs/tags/*" }', "signer.ref: re"),
        ('signer = { project = "a", workflow = "a.yml", ref = "refs/tags/v1" }', "signer.project:"),
        ('signer = { project = "a/b", workflow = "../a", ref = "refs/tags/v1" }', "signer.workfl"),
        ('signer = { project = "a/b", config = "a.yml", ref = "refs/tags/v1" }', "signer.config: "),
        ('signer = "a/b"', "signer: expected a table, got 'a/b'"),
        ('owner_id = "acme"', "owner_id: expected an id in digits"),
        ("owner_id = 7", "owner_id: expected an id in digits, as text, got 7"),
        ('project_id = "4.*"', "project_id: expected an id in digits"),
        ('environment = "review/*"', "environment: 'review/*' looks like a pattern"),
    ],
)  # fmt: skip
def test_a_part_that_names_nobody_is_refused(line: str, why: str) -> None:
    assert f"publisher.ci.{why}" in refused(HUB + line + "\n", rule()).message


def test_a_signer_without_a_ref_is_nobody() -> None:
    with pytest.raises(ValueError, match="a signer needs a ref"):
        Signer("a/b", "a.yml", ())


def test_circleci_is_read_with_the_subject_of_its_certificates() -> None:
    found = publisher(
        CIRCLE + 'vcs_origin = "github.com/acme/hello"\nvcs_ref = "refs/heads/main"\n'
    )
    assert found == CircleCiPublisher(
        "ci", f"https://oidc.circleci.com/org/{UUIDS[0]}", UUIDS[1], UUIDS[2],
        "github.com/acme/hello", ("refs/heads/main",),
    )  # fmt: skip
    plain = publisher(CIRCLE)
    assert isinstance(plain, CircleCiPublisher)
    assert (plain.vcs_origin, plain.vcs_refs) == (None, ())
    assert plain.subject == (
        f"https://circleci.com/api/v2/projects/{UUIDS[1]}/pipeline-definitions/{UUIDS[2]}"
    )


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ("oidc.circleci.com", "oidc.circleci.org", "issuer: issuer"),
        (f"/org/{UUIDS[0]}", "/org/acme", "issuer: issuer"),
        (f'project_id = "{UUIDS[1]}"', 'project_id = "acme"', "project_id: expected an id like"),
        (f'pipeline_definition_id = "{UUIDS[2]}"\n', "", "pipeline_definition_id: required"),
        ("[publisher.ci]", '[publisher.ci]\nvcs_ref = "main"', "vcs_ref: ref 'main'"),
        ("[publisher.ci]", '[publisher.ci]\nvcs_origin = "github.com/*"', "vcs_origin: "),
    ],
)
def test_a_part_of_circleci_that_names_nobody_is_refused(
    written: str, instead: str, why: str
) -> None:
    assert f"publisher.ci.{why}" in refused(CIRCLE.replace(written, instead), rule()).message


def test_people_are_read() -> None:
    issuer = "https://accounts.google.com"
    assert publisher(GOOGLE) == EmailPublisher("ci", issuer, ("ann@example.org",))
    assert publisher(GOOGLE + f'issuer = "{issuer}"\n') == publisher(GOOGLE)
    assert publisher(EMAIL) == EmailPublisher(
        "ci", "https://login.example.org", ("ann@example.org",)
    )
    assert publisher(EXACT) == ExactPublisher(
        "ci", "https://login.example.org", "https://x.example/a?b=c"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOGLE + 'issuer = "https://accounts.example.org"\n', "issuer: expected "),
        (GOOGLE.replace("ann@", "*@"), "members.0: '*@example.org' looks like a pattern"),
        (GOOGLE.replace("ann@", ""), "members.0: expected an e-mail address, name@host"),
        (EMAIL.replace('"ann@example.org"', '"a@b.c", "a@b.c"'), "members.1: 'a@b.c' stands here"),
        (EMAIL.replace("https://login", "https://*"), "issuer: 'https://*.example.org' looks like"),
        (EMAIL.replace("https://login", "http://login"), "issuer: issuer 'http://login.exam"),
        (EXACT.replace("https://login", "login"), "issuer: issuer 'login.example.org'"),
        (EXACT.replace("a?b=c", ".*"), "subject: 'https://x.example/.*' looks like a pattern"),
        (EXACT.partition("subject")[0], "subject: required, and missing"),
    ],
)  # fmt: skip
def test_people_who_may_be_anybody_are_refused(text: str, why: str) -> None:
    assert f"publisher.ci.{why}" in refused(text, rule()).message


@pytest.mark.parametrize("text", [CI, HUB, CIRCLE, EMAIL, EXACT])
def test_without_an_issuer_nobody_is_named(text: str) -> None:
    left = "".join(line for line in text.splitlines(keepends=True) if "issuer" not in line)
    error = refused(left, rule())
    assert "line 3: publisher.ci.issuer: required, and missing" in error.message
    assert "an identity without its issuer can be anybody's" in str(error.hint)


def test_all_that_is_wrong_with_a_publisher_is_told() -> None:
    text = CI.replace("gitlab.com", "gitlab.com/x").replace("acme/hello", "acme")
    error = refused(text.replace("refs/tags/", "tags/"), rule(PUBLISH))
    for key in ("issuer", "project", "ref"):
        assert f"publisher.ci.{key}: " in error.message
