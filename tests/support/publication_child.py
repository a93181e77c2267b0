"""Publishes one advisory everywhere, and kills itself before a line of the journal is written."""

import json
import os
import pickle
import signal
import sys
from pathlib import Path


def main() -> None:
    """Read what to do from standard input, and do it."""
    order = json.load(sys.stdin)
    sys.path.insert(0, order["tests"])
    from sealane.desk.publish import open_outlets, publish
    from support.outlets import NOW, surroundings

    # Written by the test that started this.
    publication, configured, identifiers = pickle.loads(Path(order["order"]).read_bytes())
    journal = Path(order["journal"])
    seen = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_APPEND
        if writes and arguments[0] == os.fspath(journal):
            seen += 1
            if seen == order["killed_at"]:
                os.kill(os.getpid(), signal.SIGKILL)

    around = surroundings(order["environment"], Path(order["root"]))
    outlets = open_outlets(configured, identifiers, journal, around)
    sys.addaudithook(count)
    report = publish(
        publication, outlets, journal, dry_run=False, now=lambda: NOW, say=lambda _: None
    )
    sys.exit(report.exit_code)


main()
