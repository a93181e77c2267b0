"""Runs commands in turn, A B A B …, and gives the ratio pair by pair.

A machine that others use is twice as fast in one minute as in the next, so a time says little; the
ratio of two runs, one directly after the other, says much, and the median of several says more.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A row whose largest ratio is more than this many times its smallest is measured once more.
NOISY = 1.5
_LAUNCHER = Path(__file__).with_name("launcher.py")


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


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a report that is no pair of commands.

    Attributes:
        text: What is said.
        value: A figure; None where something was left out.
        goal: Largest value that reaches the goal; None where it only informs.
    """

    text: str
    value: float | None = None
    goal: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the goal is not reached."""
        return self.value is not None and self.goal is not None and self.value > self.goal

    def __str__(self) -> str:
        """One line for people."""
        if self.value is None:
            return f"  {self.text}"
        return f"  {self.text}: {self.value:.3f}{verdict(self.value, self.goal)}"

    def record(self) -> dict[str, Any]:
        """The same for the JSON file."""
        return {"said": self.text, "value": self.value, "goal": self.goal, "missed": self.missed}


def run_once(command: Command) -> Run:
    """Run a command and account for it.

    Raises:
        AssertionError: It gave another answer than the right one.
    """
    program = shutil.which(command.arguments[0]) or command.arguments[0]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, tempfile.TemporaryFile() as told:
        descriptor = told.fileno()
        subprocess.run(
            [
                sys.executable, "-I", "-S", str(_LAUNCHER), str(descriptor), program,
                *command.arguments[1:],
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if command.environment is None else dict(command.environment),
            pass_fds=(descriptor,),
            check=True,
        )  # fmt: skip
        output.seek(0)
        said = output.read()
        told.seek(0)
        wall, cpu, peak, code = (float(one) for one in told.read().split())
    if code != command.expected or command.says not in said:
        raise AssertionError(
            f"{command.name}: expected exit {command.expected} and {command.says!r}, "
            f"got exit {code:.0f} and: {said[-600:]}"
        )
    if command.seconds is not None:
        wall = cpu = command.seconds(said)
    return Run(wall, cpu, peak / 1024, said)


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
