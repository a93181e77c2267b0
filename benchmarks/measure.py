"""Runs commands in turn, A B A B …, and gives the ratio pair by pair.

A machine that others use is twice as fast in one minute as in the next, so a time says little; the
ratio of two runs, one directly after the other, says much, and the median of several says more.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# A row whose largest ratio is more than this many times its smallest is measured once more.
NOISY = 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process.

    Attributes:
        wall: Seconds on the clock.
        cpu: Seconds of processor, user and system, of all its processes.
        peak: Resident memory at its peak, MiB, of its largest process.
        output: Standard output.
    """

    wall: float
    cpu: float
    peak: float
    output: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command to time, and what a right answer is: a fast wrong one is none.

    Attributes:
        name: For the report.
        arguments: Program and arguments.
        expected: Exit code of a right answer.
        says: What standard output has to contain.
        environment: Variables; None for this process's.
        seconds: Reads its own figure from its output, in place of the wall clock.
    """

    name: str
    arguments: Sequence[str]
    expected: int = 0
    says: str = ""
    environment: Mapping[str, str] | None = None
    seconds: Callable[[str], float] | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row has to reach; None where it only informs.

    Attributes:
        wall: Largest ratio of times.
        peak: Largest ratio of peaks of memory.
    """

    wall: float | None = None
    peak: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of commands, measured.

    Attributes:
        first: The one that is judged, ours.
        second: What it is compared with.
        goal: What has to be reached.
        runs: The pairs.
        repeated: Whether a noisy first measurement was thrown away.
    """

    first: Command
    second: Command
    goal: Goal
    runs: tuple[tuple[Run, Run], ...] = field(repr=False)
    repeated: bool = False

    def ratios(self, what: str) -> list[float]:
        """The ratio of each pair: "wall", "cpu" or "peak"."""
        return [getattr(a, what) / getattr(b, what) for a, b in self.runs]

    @property
    def noisy(self) -> bool:
        """Whether the ratios of times differ too much to be quoted."""
        return max(self.ratios("wall")) / min(self.ratios("wall")) > NOISY

    @property
    def missed(self) -> bool:
        """Whether a goal is not reached."""
        wanted = {"wall": self.goal.wall, "peak": self.goal.peak}
        return any(
            most is not None and statistics.median(self.ratios(what)) > most
            for what, most in wanted.items()
        )

    def __str__(self) -> str:
        """Lines for people."""
        return "\n".join(
            [
                _times(self.first, [a for a, _ in self.runs]),
                _times(self.second, [b for _, b in self.runs]),
                _ratio("wall", self.ratios("wall"), self.goal.wall, noisy=self.noisy),
                _ratio("cpu", self.ratios("cpu"), None),
                _ratio("peak", self.ratios("peak"), self.goal.peak),
            ]
        )

    def record(self) -> dict[str, Any]:
        """The same for the JSON file."""
        figures = {what: self.ratios(what) for what in ("wall", "cpu", "peak")}
        return {
            "first": self.first.name,
            "second": self.second.name,
            "goal": {"wall": self.goal.wall, "peak": self.goal.peak},
            "ratios": figures,
            "seconds": [[a.wall, b.wall] for a, b in self.runs],
            "noisy": self.noisy,
            "missed": self.missed,
        }


def run_once(command: Command) -> Run:
    """Run a command and account for it.

    Raises:
        AssertionError: It gave another answer than the right one.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            list(command.arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if command.environment is None else dict(command.environment),
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = code = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if code != command.expected or command.says not in said:
        raise AssertionError(
            f"{command.name}: expected exit {command.expected} and {command.says!r}, "
            f"got exit {code} and: {said[-600:]}"
        )
    cpu = usage.ru_utime + usage.ru_stime
    if command.seconds is not None:
        wall = cpu = command.seconds(said)
    return Run(wall, cpu, usage.ru_maxrss / 1024, said)


def pair(
    first: Command, second: Command, goal: Goal = Goal(), *, pairs: int = 11, warmups: int = 1
) -> Row:  # fmt: skip
    """Time two commands in turn, and once more where the first result is noisy.

    Raises:
        AssertionError: One gave a wrong answer.
    """
    for _ in range(warmups):
        run_once(first)
        run_once(second)
    row = Row(first, second, goal, _pairs(first, second, pairs))
    if row.noisy:
        row = Row(first, second, goal, _pairs(first, second, pairs), repeated=True)
    return row


def _pairs(first: Command, second: Command, pairs: int) -> tuple[tuple[Run, Run], ...]:
    return tuple((run_once(first), run_once(second)) for _ in range(pairs))


def _times(command: Command, runs: Sequence[Run]) -> str:
    walls = [run.wall for run in runs]
    cpu, peak = statistics.median(run.cpu for run in runs), max(run.peak for run in runs)
    return (
        f"  {command.name:<52} {statistics.median(walls):8.3f} s"
        f" ({min(walls):.3f} to {max(walls):.3f})  cpu {cpu:.3f} s  peak {peak:.0f} MiB"
    )


def _ratio(what: str, ratios: Sequence[float], goal: float | None, *, noisy: bool = False) -> str:
    median = statistics.median(ratios)
    line = f"    {what:<5} ratio {median:6.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
    return line + verdict(median, goal) + ("  noisy" if noisy else "")


def verdict(value: float, goal: float | None) -> str:
    """`goal 0.30 met` or `goal 0.30 MISSED`; "" where there is none."""
    if goal is None:
        return ""
    return f"  goal {goal:g} {'met' if value <= goal else 'MISSED'}"
