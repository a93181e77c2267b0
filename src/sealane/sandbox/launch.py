"""Starts a sandbox as a process of its own, and finds a running one."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from sealane.errors import ExitCode, InputError, NetworkError, SealaneError, UsageError
from sealane.io.adapters.files import read_text, write_atomically
from sealane.sandbox.hosts import host_map
from sealane.sandbox.running import HOSTS_FILE, Running, end, is_alive, read_run

LOG_FILE = "sandbox.log"
_OUTPUT_FILE = "server.out"
# Ready takes a quarter of a second; a loaded machine may need much longer.
_START_SECONDS = 30.0
_PAUSE = 0.005
# What its process says by its exit code; any other is a bug.
_KINDS: Mapping[int, type[SealaneError]] = {
    ExitCode.USAGE: UsageError,
    ExitCode.INPUT: InputError,
    ExitCode.NETWORK: NetworkError,
}
# What the server's process may see; no token or proxy variable of the caller is among it.
_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


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
    found = read_run(directory.absolute())
    if found is None or not is_alive(found.pid):
        return None
    try:
        # The process may be another one by now, with the same number: only ours knows the secret.
        found.call("GET", "/-/status")
    except (NetworkError, InputError):
        return None
    return found


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
        running = read_run(directory, process)
        if running is not None and running.run == run:
            return running
        if process.poll() is not None:
            break
        time.sleep(_PAUSE)
    ended = process.poll()
    end(process)
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
