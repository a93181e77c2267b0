"""How documents write a moment."""

from __future__ import annotations

from datetime import datetime


def rfc3339(moment: datetime) -> str:
    """A moment as RFC 3339 has it, e.g. "2026-11-01T12:00:00Z".

    Args:
        moment: Aware, UTC.
    """
    return moment.isoformat().replace("+00:00", "Z")
