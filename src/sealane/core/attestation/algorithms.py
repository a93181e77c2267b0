"""By which digests evidence speaks of files, seen without reading it."""

from __future__ import annotations

import base64
import binascii

from sealane.core.attestation.strict_json import parse_again
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError

# Those that are computed only where somebody asks for them; SHA-256 always is.
_FURTHER = ("sha384", "sha512")


def algorithms_in(evidence: Evidence) -> tuple[str, ...]:
    """Digest algorithms besides SHA-256 that some evidence may speak of.

    What is found for nothing only costs a digest; what is not found, a name spelt with JSON
    escapes, is refused later on.

    Args:
        evidence: Of any form, maybe broken.
    """
    statement = _statement(evidence)
    if statement is not None:
        return tuple([name for name in _FURTHER if name.encode() in statement])
    content = evidence.content
    return tuple([name for name in _FURTHER if any(one in content for one in _SPELLINGS[name])])


def _statement(evidence: Evidence) -> bytes | None:
    """The statement of a bundle, or of an index-hosted attestation; None for anything else.

    Both have been read before, to see what they are, and name their files nowhere else.
    """
    place = _PLACES.get(evidence.form)
    if place is None:
        return None
    try:
        members = parse_again(evidence.content, "evidence")
        holder = members.get(place[0]) if isinstance(members, dict) else None
        held = holder.get(place[1]) if isinstance(holder, dict) else None
        return binascii.a2b_base64(held) if isinstance(held, str) else None
    except (InputError, ValueError):
        return None


# Where the statement stands in evidence that holds one.
_PLACES = {
    EvidenceForm.SIGSTORE_BUNDLE: ("dsseEnvelope", "payload"),
    EvidenceForm.PEP740_ATTESTATION: ("envelope", "statement"),
}


def _spellings(name: str) -> tuple[bytes, ...]:
    """A name as text, as Sigstore's constant, and in base64 at each of three places."""
    found = [name.encode(), name.upper().replace("SHA", "SHA2_").encode()]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + name.encode())
        # Characters at both ends also depend on what stands beside the name.
        found.append(encoded[(shift * 8 + 5) // 6 : (shift + len(name)) * 8 // 6])
    return tuple(found)


_SPELLINGS = {name: _spellings(name) for name in _FURTHER}
