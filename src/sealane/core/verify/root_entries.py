"""What stands in a trust root, entry by entry, for whoever shows or compares roots.

Spec: sigstore protobuf-specs, sigstore_trustroot.proto, `TrustedRoot`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sealane.core.attestation.strict_json import as_object, as_text
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.verify.root import parse_time
from sealane.core.verify.root_file import LOGS, Kind, chain_of, listed, read_root


@dataclass(frozen=True, slots=True)
class Entry:
    """One key or chain of certificates that is trusted in advance.

    Attributes:
        kind: What it is.
        name: A log's id, base64 as in the file; the subject of an authority.
        url: Where it is, as the file says; may be empty.
        start: Not trusted before, aware, UTC; None for an open end.
        end: Not trusted after.
        content: SHA-256 of everything in it but the window, lower-case hex: two entries with the
            same are the same key, at the same place, by the same name.
    """

    kind: Kind
    name: str
    url: str
    start: datetime | None
    end: datetime | None
    content: str

    def __str__(self) -> str:
        """`log wNI9…= at https://rekor.example.org`."""
        return f"{self.kind.words} {self.name}" + (f" at {self.url}" if self.url else "")

    @property
    def window(self) -> str:
        """`2021-01-12T11:53:27Z to open`."""
        return f"{_shown(self.start)} to {_shown(self.end)}"


def entries_of(content: bytes, place: str) -> tuple[Entry, ...]:
    """Everything a root trusts, in the order of its file.

    Args:
        content: As for `read_root`.
        place: Name of the file, for errors.

    Raises:
        InputError: It is no root, or an entry cannot be read.
    """
    members = read_root(content, place)
    return tuple(
        _entry(kind, as_object(one, f"{place}: {kind}"), f"{place}: {kind}")
        for kind in Kind
        for one in listed(members, kind, place)
    )


def _entry(kind: Kind, members: Mapping[str, JsonValue], place: str) -> Entry:
    if kind in LOGS:
        key = as_object(members.get("publicKey"), f"{place}: publicKey")
        bare: dict[str, JsonValue] = {**members, "publicKey": _without_window(key)}
        log_id = as_object(members.get("logId"), f"{place}: logId")
        name = as_text(log_id.get("keyId"), f"{place}: keyId")
        url, window = members.get("baseUrl"), key.get("validFor")
    else:
        bare = _without_window(members)
        name = _subject(members, place)
        url, window = members.get("uri"), members.get("validFor")
    limits = as_object(window or {}, f"{place}: validFor")
    return Entry(
        kind=kind,
        name=name,
        url=as_text(url or "", f"{place}: URL"),
        start=parse_time(limits.get("start"), place),
        end=parse_time(limits.get("end"), place),
        content=hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest(),
    )


def _without_window(members: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in members.items() if name != "validFor"}


def _subject(members: Mapping[str, JsonValue], place: str) -> str:
    """An authority's subject, and enough of its digest to tell two of one subject apart."""
    subject = as_object(members.get("subject") or {}, f"{place}: subject")
    parts = [subject.get(name) for name in ("organization", "commonName")]
    digest = hashlib.sha256(b"".join(chain_of(members, place))).hexdigest()
    words = [as_text(one, f"{place}: subject") for one in parts if one]
    return ", ".join([*words, f"chain sha256:{digest[:16]}"])


def _shown(moment: datetime | None) -> str:
    return "open" if moment is None else rfc3339(moment)
