"""A certificate's extensions by their OIDs: four steps look for theirs among two dozen of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

Extensions: TypeAlias = Mapping[ObjectIdentifier, x509.Extension[x509.ExtensionType]]


@lru_cache(maxsize=16)
def extensions_of(certificate: x509.Certificate) -> Extensions:
    """The extensions of a certificate; the library refuses one that stands twice.

    Raises:
        Exception: They cannot be read; `BROKEN` lists what the library raises then.
    """
    return {extension.oid: extension for extension in certificate.extensions}
