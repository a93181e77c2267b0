"""What an embargo is about: one manifest, revised until everybody has agreed on it.

Each revision names the one before by its digest, and voids every approval that was given of it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sealane.core.model.values import dataclass

MANIFEST_SCHEMA = "sealane.embargo-manifest/1"


class Tlp(StrEnum):
    """Traffic light of what recipients get; nothing that is held back is for everybody."""

    RED = "RED"
    AMBER_STRICT = "AMBER+STRICT"
    AMBER = "AMBER"


class Permission(StrEnum):
    """What a recipient may do before the lift."""

    PREPARE_PACKAGES = "prepare-packages"
    DEPLOY_HOSTED = "deploy-hosted"
    SHARE_NEED_TO_KNOW = "share-need-to-know"
    PUBLISH_BINARIES = "publish-binaries"


class Undo(StrEnum):
    """What can be done about something that became public in a channel."""

    YES = "yes"
    HIDE = "hide"
    NO = "no"


class KeyKind(StrEnum):
    """What a recipient's key is a key of."""

    OPENPGP = "openpgp"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule of time that is set aside, e.g. "lift-weekday", and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what may happen; all times aware, UTC, whole seconds.

    Attributes:
        profile: Name of the rules of time that hold, e.g. "linux-distros".
        opened: When the case was opened.
        not_before: The lift is not earlier.
        expires: The lift is not later; then the case has to be agreed on again.
        window_s: How long the lift may take, seconds.
        predisclosure: When recipients get their bundles; None where nobody gets any.
        heads_up: When the date is announced without details; None where it is not.
        waivers: Rules that are set aside.
    """

    profile: str
    opened: datetime
    not_before: datetime
    expires: datetime
    window_s: int
    predisclosure: datetime | None = None
    heads_up: datetime | None = None
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One series: where its fix is, and what it will be called.

    Attributes:
        branch: Name of the public branch it goes to.
        base: Commit that is public already, full id.
        fix: Commit that fixes it, full id.
        tag: The tag of the release.
        bundle_sha256: Of the git bundle from base to fix, lower-case hex; "" until there is one.
        epoch: Commit time of the fix, Unix seconds.
    """

    branch: str
    base: str
    fix: str
    tag: str
    bundle_sha256: str = ""
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One built file: name without folders, digest in lower-case hex, bytes, built twice alike."""

    name: str
    sha256: str
    size: int
    reproduced: bool


@dataclass(frozen=True, slots=True)
class SealedBuild:
    """The files of one package in one version; `ecosystem` e.g. "PyPI"."""

    package: str
    ecosystem: str
    version: str
    files: tuple[SealedFile, ...]


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """One draft of the advisory or the announcement: format ("osv", ...), digest in hex."""

    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """The key a recipient's bundle is encrypted to: kind, fingerprint, how long it is used (UTC).

    The fingerprint is OpenPGP's in upper-case hex, or the age recipient itself.
    """

    kind: KeyKind
    fingerprint: str
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told before the lift.

    Attributes:
        org: Name of the organisation, unique in the case.
        contact: Address the bundle is sent to.
        key: What it is encrypted to.
        permissions: What they may do with it.
        bundle_sha256: Of the encrypted bundle, lower-case hex; "" until there is one.
        acknowledged: When they said that they have it, UTC; None until then.
        objects: Why they ask for another date; "" where they do not.
    """

    org: str
    contact: str
    key: RecipientKey
    permissions: tuple[Permission, ...] = ()
    bundle_sha256: str = ""
    acknowledged: datetime | None = None
    objects: str = ""


@dataclass(frozen=True, slots=True)
class LiftChannel:
    """One place where something becomes public in the lift.

    Attributes:
        id: Unique in the case.
        kind: "git", "pypi", "npm", "oci", "helm", "release", "ghsa", "cve", "osv", "csaf" or
            "announce".
        undo: What can be done about it afterwards.
        required: Whether the advisory waits for it.
    """

    id: str
    kind: str
    undo: Undo
    required: bool = True


@dataclass(frozen=True, slots=True)
class EmbargoManifest:
    """Everything that is agreed on.

    Attributes:
        case: Random name: no CVE, no component, no kind of bug is in it.
        revision: 1 for the first.
        previous: SHA-256 of the revision before, lower-case hex; "" for the first.
        tlp: Traffic light of the material.
        schedule: When what may happen.
        roles_version: Version of the role file that approvals are counted by.
        roles_sha256: Digest of it, lower-case hex.
        source: Each series.
        builds: What was built, sealed; empty until it was.
        ids: Identifiers of the vulnerability, e.g. "CVE-2026-10001".
        documents: Drafts; empty until there are some.
        recipients: Who is told before.
        channels: Where it becomes public.
        lift_order: Ids of channels, in groups; those of a group at once.
    """

    case: str
    revision: int
    previous: str
    tlp: Tlp
    schedule: Schedule
    roles_version: int
    roles_sha256: str
    source: tuple[SourceLine, ...]
    builds: tuple[SealedBuild, ...] = ()
    ids: tuple[str, ...] = ()
    documents: tuple[DraftDocument, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    channels: tuple[LiftChannel, ...] = ()
    lift_order: tuple[tuple[str, ...], ...] = ()
