"""Publishes one document at one outlet, and kills itself at a step that it is told.

A step is what a server or the disk sees: a part of a request that leaves, a git that talks to its
remote, a file that is put in place.
"""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sealane.core.advisory.documents import Document
from sealane.io.outlets.interface import About, Surroundings
from sealane.io.outlets.registry import make_outlet

_STEPS = ("http.client.send", "os.rename", "os.mkdir")
_TALKING = {"ls-remote", "fetch", "push"}


def main() -> None:
    """Read the order from standard input, and carry it out."""
    order = json.load(sys.stdin)
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in _STEPS or (
            event == "subprocess.Popen" and not _TALKING.isdisjoint(arguments[1])
        ):
            seen += 1
            if seen == order["killed_at"]:
                os.kill(os.getpid(), signal.SIGKILL)

    around = Surroundings(
        order["environment"], Path(order["root"]), "test/1", sandbox=True, sleep=time.sleep,
        now=lambda: datetime.fromisoformat(order["at"]).astimezone(UTC),
    )  # fmt: skip
    about = About(order["id"], tuple(order["aliases"]))
    outlet = make_outlet(order["kind"], "place", order["settings"], about, around)
    document = Document(order["format"], order["name"], Path(order["content"]).read_bytes())
    sys.addaudithook(count)
    outlet.publish(document)


main()
