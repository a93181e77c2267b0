"""What a child process inherits: as little as its work needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# How the network is reached; whom to believe there is decided by hashes and signatures.
_NETWORK = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
)  # fmt: skip


def network_environment(outer: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment of a child that may use the network: proxies, CA files, a private HOME.

    Args:
        outer: The caller's environment.
        home: A private folder; the child's HOME and folder for temporary files.
    """
    kept = {name for upper in _NETWORK for name in (upper, upper.lower())}
    return {
        "PATH": outer.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: value for name, value in outer.items() if name in kept},
    }
