"""Runs one program with a bounded time and a bounded output, and leaves nothing running."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.errors import InputError

OUTPUT_LIMIT = 64 * 1024 * 1024
# What a program that was cut off ends with: never 0, whatever it answered by then.
CUT_OFF = -int(signal.SIGKILL)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended.

    Attributes:
        code: Exit code; negative for a signal. Never 0 when the program was cut off.
        output: Standard output, bytes.
        errors: Standard error, bytes.
        cut_off: Why it was stopped: "timeout", "output"; "" when it ended by itself.
    """

    code: int
    output: bytes
    errors: bytes
    cut_off: str = ""

    @property
    def stdout(self) -> str:
        """Standard output as text; bytes that are not UTF-8 are replaced."""
        return self.output.decode("utf-8", errors="replace")

    @property
    def stderr(self) -> str:
        """Standard error as text; bytes that are not UTF-8 are replaced."""
        return self.errors.decode("utf-8", errors="replace")

    @property
    def text(self) -> str:
        """Standard output, then standard error: what an error message quotes."""
        return "\n".join(part for part in (self.stdout.strip(), self.stderr.strip()) if part)


def run(
    arguments: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    timeout: float,
    limit: int = OUTPUT_LIMIT,
    stdin: bytes = b"",
) -> Finished:
    """Run a program in its own process group, and end the whole group with it.

    Args:
        arguments: Program and arguments; never a shell line.
        env: The whole environment; nothing is inherited.
        cwd: Working directory.
        timeout: Seconds, after which the group is killed.
        limit: Bytes of standard output and standard error together.
        stdin: What the program reads; small, for it is written before anything is read.

    Raises:
        InputError: The program cannot be started.
    """
    try:
        # A temporary file could be found by others; a pipe of up to 64 KiB cannot block.
        process = subprocess.Popen(
            [os.fspath(argument) for argument in arguments],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=ending_with_us(),  # noqa: PLW1509  it makes system calls and nothing else
        )
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot start {os.fspath(arguments[0])!r}: {error}",
            hint="install it, or put it on PATH",
        ) from error
    try:
        output, errors, cut_off = _collect(process, stdin, timeout, limit)
    finally:
        _end(process)
    code = CUT_OFF if cut_off else process.returncode
    return Finished(code, output, errors, cut_off)


def ending_with_us() -> Callable[[], None] | None:
    """What a child does first, so that it ends with this process, also when that is killed.

    Returns:
        For `preexec_fn` of a process; None where the kernel has no such thing.
    """
    if sys.platform != "linux":
        return None
    import ctypes

    # Loaded before the fork: between fork and exec only system calls are safe.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask_the_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return ask_the_kernel


def _collect(
    process: subprocess.Popen[bytes], stdin: bytes, timeout: float, limit: int
) -> tuple[bytes, bytes, str]:
    deadline = time.monotonic() + timeout
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(stdin)
    kept: dict[str, bytearray] = {"output": bytearray(), "errors": bytearray()}
    with selectors.DefaultSelector() as selector:
        for name, stream in (("output", process.stdout), ("errors", process.stderr)):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ, name)
        cut_off = _read(process, selector, kept, deadline, limit)
    return bytes(kept["output"]), bytes(kept["errors"]), cut_off


def _read(
    process: subprocess.Popen[bytes],
    selector: selectors.BaseSelector,
    kept: dict[str, bytearray],
    deadline: float,
    limit: int,
) -> str:
    """Read until both streams end, or the program ended and a grandchild keeps them open."""
    while selector.get_map():
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return "timeout"
        ready = selector.select(min(remaining, 0.5))
        if not ready and process.poll() is not None:
            return ""
        for key, _ in ready:
            chunk = os.read(key.fd, 65536)
            if not chunk:
                selector.unregister(key.fileobj)
            kept[key.data] += chunk
        if sum(map(len, kept.values())) > limit:
            return "output"
    try:
        process.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        return "timeout"
    return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    # The group outlives its leader as long as a grandchild does, so it is killed in any case.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
