"""Facts, publishers and policies for tests of what policies answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sealane.core.attestation.predicates import provenance, release
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import JsonValue, Statement, Subject
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.needs import Need, Requirement
from sealane.core.policy.people import (
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    Publisher,
    Signer,
)
from sealane.core.policy.schema import Policy, Rule, policy_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
SIGNED = datetime(2026, 5, 1, tzinfo=UTC)
DIGEST = Digest("sha256", "a" * 64)
WHEEL = Artifact("hello-1.0-py3-none-any.whl", (DIGEST,), 7, "pkg:pypi/hello@1.0", "1.0")
SDIST = Artifact("hello-1.0.tar.gz", (Digest("sha256", "b" * 64),), 9, "pkg:pypi/hello@1.0", "1.0")
PUBLISH, SLSA, RELEASE = PUBLISH_V1, provenance.PREDICATE, release.PREDICATE
LOGIN = "https://login.example.org"
ANN = ExactPublisher("ann", LOGIN, "ann@example.org")
BO = ExactPublisher("bo", LOGIN, "bo@example.org")
TEAM = EmailPublisher("team", LOGIN, ("ann@example.org", "bo@example.org", "cy@example.org"))
ISSUER = "https://token.actions.githubusercontent.com"
HUB = "https://github.com/acme/hello"
TAG, COMMIT = "refs/tags/v1.0", "c" * 40
WORKFLOW = ".github/workflows/release.yml"
BUILDER = ".github/workflows/build.yml"
GITHUB = ForgePublisher("ci", ForgeSort.GITHUB, ISSUER, "acme/hello", config=WORKFLOW)
GITLAB = ForgePublisher("ci", ForgeSort.GITLAB, "https://gitlab.com", "acme/hello", config="ci.yml")
# The project's workflow calls another project's, which signs.
REUSED = replace(GITHUB, signer=Signer("trusted/builder", BUILDER, ("refs/tags/v2",)))


def identity(claims: Mapping[Claim, str], subject: str) -> Identity:
    pairs = tuple(sorted((int(claim), text) for claim, text in claims.items()))
    return Identity(claims[Claim.ISSUER], subject, pairs)


def having(signer: Identity, claim: Claim, text: str | None) -> Identity:
    """A signer with another claim; without it for None."""
    claims = dict(signer.extensions) | ({} if text is None else {int(claim): text})
    if text is None:
        claims.pop(int(claim), None)
    return replace(signer, extensions=tuple(sorted(claims.items())))


def github(project: str = "acme/hello", *, signer: str = "", ref: str = TAG) -> Identity:
    """A workflow of a project; `signer` is the path and revision of a reusable one."""
    workflow = f"https://github.com/{project}/{WORKFLOW}@{ref}"
    uri = f"https://github.com/{signer}" if signer else workflow
    claims = {
        Claim.ISSUER: ISSUER,
        Claim.BUILD_SIGNER_URI: uri,
        Claim.BUILD_SIGNER_DIGEST: "d" * 40,
        Claim.RUNNER_ENVIRONMENT: "github-hosted",
        Claim.SOURCE_REPOSITORY_URI: f"https://github.com/{project}",
        Claim.SOURCE_REPOSITORY_DIGEST: COMMIT,
        Claim.SOURCE_REPOSITORY_REF: ref,
        Claim.SOURCE_REPOSITORY_ID: "42",
        Claim.SOURCE_OWNER_ID: "7",
        Claim.BUILD_CONFIG_URI: workflow,
        Claim.RUN_INVOCATION_URI: f"https://github.com/{project}/actions/runs/991/attempts/1",
    }
    return identity(claims, uri)


def reused() -> Identity:
    """A run of the project's workflow in which the trusted builder signed."""
    return github(signer=f"trusted/builder/{BUILDER}@refs/tags/v2")


def gitlab(host: str = "gitlab.com", project: str = "acme/hello") -> Identity:
    """A pipeline of a project; of every instance the source claims say gitlab.com."""
    uri = f"https://{host}/{project}//ci.yml@{TAG}"
    claims = {
        Claim.ISSUER: f"https://{host}",
        Claim.BUILD_SIGNER_URI: uri,
        Claim.RUNNER_ENVIRONMENT: "gitlab-hosted",
        Claim.SOURCE_REPOSITORY_URI: f"https://gitlab.com/{project}",
        Claim.SOURCE_REPOSITORY_DIGEST: COMMIT,
        Claim.SOURCE_REPOSITORY_REF: TAG,
        Claim.BUILD_CONFIG_URI: uri,
        Claim.RUN_INVOCATION_URI: f"https://gitlab.com/{project}/-/jobs/991",
    }
    return identity(claims, uri)


def person(publisher: ExactPublisher = ANN) -> Identity:
    return Identity(publisher.issuer, publisher.subject)


def fact(
    kind: str | None = PUBLISH,
    by: Identity | None = None,
    predicate: Mapping[str, JsonValue] | None = None,
    *,
    about: Artifact = WHEEL,
    subjects: Sequence[Artifact] = (),
    signed: datetime | None = SIGNED,
    roots: tuple[str, ...] = (),
) -> Fact:
    """What somebody proved about an artifact; Ann, where nobody is named."""
    listed = tuple(Subject(one.digests, one.name) for one in subjects or (about,))
    statement = None if kind is None else Statement(listed, kind, predicate or {}, "e" * 64)
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "x.sigstore.json")
    signer = person() if by is None else by
    return Fact(about, statement, signer, signed, "root", evidence, roots=roots)


def slsa(
    named: str | None = HUB, builder: str = "https://example.org/b", **changed: JsonValue
) -> dict[str, JsonValue]:
    """A provenance v1 that names a source in its parameters, or none; `changed` are parameters."""
    parameters: dict[str, JsonValue] = {} if named is None else {"source": named}
    return {
        "buildDefinition": {"buildType": "x", "externalParameters": parameters | changed},
        "runDetails": {"builder": {"id": builder}},
    }


def wants(
    *predicates: str,
    by: Sequence[Publisher] = (ANN,),
    **more: Any,  # noqa: ANN401 - any field
) -> Requirement:
    return replace(Requirement(predicates or ("publish",), tuple(by)), **more)


def policy(*needs: Need, **more: Any) -> Policy:  # noqa: ANN401 - any field
    """A policy of one rule about everything."""
    made = policy_of("p", "test", (Rule(("*",), needs or (wants(),), name="rule 1"),))
    return replace(made, **more)


def ask(judged: Policy, *facts: Fact, artifact: Artifact = WHEEL) -> tuple[Finding, ...]:
    return evaluate(judged, artifact, facts, at=AT)


def said(found: Sequence[Finding]) -> list[tuple[str, str]]:
    """Code and outcome of each finding."""
    return [(one.code.split()[0], one.outcome.value) for one in found]


def outcome(judged: Policy, *facts: Fact, artifact: Artifact = WHEEL) -> Outcome:
    """What becomes of an artifact."""
    return Verdict(artifact, ask(judged, *facts, artifact=artifact), facts).outcome
