"""The sandbox's process: `python -m sealane.sandbox.main --dir DIR`."""

from __future__ import annotations

import time

_STARTED = time.perf_counter()

import argparse  # noqa: E402 - the clock above starts before anything is loaded
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from types import FrameType  # noqa: E402

from sealane.errors import InputError, SealaneError  # noqa: E402
from sealane.sandbox.world import World  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sandbox until it is told to end.

    Returns:
        0 after a clean end; an error's exit code where it could not start.
    """
    options = _options(arguments)
    done = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        done.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    if options.until_eof:
        threading.Thread(target=_wait_for_eof, args=(done,), daemon=True).start()
    try:
        with World(options.dir, options.port, options.wheelhouse, done.set) as world:
            world.announce(options.run, time.perf_counter() - _STARTED)
            done.wait()
    except SealaneError as error:
        return _failed(error)
    except OSError as error:
        # Its directory, or a file in it; anything else is a bug, and may show its traceback.
        if error.filename is None:
            raise
        return _failed(InputError(f"{os.fsdecode(error.filename)!r}: {error.strerror}"))
    return 0


def _failed(error: SealaneError) -> int:
    """Say on one line each what the starting process shows."""
    print(f"error: {' '.join(error.message.split())}", file=sys.stderr)
    if error.hint:
        print(f"hint: {' '.join(error.hint.split())}", file=sys.stderr)
    return int(error.exit_code)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sealane.sandbox.main")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--run", default="", help="written to run.json: whose start this was")
    parser.add_argument("--wheelhouse", type=Path)
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    return parser.parse_args(arguments)


def _wait_for_eof(done: threading.Event) -> None:
    # Not sys.stdin: its lock, held by a waiting thread, aborts the interpreter's end.
    while os.read(0, 4096):
        pass
    done.set()


if __name__ == "__main__":
    sys.exit(main())
