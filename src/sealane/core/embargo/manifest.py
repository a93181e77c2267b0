"""`embargo.json`: what everybody agrees on, written in exactly one way.

Approvals name the file by its digest. So there is one file for one content, and what two readers
could take for two things is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from sealane.core.attestation.strict_json import parse_json
from sealane.core.embargo.case import MANIFEST_SCHEMA, EmbargoManifest, Tlp
from sealane.core.embargo.case_name import check_case_name
from sealane.core.embargo.fields import Fields
from sealane.core.embargo.manifest_checks import check_manifest
from sealane.core.embargo.manifest_read import (
    CHANNEL,
    CHANNEL_SHAPE,
    IDENTIFIER,
    IDENTIFIER_SHAPE,
    read_build,
    read_channel,
    read_document,
    read_recipient,
    read_schedule,
    read_source,
)
from sealane.core.embargo.manifest_write import document_of
from sealane.errors import InputError

PLACE = "embargo.json"
# Bytes. A release of ten thousand files has half of it.
MOST_BYTES = 4 * 1024 * 1024


def parse_manifest(content: bytes, *, forbidden: Iterable[str] = ()) -> EmbargoManifest:
    """Read a manifest, strictly.

    1. It is JSON in UTF-8 without a byte order mark, without a key twice, of bounded size and
    depth. 2. Every member is there, of its shape, and none is unknown. 3. What it says makes sense
    (see `manifest_checks`). 4. The name of the case gives nothing away. 5. It is the one way to
    write its content.

    Args:
        content: The file.
        forbidden: Words that may not be in the name of the case, beside the names of its packages
            and the kinds of bugs that are known.

    Raises:
        InputError: One of these does not hold.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"{PLACE}: expected {MOST_BYTES} bytes at most, got {len(content)}")
    if content.startswith(b"\xef\xbb\xbf"):
        raise InputError(f"{PLACE}: begins with a byte order mark", hint="save it without one")
    manifest = _read(Fields(parse_json(content, PLACE), PLACE))  # 1, 2
    check_manifest(manifest, PLACE)  # 3
    parts = [part for one in manifest.builds for part in one.package.split("/")]
    check_case_name(manifest.case, f"{PLACE}: case", (*manifest.ids, *parts, *forbidden))  # 4
    _check_written_so(_written(manifest), content)  # 5
    return manifest


def render_manifest(manifest: EmbargoManifest) -> bytes:
    """The one way to write a manifest: UTF-8, keys sorted, indented by two, ASCII characters only.

    Raises:
        InputError: It could not be read again, or not as the same: what nobody could check is not
            written.
    """
    content = _written(manifest)
    if parse_manifest(content) != manifest:
        raise InputError(
            f"{PLACE}: a value cannot be written so that it is read again as the same",
            hint="times are aware and in UTC",
        )
    return content


def digest_of(manifest: EmbargoManifest) -> str:
    """SHA-256 of the manifest as it is written, lower-case hex.

    Raises:
        InputError: As `render_manifest`.
    """
    return hashlib.sha256(render_manifest(manifest)).hexdigest()


def _written(manifest: EmbargoManifest) -> bytes:
    return json.dumps(document_of(manifest), indent=2, sort_keys=True).encode() + b"\n"


def _check_written_so(expected: bytes, content: bytes) -> None:
    if content == expected:
        return
    pairs = zip(expected.split(b"\n"), content.split(b"\n"), strict=False)
    # Where one is the beginning of the other they differ behind the last line of the shorter.
    number, line = next(
        ((number, one) for number, (one, other) in enumerate(pairs, 1) if one != other),
        (min(expected.count(b"\n"), content.count(b"\n")) + 1, b"its end"),
    )
    raise InputError(
        f"{PLACE}: line {number}: not as sealane writes it: expected {line.decode()[:120]!r}",
        hint="change a case with `sealane embargo`, which writes the file",
    )


def _read(fields: Fields) -> EmbargoManifest:
    fields.word("schema", [MANIFEST_SCHEMA])
    roles, advisory = fields.inner("roles"), fields.inner("advisory")
    manifest = EmbargoManifest(
        case=fields.text("case"),
        revision=fields.number("revision", 1),
        previous=fields.sha256_or_empty("previous"),
        tlp=fields.one_of("tlp", Tlp),
        schedule=read_schedule(fields.inner("schedule")),
        roles_version=roles.number("version", 1),
        roles_sha256=roles.sha256("sha256"),
        source=fields.each("source", read_source),
        builds=fields.each("builds", read_build),
        ids=advisory.each_shaped("ids", IDENTIFIER, IDENTIFIER_SHAPE),
        documents=advisory.each("documents", read_document),
        recipients=fields.each("recipients", read_recipient),
        channels=fields.each("channels", read_channel),
        lift_order=fields.groups("lift_order", CHANNEL, CHANNEL_SHAPE),
    )
    for one in (roles, advisory, fields):
        one.finish()
    return manifest
