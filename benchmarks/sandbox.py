"""How long the sandbox takes to be ready, and how much memory it has then."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Command, run_once
from sealane.sandbox.launch import start

GOAL_READY = 0.5  # seconds
GOAL_MEMORY = 80  # MiB, before the first verification
STARTS = 11


def resident_memory(pid: int) -> float:
    """Resident memory of a process in MiB, as Linux accounts it."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no memory figure for process {pid}")


def one_start() -> tuple[float, float]:
    """Seconds until a new sandbox answers, and its memory in MiB at that moment."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        with start(Path(folder) / "sandbox", until_eof=True) as running:
            seconds = time.monotonic() - begin
            return seconds, resident_memory(running.pid)


def report() -> str:
    """Median figures against the goals and against a bare interpreter."""
    one_start()
    starts = [one_start() for _ in range(STARTS)]
    ready = statistics.median(seconds for seconds, _ in starts)
    memory = max(megabytes for _, megabytes in starts)
    bare = Command("python -c pass", [sys.executable, "-I", "-c", "pass"])
    floor = statistics.median(run_once(bare).wall for _ in range(STARTS))
    share = memory / GOAL_MEMORY
    lines = [
        f"sandbox, {STARTS} cold starts with new keys",
        f"  ready after   {ready:.3f} s   goal {GOAL_READY} s   ratio {ready / GOAL_READY:.2f}",
        f"  memory        {memory:.0f} MiB   goal {GOAL_MEMORY} MiB   ratio {share:.2f}",
        f"  a bare interpreter starts in {floor:.3f} s: {ready / floor:.1f} times that",
    ]
    return "\n".join(lines)
