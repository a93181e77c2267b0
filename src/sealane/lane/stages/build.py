"""Build: one copy of the release from the tagged commit, out of reach of everything else.

1. No credential that can sign or publish exists in the environment.
2. The backend can be isolated; else nothing is built (a rehearsal may be told to go on).
3. Tag, commit and configuration are still those of the plan.
4. The files are built under the conditions of the copy, and recorded.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.release.credentials import credentials_in
from sealane.core.release.record import BuildRecord, render_record
from sealane.errors import LaneError, LaneExit, SealaneError, UsageError
from sealane.io.adapters import clock
from sealane.io.adapters.files import write_atomically
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level, why_not_isolated
from sealane.io.builds.build import BuildRequest, Target, build_copy
from sealane.lane.pinned import load_pinned_plan
from sealane.lane.plan import Plan
from sealane.lane.stages.interface import Context, StageReport


@dataclass(frozen=True, slots=True)
class Build:
    """Builds one of the two copies.

    Attributes:
        letter: "a" or "b".
        allow_no_isolation: Go on without isolation where there is none to be had; a rehearsal's
            choice, recorded, and without effect outside of a sandbox.
    """

    letter: str
    allow_no_isolation: bool = False

    @property
    def name(self) -> str:
        """Also the name of the folder the copy is left in."""
        return f"build-{self.letter}"

    @property
    def title(self) -> str:
        """What is shown."""
        return f"Copy {self.letter}, isolated, from the tagged commit"

    def run(self, context: Context) -> StageReport:
        """Build the copy into `build-LETTER/dist` and write its `record.json`.

        Raises:
            LaneError: 12: a credential exists, there is no isolation, or the build failed.
        """
        _refuse_credentials()
        begun = clock.now()
        folder = context.work.build(self.letter)
        try:
            level = self._level(context)
            repository = Repository(context.directory)
            plan = _plan(context, repository)  # (3)
            _remove(folder)
            context.say(f"{self.name}: building {len(plan.releases)} packages of {plan.tag}")
            request = _request(context, plan, self.letter, level)
            built = build_copy(repository, request, folder / "dist", os.environ)
        except (LaneError, UsageError):
            raise
        except SealaneError as error:
            message = f"{self.name}: {error.message}"
            raise LaneError(LaneExit.BUILD, message, hint=error.hint) from error
        record = replace(built, seconds=round((clock.now() - begun).total_seconds()))
        write_atomically(folder / "record.json", render_record(record))
        return _report(record)

    def _level(self, context: Context) -> Level:
        reason = why_not_isolated()
        if not reason:
            return Level.NAMESPACES
        if self.allow_no_isolation and context.sandbox is not None:
            context.say(f"{self.name}: no isolation here ({reason}); recorded as 'none'")
            return Level.NONE
        raise LaneError(
            LaneExit.BUILD,
            f"{self.name}: the build cannot be isolated here: {reason}",
            hint="use a runner where 'unshare --user --map-root-user --net true' works: user "
            "namespaces have to be allowed, in a container also by its seccomp profile",
        )


STAGE_A = Build("a")
STAGE_B = Build("b")


def _plan(context: Context, repository: Repository) -> Plan:
    return load_pinned_plan(
        context.work.plan,
        repository,
        project=context.project,
        tag=context.tag,
        sandbox=context.sandbox is not None,
    )


def _refuse_credentials() -> None:
    found = credentials_in(os.environ)
    if found:  # (1)
        listed = ", ".join(f"{name} ({what})" for name, what in found)
        raise LaneError(
            LaneExit.BUILD,
            f"a build refuses to start while a credential exists: {listed}",
            hint="build in a job of its own without id_tokens, permissions and secrets",
        )


def _request(context: Context, plan: Plan, letter: str, level: Level) -> BuildRequest:
    build = context.project.build
    targets = tuple(Target(r.name, r.path, r.version) for r in plan.releases)
    return BuildRequest(
        letter=letter,
        commit=plan.commit,
        epoch=plan.epoch,
        targets=targets,
        lock=build.lock,
        environment=build.environment,
        level=level,
    )


def _remove(folder: Path) -> None:
    """Start afresh: what an earlier run left is not mixed with what this one builds."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _report(record: BuildRecord) -> StageReport:
    return StageReport(
        f"{len(record.files)} files in {record.seconds} s, isolation {record.isolation}",
        tuple((file.name, f"sha256 {file.sha256}") for file in record.files),
    )
