"""in-toto layouts and links, read as far as is needed to know what a verifier would do with them.

The library that judges a layout runs the commands of its inspections, also those of layouts among
its links. So every file is read here first, whether anything refers to it or not, and by a reader
that refuses what two readers could read differently.

Spec: in-toto specification 1.0, sections 4.3 (layout), 4.4 (link) and 4.2 (file formats); ITE-5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sealane.core.attestation.envelope import PAYLOAD_TYPE, is_envelope, parse_envelope
from sealane.core.attestation.members import Members, parse_digest
from sealane.core.attestation.strict_json import as_list, as_object, parse_object
from sealane.core.model.artifact import STRONG_ALGORITHMS, Digest
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

MOST_PARTS = 1000
MOST_DEPTH = 8  # sublayouts within sublayouts
LARGEST_PARTS = 64 * 1024 * 1024  # bytes of all links together
# A step's name becomes a file name, and a link's name is a path below our folder.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+@ -]{0,127}")
_KEY_ID = re.compile(r"[0-9A-Fa-f]{8,128}")


@dataclass(frozen=True, slots=True)
class Layout:
    """What decides about running a verifier on a layout.

    Attributes:
        expires: RFC 3339, as written.
        steps: Names of the steps, in order; at least one.
        inspections: Names of what it wants run on the verifier's machine.
        key_ids: Ids of the signatures, as written.
    """

    expires: str
    steps: tuple[str, ...]
    inspections: tuple[str, ...]
    key_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What was made in one step.

    Attributes:
        name: The step.
        products: (path, digests) of what came out; sorted by path.
    """

    name: str
    products: tuple[tuple[str, tuple[Digest, ...]], ...]


def is_metablock(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object is a layout or link in the classic format."""
    return isinstance(members.get("signed"), dict) and "signatures" in members


def is_layout(members: Mapping[str, JsonValue], content: bytes) -> bool:
    """Whether an object is a layout, in the classic format or in an envelope.

    Args:
        members: The object.
        content: The same as JSON.
    """
    if is_metablock(members):
        signed = members["signed"]
        return isinstance(signed, dict) and signed.get("_type") == "layout"
    if not is_envelope(members):
        return False
    try:
        return isinstance(parse_metadata(content), Layout)
    except InputError:
        return False


def parse_metadata(content: bytes) -> Layout | Link:
    """Read a layout or a link, classic or in a DSSE envelope.

    Raises:
        InputError: Neither, both formats at once, a required member is missing or of another type,
            or a name of a step or key that could become a path.
    """
    members = parse_object(content, "in-toto metadata")
    if is_envelope(members) == is_metablock(members) or {"payload", "signed"} <= members.keys():
        raise InputError("in-toto metadata: expected a signed link or layout, in one format")
    if is_envelope(members):
        envelope = parse_envelope(content)
        if envelope.payload_type != PAYLOAD_TYPE:
            raise InputError(f"in-toto metadata: payload type {envelope.payload_type[:60]!r}")
        signed = parse_object(envelope.payload, "in-toto payload")
        key_ids = tuple(key_id for key_id, _ in envelope.signatures)
    else:
        signed = as_object(members["signed"], "in-toto metadata: signed")
        signatures = as_list(members["signatures"], "in-toto metadata: signatures")
        named = (Members(as_object(one, "signature"), "signature") for one in signatures)
        key_ids = tuple(one.text_or_empty("keyid") for one in named)
    kind = signed.get("_type")
    if kind == "layout":
        return _layout(Members(signed, "layout"), key_ids)
    if kind == "link":
        return _link(Members(signed, "link"))
    raise InputError(f"in-toto metadata: expected a link or a layout, got {str(kind)[:40]!r}")


def check_part_name(name: str) -> None:
    """Check the name of a link: a path below the layout's folder, and no other.

    Raises:
        InputError: Absolute, leading out of the folder, nested too deep, or with odd characters.
    """
    parts = name.split("/")
    if len(parts) > MOST_DEPTH or not all(_NAME.fullmatch(part) for part in parts):
        raise InputError(f"link {name[:100]!r}: expected a plain file name, or folders and one")


def read_parts(parts: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, Layout | Link], ...]:
    """Read every file that belongs to a layout.

    Raises:
        InputError: Too many or too large together, a name twice or no safe path, or one of them
            cannot be read: it is the error's place.
    """
    total = sum(len(content) for _, content in parts)
    if len(parts) > MOST_PARTS or total > LARGEST_PARTS:
        raise InputError(
            f"links: expected at most {MOST_PARTS} and {LARGEST_PARTS} bytes, "
            f"got {len(parts)} and {total}"
        )
    if len({name for name, _ in parts}) != len(parts):
        raise InputError("links: one name twice")
    found = []
    for name, content in parts:
        check_part_name(name)
        try:
            found.append((name, parse_metadata(content)))
        except InputError as error:
            raise InputError(f"link {name!r}: {error.message}") from error
    return tuple(found)


def _layout(members: Members, key_ids: tuple[str, ...]) -> Layout:
    _check_keys(members.inner("keys"))
    steps = members.each("steps")
    for step in steps:
        for key_id in step.texts("pubkeys"):
            _check_key_id(key_id, step.place)
    return Layout(
        expires=members.text("expires"),
        steps=tuple(_step_name(step) for step in steps),
        # What is no list of named objects is refused, so nothing that runs hides in it.
        inspections=tuple(one.text("name") for one in members.each("inspect")),
        key_ids=key_ids,
    )


def _step_name(step: Members) -> str:
    name = step.text("name")
    if not _NAME.fullmatch(name):
        raise InputError(f"{step.place}: name: {name[:60]!r} could become another path")
    return name


def _check_keys(keys: Members) -> None:
    """Every key once: two ids of one key would count as two functionaries."""
    seen: dict[str, str] = {}
    for key_id, value in keys.items():
        place = f"{keys.place}: {key_id[:40]}"
        key = Members(as_object(value, place), place)
        _check_key_id(key_id, place)
        if key.text("keyid") != key_id:
            raise InputError(f"{place}: keyid: another than the key stands under")
        for sub_id in key.inner_or_empty("subkeys").names():
            _check_key_id(sub_id, place)
        public = "".join(str(key.inner("keyval").value("public")).split())
        if public in seen:
            raise InputError(f"{place}: the same key as {seen[public][:40]}")
        seen[public] = key_id


def _check_key_id(key_id: str, place: str) -> None:
    if not _KEY_ID.fullmatch(key_id):
        raise InputError(f"{place}: {key_id[:40]!r} is not a key id in hex")


def _link(members: Members) -> Link:
    products = members.inner_or_empty("products")
    found = []
    for path, value in products.items():
        place = f"{products.place}: {path[:60]}"
        named = as_object(value, place)
        digests = (parse_digest(alg, named[alg], place) for alg in sorted(named))
        found.append((path, tuple(d for d in digests if d.algorithm in STRONG_ALGORITHMS)))
    return Link(members.text("name"), tuple(found))
