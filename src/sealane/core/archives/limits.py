"""How large an artifact may be: enough for real ones, far from what memory holds."""

from __future__ import annotations

ARTIFACT_LIMIT = 256 * 1024 * 1024  # bytes of a wheel or sdist
CONTENT_LIMIT = 1024 * 1024 * 1024  # bytes of all members together
MEMBER_LIMIT = 100_000
