"""The model of `sealane.toml`: one version line of a project.

`io/stores/project.py` reads the file; docs/reference/configuration.md describes every key.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sealane.core.model.values import dataclass
from sealane.core.release.version import VersionForm

CONFIGURATION_FILE = "sealane.toml"
CONFIGURATION_SCHEMA = "sealane.release/1"


class ChangelogStyle(StrEnum):
    """How a project keeps its changelog."""

    NONE = "none"
    KEEP_A_CHANGELOG = "keep-a-changelog"


class ChannelKind(StrEnum):
    """Where a release becomes public."""

    PYPI = "pypi"
    INDEX = "index"


class ForgeKind(StrEnum):
    """Where the project's pipelines run."""

    GITLAB = "gitlab"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Package:
    """One Python package: its folder, and the name it is published under."""

    name: str
    path: str
    publish_as: str


@dataclass(frozen=True, slots=True)
class TagRule:
    """A tag's pattern with one placeholder: {semver}, {pep440} or {base}."""

    pattern: str


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A place where the version is written: by dotted key, or by a regex with one group."""

    file: str
    key: str | None
    regex: str | None
    form: VersionForm


@dataclass(frozen=True, slots=True)
class VersionRules:
    """How the version is written and where."""

    scheme: VersionForm
    files: tuple[VersionFile, ...]


@dataclass(frozen=True, slots=True)
class Changelog:
    """Where the entry of a version has to be."""

    style: ChangelogStyle
    file: str


@dataclass(frozen=True, slots=True)
class AuditException:
    """One advisory of one package that does not stop a release, for a reason and a time."""

    id: str
    package: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class Audit:
    """Which locks are audited; an empty tuple means all hashed requirements found."""

    locks: tuple[str, ...]
    exceptions: tuple[AuditException, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """How the files are built.

    Attributes:
        lock: Hash-locked requirements of the build environment.
        environment: (name, value) added to the cleared environment.
        forbid: Globs of members that may not be in a built file.
    """

    lock: str
    environment: tuple[tuple[str, str], ...]
    forbid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """What attest and confirm judge by; None means derived, or embedded."""

    policy: str | None
    root: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Channel:
    """One place where the release becomes public.

    Attributes:
        name: Unique in the file.
        kind: What it speaks.
        repository: The upload client's named repository, or a URL for an index.
        environment: Protected CI environment the publishing job runs in; "" for none.
    """

    name: str
    kind: ChannelKind
    repository: str
    environment: str


@dataclass(frozen=True, slots=True)
class Forge:
    """Where the pipeline runs, and so what the publisher's identity must be.

    Attributes:
        kind: gitlab or github.
        project: Path of the project, e.g. "group/project".
        host: Host name of the forge, e.g. "gitlab.com".
        pipeline: The pipeline file, e.g. ".gitlab-ci.yml" or ".github/workflows/release.yml".
    """

    kind: ForgeKind
    project: str
    host: str
    pipeline: str


@dataclass(frozen=True, slots=True)
class RuleException:
    """A rule of the lane that is set aside, for a reason and a time."""

    rule: str
    scope: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class AdvisoryOutlet:
    """One place where advisories become public: its kind, its name, and what its kind needs."""

    kind: str
    name: str
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Advisories:
    """How the project publishes advisories.

    Attributes:
        issuer: Who issues them; "" where the project does not say.
        namespace: A URL that is theirs; "" with no issuer.
        contact: How they are reached; "" where they do not say.
        vendor: Who makes the product; "" for the issuer.
        category: CSAF's word for the issuer.
        supported: Series that get fixes, e.g. "1.4"; () where the project does not say.
        yank: Whether vulnerable releases have to be yanked.
        outlets: Where advisories become public.
    """

    issuer: str = ""
    namespace: str = ""
    contact: str = ""
    vendor: str = ""
    category: str = "vendor"
    supported: tuple[str, ...] = ()
    yank: bool = False
    outlets: tuple[AdvisoryOutlet, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Everything `sealane.toml` says; defaults filled in.

    Attributes:
        digest: SHA-256 of the file's bytes, lower-case hex.
    """

    name: str
    packages: tuple[Package, ...]
    tags: tuple[TagRule, ...]
    version: VersionRules
    changelog: Changelog
    audit: Audit
    build: Build
    trust: Trust
    channels: tuple[Channel, ...]
    forge: Forge
    environment: str
    exceptions: tuple[RuleException, ...]
    advisories: Advisories
    digest: str
