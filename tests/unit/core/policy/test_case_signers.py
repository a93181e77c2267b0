"""The signer of a policy case has the certificate that its forge's pipeline would have."""

from typing import Any

import pytest

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.case_signers import identity_of, merged, signer_troubles
from sealane.core.policy.identity import differences
from sealane.core.policy.people import ForgePublisher, ForgeSort, Signer
from sealane.core.policy.reading import Reader
from sealane.core.policy.tables_cases import CASE_SHAPES
from sealane.sandbox.claims.registry import SHAPES
from sealane.sandbox.claims.shape import Options

HUB = "https://token.actions.githubusercontent.com"
COMMIT = "a" * 40
GITLAB = {"kind": "gitlab", "project": "acme/sub/hello", "config": "ci/release.yml",
          "ref": "refs/tags/v1.0", "commit": COMMIT, "environment": "release"}  # fmt: skip
GITHUB = {"kind": "github", "project": "acme/hello", "workflow": "release.yml",
          "ref": "refs/tags/v1.0", "commit": COMMIT, "environment": "release"}  # fmt: skip
REUSED = {"project": "other/shared", "ref": "refs/heads/main"}


def table(shape: str, **values: object) -> Any:  # noqa: ANN401 - a table of any keys
    reader = Reader(CASE_SHAPES)
    found = reader.table(values, shape)
    assert not reader.troubles
    return found


def made(**values: object) -> Identity:
    found = table("signer", **values)
    assert signer_troubles(found, ()) == []
    return identity_of(found)


def fulcio(kind: str, options: Options) -> Identity:
    """The identity in a certificate of the sandbox, which follows Fulcio's own templates."""
    shape = SHAPES[kind]
    claims = shape.build(options)
    texts = {**claims, **shape.derive({key: str(value) for key, value in claims.items()})}
    extensions = tuple(
        (number, template.format(**texts))
        for number, template in sorted(shape.extensions.items())
        if number >= Claim.ISSUER
    )
    return Identity(str(claims["iss"]), shape.subject.format(**texts), extensions)


# Of these two a case knows nothing, and no policy asks.
UNSAID = {Claim.RUN_INVOCATION_URI, Claim.TOKEN_SUBJECT}
# Numbers that forges give.
NUMBERS = {Claim.SOURCE_REPOSITORY_ID, Claim.SOURCE_OWNER_ID}


@pytest.mark.parametrize(
    ("kind", "values", "options"),
    [
        (
            "gitlab",
            GITLAB,
            {"project": "acme/sub/hello", "file": "ci/release.yml", "ref": "v1.0",
             "sha": COMMIT, "environment": "release"},
        ),
        (
            "gitlab",
            {**GITLAB, "issuer": "https://gitlab.example.org"},
            {"project": "acme/sub/hello", "file": "ci/release.yml", "ref": "v1.0",
             "sha": COMMIT, "environment": "release", "host": "gitlab.example.org"},
        ),
        (
            "github",
            GITHUB,
            {"project": "acme/hello", "file": "release.yml", "ref": "v1.0", "sha": COMMIT,
             "environment": "release"},
        ),
    ],
)  # fmt: skip
def test_a_signer_has_the_claims_that_fulcio_writes(
    kind: str, values: dict[str, object], options: dict[str, str]
) -> None:
    wanted, found = fulcio(kind, options), made(**values)
    assert (found.issuer, found.subject) == (wanted.issuer, wanted.subject)
    for number, text in wanted.extensions:
        claim = Claim(number)
        if claim in NUMBERS:
            assert (found.claim(claim) or "").isdigit()
        elif claim not in UNSAID:
            assert found.claim(claim) == text, claim


