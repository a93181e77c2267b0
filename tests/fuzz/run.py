"""Changes good bundles for some time: `make fuzz SECONDS=600`, or with `SEED=…` the same again.

The first thing that is wrong ends the run with 1, and is kept as a file that shows it.
"""

import argparse
import secrets
import sys
import time
from pathlib import Path
from random import Random

from support.alter import Mutation
from support.fuzzing import Start, changes, described
from support.vectors import ROOT

FOLDER = ROOT / "build" / "fuzz"
EVERY = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    print(f"seed {seed}, {given.seconds:g} seconds", flush=True)
    end, done = time.monotonic() + given.seconds, 0
    for start, change in changes(Random(seed)):
        try:
            why = start.wrong(change, twice=done % EVERY == 0)
        except BaseException as error:
            # A panic of a library is no Exception; what brought it about is kept all the same.
            kept(start, change, f"{type(error).__name__}: {error}", seed)
            raise
        if why:
            print(f"{start.good.name}: {change}: {why}; see {kept(start, change, why, seed)}")
            return 1
        done += 1
        if time.monotonic() > end:
            break
    print(f"{done} changes, none of them a pass")
    return 0


def kept(start: Start, change: Mutation, why: str, seed: int) -> Path:
    """Where what went wrong was written."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"seed-{seed}.json"
    path.write_text(described(start, change, why))
    return path


if __name__ == "__main__":
    sys.exit(main())
