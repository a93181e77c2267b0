"""The trust roots in the package, each file pinned by its digest."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from sealane.errors import InputError, TrustError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.trust.interface import PUBLIC_GOOD, STAGING, NamedRoot, Record

ROOT, SIGNING, TUF_ROOT = "trusted_root.json", "signing_config.v0.2.json", "root.json"
LIMIT = 4 * 1024 * 1024
# Beside this room; `importlib.resources` would take longer to load than a whole root.
_DATA = Path(__file__).parent.parent / "data"
_RELEASE = "sigstore 4.5.1"
# The day of that release, by its upload time. It is the last on which somebody is known to have
# seen these files as the current ones: the day of our own packaging would make them too young.
_SEEN = datetime(2026, 10, 20, tzinfo=UTC)


# Name of a public instance -> its TUF repository.
INSTANCES = {
    PUBLIC_GOOD: "https://tuf-repo-cdn.sigstore.dev",
    STAGING: "https://tuf-repo-cdn.sigstage.dev",
}
# SHA-256 of each file, lower-case hex.
_PINS = {
    (PUBLIC_GOOD, ROOT): "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
    (PUBLIC_GOOD, SIGNING): "9711a6d5375706957a4859af31c5866a4474f81f0544f9f4b76c9c4f4c8a539c",
    (PUBLIC_GOOD, TUF_ROOT): "73747011d0857ada15479a16c4cae0f3ed03aac698b523b97e1de314ac9d9ca8",
    (STAGING, ROOT): "81f5af777952d2c3955062ad56924c05ca916b5d49f3a0bce945faa475a8b1cc",
    (STAGING, SIGNING): "14452cddce0d882c7ee7124653ba03a6684afaca12be9e9561ee198cf46734ad",
    (STAGING, TUF_ROOT): "353d172f05f9e73b4a647b1a464f16726d929cbfd030cc42bffb86cd742fb61f",
}


def packaged_root(name: str) -> NamedRoot | None:
    """The root of a public instance as it was packaged; None for any other name.

    Raises:
        TrustError: It is missing, or was changed.
    """
    if name not in INSTANCES:
        return None
    content = packaged_file(name, ROOT)
    record = Record(name, _PINS[name, ROOT], _SEEN, f"in the package, from {_RELEASE}")
    return NamedRoot(record, content, packaged=True)


def packaged_file(instance: str, name: str) -> bytes:
    """A file of the package, if it is still the one that was packaged.

    Args:
        instance: A name in `INSTANCES`.
        name: `ROOT`, `SIGNING` or `TUF_ROOT`.

    Raises:
        TrustError: It is missing or was changed.
    """
    place = f"{instance}/{name} of the package"
    try:
        content = read_bounded(_DATA / instance / name, LIMIT, what="trust root")
    except InputError as error:
        raise TrustError(f"{place}: {error.message}", hint="install sealane again") from error
    found, expected = hashlib.sha256(content).hexdigest(), _PINS[instance, name]
    if found != expected:
        raise TrustError(
            f"{place}: expected sha256 {expected}, got {found}",
            hint="the installed package was changed; install sealane again",
        )
    return content
