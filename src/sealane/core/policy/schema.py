"""What a policy says; `io/stores/policies.py` reads it from TOML, `quick.py` from a flag."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from sealane.errors import PolicyError

POLICY_SCHEMA = "sealane.policy/1"
POLICY_FILE = "sealane.policy.toml"
EMBEDDED_ROOT = "embedded"


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


Publisher: TypeAlias = ForgePublisher | EmailPublisher | ExactPublisher


@dataclass(frozen=True, slots=True)
class Trust:
    """Which trust root the evidence has to be proven with.

    Attributes:
        name: What the policy calls it.
        root: "embedded", or the path of a file, absolute.
        sha256: Digest the file must have, lower-case hex; always there for a file.
    """

    name: str
    root: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement that has to be there.

    Attributes:
        predicates: Short names of predicate types; one of them has to be met.
        by: Publishers; the signer has to be one of them.
    """

    predicates: tuple[str, ...]
    by: tuple[Publisher, ...]

    def __post_init__(self) -> None:
        # A requirement of nothing, or of nobody, could only be met by mistake.
        if not self.predicates or not self.by:
            raise ValueError("a requirement needs a predicate and a publisher")


@dataclass(frozen=True, slots=True)
class Rule:
    """What artifacts that match have to have; all of it.

    Attributes:
        match: Globs over the package URL (where they begin with "pkg:") or the file name.
        require: At least one requirement.
    """

    match: tuple[str, ...]
    require: tuple[Requirement, ...]

    def __post_init__(self) -> None:
        if not self.match or not self.require:
            raise ValueError("a rule needs a match and a requirement")


@dataclass(frozen=True, slots=True)
class Policy:
    """What must be true of an artifact; what no rule matches is denied.

    Attributes:
        id: Name of the policy.
        origin: Where it came from: a path, or the flag.
        sha256: Digest of the file, or of the policy's content where there is no file.
        rules: At least one.
        expires: When it stops being one, aware, UTC; None for never.
        trust: The trust root it names; None where it leaves that to the caller.
    """

    id: str
    origin: str
    sha256: str
    rules: tuple[Rule, ...]
    expires: datetime | None = None
    trust: Trust | None = None

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError("a policy needs a rule")

    def check_current(self, at: datetime) -> None:
        """Check that the policy still is one.

        Raises:
            PolicyError: It has expired.
        """
        if self.expires is not None and self.expires <= at:
            raise PolicyError(
                f"policy {self.id!r}: expired at {self.expires.isoformat()}",
                hint="get the current policy from whoever wrote it",
            )

    def __str__(self) -> str:
        """`acme-releases, policy.toml (sha256:…)`, for the report."""
        return f"{self.id}, {self.origin} (sha256:{self.sha256})"


def policy_of(identity: str, origin: str, rules: tuple[Rule, ...]) -> Policy:
    """A policy that no file holds, with the digest of what it says."""
    content = json.dumps([asdict(rule) for rule in rules], sort_keys=True)
    return Policy(identity, origin, hashlib.sha256(content.encode()).hexdigest(), rules)
