"""A small release as compare leaves it: built files, records, plan; ready for attest."""

import base64
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sealane.core.release.record import BuildRecord, BuiltFile, render_record
from sealane.io.adapters.git import Repository
from sealane.lane.plan import Plan, PlannedRelease, render_plan
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running
from support.repositories import commit_all

NAME = "hello-sealane"
VERSION = "1.0.0"
TAG = f"v{VERSION}"
PROJECT = "acme/hello"
WHEEL = f"hello_sealane-{VERSION}-py3-none-any.whl"
SDIST = f"hello_sealane-{VERSION}.tar.gz"
CONFIGURATION = f"""\
schema = "sealane.release/1"
[project]
name = "{NAME}"
[forge]
kind = "gitlab"
project = "{PROJECT}"
[[channel]]
name = "index"
kind = "pypi"
"""
METADATA = f"""\
Metadata-Version: 2.1
Name: {NAME}
Version: {VERSION}
Summary: says hello

hello
"""
LOCK = "hatchling==1.27.0 --hash=sha256:" + "a" * 64 + "\n"


def make_wheel(path: Path, text: str = "hello", tag: str = "py3-none-any") -> Path:
    """A wheel that an index takes."""
    info = f"hello_sealane-{VERSION}.dist-info"
    members = {
        "hello_sealane/__init__.py": f"TEXT = {text!r}\n",
        f"{info}/METADATA": METADATA,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        f"Tag: {tag}\n",
    }
    rows = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode()
        rows.append(f"{name},sha256={digest.rstrip('=')},{len(content.encode())}\n")
    members[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return path


def make_sdist(path: Path, text: str = "hello") -> Path:
    """An sdist that an index takes."""
    root = f"hello_sealane-{VERSION}"
    members = {
        f"{root}/PKG-INFO": METADATA,
        f"{root}/pyproject.toml": f'[project]\nname = "{NAME}"\nversion = "{VERSION}"\n',
        f"{root}/hello_sealane/__init__.py": f"TEXT = {text!r}\n",
    }
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body.encode())
            archive.addfile(info, io.BytesIO(body.encode()))
    path.write_bytes(gzip.compress(content.getvalue(), mtime=0))
    return path


