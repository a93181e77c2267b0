"""Fetches what a lock names, hash-checked, and builds nothing to get it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sealane.core.release.locks import parse_lock
from sealane.errors import NetworkError
from sealane.io.adapters.environment import network_environment
from sealane.io.adapters.process import run

_TIMEOUT = 900
# Where the index is; hashes decide what is accepted, so these cannot change it.
_INDEX = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CERT",
    "PIP_CLIENT_CERT", "PIP_CONFIG_FILE",
    "PIP_PROXY", "PIP_TRUSTED_HOST", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES",
)  # fmt: skip


def fetch(lock: bytes, folder: Path, outer: Mapping[str, str]) -> tuple[Path, ...]:
    """Download the wheels a lock names into a new folder.

    Args:
        lock: Hash-locked requirements.
        folder: Made by this.
        outer: The caller's environment, for proxies and the index's address.

    Returns:
        The wheels, sorted by name.

    Raises:
        InputError: The lock holds anything but releases with hashes.
        NetworkError: One cannot be had, is no wheel, has another hash, or is missing in the lock.
    """
    # An option in it could make pip build an sdist, here, where nothing is isolated.
    parse_lock(lock.decode("utf-8", errors="replace"), "lock")
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="sealane-fetch-") as private:
        home = Path(private)
        requirements = home / "requirements.txt"
        requirements.write_bytes(lock)
        index = {name: value for name, value in outer.items() if name in _INDEX}
        environment = {**network_environment(outer, home), **index}
        # Not --no-deps: pip's resolver refuses a lock that misses a dependency.
        command = [
            sys.executable, "-I", "-m", "pip", "download", "--quiet", "--no-input",
            "--no-cache-dir", "--disable-pip-version-check", "--require-hashes", "--only-binary",
            ":all:", "--dest", str(folder), "--requirement", str(requirements),
        ]  # fmt: skip
        result = run(command, env=environment, cwd=home, timeout=_TIMEOUT)
    wheels = tuple(sorted(folder.glob("*.whl")))
    if result.code or not wheels:
        lines = result.stderr.strip()[-1500:].splitlines()
        said = "\n  ".join(lines) or result.cut_off or "nothing was downloaded"
        raise NetworkError(
            f"the build environment cannot be fetched: {said}",
            hint="check the lock's hashes and that each release has a wheel for this platform",
        )
    return wheels
