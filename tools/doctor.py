"""List what the targets of the Makefile need, and whether it is here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# program -> (which targets use it, how to get it)
PROGRAMS = {
    "git": ("setup, rehearse, test", "install git"),
    "make": ("all", "install make"),
    "unshare": ("rehearse, test: isolated builds", "install util-linux"),
    "curl": ("test: plays the browser of a login", "install curl"),
    "chromium": ("e2e: opens the report as a reader would", "install chromium"),
    "go": ("interop: builds the peers", "install Go 1.26 or later"),
}


def has_namespaces() -> bool:
    """Whether this user may make user, network and process namespaces."""
    program = shutil.which("unshare")
    if program is None:
        return False
    command = [program, "--user", "--map-root-user", "--net", "--pid", "--fork", "--mount-proc"]
    return subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0


def lines() -> Iterator[str]:
    """One line a requirement: state, name, who uses it, how to get it."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield f"ok       python {version}  all"
    for name, (targets, hint) in PROGRAMS.items():
        found = shutil.which(name)
        yield f"ok       {name}  {targets}" if found else f"missing  {name}  {targets}: {hint}"
    if has_namespaces():
        yield "ok       namespaces  rehearse, test: isolated builds"
    else:
        yield "missing  namespaces  builds are refused; rehearse records isolation none"
    folder = Path(os.environ.get("SEALANE_VECTORS") or Path("..") / "shared" / "vectors")
    state = "ok     " if folder.is_dir() else "missing"
    yield f"{state}  SEALANE_VECTORS  test: third-party vectors, skipped with a reason where absent"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
