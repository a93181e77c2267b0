"""The file of a trust root: whether it is one, whose it is, and what may name it.

Every verification passes here before anything is verified, so no key and no certificate is decoded.

Spec: sigstore protobuf-specs, sigstore_trustroot.proto, `TrustedRoot` and `ClientTrustConfig`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from enum import StrEnum

from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    as_text,
    parse_object,
    refuse_proto_names,
)
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
# Such a name is a file's: `--trust root.json` must never mean anything else.
_FILES = (".json", ".toml")
_ROOT_TYPE = "application/vnd.dev.sigstore.trustedroot"
_CONFIG_TYPE = "application/vnd.dev.sigstore.clienttrustconfig"
# Every certificate and log of a sandbox bears one of these; see the sandbox's own `pki`.
_SANDBOX_ORGANIZATION = b"sealane sandbox"
_SANDBOX_DOMAIN = "sealane.invalid"


def is_root_name(text: str) -> bool:
    """Whether a text names a root; any other is the path of a file."""
    return bool(_NAME.fullmatch(text)) and ".." not in text and not text.endswith(_FILES)


class Kind(StrEnum):
    """What an entry of a root is; the value is the member it stands in."""

    LOG = "tlogs"
    AUTHORITY = "certificateAuthorities"
    CT_LOG = "ctlogs"
    TIME = "timestampAuthorities"

    @property
    def words(self) -> str:
        """What a report calls it."""
        return _WORDS[self]


_WORDS = {
    Kind.LOG: "log",
    Kind.AUTHORITY: "certificate authority",
    Kind.CT_LOG: "certificate log",
    Kind.TIME: "time-stamp authority",
}
LOGS = (Kind.LOG, Kind.CT_LOG)


def read_root(content: bytes, place: str) -> dict[str, JsonValue]:
    """The members of the trusted root in a file.

    Args:
        content: A trusted root, or a client trust configuration around one; JSON in UTF-8.
        place: Name of the file, for errors.

    Raises:
        InputError: It is neither, or a root that trusts nothing.
    """
    members = parse_object(content, place)
    if str(members.get("mediaType")).startswith(_CONFIG_TYPE):
        members = as_object(members.get("trustedRoot"), f"{place}: trustedRoot")
    # Read by one reader and overseen by another, an entry would be trusted and not be shown.
    refuse_proto_names(members, place)
    kind = str(members.get("mediaType"))
    if not kind.startswith(_ROOT_TYPE):
        raise InputError(f"{place}: expected a trusted root, got {kind[:80]!r}")
    # All of them, so that none of a wrong type hides behind one that is right.
    counts = [len(listed(members, one, place)) for one in Kind]
    if not any(counts):
        raise InputError(f"{place}: it trusts nothing: no authority and no log")
    return members


def is_sandbox(members: Mapping[str, JsonValue]) -> bool:
    """Whether any certificate or any log of a root is a sandbox's: one is enough.

    Raises:
        InputError: An entry cannot be read.
    """
    for kind in Kind:
        for entry in listed(members, kind, "trust root"):
            found = as_object(entry, kind)
            if kind in LOGS:
                # Not parsed: the text of a URL that some reader takes for a sandbox's is enough.
                if _SANDBOX_DOMAIN in as_text(found.get("baseUrl") or "", kind).lower():
                    return True
            elif any(_SANDBOX_ORGANIZATION in one for one in chain_of(found, kind)):
                return True
    return False


def listed(members: Mapping[str, JsonValue], kind: Kind, place: str) -> list[JsonValue]:
    """The entries of one kind; none where the member is missing.

    Raises:
        InputError: It is no list.
    """
    value = members.get(kind)
    return [] if value is None else as_list(value, f"{place}: {kind}")


def chain_of(members: Mapping[str, JsonValue], place: str) -> list[bytes]:
    """The certificates of an authority, DER.

    Raises:
        InputError: There is no chain, or one of them is not base64.
    """
    chain = as_object(members.get("certChain"), f"{place}: certChain")
    listed = as_list(chain.get("certificates"), f"{place}: certificates")
    return [
        _decoded(as_object(one, f"{place}: certificates").get("rawBytes"), place) for one in listed
    ]


def _decoded(value: JsonValue, place: str) -> bytes:
    try:
        return binascii.a2b_base64(as_text(value, f"{place}: rawBytes"), strict_mode=True)
    except ValueError as error:
        raise InputError(f"{place}: rawBytes: not base64") from error
