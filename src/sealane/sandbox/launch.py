"""Starts a sandbox as a process of its own, finds a running one, and stops it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from sealane.errors import ExitCode, InputError, NetworkError, SealaneError, UsageError
from sealane.io.adapters.files import read_bounded, read_text, write_atomically
from sealane.sandbox import client
from sealane.sandbox.hosts import host_map

RUN_FILE = "run.json"
LOG_FILE = "sandbox.log"
HOSTS_FILE = "hosts.json"
_OUTPUT_FILE = "server.out"
# Ready takes a quarter of a second; a loaded machine may need much longer.
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_PAUSE = 0.005
# What its process says by its exit code; any other is a bug.
_KINDS: Mapping[int, type[SealaneError]] = {
    ExitCode.USAGE: UsageError,
    ExitCode.INPUT: InputError,
    ExitCode.NETWORK: NetworkError,
}
# What the server's process may see; no token or proxy variable of the caller is among it.
_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


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
            if self.process is None and _is_alive(self.pid):
                raise
        if self.process is not None:
            _end(self.process)
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


def start(
    directory: Path, *, port: int = 0, until_eof: bool, wheelhouse: Path | None = None
) -> Running:
    """Start a sandbox and wait until it answers.

    Args:
        directory: State directory; made when missing.
        port: Of its services; 0 takes the last one, or a free one.
        until_eof: End it when this process ends, however that may be.
        wheelhouse: Wheels its index serves besides what is uploaded.

    Raises:
        UsageError: One is running there already, or the port is taken.
        InputError: The directory, its state or the wheelhouse cannot be used.
        NetworkError: It does not answer in time.
        SealaneError: It does not come up.
    """
    directory = directory.absolute()
    if find(directory) is not None:
        raise UsageError(
            f"sandbox {str(directory)!r}: is running already", hint="end it: sealane sandbox down"
        )
    _prepare(directory)
    write_atomically(directory / HOSTS_FILE, host_map().to_json().encode(), mode=0o600)
    command = [sys.executable, "-I", "-m", "sealane.sandbox.main", "--dir", str(directory)]
    # A number from the system may come again, and an old run's file may lie there; this may not.
    run = secrets.token_hex(8)
    command += ["--port", str(port), "--run", run]
    command += ["--wheelhouse", str(wheelhouse.absolute())] if wheelhouse else []
    command += ["--until-eof"] if until_eof else []
    with (directory / _OUTPUT_FILE).open("wb") as output:
        process = _spawn(command, output, until_eof=until_eof)
    return _wait_until_ready(directory, process, run)


def find(directory: Path) -> Running | None:
    """The sandbox that runs in a state directory; None when none answers there."""
    found = _read_run(directory.absolute())
    if found is None or not _is_alive(found.pid):
        return None
    try:
        # The process may be another one by now, with the same number: only ours knows the secret.
        found.call("GET", "/-/status")
    except (NetworkError, InputError):
        return None
    return found


def clean(directory: Path) -> None:
    """Remove what a run that was killed may leave: its secrets and its TLS files.

    A folder that is no sandbox's keeps its files, whatever they are called.
    """
    if not (directory / HOSTS_FILE).exists():
        return
    for name in (RUN_FILE, "ca.pem", "tls.pem"):
        (directory / name).unlink(missing_ok=True)


def read_log(directory: Path) -> str:
    """What the services logged, newest last; empty where none ever ran."""
    path = directory / LOG_FILE
    return read_text(path, 64 * 1024 * 1024, what="sandbox log") if path.exists() else ""


def _prepare(directory: Path) -> None:
    """Make the state directory; one with anything else in it stays as it is."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        foreign = not (directory / HOSTS_FILE).exists() and any(directory.iterdir())
        if not foreign:
            directory.chmod(0o700)
    except OSError as error:
        raise InputError(
            f"sandbox {str(directory)!r}: {error.strerror}",
            hint="name a folder that you may write to with --dir",
        ) from error
    if foreign:
        # It would be closed to everybody else, and its files mixed with keys.
        raise InputError(
            f"sandbox {str(directory)!r}: not empty, and not the state directory of a sandbox",
            hint="name a new folder with --dir",
        )


def _spawn(
    command: Sequence[str], output: IO[bytes], *, until_eof: bool
) -> subprocess.Popen[bytes]:
    # The pipe's other end closes with this process, even if it is killed.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if until_eof else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={name: os.environ[name] for name in _VARIABLES if name in os.environ},
        cwd=os.sep,
        start_new_session=True,
    )


def _wait_until_ready(directory: Path, process: subprocess.Popen[bytes], run: str) -> Running:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        running = _read_run(directory, process)
        if running is not None and running.run == run:
            return running
        if process.poll() is not None:
            break
        time.sleep(_PAUSE)
    ended = process.poll()
    _end(process)
    raise _not_up(directory, ended)


def _not_up(directory: Path, ended: int | None) -> SealaneError:
    """Why it did not come up, in its own words and with its own exit code."""
    place = f"sandbox {str(directory)!r}: did not come up"
    see = f"see {directory / _OUTPUT_FILE}"
    if ended is None:
        return NetworkError(f"{place} within {_START_SECONDS:.0f} s", hint=see)
    said = (directory / _OUTPUT_FILE).read_text(encoding="utf-8", errors="replace").split("\n")
    found = {
        field: line.removeprefix(f"{field}: ")[:300]
        for line in said
        for field in ("error", "hint")
        if line.startswith(f"{field}: ")
    }
    last = next((line for line in reversed(said) if line.strip()), "it says nothing")
    return _KINDS.get(ended, SealaneError)(
        f"{place}: {found.get('error', last[:300])}", hint=found.get("hint") or see
    )


def _read_run(directory: Path, process: subprocess.Popen[bytes] | None = None) -> Running | None:
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


def _is_alive(pid: int) -> bool:
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


def _end(process: subprocess.Popen[bytes]) -> None:
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
        if not (directory / RUN_FILE).exists() or not _is_alive(pid):
            return True
        time.sleep(_PAUSE)
    return False