@dataclass
class Release:
    """One release of a project against one sandbox, stage by stage, each a process of its own."""

    running: Running
    project: Path
    commit: str
    options: list[str] = field(default_factory=list)

    @property
    def work(self) -> Path:
        """The work folder."""
        return self.project / ".sealane-work"

    def token(self, audience: str, **claims: object) -> str:
        """A token as the release's job would get it."""
        said: dict[str, object] = {
            "project": PROJECT, "ref": TAG, "sha": self.commit, "environment": "release",
        }  # fmt: skip
        return self.running.mint("gitlab", audience, **(said | claims))

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a stage."""
        return child_environment(
            self.running.directory, self.running.base, {"GITLAB_CI": "true", **extra}
        )

    def command(self, *words: str) -> list[str]:
        """A command line of the lane."""
        sandbox = ["--sandbox", str(self.running.directory)]
        return [sys.executable, "-m", "sealane", *sandbox, "lane", *words, *self.options]

    def lane(self, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the lane."""
        return subprocess.run(
            self.command(*words), cwd=self.project, env=self.environment(**extra),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def attest(self) -> subprocess.CompletedProcess[str]:
        """Attest, with a token of its own."""
        return self.lane("attest", SIGSTORE_ID_TOKEN=self.token("sigstore"))

    def publish(self, token: str | None = None) -> subprocess.CompletedProcess[str]:
        """Publish, with a fresh token unless one is given."""
        return self.lane("publish", "--channel", "index", PYPI_ID_TOKEN=token or self.token("pypi"))

    def states(self) -> list[tuple[str, str]]:
        """(file, state) of each line of the journal."""
        lines = (self.work / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        return [(one["file"], one["state"]) for one in map(json.loads, lines)]


def make_release(
    running: Running, folder: Path, configuration: str = CONFIGURATION, locks: tuple[str, ...] = ()
) -> Release:
    """A tagged project with everything that the stages up to compare would have made.

    Args:
        running: The sandbox.
        folder: Made by this.
        configuration: Its `sealane.toml`.
        locks: Names of more locks, which nobody audited.
    """
    folder.mkdir(parents=True)
    (folder / "sealane.toml").write_text(configuration, encoding="utf-8")
    (folder / ".gitlab-ci.yml").write_text("{}\n", encoding="utf-8")
    (folder / ".gitignore").write_text(".sealane-work/\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{NAME}"\nversion = "{VERSION}"\n', encoding="utf-8"
    )
    (folder / "requirements").mkdir()
    (folder / "requirements" / "build.txt").write_text(LOCK, encoding="utf-8")
    for name in locks:
        (folder / "requirements" / f"{name}.txt").write_text(LOCK, encoding="utf-8")
    commit = commit_all(folder, TAG)
    release = Release(running, folder, commit)
    _fill(release)
    return release


def refill(release: Release, text: str) -> None:
    """Make everything again, with another content of the files."""
    shutil.rmtree(release.work)
    _fill(release, text)


def _fill(release: Release, text: str = "hello") -> None:
    work = release.work
    files = []
    for letter in ("a", "b"):
        dist = work / f"build-{letter}" / "dist"
        dist.mkdir(parents=True)
        made = [make_wheel(dist / WHEEL, text), make_sdist(dist / SDIST, text)]
        files = sorted((_built(path) for path in made), key=lambda one: one.name)
        record = _record(letter, release.commit, _epoch(release.project), files)
        (dist.parent / "record.json").write_bytes(render_record(record))
    shutil.copytree(work / "build-a" / "dist", work / "dist")
    (work / "plan.json").write_bytes(render_plan(_plan(release)))
    lock = {"path": "requirements/build.txt", "sha256": hashlib.sha256(LOCK.encode()).hexdigest()}
    (work / "audit.json").write_text(json.dumps({"locks": [lock]}), encoding="utf-8")
    compared: Mapping[str, object] = {
        "schema": "sealane.comparison/1", "verdict": "identical", "commit": release.commit,
        "differences": [], "files": [{"name": f.name, "sha256": f.sha256} for f in files],
    }  # fmt: skip
    (work / "compare.json").write_text(json.dumps(compared), encoding="utf-8")


def _built(path: Path) -> BuiltFile:
    content = path.read_bytes()
    return BuiltFile(path.name, len(content), hashlib.sha256(content).hexdigest())


def _epoch(folder: Path) -> int:
    repository = Repository(folder)
    return repository.commit(repository.head()).epoch


def _record(letter: str, commit: str, epoch: int, files: list[BuiltFile]) -> BuildRecord:
    return BuildRecord(
        letter=letter, commit=commit, epoch=epoch, python="CPython 3.11.7", zlib="1.2.13",
        platform="Linux x86_64", frontend="build 1.3.0", backends=("hatchling.build",),
        lock="requirements/build.txt", lock_sha256=hashlib.sha256(LOCK.encode()).hexdigest(),
        installed=("hatchling==1.27.0",), isolation="namespaces",
        environment=(("PATH", os.defpath),), files=tuple(files), seconds=1,
    )  # fmt: skip


def _plan(release: Release) -> Plan:
    repository = Repository(release.project)
    commit = repository.commit(release.commit)
    configuration = (release.project / "sealane.toml").read_bytes()
    return Plan(
        project=NAME, tag=TAG, tag_object=repository.tag_object(TAG), commit=release.commit,
        tree=commit.tree, epoch=commit.epoch,
        releases=(PlannedRelease(NAME, ".", VERSION),), channels=("index",),
        configuration=hashlib.sha256(configuration).hexdigest(), changelog="", sandbox=True,
    )  # fmt: skip
