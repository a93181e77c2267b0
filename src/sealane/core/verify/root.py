"""Reads a trust root: the keys and certificates that are trusted in advance, with their windows.

Spec: sigstore protobuf-specs, sigstore_trustroot.proto, `TrustedRoot`.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from datetime import UTC, datetime

from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    as_text,
    parse_object,
    refuse_proto_names,
)
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.verify.keys import ALWAYS, TrustedKey, Window
from sealane.errors import InputError

# A real root has less than ten of each.
_MOST_ENTRIES = 100
_MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose signatures are trusted, of signatures or of certificates.

    Attributes:
        log_id: How evidence names it.
        key: Its key and when that was valid; its name is the log's URL.
    """

    log_id: bytes
    key: TrustedKey


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues certificates, or signs times.

    Attributes:
        name: Its URL.
        chain: DER, the certificate that issues (or signs times) first, the root last.
        window: When it was trusted.
    """

    name: str
    chain: tuple[bytes, ...]
    window: Window


@dataclass(frozen=True, slots=True)
class TrustRoot:
    """One instance's trust root; roots of several instances are never merged.

    Attributes:
        logs: Logs of signatures.
        ct_logs: Logs of certificates.
        authorities: Who issues signing certificates.
        timestamp_authorities: Who signs times; first in each chain is what signs.
    """

    logs: tuple[Log, ...] = ()
    ct_logs: tuple[Log, ...] = ()
    authorities: tuple[Authority, ...] = ()
    timestamp_authorities: tuple[Authority, ...] = ()


def parse_root(content: bytes) -> TrustRoot:
    """Read a trust root.

    Args:
        content: A Sigstore trusted root, JSON.

    Raises:
        InputError: It is none, or a part of it cannot be read.
    """
    members = parse_object(content, "trust root")
    refuse_proto_names(members, "trust root")
    return TrustRoot(
        logs=tuple(_log(one, place) for one, place in _entries(members, "tlogs")),
        ct_logs=tuple(_log(one, place) for one, place in _entries(members, "ctlogs")),
        authorities=tuple(
            _authority(one, place) for one, place in _entries(members, "certificateAuthorities")
        ),
        timestamp_authorities=tuple(
            _authority(one, place) for one, place in _entries(members, "timestampAuthorities")
        ),
    )


def parse_window(value: JsonValue, place: str) -> Window:
    """When something was valid; without a window it was never retired.

    Raises:
        InputError: An end of it is no time with a zone.
    """
    if value is None:
        return ALWAYS
    limits = as_object(value, f"{place}: validFor")
    return Window(parse_time(limits.get("start"), place), parse_time(limits.get("end"), place))


def parse_time(value: JsonValue, place: str) -> datetime | None:
    """One end of a window; None for an open one.

    Raises:
        InputError: It is no time with a zone.
    """
    if value is None:
        return None
    text = as_text(value, f"{place}: validFor")
    try:
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() is None:
            raise InputError(f"{place}: validFor: without a zone: {text[:40]!r}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{place}: validFor: not RFC 3339: {text[:40]!r}") from error


def _entries(
    members: Mapping[str, JsonValue], name: str
) -> list[tuple[Mapping[str, JsonValue], str]]:
    place = f"trust root: {name}"
    value = members.get(name)
    listed = [] if value is None else as_list(value, place)
    if len(listed) > _MOST_ENTRIES:
        raise InputError(f"{place}: expected at most {_MOST_ENTRIES}, got {len(listed)}")
    return [(as_object(one, place), place) for one in listed]


def _log(entry: Mapping[str, JsonValue], place: str) -> Log:
    key = as_object(entry.get("publicKey"), f"{place}: publicKey")
    log_id = as_object(entry.get("logId"), f"{place}: logId")
    trusted = TrustedKey(
        name=_text(entry.get("baseUrl"), f"{place}: baseUrl"),
        spki=_bytes(key.get("rawBytes"), f"{place}: rawBytes"),
        details=_text(key.get("keyDetails"), f"{place}: keyDetails"),
        window=parse_window(key.get("validFor"), place),
    )
    return Log(_bytes(log_id.get("keyId"), f"{place}: keyId"), trusted)


def _authority(entry: Mapping[str, JsonValue], place: str) -> Authority:
    chain = as_object(entry.get("certChain"), f"{place}: certChain")
    certificates = as_list(chain.get("certificates"), f"{place}: certificates")
    if not 1 <= len(certificates) <= _MOST_CERTIFICATES:
        raise InputError(
            f"{place}: expected 1 to {_MOST_CERTIFICATES} certificates, got {len(certificates)}"
        )
    return Authority(
        name=_text(entry.get("uri"), f"{place}: uri"),
        chain=tuple(
            _bytes(as_object(one, place).get("rawBytes"), f"{place}: rawBytes")
            for one in certificates
        ),
        window=parse_window(entry.get("validFor"), place),
    )


def _text(value: JsonValue, place: str) -> str:
    """A string field; an absent one is empty."""
    return "" if value is None else as_text(value, place)


def _bytes(value: JsonValue, place: str) -> bytes:
    try:
        content = binascii.a2b_base64(as_text(value, place), strict_mode=True)
    except ValueError as error:
        raise InputError(f"{place}: not base64") from error
    if not content:
        raise InputError(f"{place}: empty")
    return content
