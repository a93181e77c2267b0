"""Whom a policy can name as the signer of evidence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sealane.core.model.values import dataclass

if TYPE_CHECKING:
    # Keys need `cryptography`, which commands that only name a policy do not load.
    from sealane.core.verify.keys import TrustedKey

# What stands in place of an issuer for an OpenPGP certificate; no certificate of X.509 can have it.
OPENPGP_ISSUER = "urn:sealane:openpgp"

GOOGLE_ISSUER = "https://accounts.google.com"
# Path of the issuer of a GitHub server of one's own, below its origin.
SERVER_ISSUER = "/_services/token"


class ForgeSort(StrEnum):
    """The forges whose certificates are understood."""

    GITLAB = "gitlab"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Signer:
    """A reusable pipeline file that signs for a project which calls it.

    Attributes:
        project: Path of the project that the file belongs to, on the same forge.
        config: The pipeline or workflow file in it.
        refs: Of which its revision must match one: templates as in `ForgePublisher`, or commits
            in full; at least one.
    """

    project: str
    config: str
    refs: tuple[str, ...]

    def __post_init__(self) -> None:
        # Whoever may push to any branch there would else sign for every project that calls it.
        if not self.refs:
            raise ValueError("a signer needs a ref")


@dataclass(frozen=True, slots=True)
class ForgePublisher:
    """A pipeline of one project on one forge.

    Attributes:
        name: What requirements call it.
        forge: What kind of forge it is.
        issuer: OIDC issuer; for GitLab also the base URL of the instance. An enterprise's own at
            GitHub is `https://token.actions.githubusercontent.com/SLUG`, that of a GitHub server
            `https://HOST/_services/token`.
        project: Path of the project, e.g. "group/sub/project".
        config: The pipeline or workflow file; None for any file of the project.
        refs: Templates of which the ref must match one, e.g. "refs/tags/v{pep440}"; none for the
            release tag of the artifact's own version.
        environment: Deployment environment; None where the policy does not ask.
        runner: Runner environment, e.g. "gitlab-hosted"; None where the policy does not ask.
        project_id: Immutable id of the project; None where the policy does not ask.
        owner_id: Immutable id of its owner; None where the policy does not ask.
        signer: The reusable pipeline that signs for it; None where its own pipeline does.
    """

    name: str
    forge: ForgeSort
    issuer: str
    project: str
    config: str | None = None
    refs: tuple[str, ...] = ()
    environment: str | None = None
    runner: str | None = None
    project_id: str | None = None
    owner_id: str | None = None
    signer: Signer | None = None

    @property
    def base(self) -> str:
        """Base URL of the forge, as certificates write it before the project's path."""
        match self.forge:
            case ForgeSort.GITLAB:
                return self.issuer
            case ForgeSort.GITHUB if self.issuer.endswith(SERVER_ISSUER):
                return self.issuer.removesuffix(SERVER_ISSUER)
            case ForgeSort.GITHUB:
                return "https://github.com"
            case _:
                assert_never(self.forge)


@dataclass(frozen=True, slots=True)
class CircleCiPublisher:
    """A pipeline of one project on CircleCI.

    Attributes:
        name: What requirements call it.
        issuer: OIDC issuer, `https://oidc.circleci.com/org/ID`.
        project_id: Id of the project, a UUID.
        pipeline_definition_id: Id of the pipeline definition, a UUID.
        vcs_origin: Where the source lies, without a scheme, e.g. "github.com/acme/widgets"; None
            where the policy does not ask.
        vcs_refs: Templates of which the source's ref must match one, as in `ForgePublisher`; none
            where the policy does not ask.
    """

    name: str
    issuer: str
    project_id: str
    pipeline_definition_id: str
    vcs_origin: str | None = None
    vcs_refs: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject of its certificates: the pipeline definition, as CircleCI's API names it."""
        definition = f"pipeline-definitions/{self.pipeline_definition_id}"
        return f"https://circleci.com/api/v2/projects/{self.project_id}/{definition}"


@dataclass(frozen=True, slots=True)
class EmailPublisher:
    """People who log in with an e-mail address at one issuer."""

    name: str
    issuer: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExactPublisher:
    """Subject and issuer of the certificate, both compared as text."""

    name: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class KeyPublisher:
    """Whoever holds a key.

    Attributes:
        name: What requirements call it.
        file: Path of the public key, as it can be opened.
        sha256: Digest the file must have, lower-case hex; None where a flag named the file itself.
        details: How it signs, a name of `PublicKeyDetails`; "" for what the key's kind implies.
        start: Its signatures count from then on, aware, UTC; None for always.
        end: Not after that; None where it was never retired.
        keys: The key in the file; none until it was loaded, and then nobody is this publisher.
    """

    name: str
    file: str
    sha256: str | None
    details: str = ""
    start: datetime | None = None
    end: datetime | None = None
    keys: tuple[TrustedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPgpPublisher:
    """Holders of OpenPGP certificates.

    Attributes:
        name: What requirements call them.
        file: Path of the certificates, as it can be opened.
        sha256: Digest the file must have, lower-case hex.
        certificates: The file's bytes, armoured or binary; empty until it was loaded.
        fingerprints: Of every certificate in it, upper-case hex; none until it was loaded, and
            then nobody is this publisher.
    """

    name: str
    file: str
    sha256: str
    certificates: bytes = b""
    fingerprints: tuple[str, ...] = ()


Publisher: TypeAlias = (
    ForgePublisher
    | CircleCiPublisher
    | EmailPublisher
    | ExactPublisher
    | KeyPublisher
    | OpenPgpPublisher
)
