"""Compare: two builds, one result; only then is it a release.

1. Both copies are what their records say, and both records fit the plan and each other.
2. Every file is the same, byte by byte; else every difference is named, with cause and remedy.
3. Every file can be read safely, is what its name says, and holds nothing forbidden.
4. The index can show the description (`twine check`).
5. The files are frozen: `dist/` appears whole, or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from sealane.core.archives.compare import Difference
from sealane.core.archives.judge import check_content, check_digests, differences
from sealane.core.archives.limits import ARTIFACT_LIMIT
from sealane.core.model.values import dataclass
from sealane.core.release.record import BuildRecord, parse_record
from sealane.errors import InputError, LaneError, LaneExit, SealaneError, UsageError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level
from sealane.io.builds.description import check_descriptions
from sealane.lane.folder import read_result
from sealane.lane.pinned import load_pinned_plan
from sealane.lane.plan import Plan
from sealane.lane.stages.interface import Context, StageReport

COMPARISON_SCHEMA = "sealane.comparison/1"
_SHOWN = 20  # differences in one message; compare.json has all


@dataclass(frozen=True, slots=True)
class Compare:
    """Compares the two copies and freezes what both agree on."""

    name: ClassVar[str] = "compare"
    title: ClassVar[str] = "Two builds, byte by byte"

    def run(self, context: Context) -> StageReport:
        """Compare, check, write `compare.json` and freeze `dist/`.

        Raises:
            LaneError: 12: the copies differ, or a file may not be released.
        """
        _remove(context.work.dist)
        try:
            plan = _plan(context, Repository(context.directory))
            records, copies = _load(context, plan)
            found = differences(copies["a"], copies["b"])  # (2)
            document = _document(plan, records, found)
            write_atomically(context.work.comparison, document)
            if found:
                raise _differ(context, found)
            expected = [(release.name, release.version) for release in plan.releases]
            check_content(copies["a"], expected, context.project.build.forbid)  # (3)
            _freeze(copies["a"], context.work.dist)
        except (LaneError, UsageError):
            raise
        except SealaneError as error:
            raise LaneError(LaneExit.BUILD, f"compare: {error.message}", hint=error.hint) from error
        files = records["a"].files
        return StageReport(
            f"{len(files)} files, byte-identical in both builds; dist/ is frozen",
            tuple((file.name, f"sha256 {file.sha256}") for file in files),
        )


STAGE = Compare()


def _plan(context: Context, repository: Repository) -> Plan:
    return load_pinned_plan(
        context.work.plan,
        repository,
        project=context.project,
        tag=context.tag,
        sandbox=context.sandbox is not None,
    )


def _load(
    context: Context, plan: Plan
) -> tuple[dict[str, BuildRecord], dict[str, dict[str, bytes]]]:
    records, copies = {}, {}
    for letter in ("a", "b"):
        folder = context.work.build(letter)
        name = folder.name
        content = read_result(
            folder / "record.json", what=f"{name} record", stage=f"build --copy {letter}"
        )
        records[letter] = parse_record(content)
        copies[letter] = _files(folder / "dist")
        recorded = {file.name: file.sha256 for file in records[letter].files}
        check_digests(name, copies[letter], recorded)  # (1)
        found = (records[letter].letter, records[letter].commit, records[letter].epoch)
        if found != (letter, plan.commit, plan.epoch):
            raise InputError(f"{name}: the record is of another build: {found}")
        if records[letter].isolation != Level.NAMESPACES and not plan.sandbox:
            raise InputError(
                f"{name}: expected isolation {Level.NAMESPACES}, got {records[letter].isolation!r}",
                hint="only a rehearsal may do without isolation",
            )
    _same_inputs(records["a"], records["b"])
    return records, copies


def _same_inputs(a: BuildRecord, b: BuildRecord) -> None:
    """Two builds prove nothing when they were made with different tools."""
    for field in ("python", "zlib", "platform", "frontend", "lock_sha256", "installed", "backends"):
        if getattr(a, field) != getattr(b, field):
            raise InputError(
                f"the copies were built with different tools: {field}: "
                f"a {getattr(a, field)}, b {getattr(b, field)}",
                hint="run both build jobs on the same image",
            )


def _files(folder: Path) -> dict[str, bytes]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"{str(folder)!r}: {error.strerror}", hint="build both copies") from error
    if any(not entry.is_file(follow_symlinks=False) for entry in entries):
        raise InputError(f"{str(folder)!r}: holds something that is not a plain file")
    return {
        entry.name: read_bounded(Path(entry.path), ARTIFACT_LIMIT, what="built file")
        for entry in entries
    }


def _differ(context: Context, found: tuple[tuple[str, tuple[Difference, ...]], ...]) -> LaneError:
    lines = [f"{name}: {difference}" for name, listed in found for difference in listed]
    more = [f"and {len(lines) - _SHOWN} more, in {context.work.comparison}"]
    shown = lines[:_SHOWN] + (more if len(lines) > _SHOWN else [])
    kinds = {difference.kind: difference for _, listed in found for difference in listed}
    hints = [f"{kind}: {d.cause}; {d.remedy}" for kind, d in kinds.items()]
    names = ", ".join(name for name, _ in found)
    return LaneError(
        LaneExit.BUILD,
        f"compare: the two builds of {names} differ\n  " + "\n  ".join(shown),
        hint="\n  ".join(hints),
    )


def _document(
    plan: Plan,
    records: Mapping[str, BuildRecord],
    found: tuple[tuple[str, tuple[Difference, ...]], ...],
) -> bytes:
    document = {
        "schema": COMPARISON_SCHEMA,
        "verdict": "different" if found else "identical",
        "commit": plan.commit,
        "sandbox": plan.sandbox,
        "isolation": {letter: record.isolation for letter, record in records.items()},
        "files": [{"name": file.name, "sha256": file.sha256} for file in records["a"].files],
        "differences": [
            {
                "file": name, "class": difference.kind, "member": difference.member,
                "a": difference.a, "b": difference.b,
                "cause": difference.cause, "remedy": difference.remedy,
            }
            for name, listed in found
            for difference in listed
        ],
    }  # fmt: skip
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def _freeze(files: Mapping[str, bytes], dist: Path) -> None:
    """Write and check the files in a folder beside `dist`, then rename it."""
    dist.parent.mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(dir=dist.parent, prefix=".dist-"))
    try:
        for name, content in files.items():
            write_atomically(private / name, content, mode=0o444)
        check_descriptions(tuple(sorted(private.iterdir())))  # (4)
        private.chmod(0o755)
        private.rename(dist)  # (5)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _remove(folder: Path) -> None:
    """What an earlier run froze is not the result of this one."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
