"""Shows how far a rehearsal is: a live line on a terminal, plain lines without one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(slots=True)
class Progress:
    """Writes steps to a stream as they start and end.

    Attributes:
        stream: Where to; standard error, so that standard output stays data.
        timings: (step, seconds) of every finished step, in order.
    """

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    timings: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step and show that it runs; a failing one is shown as such."""
        start = time.monotonic()
        if self.stream.isatty():
            self.stream.write(f"\r\x1b[2K… {name}")
            self.stream.flush()
        done = False
        try:
            yield
            done = True
        finally:
            seconds = time.monotonic() - start
            self.timings.append((name, seconds))
            self._finish(f"{'ok  ' if done else 'FAIL'} {name:<44} {seconds:6.1f} s")

    def _finish(self, line: str) -> None:
        clear = "\r\x1b[2K" if self.stream.isatty() else ""
        self.stream.write(f"{clear}{line}\n")
        self.stream.flush()

    def say(self, line: str) -> None:
        """Write one line between the steps."""
        self._finish(line)
