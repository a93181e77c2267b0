"""A whole manifest of an embargo, and parts of it to be changed."""

import json
from datetime import UTC, datetime
from typing import Any

from sealane.core.embargo.case import (
    DraftDocument,
    EmbargoManifest,
    KeyKind,
    LiftChannel,
    Permission,
    Recipient,
    RecipientKey,
    Schedule,
    SealedBuild,
    SealedFile,
    SourceLine,
    Tlp,
    Undo,
    Waiver,
)
from sealane.core.embargo.manifest import render_manifest

# A manifest as JSON, changed on purpose.
Json = Any
# The way to a member of it.
Path = tuple[str | int, ...]


def moment(day: int, hour: int = 15) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


SCHEDULE = Schedule(
    profile="linux-distros",
    opened=moment(1),
    predisclosure=moment(8),
    heads_up=moment(14),
    not_before=moment(15),
    expires=moment(16),
    window_s=1800,
    waivers=(Waiver("lift-weekday", "the distributors asked for this day"),),
)
SOURCE = (
    SourceLine("main", "a1" * 20, "b1" * 20, "v1.4.2", "c1" * 32, 1_796_000_000),
    SourceLine("release/1.3", "a2" * 20, "b2" * 20, "v1.3.9", "c2" * 32, 1_796_000_100),
)
BUILDS = (
    SealedBuild(
        "acme-http",
        "PyPI",
        "1.4.2",
        (
            SealedFile("acme_http-1.4.2-py3-none-any.whl", "d1" * 32, 12_345, True),
            SealedFile("acme_http-1.4.2.tar.gz", "d2" * 32, 23_456, True),
        ),
    ),
    SealedBuild(
        "acme-http",
        "PyPI",
        "1.3.9",
        (SealedFile("acme_http-1.3.9.tar.gz", "d3" * 32, 23_400, True),),
    ),
)
RECIPIENTS = (
    Recipient(
        "Distribution A",
        "security@a.example",
        RecipientKey(KeyKind.OPENPGP, "AB" * 20, moment(31)),
        (Permission.PREPARE_PACKAGES, Permission.SHARE_NEED_TO_KNOW),
        "e1" * 32,
        moment(9),
        "",
    ),
    Recipient(
        "Größe & Söhne",
        "sftp://b.example/in",
        RecipientKey(KeyKind.AGE, "age1" + "q" * 58, moment(30)),
        objects="a holiday there",
    ),
)
CHANNELS = (
    LiftChannel("forge", "git", Undo.NO),
    LiftChannel("index", "pypi", Undo.HIDE),
    LiftChannel("images", "oci", Undo.YES, required=False),
    LiftChannel("advisory", "ghsa", Undo.NO),
    LiftChannel("database", "osv", Undo.YES),
    LiftChannel("list", "announce", Undo.NO),
)
ORDER = (("forge",), ("index",), ("images", "advisory"), ("database",), ("list",))
MANIFEST = EmbargoManifest(
    case="k7q2-94xw-m3hd",
    revision=2,
    previous="f1" * 32,
    tlp=Tlp.AMBER_STRICT,
    schedule=SCHEDULE,
    roles_version=3,
    roles_sha256="f2" * 32,
    source=SOURCE,
    builds=BUILDS,
    ids=("CVE-2026-10001", "GHSA-2345-cfgh-jmpq"),
    documents=(DraftDocument("osv", "f3" * 32), DraftDocument("announcement", "f4" * 32)),
    recipients=RECIPIENTS,
    channels=CHANNELS,
    lift_order=ORDER,
)
# As a case begins: nothing is known but that there is something.
FIRST = EmbargoManifest(
    case="k7q2-94xw-m3hd",
    revision=1,
    previous="",
    tlp=Tlp.RED,
    schedule=Schedule("default", moment(1), moment(15), moment(16), 60),
    roles_version=1,
    roles_sha256="f2" * 32,
    source=(),
)


def document(manifest: EmbargoManifest = MANIFEST) -> Json:
    """The members of a manifest that is right."""
    return json.loads(render_manifest(manifest))


def written(value: Json) -> bytes:
    """Some members, written as a manifest is."""
    return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"


def changed(path: Path, value: Json) -> bytes:
    """A manifest that is right, but for one member."""
    whole = document()
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return written(whole)
