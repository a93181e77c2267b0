"""The only place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, UTC; no flag or variable moves it."""
    return datetime.now(UTC)
