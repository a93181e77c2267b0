"""How long the sandbox takes to be ready, and how much memory it has then."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, Said
from sealane.sandbox.launch import start

GOAL_READY = 0.5  # seconds
GOAL_MEMORY = 80  # MiB, before the first verification
STARTS = 11


def measure(folder: Path) -> Iterator[Row | Said]:
    """Cold starts with new keys."""
    one_start(folder)
    starts = [one_start(folder) for _ in range(STARTS)]
    ready = statistics.median(seconds for seconds, _ in starts)
    yield Said("seconds until it is ready", ready, GOAL_READY)
    yield Said("MiB then", max(megabytes for _, megabytes in starts), GOAL_MEMORY)


def one_start(folder: Path) -> tuple[float, float]:
    """Seconds until a new sandbox answers, and its memory in MiB at that moment."""
    with tempfile.TemporaryDirectory(dir=folder) as state:
        begin = time.monotonic()
        with start(Path(state) / "sandbox", until_eof=True) as running:
            seconds = time.monotonic() - begin
            return seconds, resident_memory(running.pid)


def resident_memory(pid: int) -> float:
    """Resident memory of a process in MiB, as Linux accounts it."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no memory figure for process {pid}")
