"""By which digests evidence speaks of files, seen without reading it."""

from __future__ import annotations

import base64

# Those that are computed only where somebody asks for them; SHA-256 always is.
_FURTHER = ("sha384", "sha512")


def algorithms_in(content: bytes) -> tuple[str, ...]:
    """Digest algorithms besides SHA-256 that some evidence may speak of.

    A search over the bytes costs less than reading them. What it finds for nothing only costs a
    digest; what it would not find, a name spelt with JSON escapes, is refused later on.

    Args:
        content: Evidence of any form.
    """
    return tuple(name for name in _FURTHER if any(one in content for one in _SPELLINGS[name]))


def _spellings(name: str) -> tuple[bytes, ...]:
    """A name as text, as Sigstore's constant, and in base64 at each of three places."""
    found = [name.encode(), name.upper().replace("SHA", "SHA2_").encode()]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + name.encode())
        # Characters at both ends also depend on what stands beside the name.
        found.append(encoded[(shift * 8 + 5) // 6 : (shift + len(name)) * 8 // 6])
    return tuple(found)


_SPELLINGS = {name: _spellings(name) for name in _FURTHER}
