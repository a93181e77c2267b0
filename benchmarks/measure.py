"""Runs commands in turn, A B A B …, and gives medians and the ratio pair by pair."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall seconds, CPU seconds, peak memory in MiB, exit code."""

    wall: float
    cpu: float
    peak: float
    code: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command to time, and the exit code that a right answer gives."""

    name: str
    arguments: Sequence[str]
    expected: int = 0
    environment: Mapping[str, str] | None = None


def run_once(command: Command) -> Run:
    """Run a command and account for it.

    Raises:
        AssertionError: It gave another answer than the expected one; a fast wrong answer is none.
    """
    start = time.monotonic()
    process = subprocess.Popen(
        list(command.arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=None if command.environment is None else dict(command.environment),
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code != command.expected:
        raise AssertionError(f"{command.name}: exit {code}, expected {command.expected}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, code)


def pair(first: Command, second: Command, pairs: int = 11, warmups: int = 1) -> str:
    """Time two commands in turn.

    Returns:
        Lines for people: median, minimum and maximum of each, and of the ratio first/second.
    """
    for _ in range(warmups):
        run_once(first)
        run_once(second)
    runs = [(run_once(first), run_once(second)) for _ in range(pairs)]
    lines = [
        _row(first.name, [a for a, _ in runs]),
        _row(second.name, [b for _, b in runs]),
        _ratio("wall", [a.wall / b.wall for a, b in runs]),
        _ratio("cpu", [a.cpu / b.cpu for a, b in runs]),
        _ratio("peak", [a.peak / b.peak for a, b in runs]),
    ]
    return "\n".join(lines)


def _row(name: str, runs: Sequence[Run]) -> str:
    walls = [run.wall for run in runs]
    cpu, peak = statistics.median(run.cpu for run in runs), max(run.peak for run in runs)
    return (
        f"  {name:<42} wall {statistics.median(walls):.3f} s"
        f" ({min(walls):.3f} to {max(walls):.3f})  cpu {cpu:.3f} s  peak {peak:.0f} MiB"
    )


def _ratio(what: str, ratios: Sequence[float]) -> str:
    noisy = "  noisy" if max(ratios) / min(ratios) > 1.5 else ""
    return (
        f"  ratio of {what:<33} {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}){noisy}"
    )
