"""Reduces a trust root to what was valid at a time.

A retired key must not verify what was signed after its end. The library keeps retired material on
purpose, so it is taken out before the library sees it. The time is the one the evidence claims; the
verification that follows proves it, so claiming another time only changes what has to hold.

Spec: sigstore protobuf-specs, sigstore_trustroot.proto, `valid_for`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    parse_object,
    refuse_proto_names,
)
from sealane.core.model.statement import JsonValue
from sealane.core.verify.root import parse_time
from sealane.errors import InputError

# Where the windows stand: in the entry itself, or in its public key. Those of time-stamp
# authorities are left alone: the library holds each response against them at its own time.
_IN_ENTRY = ("certificateAuthorities",)
_IN_KEY = ("tlogs", "ctlogs")


def root_at(root: bytes, times: Sequence[datetime]) -> bytes:
    """A copy of a trusted root with only the entries that were valid at every one of the times.

    Args:
        root: Trusted root, JSON.
        times: At least one, aware.

    Raises:
        InputError: The root is not a trusted root, or a window in it cannot be read.
    """
    if not times:
        raise InputError("trust root: no time to judge its windows by")
    members = parse_object(root, "trust root")
    refuse_proto_names(members, "trust root")
    for name in (*_IN_ENTRY, *_IN_KEY):
        entries = as_list(members.get(name) or [], f"trust root: {name}")
        members[name] = [
            entry for entry in entries if all(_valid(entry, name, time) for time in times)
        ]
    return json.dumps(members, sort_keys=True).encode()


def _valid(entry: JsonValue, name: str, time: datetime) -> bool:
    place = f"trust root: {name}"
    holder = as_object(entry, place)
    if name in _IN_KEY:
        holder = as_object(holder.get("publicKey"), f"{place}: publicKey")
    window = holder.get("validFor")
    # An entry without a window was never retired: the specification leaves both ends open.
    limits = {} if window is None else as_object(window, f"{place}: validFor")
    start, end = parse_time(limits.get("start"), place), parse_time(limits.get("end"), place)
    return (start is None or start <= time) and (end is None or time <= end)
