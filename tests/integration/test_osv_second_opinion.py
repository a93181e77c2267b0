"""Two evaluators that share no code, sealane's and the sandbox's, on real records."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sealane.core.release.affected import is_affected, parse_advisory
from sealane.sandbox.advisory_ranges import affects, entries_of, packages_of
from sealane.sandbox.advisory_yaml import parse_file
from support.vectors import PACK, needs_pack

pytestmark = needs_pack
FILES = sorted((PACK / "osv").glob("*.yaml"))
# Before all withdrawals: the sandbox's evaluator does not look at them, its services do.
EARLY = datetime(2000, 1, 1, tzinfo=UTC)
NEIGHBOURS = ("", ".dev0", "rc1", ".post1", "+local", ".0")


def versions_near(record: dict[str, Any], package: str) -> set[str]:
    """What a record names for a package: events with their neighbours, and listed versions."""
    events = {"0", "99999"}
    listed: list[str] = []
    for entry in entries_of(record, package):
        listed += entry.get("versions", ())
        for span in entry.get("ranges", ()):
            if span["type"] == "ECOSYSTEM":
                events.update(text for event in span["events"] for text in event.values())
    # The ends of a list and some between: of hundreds each would be compared with each.
    some = listed[:: max(1, len(listed) // 15)] + listed[-1:]
    return {version + end for version in events for end in NEIGHBOURS} | set(some)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_evaluators_agree_where_sealane_is_sure(file: Path) -> None:
    record = parse_file(file.read_bytes(), file.name)
    assert record["id"] == file.stem
    parsed = parse_advisory(json.dumps(record).encode())
    compared = 0
    for package in packages_of(record):
        for version in versions_near(record, package):
            ours = is_affected(parsed, f"pkg:pypi/{package}@{version}", version, EARLY)
            if ours is not None:
                assert affects(record, package, version) is ours, (package, version)
                compared += 1
    assert compared > 0
