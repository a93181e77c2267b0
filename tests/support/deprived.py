"""sealane in a process of its own that lacks something, and has nothing of the caller's."""

import subprocess
import sys
from pathlib import Path


def run_deprived(script: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script that takes something away, then runs sealane; the folder is its home."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
        env={"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "PATH": ""},
    )  # fmt: skip