@pytest.mark.parametrize(
    ("publisher", "values"),
    [
        (
            ForgePublisher("p", ForgeSort.GITLAB, "https://gitlab.com", "acme/sub/hello",
                           "ci/release.yml", ("refs/tags/v{pep440}",), "release", "gitlab-hosted"),
            GITLAB,
        ),
        (
            ForgePublisher("p", ForgeSort.GITHUB, HUB, "acme/hello",
                           ".github/workflows/release.yml", ("refs/tags/v{pep440}",), "release"),
            GITHUB,
        ),
        (
            ForgePublisher("p", ForgeSort.GITHUB, "https://git.example.org/_services/token",
                           "acme/hello", ".github/workflows/release.yml", ("refs/tags/v1.0",)),
            {**GITHUB, "issuer": "https://git.example.org/_services/token"},
        ),
        (
            ForgePublisher("p", ForgeSort.GITHUB, HUB, "acme/hello",
                           ".github/workflows/release.yml", ("refs/tags/v1.0",),
                           signer=Signer("other/shared", ".github/workflows/build.yml",
                                         ("b" * 40,))),
            {**GITHUB, "signer": {**REUSED, "workflow": "build.yml", "commit": "b" * 40}},
        ),
        (
            ForgePublisher("p", ForgeSort.GITLAB, "https://gitlab.com", "acme/sub/hello",
                           None, ("refs/tags/v1.0",),
                           signer=Signer("other/shared", "build.yml", ("refs/heads/main",))),
            {**GITLAB, "signer": {**REUSED, "config": "build.yml"}},
        ),
    ],
)  # fmt: skip
def test_a_signer_is_the_publisher_of_the_same_words_and_no_other(
    publisher: ForgePublisher, values: dict[str, object]
) -> None:
    # A publisher of a reusable GitLab pipeline is told by that pipeline's file.
    if publisher.forge is ForgeSort.GITLAB and publisher.signer is not None:
        publisher = ForgePublisher(
            "p", publisher.forge, publisher.issuer, publisher.project, "build.yml",
            publisher.refs, signer=publisher.signer,
        )  # fmt: skip
    assert differences(publisher, made(**values), "1.0") == ()
    for key, other in (("project", "mallory/hello"), ("ref", "refs/heads/main")):
        assert differences(publisher, made(**{**values, key: other}), "1.0")


def test_what_is_said_is_not_filled_in() -> None:
    said = {"project_id": "7", "owner_id": "8", "runner": "self-hosted"}
    named = {key: value for key, value in GITLAB.items() if key not in ("environment", "commit")}
    found = made(**named, **said, subject="https://elsewhere")
    assert found.subject == "https://elsewhere"
    assert found.claim(Claim.SOURCE_REPOSITORY_ID) == "7"
    assert found.claim(Claim.SOURCE_OWNER_ID) == "8"
    assert found.claim(Claim.RUNNER_ENVIRONMENT) == "self-hosted"
    assert found.claim(Claim.DEPLOYMENT_ENVIRONMENT) is None
    assert len(found.claim(Claim.SOURCE_REPOSITORY_DIGEST) or "") == 40


def test_anybody_else_is_issuer_and_subject_and_nothing_more() -> None:
    found = made(issuer="https://login.example.org", subject="ann@example.org")
    assert found == Identity(
        "https://login.example.org", "ann@example.org", ((8, "https://login.example.org"),)
    )


@pytest.mark.parametrize(
    ("values", "place", "why"),
    [
        ({"issuer": "https://x.example"}, ("subject",), "required without kind"),
        ({"subject": "ann"}, ("issuer",), "required without kind"),
        ({"issuer": "x", "subject": "y", "ref": "refs/tags/v1"}, ("ref",), "only the pipeline"),
        ({"kind": "gitlab", "config": "x", "ref": "y"}, ("project",), "required for gitlab"),
        ({**GITLAB, "workflow": "x.yml"}, ("workflow",), "gitlab calls it config"),
        ({**GITHUB, "config": "x.yml"}, ("config",), "github calls it workflow"),
        ({**GITHUB, "workflow": "../x.yml"}, ("workflow",), "expected a path in the project"),
        ({**GITHUB, "signer": REUSED}, ("signer", "workflow"), "required for github"),
        (
            {**GITLAB, "signer": {**REUSED, "workflow": "x", "config": "y"}},
            ("signer", "workflow"),
            "gitlab calls it config",
        ),
    ],
)
def test_a_signer_that_cannot_be_is_told(
    values: dict[str, object], place: tuple[str, ...], why: str
) -> None:
    (trouble,) = signer_troubles(table("signer", **values), ())
    assert trouble.place == place
    assert why in trouble.why
    assert trouble.hint


def test_a_signer_takes_from_another_what_it_does_not_say_itself() -> None:
    like = table("signer", **GITLAB, claims={"build_trigger": "web", "token_subject": "x"})
    own = table("used", like="ci", ref="refs/heads/main", claims={"token_subject": "y"})
    found = identity_of(merged(own, like))
    assert found.claim(Claim.SOURCE_REPOSITORY_REF) == "refs/heads/main"
    assert found.claim(Claim.BUILD_TRIGGER) == "web"
    assert found.claim(Claim.TOKEN_SUBJECT) == "y"
    plain = merged(table("used", like="ci"), like)
    assert identity_of(plain).claim(Claim.TOKEN_SUBJECT) == "x"
