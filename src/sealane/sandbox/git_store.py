"""Bare repositories below the state directory, and the git program that works on them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO

from sealane.errors import InputError
from sealane.sandbox.ports import Ports

NAME = r"[a-z0-9][a-z0-9._-]{0,79}"
MAIN = "main"
_TABLE = """
CREATE TABLE IF NOT EXISTS repository (
    name TEXT PRIMARY KEY, advisories INTEGER NOT NULL, protected INTEGER NOT NULL
)
"""
_TIMEOUT = 60.0
_MOST_OUTPUT = 256 * 1024 * 1024
_BOT = ("sealane sandbox", "sandbox@sealane.invalid")
_NOTHING: Mapping[str, str] = MappingProxyType({})
# Nothing of the machine's or the user's configuration counts, no hook runs, and what is pushed is
# looked through: a sandbox is also used on repositories that nobody has looked at.
_SETTINGS = (
    ("core.hooksPath", os.devnull),
    ("receive.fsckObjects", "true"),
    ("receive.autogc", "false"),
    ("gc.auto", "0"),
    ("uploadpack.allowFilter", "true"),
    ("protocol.allow", "never"),
    ("protocol.file.allow", "never"),
)


class GitStore:
    """The repositories of one sandbox.

    Args:
        ports: The world.
    """

    def __init__(self, ports: Ports) -> None:
        ports.state.ensure(_TABLE)
        self._ports = ports
        self.folder = ports.state.directory / "git"

    def create(self, name: str, *, advisories: bool, protected: bool) -> None:
        """Make a repository whose main branch has one commit, so that it can be cloned.

        Args:
            name: Of the repository.
            advisories: Whether what is merged into it is taken in as advisories.
            protected: Whether main changes by merges alone.

        Raises:
            InputError: The name is none, or taken; or git is missing.
        """
        if not re.fullmatch(NAME, name) or name.endswith(".git"):
            raise InputError(
                f"repository {name[:80]!r}: not a name",
                hint="lower-case letters, digits, dots and dashes",
            )
        with self._ports.state.lock:
            if self.exists(name):
                raise InputError(f"repository {name!r}: exists already", hint="take another name")
            self.folder.mkdir(mode=0o700, exist_ok=True)
            path = self.path(name)
            self.git(
                None, "init", "--quiet", "--bare", "--template=", f"--initial-branch={MAIN}",
                str(path),
            )  # fmt: skip
            readme = self.git(name, "hash-object", "-w", "--stdin", stdin=f"# {name}\n".encode())
            entry = f"100644 blob {readme.decode().strip()}\tREADME.md\n"
            tree = self.git(name, "mktree", stdin=entry.encode()).decode().strip()
            self.set_main(name, self.commit(name, tree, (), "Begin"))
            self._ports.state.write(
                "INSERT INTO repository VALUES (?, ?, ?)", name, advisories, protected
            )

    def exists(self, name: str) -> bool:
        """Whether there is a repository of this name."""
        return bool(self._ports.state.read("SELECT 1 FROM repository WHERE name = ?", name))

    def is_protected(self, name: str) -> bool:
        """Whether its main changes by merges alone; also for one that does not exist."""
        query = "SELECT 1 FROM repository WHERE name = ? AND NOT protected"
        return not self._ports.state.read(query, name)

    def of_advisories(self) -> list[str]:
        """Names of the repositories that advisories are taken from."""
        query = "SELECT name FROM repository WHERE advisories ORDER BY name"
        return [row[0] for row in self._ports.state.read(query)]

    def path(self, name: str) -> Path:
        """Where a repository lies."""
        return self.folder / f"{name}.git"

    def branches(self, name: str) -> dict[str, str]:
        """Commits of all branches, by the branch's short name."""
        shown = self.git(
            name, "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"
        )
        pairs = (line.split(" ", 1) for line in shown.decode().splitlines())
        return {branch: commit for commit, branch in pairs}

    def contains(self, name: str, commit: str, other: str) -> bool:
        """Whether a commit has another one, and all that led to it, in its history."""
        return not self.git(name, "rev-list", "--max-count=1", f"{commit}..{other}")

    def subject(self, name: str, commit: str) -> str:
        """The first line of a commit's message."""
        shown = self.git(name, "show", "--no-patch", "--format=%s", commit)
        return shown.decode(errors="replace").strip()

    def commit(self, name: str, tree: str, parents: Sequence[str], message: str) -> str:
        """Write a commit of the sandbox's own; its identifier."""
        named = [part for parent in parents for part in ("-p", parent)]
        made = self.git(name, "commit-tree", tree, *named, stdin=message.encode())
        return made.decode().strip()

    def set_main(self, name: str, commit: str) -> None:
        """Move main."""
        self.git(name, "update-ref", f"refs/heads/{MAIN}", commit)

    def merge(self, name: str, branch: str) -> str:
        """Merge a branch into main with a commit, as a forge does.

        Returns:
            The commit that main has now.

        Raises:
            InputError: No such branch, nothing to merge, or a conflict.
        """
        with self._ports.state.lock:
            heads = self.branches(name)
            if branch == MAIN or branch not in heads:
                raise InputError(
                    f"merge: {name!r} has no branch {branch[:80]!r}", hint="push it first"
                )
            main, tip = heads[MAIN], heads[branch]
            if self.contains(name, main, tip):
                raise InputError(f"merge: {branch[:80]!r} has nothing that main lacks")
            try:
                tree = self.git(name, "merge-tree", "--write-tree", main, tip)
            except InputError as error:
                raise InputError(
                    f"merge: {branch[:80]!r} conflicts with main", hint="rebase the branch"
                ) from error
            merged = self.commit(
                name, tree.decode().split()[0], (main, tip), f"Merge branch '{branch}'"
            )
            self.set_main(name, merged)
            return merged

    def size(self, name: str) -> int:
        """Bytes of all its files."""
        return sum(path.lstat().st_size for path in self.path(name).rglob("*"))

    def git(
        self,
        name: str | None,
        *arguments: str,
        stdin: bytes = b"",
        extra: Mapping[str, str] = _NOTHING,
    ) -> bytes:
        """Run git on a repository; its standard output.

        Args:
            name: The repository; None for none.
            arguments: The command and its arguments.
            stdin: What it reads, of any size.
            extra: Further variables.

        Raises:
            InputError: It fails, is missing, takes too long or says too much.
        """
        place = (f"--git-dir={self.path(name)}",) if name is not None else ()
        return self.run(("git", *place, *arguments), stdin, extra)

    def run(self, command: Sequence[str], stdin: bytes, extra: Mapping[str, str]) -> bytes:
        """Run git or one of its programs; see `git`.

        Raises:
            InputError: It fails, is missing, takes too long or says too much.
        """
        # Pipes would have to be read and written at the same time; files need not.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output:
            given.write(stdin)
            given.seek(0)
            environment = {**self._environment(), **extra}
            code, reason = _run(command, given, output, environment, self.folder)
            output.seek(0)
            said = output.read(_MOST_OUTPUT + 1)
        if code != 0 or len(said) > _MOST_OUTPUT:
            place = " ".join(command[1:3])[:80]
            raise InputError(f"git: {place!r} failed: {reason or 'no reason given'}")
        return said

    def _environment(self) -> dict[str, str]:
        moment = datetime.fromtimestamp(int(self._ports.now()), UTC).isoformat()
        named = {
            f"GIT_{role}_{part}": text
            for role in ("AUTHOR", "COMMITTER")
            for part, text in zip(("NAME", "EMAIL", "DATE"), (*_BOT, moment), strict=True)
        }
        settings = {
            f"GIT_CONFIG_{part}_{number}": text
            for number, pair in enumerate(_SETTINGS)
            for part, text in zip(("KEY", "VALUE"), pair, strict=True)
        }
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.devnull,
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
            **settings,
            **named,
        }


def _run(
    command: Sequence[str],
    given: IO[bytes],
    output: IO[bytes],
    environment: Mapping[str, str],
    folder: Path,
) -> tuple[int, str]:
    """Run a program and all it starts, no longer than allowed; its code, and what it complains of.

    Raises:
        InputError: It cannot be started, or does not end.
    """
    try:
        process = subprocess.Popen(
            command, stdin=given, stdout=output, stderr=subprocess.PIPE,
            env=environment, cwd=folder, start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise InputError(f"git: cannot be run: {error}", hint="install git") from error
    try:
        _, complaint = process.communicate(timeout=_TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise InputError(f"git: no end after {_TIMEOUT:.0f} s") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode, " ".join(complaint.decode(errors="replace").split())[:300]
