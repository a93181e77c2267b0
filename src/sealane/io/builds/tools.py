"""What builds with: sealane's own frontend beside the backend's environment, never inside it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from sealane.errors import MissingExtraError

# The frontend and what it imports, and the installer; the backend never sees them.
_PACKAGES = ("build", "pyproject_hooks", "packaging", "pip")
RUNNER = "run.py"
_RUNNER = '''\
"""Runs a module of the folder this file lies in, with what the interpreter itself has."""

import os
import runpy
import sys

os.umask(0o022)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
'''


def lay_out_tools(folder: Path) -> str:
    """Copy frontend and installer into a new folder.

    Returns:
        What calls the backend, e.g. "build 1.6.1".

    Raises:
        MissingExtraError: One of them is not installed beside sealane.
    """
    folder.mkdir(parents=True)
    for name in _PACKAGES:
        found = importlib.util.find_spec(name)
        places = list(found.submodule_search_locations or ()) if found else []
        if not places:
            raise MissingExtraError("lane build", "lane", name)
        shutil.copytree(places[0], folder / name)
    (folder / RUNNER).write_text(_RUNNER, encoding="utf-8")
    return f"build {importlib.metadata.version('build')}"
