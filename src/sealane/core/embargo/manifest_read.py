"""The parts of a manifest, read one by one: each value alone has its shape."""

from __future__ import annotations

import re

from sealane.core.embargo.case import (
    DraftDocument,
    KeyKind,
    LiftChannel,
    Permission,
    Recipient,
    RecipientKey,
    Schedule,
    SealedBuild,
    SealedFile,
    SourceLine,
    Undo,
    Waiver,
)
from sealane.core.embargo.fields import Fields
from sealane.core.embargo.lift_order import KINDS

CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
CHANNEL_SHAPE = "the id of a channel: 1 to 64 letters, digits and _ . -"
# CVE has four digits or more; GHSA an alphabet without vowels. A year of 0000, and letters where
# digits belong, are placeholders: CVE-2026-XXXX nearly got published more than once.
IDENTIFIER = re.compile(
    r"CVE-(?!0000)[0-9]{4}-[0-9]{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}"
    r"|(?!CVE-|GHSA-)[A-Z][A-Z0-9]{1,15}-(?!0000)[0-9]{4}-[0-9]{1,19}"
)
IDENTIFIER_SHAPE = "an identifier, e.g. CVE-2026-10001"
_ECOSYSTEMS = ("PyPI", "npm", "oci", "helm", "generic")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# What git refuses (git-check-ref-format), what a shell or a URL would take for something else, and
# what git would take for a commit or a full name.
_REF = re.compile(
    r"(?!refs/|HEAD\Z|[0-9a-f]{40}\Z|[0-9a-f]{64}\Z)(?!.*(?:\.\.|\.lock(?:/|\Z)|\.\Z))(?=.{1,200}\Z)"
    r"[A-Za-z0-9_+][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_+][A-Za-z0-9._+-]*)*"
)
# The release manifest takes the same names: they become paths in a folder.
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]{0,254}")
_PACKAGE = re.compile(
    r"(?!.*\.\.)(?=.{1,214}\Z)(?:@[a-z0-9~-][a-z0-9._~-]*/)?"
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*"
)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,127}")
_WORD = re.compile(r"[a-z][a-z0-9-]{0,63}")
_WORD_SHAPE = "a word of lower-case letters, digits and hyphens"
# OpenPGP: version 4 or 6. age: a recipient in Bech32, of a plug-in too, or an SSH key.
_KEYS = {
    KeyKind.OPENPGP: (
        re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}"),
        "a fingerprint of 40 or 64 upper-case hex digits",
    ),
    KeyKind.AGE: (
        re.compile(
            r"age1(?:[a-z0-9-]{1,40}1)?[02-9ac-hj-np-z]{20,4096}"
            r"|ssh-(?:ed25519|rsa) [A-Za-z0-9+/]{40,2048}={0,2}"
        ),
        "an age recipient, age1… or an SSH key without its comment",
    ),
}


def read_schedule(fields: Fields) -> Schedule:
    """When what may happen.

    Raises:
        InputError: A member is missing, unknown, or not of its shape.
    """
    found = Schedule(
        profile=fields.shaped("profile", _WORD, _WORD_SHAPE),
        opened=fields.moment("opened"),
        not_before=fields.moment("not_before"),
        expires=fields.moment("expires"),
        window_s=fields.number("window_seconds", 60, 14_400),
        predisclosure=fields.moment_or_none("predisclosure"),
        heads_up=fields.moment_or_none("heads_up"),
        waivers=fields.each("waivers", _read_waiver),
    )
    fields.finish()
    return found


def _read_waiver(fields: Fields) -> Waiver:
    return Waiver(fields.shaped("rule", _WORD, _WORD_SHAPE), fields.text("reason"))


def read_source(fields: Fields) -> SourceLine:
    """One series.

    Raises:
        InputError: A member is missing or not of its shape.
    """
    commit = "a full commit id, 40 or 64 lower-case hex digits"
    return SourceLine(
        branch=fields.shaped("branch", _REF, "the plain name of a branch"),
        base=fields.shaped("base", _COMMIT, commit),
        fix=fields.shaped("fix", _COMMIT, commit),
        tag=fields.shaped("tag", _REF, "the plain name of a tag"),
        bundle_sha256=fields.sha256_or_empty("bundle_sha256"),
        epoch=fields.number("source_date_epoch", 0),
    )


def read_build(fields: Fields) -> SealedBuild:
    """The files of one package.

    Raises:
        InputError: A member is missing, unknown, or not of its shape.
    """
    return SealedBuild(
        package=fields.shaped("package", _PACKAGE, "the name of a package"),
        ecosystem=fields.word("ecosystem", _ECOSYSTEMS),
        version=fields.shaped("version", _VERSION, "a version"),
        files=fields.each("files", _read_file),
    )


def _read_file(fields: Fields) -> SealedFile:
    return SealedFile(
        name=fields.shaped("name", _FILE, "a file name without folders"),
        sha256=fields.sha256("sha256"),
        size=fields.number("size", 1),
        reproduced=fields.flag("reproduced"),
    )


def read_document(fields: Fields) -> DraftDocument:
    """One draft.

    Raises:
        InputError: A member is missing or not of its shape.
    """
    return DraftDocument(fields.shaped("format", _WORD, _WORD_SHAPE), fields.sha256("sha256"))


def read_recipient(fields: Fields) -> Recipient:
    """Who is told before.

    Raises:
        InputError: A member is missing, unknown, or not of its shape.
    """
    return Recipient(
        org=fields.text("org"),
        contact=fields.text("contact"),
        key=_read_key(fields.inner("key")),
        permissions=fields.each_of("permissions", Permission),
        bundle_sha256=fields.sha256_or_empty("bundle_sha256"),
        acknowledged=fields.moment_or_none("acknowledged"),
        objects=fields.text_or_empty("objects"),
    )


def _read_key(fields: Fields) -> RecipientKey:
    kind = fields.one_of("kind", KeyKind)
    found = RecipientKey(
        kind, fields.shaped("fingerprint", *_KEYS[kind]), fields.moment("not_after")
    )
    fields.finish()
    return found


def read_channel(fields: Fields) -> LiftChannel:
    """One place where something becomes public.

    Raises:
        InputError: A member is missing or not of its shape.
    """
    return LiftChannel(
        id=fields.shaped("id", CHANNEL, CHANNEL_SHAPE),
        kind=fields.word("kind", KINDS),
        undo=fields.one_of("undo", Undo),
        required=fields.flag("required"),
    )
