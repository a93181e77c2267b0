"""What tokens look like, so that none gets into a journal."""

from __future__ import annotations

import re

# Minted and long-lived tokens of indexes and forges, and anything that looks like a JWT.
_TOKENS = re.compile(
    r"(?i:bearer|basic)\s+[\w.~+/-]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}|pypi-[\w-]{16,}|npm_\w{16,}"
    r"|gl[a-z]{1,6}-[\w-]{16,}|gh[a-z]_\w{16,}|github_pat_\w{16,}"
)


def holds_token(text: str) -> bool:
    """Whether a text holds what looks like a token."""
    return _TOKENS.search(text) is not None
