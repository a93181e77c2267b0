"""Which of several media types a client would rather have.

Spec: RFC 9110 section 12.5.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_RANGES = 100


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The offer a client likes best.

    Args:
        accept: Its Accept header; "" takes anything.
        offers: Media types; of equally liked ones the first wins.

    Returns:
        An offer; None if the client takes none of them.
    """
    if not accept.strip():
        return offers[0]
    ranges = dict(_range(text) for text in accept.split(",")[:_MOST_RANGES])
    weights = [_weight(offer, ranges) for offer in offers]
    best = max(weights)
    return offers[weights.index(best)] if best > 0 else None


def _range(text: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            # What is not a weight of the grammar is not wanted, rather than wanted most.
            valid = re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", value.strip())
            weight = float(value) if valid else 0.0
    return kind, weight


def _weight(offer: str, ranges: dict[str, float]) -> float:
    """The most specific range that names the offer decides, also when it says no."""
    for candidate in (offer, f"{offer.split('/', maxsplit=1)[0]}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0
