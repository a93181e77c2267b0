"""Trust roots: from an explicit path, or from the package with a pinned digest; never from a cache.

Whoever can write a user's cache could replace the root of every offline verification, so no cache
is read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, TrustError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.interface import NamedSandbox

EMBEDDED = "embedded"
_PINNED = {
    "trusted_root.json": "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
    "signing_config.v0.2.json": "9711a6d5375706957a4859af31c5866a4474f81f0544f9f4b76c9c4f4c8a539c",
}
_ROOT_TYPE = "application/vnd.dev.sigstore.trustedroot"
_CONFIG_TYPE = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
# Every certificate and log of a sandbox bears one of these; see the sandbox's own `pki`.
_SANDBOX_ORGANIZATION = b"sealane sandbox"
_SANDBOX_DOMAIN = "sealane.invalid"
_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TrustMaterial:
    """A trust root and where it came from.

    Attributes:
        name: "embedded", or the path it was read from.
        root: A Sigstore trusted root, JSON.
        sha256: Digest of the file's bytes, lower-case hex.
        sandbox: Whether it is a sandbox's.
    """

    name: str
    root: bytes
    sha256: str
    sandbox: bool

    def __str__(self) -> str:
        """`embedded (sha256:6494…)`, for the report."""
        return f"{self.name} (sha256:{self.sha256})"


def load_trust(
    path: str | None, *, sandbox: NamedSandbox | None, sha256: str | None = None
) -> TrustMaterial:
    """The trust root to judge by.

    Args:
        path: A trusted root, or a client trust configuration that holds one; None for the named
            sandbox's, or the embedded production root.
        sandbox: The sandbox named on the command line; without one its kind of root is refused.
        sha256: The digest the file must have, lower-case hex.

    Raises:
        TrustError: Missing, unreadable, not a trust root, another digest, or a sandbox's root
            although no sandbox was named.
    """
    if path is None and sandbox is not None:
        path = str(sandbox.trusted_root)
    name = path if path is not None and path != EMBEDDED else EMBEDDED
    content = _packaged("trusted_root.json") if name == EMBEDDED else _read(Path(name))
    found = hashlib.sha256(content).hexdigest()
    if sha256 is not None and found != sha256:
        raise TrustError(
            f"trust root {name!r}: expected sha256 {sha256}, got {found}",
            hint="compare the file with where it came from; do not just pin the new digest",
        )
    try:
        root = _root_of(content, name)
        marked = _is_sandbox(root)
    except InputError as error:
        raise TrustError(
            f"trust root {name!r}: {error.message}",
            hint="name a trusted_root.json of a Sigstore instance",
        ) from error
    if sandbox is not None and name == str(sandbox.trusted_root) and not marked:
        raise TrustError(
            f"trust root {name!r}: not a sandbox's, although a sandbox's folder holds it",
            hint="name a root of your own with --trust, without --sandbox",
        )
    if marked and sandbox is None:
        raise TrustError(
            f"trust root {name!r}: it is a sandbox's, and proves nothing about the world",
            hint="for a rehearsal name the sandbox: sealane --sandbox DIR …",
        )
    return TrustMaterial(name, json.dumps(root).encode(), found, marked)


def load_trust_config(*, sandbox: NamedSandbox | None) -> bytes:
    """The client trust configuration to sign with: the named sandbox's, or the embedded one.

    Raises:
        TrustError: It cannot be read, or is not what was packaged.
    """
    if sandbox is not None:
        return _read(sandbox.trust_config)
    config = {
        "mediaType": _CONFIG_TYPE,
        "trustedRoot": json.loads(_packaged("trusted_root.json")),
        "signingConfig": json.loads(_packaged("signing_config.v0.2.json")),
    }
    return json.dumps(config).encode()


def _packaged(name: str) -> bytes:
    """A file of the package, if it is still the one that was packaged.

    Raises:
        TrustError: It is missing or was changed.
    """
    try:
        place = resources.files("sealane.io.stores").joinpath("data", "public-good", name)
        content = place.read_bytes()
    except OSError as error:
        raise TrustError(f"embedded {name}: missing", hint="install sealane again") from error
    found = hashlib.sha256(content).hexdigest()
    if found != _PINNED[name]:
        raise TrustError(
            f"embedded {name}: expected sha256 {_PINNED[name]}, got {found}",
            hint="the installed package was changed; install sealane again",
        )
    return content


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, _LIMIT, what="trust root")
    except InputError as error:
        raise TrustError(error.message, hint=error.hint) from error


def _root_of(content: bytes, name: str) -> dict[str, JsonValue]:
    """The trusted root in a file, which may be a client trust configuration around it."""
    members = parse_object(content, name)
    if members.get("mediaType") == _CONFIG_TYPE:
        members = as_object(members.get("trustedRoot"), f"{name}: trustedRoot")
    kind = str(members.get("mediaType"))
    if not kind.startswith(_ROOT_TYPE):
        raise InputError(f"expected a trusted root, got {kind[:80]!r}")
    if not members.get("certificateAuthorities"):
        raise InputError("it names no certificate authority")
    return members


def _is_sandbox(root: dict[str, JsonValue]) -> bool:
    """Whether any certificate or any log of a root is a sandbox's: one is enough."""
    for name in ("certificateAuthorities", "timestampAuthorities"):
        for entry in as_list(root.get(name) or [], name):
            chain = as_object(as_object(entry, name).get("certChain"), f"{name}: certChain")
            for certificate in as_list(chain.get("certificates"), f"{name}: certificates"):
                text = as_text(as_object(certificate, name).get("rawBytes"), f"{name}: rawBytes")
                if _SANDBOX_ORGANIZATION in _decoded(text, name):
                    return True
    for name in ("tlogs", "ctlogs"):
        for entry in as_list(root.get(name) or [], name):
            url = as_object(entry, name).get("baseUrl") or ""
            host = _host(as_text(url, f"{name}: baseUrl"), name)
            if host == _SANDBOX_DOMAIN or host.endswith(f".{_SANDBOX_DOMAIN}"):
                return True
    return False


def _host(url: str, place: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError as error:
        raise InputError(f"{place}: baseUrl: not a URL: {url[:100]!r}") from error


def _decoded(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{place}: rawBytes: not base64") from error
