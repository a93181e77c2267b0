"""What `cryptography` raises for a certificate that is none, on reading it or any part of it."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

# Found by changing single bits: a TypeError is a name whose string is of a kind that does not go
# with its attribute, a KeyError one of a kind that nobody knows.
BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
