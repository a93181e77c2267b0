"""A suggested policy accepts the signer it was made of, and nobody who differs in one claim."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates import publish
from sealane.core.model.artifact import Digest
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.policy.identity import differences
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.people import KeyPublisher
from sealane.core.policy.quick import GITHUB_ISSUER
from sealane.core.policy.schema import Policy
from sealane.core.policy.suggest import suggest_policy
from sealane.core.policy.suggest_publisher import table_of, template_of
from sealane.core.policy.suggest_toml import toml_list, toml_text
from sealane.core.verify.inspected_certificate import SigningCertificate
from sealane.core.verify.inspection import Inspection, Piece
from sealane.errors import EvidenceError
from support.maker.claims import CLAIMS, ISSUERS, SUBJECTS

PUBLISH = publish.PREDICATE
WHEEL = "acme-1.0-py3-none-any.whl"
GITLAB = Identity(ISSUERS["gitlab"], SUBJECTS["gitlab"], tuple(CLAIMS["gitlab"].items()))
FLOW = "https://github.com/acme/acme/.github/workflows/release.yml@refs/tags/v1.0"
GITHUB = Identity(
    GITHUB_ISSUER, FLOW,
    ((8, GITHUB_ISSUER), (9, FLOW), (11, "github-hosted"), (12, "https://github.com/acme/acme"),
     (13, "c0ffee"), (14, "refs/tags/v1.0"), (15, "4711"), (17, "42"), (18, FLOW), (23, "pypi")),
)  # fmt: skip
BUILDER = "https://github.com/slsa/gen/.github/workflows/go.yml@refs/tags/v2.1.0"
REUSABLE = replace(
    GITHUB, subject=BUILDER,
    extensions=tuple((n, BUILDER if n == 9 else text) for n, text in GITHUB.extensions),
)  # fmt: skip
_INCLUDED = "https://gitlab.com/acme/templates//publish.yml@refs/tags/v3"
INCLUDED = Identity(
    "https://gitlab.com", _INCLUDED,
    ((9, _INCLUDED), (11, "gitlab-hosted"), (12, "https://gitlab.com/acme/widgets"),
     (14, "refs/tags/v1.0"), (15, "4711"), (18, _INCLUDED)),
)  # fmt: skip
_UUID = "fdd9283f-e619-46af-8f9c-851f7d3e8b2b"
DEFINITION = f"https://circleci.com/api/v2/projects/{_UUID}/pipeline-definitions/{_UUID}"
CIRCLECI = Identity(
    f"https://oidc.circleci.com/org/{_UUID}", DEFINITION,
    ((9, DEFINITION), (12, "github.com/acme/acme"), (14, "refs/tags/v1.0")),
)  # fmt: skip
ANN = Identity("https://login.example.org", "ann@example.org")
OTHER = Identity("https://agent.example.org", "https://ci.example.org/acme/pipeline")
# What is of one run, or follows from another claim: a policy for the next release cannot name it.
NOT_ASKED = {
    Claim.BUILD_SIGNER_DIGEST, Claim.SOURCE_REPOSITORY_DIGEST, Claim.SOURCE_OWNER_URI,
    Claim.BUILD_CONFIG_DIGEST, Claim.BUILD_TRIGGER, Claim.RUN_INVOCATION_URI,
    Claim.SOURCE_VISIBILITY, Claim.TOKEN_SUBJECT,
}  # fmt: skip


def piece(
    identity: Identity | None, *names: str | None, kind: str = PUBLISH, digest: str = "ab"
) -> Piece:
    subjects = tuple(Subject((Digest("sha256", digest * 32),), name) for name in names)
    certificate = SigningCertificate("0", identity=identity, problem="" if identity else "broken")
    return Piece("bundle", certificate=certificate, statement=Statement(subjects, kind, {}, "0"))


def found(*pieces: Piece, origin: str = "f") -> Inspection:
    return Inspection(origin, "sigstore-bundle", "0", pieces)


def suggested(*pieces: Piece, origin: str = "f") -> Policy:
    text = suggest_policy([found(*pieces, origin=origin)])
    assert text.startswith("# UNVERIFIED")
    assert text.splitlines()[-1].startswith("# UNVERIFIED")
    return parse_policy(text.encode(), "suggestion", str)


SIGNERS = {
    "gitlab": GITLAB, "included": INCLUDED, "github": GITHUB, "reusable": REUSABLE,
    "circleci": CIRCLECI, "email": ANN, "other": OTHER,
}  # fmt: skip


@pytest.mark.parametrize("identity", SIGNERS.values(), ids=SIGNERS)
def test_who_signed_is_the_suggested_publisher(identity: Identity) -> None:
    (publisher,) = suggested(piece(identity, WHEEL)).publishers
    assert differences(publisher, identity, "1.0") == ()


def changes() -> Iterator[object]:
    """Every signer with one thing about it changed, or taken away."""
    for name, identity in SIGNERS.items():
        changed = [
            ("issuer", replace(identity, issuer="https://evil.example.org")),
            ("subject", replace(identity, subject=f"{identity.subject}x")),
        ]
        for number, text in identity.extensions:
            # The issuer of an identity is extension 8; it has a row of its own.
            if number == Claim.ISSUER or number in NOT_ASKED:
                continue
            kept = tuple((n, t) for n, t in identity.extensions if n != number)
            changed.append((f"no-{number}", replace(identity, extensions=kept)))
            other = (*kept, (number, f"{text}x"))
            changed.append((f"other-{number}", replace(identity, extensions=other)))
        for what, signer in changed:
            yield pytest.param(identity, signer, id=f"{name}-{what}")


@pytest.mark.parametrize(("identity", "changed"), list(changes()))
def test_a_signer_who_differs_in_one_claim_is_not(identity: Identity, changed: Identity) -> None:
    (publisher,) = suggested(piece(identity, WHEEL)).publishers
    assert differences(publisher, changed, "1.0") != ()


def test_an_environment_that_is_not_claimed_is_said_to_be_missing() -> None:
    kept = tuple((n, t) for n, t in GITLAB.extensions if n != Claim.DEPLOYMENT_ENVIRONMENT)
    text = suggest_policy([found(piece(replace(GITLAB, extensions=kept), WHEEL))])
    assert "# no environment is claimed" in text
    assert "\nenvironment" not in text
    branch = tuple((n, "refs/heads/main" if n == 14 else t) for n, t in GITLAB.extensions)
    pipeline = SUBJECTS["gitlab"].replace("refs/tags/v1.0", "refs/heads/main")
    moved = tuple((n, pipeline if n in {9, 18} else t) for n, t in branch)
    text = suggest_policy([found(piece(Identity(GITLAB.issuer, pipeline, moved), WHEEL))])
    assert "# the ref does not hold the version of the file: any release from it would do" in text


def test_a_pipeline_that_claims_no_source_is_still_named() -> None:
    bare = replace(CIRCLECI, extensions=((9, DEFINITION),))
    (publisher,) = suggested(piece(bare, WHEEL)).publishers
    assert differences(publisher, bare, "1.0") == ()
    assert differences(publisher, replace(bare, issuer="https://oidc.circleci.com"), "1.0") != ()


def test_the_next_version_is_accepted_from_its_own_tag_only() -> None:
    (publisher,) = suggested(piece(GITHUB, WHEEL)).publishers
    flow = FLOW.replace("v1.0", "v1.1")
    moved = {9: flow, 18: flow, 14: "refs/tags/v1.1"}
    later = Identity(
        GITHUB_ISSUER, flow, tuple((n, moved.get(n, text)) for n, text in GITHUB.extensions)
    )
    assert differences(publisher, later, "1.1") == ()
    assert differences(publisher, later, "1.0") != ()


def test_a_pipeline_without_a_source_is_never_suggested() -> None:
    kept = tuple((n, t) for n, t in GITLAB.extensions if n != Claim.SOURCE_REPOSITORY_URI)
    with pytest.raises(EvidenceError, match="source repository uri"):
        suggest_policy([found(piece(replace(GITLAB, extensions=kept), WHEEL))])


@given(
    issuer=st.sampled_from([GITHUB_ISSUER, "https://gitlab.com", "https://x.example.org", "x"]),
    subject=st.sampled_from([FLOW, BUILDER, SUBJECTS["gitlab"], DEFINITION, "a@b.example", "$()"]),
    claims=st.dictionaries(
        st.sampled_from([8, 9, 11, 12, 14, 15, 17, 18, 23]),
        st.sampled_from([FLOW, BUILDER, "refs/tags/v1.0", "refs/heads/x", "", "4711", 'a\n"b'])
        | st.text(max_size=8),
    ),
)
def test_what_is_suggested_always_accepts_who_it_was_made_of(
    issuer: str, subject: str, claims: dict[int, str]
) -> None:
    identity = Identity(issuer, subject, tuple(sorted(claims.items())))
    try:
        (publisher,) = suggested(piece(identity, WHEEL)).publishers
    except EvidenceError:
        return
    assert differences(publisher, identity, "1.0") == ()


@pytest.mark.parametrize(
    ("ref", "version", "template"),
    [
        ("refs/tags/v1.0", "1.0", "refs/tags/v{pep440}"),
        ("refs/tags/acme-2/v1.0.0-rc.1", "1.0.0rc1", "refs/tags/acme-2/v{pep440}"),
        ("refs/tags/version/1.0", "1.0", "refs/tags/version/{pep440}"),
        ("refs/heads/release/1.0", "1.0rc1", "refs/heads/release/{base}"),
        ("refs/heads/main", "1.0", "refs/heads/main"),
        ("refs/tags/v11.0", "1.0", "refs/tags/v11.0"),
        ("refs/tags/v1.0.1", "1.0", "refs/tags/v1.0.1"),
        ("refs/tags/v1.0", None, "refs/tags/v1.0"),
        ("refs/tags/v1.0", "2.0", "refs/tags/v1.0"),
        (f"refs/tags/{'1-' * 200}1.0", "1.0", f"refs/tags/{'1-' * 200}1.0"),
    ],
)
def test_a_ref_has_the_place_of_the_version(ref: str, version: str | None, template: str) -> None:
    assert template_of(ref, version) == template


def test_a_rule_is_about_the_package_and_asks_for_all_that_is_there() -> None:
    slsa = "https://slsa.dev/provenance/v1"
    policy = suggested(piece(GITLAB, WHEEL), piece(GITLAB, WHEEL, kind=slsa), piece(ANN, WHEEL))
    (rule,) = policy.rules
    assert rule.match == ("pkg:pypi/acme",)
    assert [one.predicates for one in rule.requirements] == [
        ("publish",), ("slsa-provenance",), ("publish",),
    ]  # fmt: skip
    assert len(policy.publishers) == 2


def test_files_of_two_packages_have_two_rules() -> None:
    policy = suggested(piece(ANN, WHEEL), piece(ANN, "b-1.0.tar.gz"), piece(ANN, "tool[1]*.bin"))
    assert [rule.match for rule in policy.rules] == [
        ("pkg:pypi/acme",), ("pkg:pypi/b",), ("tool[[]1][*].bin",),
    ]  # fmt: skip


def test_of_several_versions_at_once_no_ref_is_made_a_template() -> None:
    (publisher,) = suggested(piece(GITLAB, WHEEL, "acme-2.0.tar.gz")).publishers
    assert getattr(publisher, "refs", ()) == ("refs/tags/v1.0",)


def test_a_signature_over_a_file_is_about_the_file_its_own_name_extends() -> None:
    bare = replace(piece(GITLAB), statement=None)
    policy = suggested(bare, origin=f"dist/{WHEEL}.sigstore.json")
    assert policy.rules[0].match == ("pkg:pypi/acme",)
    assert policy.rules[0].requirements[0].predicates == ("signature",)


@pytest.mark.parametrize("origin", ["bundle.json", ".sigstore.json"])
def test_what_names_no_file_says_so(origin: str) -> None:
    bare = replace(piece(GITLAB), statement=None)
    text = suggest_policy([found(bare, origin=origin)])
    assert 'match = ["*"]' in text
    assert "names no file" in text


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (Piece("DSSE envelope", by_key=True), "signed by a key"),
        (Piece("statement"), "signed by nobody"),
        (Piece("bundle", problem="not JSON"), "not JSON"),
        (piece(None, WHEEL), "certificate: broken"),
        (piece(ANN, WHEEL, kind="https://example.org/new"), "cannot require the type"),
        (piece(ANN, WHEEL, kind="https://carabiner.dev/ampel/resultset/v0"), "cannot require"),
        (piece(Identity(GITHUB_ISSUER, FLOW), WHEEL), "names no workflow"),
        (piece(Identity(ISSUERS["gitlab"], SUBJECTS["gitlab"]), WHEEL), "names no ref"),
        (
            piece(replace(ANN, extensions=((11, "ssh-rerun"),)), WHEEL),
            "runner environment: ssh-rerun: no policy can accept that",
        ),
        (piece(Identity("http://plain.example.org", "ann@example.org"), WHEEL), "cannot stand"),
        (piece(ANN, "a\x1bb"), "cannot stand"),
    ],
)
def test_what_no_policy_can_name_is_left_out_and_alone_refused(one: Piece, why: str) -> None:
    with pytest.raises(EvidenceError, match="no policy can be suggested") as raised:
        suggest_policy([found(one)])
    assert why in raised.value.message
    if "cannot stand" not in why:
        text = suggest_policy([found(one, piece(ANN, WHEEL))])
        (line,) = [line for line in text.splitlines() if line.startswith("# left out: f: 1. ")]
        assert why in line


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(EvidenceError, match="the evidence is empty"):
        suggest_policy([found()])


def test_no_text_of_a_stranger_leaves_its_string() -> None:
    evil = 'a"\n[publisher.evil]\\\x1b\u202e\U0001f600$(id)'
    written = toml_text(evil)
    assert written.isascii()
    assert written.isprintable()
    assert parse_toml(f"x = {written}") == {"x": evil}
    assert parse_toml(f"x = {toml_list([evil, ''])}") == {"x": [evil, ""]}
    text = suggest_policy(
        [found(piece(ANN, WHEEL), Piece("x", problem=f"p\n{evil}"), origin="o\n")]
    )
    assert all(line.isprintable() for line in text.splitlines())
    assert (
        parse_policy(text.encode(), "s", str).publishers == suggested(piece(ANN, WHEEL)).publishers
    )


def parse_toml(text: str) -> dict[str, object]:
    import tomllib

    return tomllib.loads(text)


def test_a_key_is_never_suggested() -> None:
    with pytest.raises(ValueError, match="no certificate"):
        list(table_of(KeyPublisher("", "a.pem", None)))
