"""Trust roots to start from, and files that hold them."""

import base64
import json
from typing import Any

from sealane.sandbox import trust
from support.sandbox_parts import BASE, sandbox_keys

KIND = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"


def sandbox_root() -> dict[str, Any]:
    """A sandbox's root: one entry of each kind, real keys."""
    return trust.trusted_root(sandbox_keys(), base=BASE)


def own_root() -> dict[str, Any]:
    """The same with the marks of a sandbox taken away, as a private instance's could be."""
    text = json.dumps(sandbox_root()).replace("sealane.invalid", "example.org")
    root: dict[str, Any] = json.loads(text)
    for name in ("certificateAuthorities", "timestampAuthorities"):
        for entry in root[name]:
            for certificate in entry["certChain"]["certificates"]:
                der = base64.b64decode(certificate["rawBytes"])
                # The signatures break; nothing is verified with these.
                der = der.replace(b"sealane sandbox", b"example company")
                certificate["rawBytes"] = base64.b64encode(der).decode()
    return root


def as_bytes(root: object) -> bytes:
    """A document as a file holds it."""
    return json.dumps(root, indent=2).encode()
