"""What a policy says; `io/stores/policies/load.py` reads it from TOML, `quick.py` from a flag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sealane.core.model.values import dataclass, plain, replace
from sealane.core.policy.needs import Need, Requirement, requirements_in, with_publishers
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher, Publisher
from sealane.core.verify.interface import Demands
from sealane.errors import PolicyError

if TYPE_CHECKING:
    from sealane.core.release.affected import Advisory

    # Keys need `cryptography`, which commands that only name a policy do not load.
    from sealane.core.verify.keys import TrustedKey

POLICY_SCHEMA = "sealane.policy/1"
POLICY_FILE = "sealane.policy.toml"
EMBEDDED_ROOT = "embedded"
# Trusts nobody: signatures by keys of the policy are all that can hold.
NO_ROOT = "none"
# Names of the public instances' roots; nobody may lower what is demanded of evidence from there.
PUBLIC_ROOTS = (EMBEDDED_ROOT, "public-good", "staging")
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


class Mode(StrEnum):
    """What becomes of an artifact for which a rule does not hold."""

    ENFORCE = "enforce"  # it fails
    WARN = "warn"  # it is reported as a warning; the rule alone never makes an artifact pass
    AUDIT = "audit"  # it is noted


class Downgrade(StrEnum):
    """Within which versions later ones may not have weaker evidence than earlier ones."""

    SAME_MAJOR = "same-major"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Continuity:
    """How an artifact's evidence has to go on from what was pinned of its package.

    Attributes:
        publisher: Whether the publisher has to be the pinned one.
        no_downgrade: Where evidence may not get weaker; None for nowhere.
        since: The first version it is demanded of, PEP 440; None for all.
    """

    publisher: bool = True
    no_downgrade: Downgrade | None = Downgrade.SAME_MAJOR
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What artifacts that match have to have; all of it.

    Attributes:
        match: Globs over the package URL (where they begin with "pkg:") or the file name.
        require: At least one need.
        mode: What becomes of an artifact for which it does not hold.
        continuity: How its evidence has to go on from the pins; None where that is not asked.
        name: What findings call it, e.g. "rule 1"; "" in quick mode.
        added: Whether an included file holds it: it demands more of an artifact that a rule of the
            policy itself is about, and lets no other artifact in.
        advisory: Whether it has to agree with an advisory, which whoever judges it has to name.
    """

    match: tuple[str, ...]
    require: tuple[Need, ...]
    mode: Mode = Mode.ENFORCE
    continuity: Continuity | None = None
    name: str = ""
    added: bool = False
    advisory: bool = False

    def __post_init__(self) -> None:
        if not self.match or not self.require:
            raise ValueError("a rule needs a match and a requirement")

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement in it, however deep."""
        return tuple(one for need in self.require for one in requirements_in(need))


@dataclass(frozen=True, slots=True)
class Distrust:
    """Evidence that no longer counts, and makes an artifact fail; all that is given has to match.

    Attributes:
        reason: Why, for the report.
        issuer: Issuer of the signer.
        subject: Subject of the signer.
        project: URL of the source repository.
        run: URI of the run that signed.
        digest: An artifact's digest, e.g. "sha256:9bb1…".
        start: Evidence signed from then on, aware, UTC; None for ever since.
        end: Evidence signed until then, aware, UTC; None for ever after. What proves no time lies
            in every window.
    """

    reason: str
    issuer: str = ""
    subject: str = ""
    project: str = ""
    run: str = ""
    digest: str = ""
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.issuer or self.subject or self.project or self.run or self.digest):
            raise ValueError("distrust needs somebody or something")


@dataclass(frozen=True, slots=True)
class Exemption:
    """A failure that is accepted for a while.

    Attributes:
        match: As in `Rule`.
        code: The finding that is accepted, e.g. "SL-PRE-001".
        reason: Why, for the report.
        expires: Until when, aware, UTC.
        predicate: Of which requirement alone, by the short name of a predicate; "" for any.
    """

    match: tuple[str, ...]
    code: str
    reason: str
    expires: datetime
    predicate: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something about an artifact that a policy says, never the artifact's own evidence.

    Attributes:
        name: What `only_if` calls it.
        match: As in `Rule`: it holds for these artifacts.
        start: It holds from then on, aware, UTC; None for ever since.
        end: It holds until then, aware, UTC; None for ever after.
        advisory: Path of an OSV record, absolute: it holds for what that says is affected. "" for
            none.
        by: Who has to have signed the record.
        record: What the record says, once it was proven; None until then, and then nothing is known
            of it.
    """

    name: str
    match: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    advisory: str = ""
    by: tuple[Publisher, ...] = ()
    record: Advisory | None = None

    def __post_init__(self) -> None:
        if bool(self.advisory) != bool(self.by):
            raise ValueError("an advisory needs somebody whose word it is")


@dataclass(frozen=True, slots=True)
class Policy:
    """What must be true of an artifact; what no rule matches is denied.

    Attributes:
        id: Name of the policy.
        origin: Where it came from: a path, or the flag.
        sha256: Digest of the file, or of the policy's content where there is no file.
        rules: At least one.
        expires: When it stops being one, aware, UTC; None for never.
        trusts: The trust roots it names; empty where it leaves that to the caller.
        engine: Who proves bundles.
        rootless_demands: What has to hold where it names no trust root.
        not_before: When it begins to be one, aware, UTC; None for at once.
        no_rejected_evidence: Whether refused evidence beside good one makes an artifact fail.
        distrust: Evidence that no longer counts.
        exemptions: Failures that are accepted for a while.
        conditions: What `only_if` can name.
        includes: Path and digest of every file whose rules it took in, for the report.
    """

    id: str
    origin: str
    sha256: str
    rules: tuple[Rule, ...]
    expires: datetime | None = None
    trusts: tuple[Trust, ...] = ()
    engine: EngineName = EngineName.SEALANE
    rootless_demands: Demands = DEFAULT_DEMANDS
    not_before: datetime | None = None
    no_rejected_evidence: bool = False
    distrust: tuple[Distrust, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    conditions: tuple[Condition, ...] = ()
    includes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError("a policy needs a rule")

    @property
    def trust(self) -> Trust | None:
        """The only trust root it names; None where it names none, or several."""
        return self.trusts[0] if len(self.trusts) == 1 else None

    @property
    def demands(self) -> Demands:
        """How much proof material has to hold, but where it names several trust roots."""
        return self.rootless_demands if self.trust is None else self.trust.demands

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """Everybody whom a requirement or a condition names, each once."""
        return tuple(
            dict.fromkeys(
                [
                    *(one for rule in self.rules for need in rule.requirements for one in need.by),
                    *(one for condition in self.conditions for one in condition.by),
                ]
            )
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
            replace(rule, require=tuple(with_publishers(need, others) for need in rule.require))
            for rule in self.rules
        )
        conditions = tuple(
            replace(one, by=tuple(others.get(each, each) for each in one.by))
            for one in self.conditions
        )
        return replace(self, rules=rules, conditions=conditions)

    def check_current(self, at: datetime) -> None:
        """Check that the policy still is one.

        Raises:
            PolicyError: It has expired, or it has not begun.
        """
        if self.not_before is not None and at < self.not_before:
            raise PolicyError(
                f"policy {self.id!r}: it counts from {self.not_before.isoformat()} on",
                hint="wait, or judge by the policy that counts now",
            )
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
    content = json.dumps(plain(rules), sort_keys=True, default=_as_text)
    return hashlib.sha256(content.encode()).hexdigest()


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
