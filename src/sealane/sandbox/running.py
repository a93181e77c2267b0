"""A sandbox that runs as a process of its own: what it can be asked for, and how it is ended."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sealane.errors import InputError, NetworkError
from sealane.io.adapters.files import read_bounded
from sealane.sandbox import client
from sealane.sandbox.accounts import client_variables

RUN_FILE = "run.json"
HOSTS_FILE = "hosts.json"
_STOP_SECONDS = 10.0
_PAUSE = 0.005


@dataclass(frozen=True, slots=True)
class Running:
    """A running sandbox.

    Attributes:
        directory: State directory, absolute.
        base: Origin of its services.
        secret: Of this run's administration.
        request_token: What a GitHub job shows to get an identity token.
        pid: Of its process.
        run: Names this run.
        ready_s: Seconds from the start of the process until it answered.
        process: The process, where this one started it.
    """

    directory: Path
    base: str
    secret: str = field(repr=False)
    request_token: str = field(repr=False)
    pid: int
    run: str
    ready_s: float
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False, compare=False)

    def mint(self, kind: str, audience: str, /, **claims: object) -> str:
        """An identity token.

        Args:
            kind: "gitlab", "github" or "email".
            audience: Who it is for.
            claims: Options of the kind (project, ref, ref_type, sha, file, environment, host,
                email); any other name is a claim to set, or to remove if None.

        Raises:
            InputError: There is no such token.
            NetworkError: The sandbox does not answer.
        """
        asked = {"kind": kind, "audience": audience, "options": claims}
        return self.call("POST", "/-/mint", asked).decode()

    def add_publisher(self, kind: str, project: str, /, **configuration: object) -> dict[str, Any]:
        """Let a workflow publish a project.

        Args:
            kind: "gitlab" or "github".
            project: Name on the index; one that has no file yet gets a pending publisher.
            configuration: repository and workflow (the file); where wanted environment, issuer
                (of another GitLab) and owner_id (GitHub).

        Returns:
            What was stored.

        Raises:
            InputError: The index refuses the configuration.
            NetworkError: The sandbox does not answer.
        """
        asked = {"kind": kind, "project": project, **configuration}
        return self._document("POST", "/-/publisher", asked)

    def yank(self, project: str, **what: object) -> dict[str, Any]:
        """Yank a release, or take that back.

        Args:
            project: Name.
            what: version; where wanted reason, or yanked=False.

        Raises:
            InputError: There is no such release.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/yank", {"project": project, **what})

    def add_vulnerability(self, project: str, version: str, /, **details: object) -> dict[str, Any]:
        """Make a release known to be vulnerable.

        Args:
            project: Name.
            version: Version.
            details: id; where wanted summary, aliases, fixed_in, withdrawn.

        Raises:
            InputError: It is malformed.
            NetworkError: The sandbox does not answer.
        """
        asked = {"project": project, "version": version, **details}
        return self._document("POST", "/-/vulnerability", asked)

    def accounts(self) -> dict[str, dict[str, Any]]:
        """Address and account of each service that advisories go to: osv, cve, ghsa, git.

        Raises:
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/accounts", {})

    def client_variables(self) -> dict[str, str]:
        """The variables in which unmodified clients find those accounts; see `accounts`.

        Raises:
            NetworkError: The sandbox does not answer.
        """
        return client_variables(self.accounts())

    def add_advisory(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Make OSV service and index know a record; one of the same id is replaced.

        Args:
            record: OSV; its shape is not judged.

        Raises:
            InputError: It has no id.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/advisory", record)

    def advisories(self) -> tuple[dict[str, Any], ...]:
        """All OSV records, withdrawn ones included.

        Raises:
            NetworkError: The sandbox does not answer.
        """
        return tuple(self._document("POST", "/-/advisories", {})["advisories"])

    def create_repository(self, name: str, **options: object) -> dict[str, Any]:
        """Make a git repository with one commit on main.

        Args:
            name: Of the repository.
            options: advisories=True for an advisory database; protected, whether main changes by
                merges alone (by default of an advisory database).

        Returns:
            name and url.

        Raises:
            InputError: The name is none, or taken.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/repository", {"name": name, **options})

    def merge_requests(self, name: str) -> tuple[dict[str, Any], ...]:
        """The merge requests of a repository: number, branch, commit, title, state.

        Raises:
            InputError: There is no such repository.
            NetworkError: The sandbox does not answer.
        """
        return tuple(self._document("POST", "/-/merge-requests", {"name": name})["merge_requests"])

    def merge(self, name: str, branch: str) -> dict[str, Any]:
        """Merge a branch into main; what an advisory database got is taken in.

        Returns:
            commit, and taken, the identifiers of the records.

        Raises:
            InputError: No such branch, nothing to merge, or a conflict.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/merge", {"name": name, "branch": branch})

    def add_ghsa_repository(self, repository: str) -> dict[str, Any]:
        """Make a repository whose security advisories the forge keeps.

        Args:
            repository: "owner/name".

        Raises:
            InputError: It is not a name.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/ghsa-repository", {"repository": repository})

    def assign_cve(self, repository: str, ghsa_id: str, cve_id: str) -> dict[str, Any]:
        """Give an advisory the CVE identifier that was asked for.

        Raises:
            InputError: None was asked for.
            NetworkError: The sandbox does not answer.
        """
        asked = {"repository": repository, "ghsa_id": ghsa_id, "cve_id": cve_id}
        return self._document("POST", "/-/ghsa-cve", asked)

    def set_fault(self, name: str, value: str) -> dict[str, Any]:
        """Set a fault switch, "" switches it off.

        Raises:
            InputError: There is no such switch or value.
            NetworkError: The sandbox does not answer.
        """
        return self._document("POST", "/-/faults", {name: value})

    def refused_hosts(self) -> tuple[str, ...]:
        """Hosts the air-lock refused, as `host:port`, oldest first.

        Raises:
            NetworkError: The sandbox does not answer.
        """
        return tuple(self._document("GET", "/-/egress")["refused"])

    def call(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> bytes:
        """Call an administration route; see `client.call`."""
        return client.call(self.base, self.secret, method, path, document)

    def stop(self) -> None:
        """End it, and wait until it has ended; a second call does nothing.

        Raises:
            NetworkError: It does not end.
        """
        try:
            self.call("POST", "/-/shutdown")
        except NetworkError:
            if self.process is None and is_alive(self.pid):
                raise
        if self.process is not None:
            end(self.process)
        elif not _wait_until_gone(self.directory, self.pid):
            raise NetworkError(
                f"sandbox {str(self.directory)!r}: process {self.pid} does not end",
                hint=f"look at it, then: kill {self.pid}",
            )
        clean(self.directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _document(
        self, method: str, path: str, asked: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.call(method, path, asked))
        return answer


def clean(directory: Path) -> None:
    """Remove what a run that was killed may leave: its secrets and its TLS files.

    A folder that is no sandbox's keeps its files, whatever they are called.
    """
    if not (directory / HOSTS_FILE).exists():
        return
    for name in (RUN_FILE, "ca.pem", "tls.pem"):
        (directory / name).unlink(missing_ok=True)


def read_run(directory: Path, process: subprocess.Popen[bytes] | None = None) -> Running | None:
    """What a state directory says of its run; None where nothing readable stands there."""
    try:
        run = json.loads(read_bounded(directory / RUN_FILE, what="sandbox"))
        return Running(
            directory=directory,
            base=str(run["base"]),
            secret=str(run["secret"]),
            request_token=str(run["request_token"]),
            pid=int(run["pid"]),
            run=str(run["run"]),
            ready_s=float(run["ready_s"]),
            process=process,
        )
    except (InputError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
        return None


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    if pid <= 0:
        # To the system these are groups of processes.
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process of ours; end it, then kill it, if it does not end by itself."""
    if process.stdin is not None:
        process.stdin.close()
    insistence: tuple[Callable[[], object], ...] = (process.poll, process.terminate, process.kill)
    for insist in insistence:
        insist()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _wait_until_gone(directory: Path, pid: int) -> bool:
    until = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < until:
        # Its last act is to remove its run file; the process itself may linger as a zombie.
        if not (directory / RUN_FILE).exists() or not is_alive(pid):
            return True
        time.sleep(_PAUSE)
    return False
