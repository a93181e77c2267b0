"""What a named trust root is.

Named tuples, not dataclasses: they are made in a fifth of the time, and every run of verify waits
for that.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

PUBLIC_GOOD = "public-good"
STAGING = "staging"
# What the packaged root of the public instance is called in reports, and may be called in policies.
EMBEDDED = "embedded"


class Record(NamedTuple):
    """What is known of a root.

    Attributes:
        name: Its name.
        sha256: Digest of its bytes, lower-case hex.
        obtained_at: When it was known to be the current one, aware, UTC.
        source: Where it came from, in words.
    """

    name: str
    sha256: str
    obtained_at: datetime
    source: str


class NamedRoot(NamedTuple):
    """A root, and what is known of it.

    Attributes:
        record: Its record; the digest is the content's.
        content: A Sigstore trusted root, JSON.
        packaged: Whether it came with sealane.
    """

    record: Record
    content: bytes
    packaged: bool = False
