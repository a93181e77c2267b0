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


class ForgeSort(StrEnum):
    """The forges whose certificates are understood."""

    GITLAB = "gitlab"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class ForgePublisher:
    """A pipeline of one project on one forge.

    Attributes:
        name: What requirements call it.
        forge: What kind of forge it is.
        issuer: OIDC issuer; for GitLab also the base URL of the instance.
        project: Path of the project, e.g. "group/sub/project".
        config: The pipeline or workflow file; None for any file of the project.
        refs: Templates of which the ref must match one, e.g. "refs/tags/v{pep440}"; none for the
            release tag of the artifact's own version.
        environment: Deployment environment; None where the policy does not ask.
        runner: Runner environment, e.g. "gitlab-hosted"; None where the policy does not ask.
        project_id: Immutable id of the project; None where the policy does not ask.
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

    @property
    def base(self) -> str:
        """Base URL of the forge, as certificates write it before the project's path."""
        match self.forge:
            case ForgeSort.GITLAB:
                return self.issuer
            case ForgeSort.GITHUB:
                return "https://github.com"
            case _:
                assert_never(self.forge)


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
    ForgePublisher | EmailPublisher | ExactPublisher | KeyPublisher | OpenPgpPublisher
)
