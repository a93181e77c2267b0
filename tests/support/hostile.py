"""A project whose build backend looks for a way out, and writes down what it found."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.archives import make_zip, with_record
from support.repositories import commit_all

# Runs inside the build; each probe that succeeds is a finding. No probe may stop another.
BACKEND = """
import glob, io, json, os, socket, tarfile, zipfile
NAME, VERSION = "hostile", "1.0"
PLAN = json.loads(PLAN_TEXT)
META = f"Metadata-Version: 2.1\\nName: {NAME}\\nVersion: {VERSION}\\n".encode()

def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(2)
        s.connect(address)
    return "connected"

def environments():
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            found += [path] if PLAN["canary"].encode() in open(path, "rb").read() else []
        except OSError:
            pass
    return found

def others():
    return [p for p in glob.glob("/proc/[0-9]*") if os.path.exists(p)][20:]

def read(path):
    return open(path).read()

def write(path):
    open(path, "a").close()
    return "written"

PROBES = {
    "network": lambda: connect(socket.AF_INET, ("127.0.0.1", PLAN["port"])),
    "abstract-socket": lambda: connect(socket.AF_UNIX, "\\0" + PLAN["abstract"]),
    "agent-socket": lambda: connect(socket.AF_UNIX, PLAN["socket"]),
    "home": lambda: read(PLAN["home"]),
    "environment": lambda: [n for n, v in os.environ.items() if PLAN["canary"] in v],
    "ancestors": environments,
    "outside": lambda: write(PLAN["outside"]),
    "tools": lambda: write(os.path.join(os.path.dirname(os.__file__), "hostile-was-here")),
}

def findings():
    found = {}
    for name, probe in PROBES.items():
        if name in PLAN["probes"]:
            try:
                result = probe()
            except Exception as error:
                continue
            if result:
                found[name] = str(result)
    return found

def build_sdist(folder, config_settings=None):
    top = f"{NAME}-{VERSION}"
    members = {"PKG-INFO": META, "FINDINGS.json": json.dumps(findings()).encode()}
    members |= {n: open(n, "rb").read() for n in ("pyproject.toml", "backend.py")}
    with tarfile.open(os.path.join(folder, f"{top}.tar.gz"), "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    after(folder, "sdist")
    return f"{top}.tar.gz"

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        archive.writestr(f"{NAME}-{VERSION}.dist-info/METADATA", META)
    after(folder, "wheel")
    return name

def after(folder, hook):
    AFTER
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "hostile"
version = "1.0"
"""


def make_tool(folder: Path) -> tuple[Path, str]:
    """A wheel of a tool that does nothing, and the lock that names it."""
    folder.mkdir()
    info = "do_nothing-1.0.dist-info"
    members = {
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: do-nothing\nVersion: 1.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    content = make_zip(with_record(members, info))
    (folder / "do_nothing-1.0-py3-none-any.whl").write_bytes(content)
    return folder, f"do-nothing==1.0 --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"


def hostile_project(folder: Path, lock: str, plan: dict[str, Any], after: str = "pass") -> str:
    """Commit a project with a hostile backend; its commit id."""
    folder.mkdir()
    backend = BACKEND.replace("PLAN_TEXT", repr(json.dumps(plan)), 1).replace("AFTER", after)
    (folder / "backend.py").write_text(backend)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "requirements").mkdir()
    (folder / "requirements" / "build.txt").write_text(lock)
    return commit_all(folder, "v1.0")


DRIVER = """
import os, sys
from pathlib import Path
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level
from sealane.io.builds.build import BuildRequest, Target, build_copy
folder, commit, level, output = sys.argv[1:5]
request = BuildRequest("a", commit, 1_795_176_000, (Target("hostile", ".", "1.0"),),
                       "requirements/build.txt", (), Level(level))
build_copy(Repository(Path(folder)), request, Path(output), os.environ)
"""


def build_in_a_child(
    folder: Path, commit: str, level: str, output: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Build in a process of its own, so that its environment is an ancestor's of the backend."""
    command = [sys.executable, "-c", DRIVER, str(folder), commit, level, str(output)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
