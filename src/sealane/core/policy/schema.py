"""What a policy says; `io/stores/policies/load.py` reads it from TOML, `quick.py` from a flag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sealane.core.model.values import dataclass
from sealane.core.verify.interface import Demands
from sealane.errors import PolicyError

if TYPE_CHECKING:
    # Keys need `cryptography`, which commands that only name a policy do not load.
    from sealane.core.verify.keys import TrustedKey

POLICY_SCHEMA = "sealane.policy/1"
POLICY_FILE = "sealane.policy.toml"
EMBEDDED_ROOT = "embedded"
# Trusts nobody: signatures by keys of the policy are all that can hold.
NO_ROOT = "none"
# Names of the public instances' roots; nobody may lower what is demanded of evidence from there.
PUBLIC_ROOTS = (EMBEDDED_ROOT, "public-good", "staging")
# What stands in place of an issuer for an OpenPGP certificate; no certificate of X.509 can have it.
OPENPGP_ISSUER = "urn:sealane:openpgp"
DEFAULT_DEMANDS = Demands()
LONGEST_ROOT_AGE = 400


class EngineName(StrEnum):
    """Who proves bundles."""

    SEALANE = "sealane"
    SIGSTORE = "sigstore"
    BOTH = "both"


class LogClass(StrEnum):
    """Whether, and where, signatures have to be logged."""

    REQUIRED = "required"
    PRIVATE = "private"
    NONE = "none"


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


@dataclass(frozen=True, slots=True)
class Trust:
    """Which trust root the evidence has to be proven with.

    Attributes:
        name: What the policy calls it.
        root: A name ("embedded", "public-good", "staging", or of a stored one), the path of a
            file, absolute, or "none" for no root.
        sha256: Digest the file must have, lower-case hex; always there for a file.
        max_age_days: How old the root may be; None leaves it at what holds without a policy.
        log: Whether signatures have to be in a log.
        demands: How much proof material has to hold.
    """

    name: str
    root: str
    sha256: str | None
    max_age_days: int | None = None
    log: LogClass = LogClass.REQUIRED
    demands: Demands = DEFAULT_DEMANDS

    @property
    def weakened(self) -> bool:
        """Whether less is demanded than of evidence from the public instances."""
        least = DEFAULT_DEMANDS
        return any(
            getattr(self.demands, name) < getattr(least, name)
            for name in ("logs", "key_logs", "timestamps", "scts")
        )


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
        engine: Who proves bundles.
        rootless_demands: What has to hold where it names no trust root.
    """

    id: str
    origin: str
    sha256: str
    rules: tuple[Rule, ...]
    expires: datetime | None = None
    trust: Trust | None = None
    engine: EngineName = EngineName.SEALANE
    rootless_demands: Demands = DEFAULT_DEMANDS

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError("a policy needs a rule")

    @property
    def demands(self) -> Demands:
        """How much proof material has to hold."""
        return self.rootless_demands if self.trust is None else self.trust.demands

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """Everybody whom a requirement names, each once."""
        return tuple(
            dict.fromkeys(one for rule in self.rules for need in rule.require for one in need.by)
        )

    @property
    def keys(self) -> tuple[TrustedKey, ...]:
        """The keys of all publishers, each once."""
        found: dict[bytes, TrustedKey] = {}
        for one in self.publishers:
            for key in one.keys if isinstance(one, KeyPublisher) else ():
                found.setdefault(key.spki, key)
        return tuple(found.values())

    @property
    def names_files(self) -> bool:
        """Whether keys or certificates have to be loaded from files."""
        return any(isinstance(one, KeyPublisher | OpenPgpPublisher) for one in self.publishers)

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The OpenPGP certificates of all publishers."""
        listed = [one.certificates for one in self.publishers if isinstance(one, OpenPgpPublisher)]
        return tuple(dict.fromkeys(one for one in listed if one))

    def with_publishers(self, others: Mapping[Publisher, Publisher]) -> Policy:
        """A copy in which publishers are replaced by others; its digest stays."""
        rules = tuple(
            replace(
                rule,
                require=tuple(
                    replace(need, by=tuple(others.get(one, one) for one in need.by))
                    for need in rule.require
                ),
            )
            for rule in self.rules
        )
        return replace(self, rules=rules)

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
    return Policy(identity, origin, digest_of(rules), rules)


def digest_of(rules: tuple[Rule, ...]) -> str:
    """SHA-256 of what rules say, lower-case hex; of a key file its digest is said."""
    content = json.dumps([asdict(rule) for rule in rules], sort_keys=True, default=_as_text)
    return hashlib.sha256(content.encode()).hexdigest()


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
