"""Wheels that tests install from: locked, hash-checked, fetched once a lock file."""

import hashlib
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "build" / "test-wheels"


def wheelhouse(*locks: str) -> Path:
    """A folder with every wheel of the named lock files (paths from the project's root)."""
    contents = b"".join((ROOT / lock).read_bytes() for lock in locks)
    folder = CACHE / hashlib.sha256(contents).hexdigest()[:16]
    done = CACHE / f"{folder.name}.complete"
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            for lock in locks:
                _download(ROOT / lock, folder)
            done.touch()
    return folder


def _download(lock: Path, folder: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps",
            "--only-binary", ":all:", "--dest", folder, "--requirement", lock,
        ],
        check=True, timeout=300,
    )  # fmt: skip
