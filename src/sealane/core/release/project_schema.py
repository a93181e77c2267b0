"""The shape of `sealane.toml` as Pydantic models, and what of it this version does not support.

Imported only when a project is read: Pydantic is not loaded by commands that read none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sealane.core.release.project import CONFIGURATION_SCHEMA

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Reason = Annotated[str, Field(min_length=10, max_length=1000)]


class Strict(BaseModel):
    """Unknown keys and other types are errors; nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProjectTable(Strict):
    """`[project]`."""

    name: Name


class PackageTable(Strict):
    """`[[package]]`."""

    name: Name | None = None
    kind: Literal["python"] = "python"
    path: Text = "."
    publish_as: Name | None = None


class TagTable(Strict):
    """`[[tag]]`."""

    pattern: Text
    lead: Literal[True] = True


class VersionFileTable(Strict):
    """One entry of `[version] files`."""

    file: Text
    key: Text | None = None
    regex: Text | None = None
    form: Literal["pep440", "semver", "base"] | None = None


class VersionTable(Strict):
    """`[version]`."""

    scheme: Literal["pep440", "semver"] = "pep440"
    source: Literal["files"] = "files"
    files: list[VersionFileTable] | None = Field(default=None, min_length=1)


class ChangelogTable(Strict):
    """`[changelog]`."""

    style: Literal["keep-a-changelog", "none"] = "none"
    file: Text = "CHANGELOG.md"


class AuditExceptionTable(Strict):
    """One entry of `[audit] exception`."""

    id: Text
    package: Name
    reason: Reason
    expires: date


class AuditTable(Strict):
    """`[audit]`."""

    locks: list[Text] = Field(default_factory=list)
    service: Literal["index"] = "index"
    exception: list[AuditExceptionTable] = Field(default_factory=list)


class BuildTable(Strict):
    """`[build]`."""

    lock: Text = "requirements/build.txt"
    env: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")], str] = Field(
        default_factory=dict
    )
    forbid: list[Text] = Field(default_factory=list)


class TrustTable(Strict):
    """`[trust]`."""

    policy: Text | None = None
    root: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class ChannelTable(Strict):
    """`[[channel]]`."""

    name: Name
    kind: Literal["pypi", "index"]
    repository: Text | None = None
    auth: Literal["trusted-publishing"] = "trusted-publishing"
    attest: Literal["channel"] = "channel"
    environment: str | None = None


class ApprovalsTable(Strict):
    """`[approvals]`."""

    environment: str = "release"


class ForgeTable(Strict):
    """`[forge]`."""

    kind: Literal["gitlab", "github"]
    project: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$")]
    url: Text | None = None


class CiTable(Strict):
    """`[ci]`."""

    file: Text | None = None


class ExceptionTable(Strict):
    """`[[exception]]`."""

    rule: Literal[
        "long-lived-token", "pgp-key-in-ci", "single-build", "network-build", "no-attestation",
        "no-environment", "self-hosted-runner", "gate-waived", "downgrade",
    ]  # fmt: skip
    scope: Text
    reason: Reason
    expires: date


Url = Annotated[str, Field(max_length=1000, pattern=r"^https?://[!-~]+$")]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]


class GhsaTable(Strict):
    """`[[advisory.outlet]]` of the kind `ghsa`."""

    name: Name
    kind: Literal["ghsa"]
    url: Url
    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
    token: Variable


class CveTable(Strict):
    """`[[advisory.outlet]]` of the kind `cve`."""

    name: Name
    kind: Literal["cve"]
    url: Url
    organisation: Text
    user: Text
    token: Variable


class CsafTreeTable(Strict):
    """`[[advisory.outlet]]` of the kind `csaf-tree`."""

    name: Name
    kind: Literal["csaf-tree"]
    folder: Text
    url: Url
    key: Text | None = None


class OsvGitTable(Strict):
    """`[[advisory.outlet]]` of the kind `osv-git`."""

    name: Name
    kind: Literal["osv-git"]
    author: Text
    repository: Text | None = None
    branch: Text | None = None
    push: Text | None = None
    folder: Text | None = None
    token: Variable | None = None
    user: Text | None = None


OutletTable = Annotated[
    GhsaTable | CveTable | CsafTreeTable | OsvGitTable, Field(discriminator="kind")
]


class AdvisoryTable(Strict):
    """`[advisory]`."""

    issuer: Text | None = None
    namespace: Url | None = None
    contact: Text | None = None
    vendor: Text | None = None
    category: Literal["coordinator", "discoverer", "other", "translator", "user", "vendor"] = (
        "vendor"
    )
    supported: list[Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]] = Field(
        default_factory=list
    )
    yank: bool = False
    outlet: list[OutletTable] = Field(default_factory=list)


class Document(Strict):
    """The whole file."""

    schema_: Annotated[Literal["sealane.release/1"], Field(alias="schema")]
    project: ProjectTable
    package: list[PackageTable] | None = Field(default=None, min_length=1)
    tag: list[TagTable] | None = Field(default=None, min_length=1, max_length=1)
    version: VersionTable = VersionTable()
    changelog: ChangelogTable = ChangelogTable()
    audit: AuditTable = AuditTable()
    build: BuildTable = BuildTable()
    trust: TrustTable = TrustTable()
    channel: list[ChannelTable] = Field(min_length=1)
    approvals: ApprovalsTable = ApprovalsTable()
    forge: ForgeTable
    ci: CiTable = CiTable()
    exception: list[ExceptionTable] = Field(default_factory=list)
    advisory: AdvisoryTable = AdvisoryTable()


assert CONFIGURATION_SCHEMA == "sealane.release/1"  # noqa: S101  the literal above is this one

# Keys the schema has and this version does not support, by the table they stand in.
UNSUPPORTED_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {"gate", "sign", "after", "announce", "support", "upstream", "rollback", "watch"}
    ),
    "package": frozenset({"file", "backend", "needs", "run", "attest"}),
    "tag": frozenset({"packages"}),
    "version": frozenset(
        {"suggest", "commit_back", "prerelease", "post", "dev", "post_may_change", "monotonic"}
    ),
    "version.files": frozenset({"command"}),
    "changelog": frozenset({"fragments", "rotate", "notes", "edit", "notes_file"}),
    "audit": frozenset({"advisories"}),
    "build": frozenset({"python", "vary", "canonicalize", "equivalent"}),
    "trust": frozenset({"tag_signers"}),
    "channel": frozenset({
        "packages", "when", "token_env", "required", "tag", "float", "version", "app_version",
        "title", "assets", "hold",
    }),
    "approvals": frozenset({"threshold", "by", "not_before"}),
    "forge": frozenset({"branch", "merge", "milestone", "hotfix", "issue_status", "protected"}),
    "ci": frozenset({"kind", "jobs", "runner", "image", "dispatch", "repair_branches"}),
}  # fmt: skip

# Values the schema has and this version does not support.
UNSUPPORTED_VALUES: Mapping[str, frozenset[object]] = {
    "package.kind": frozenset({"image", "helm", "npm"}),
    "tag.lead": frozenset({False}),
    "version.source": frozenset({"tag", "milestone"}),
    "changelog.style": frozenset({"towncrier", "scriv"}),
    "audit.service": frozenset({"osv"}),
    "channel.kind": frozenset({"oci", "helm", "npm", "github-release", "gitlab-release"}),
    "channel.auth": frozenset({"job-token", "token"}),
    "channel.attest": frozenset({"assets", "beside", "off"}),
}
