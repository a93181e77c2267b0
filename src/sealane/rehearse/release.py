"""A whole release against the sandbox: copy, fetch, sandbox, lane, downstream user, summary.

Steps:
1. Copy the project and tag the copy.
2. Fetch every locked wheel, hash-checked; from here on nothing needs the network.
3. Start the sandbox, which serves those wheels, and close the air-lock.
4. Run the stages, each a process with its own token.
5. Do what a downstream user would.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.release.project import Project
from sealane.core.release.tag import parse_pattern
from sealane.core.release.version import parse_version
from sealane.core.release.version_files import stated_version
from sealane.errors import LaneError
from sealane.io.adapters.files import read_bounded, read_text
from sealane.io.builds.wheelhouse import fetch
from sealane.io.stores.project import load_project
from sealane.lane.plan import Plan, PlannedRelease, parse_plan
from sealane.lane.run import Step, run_stages, steps_of
from sealane.lane.stages.interface import WorkFolder
from sealane.rehearse.copy import Copy, private_copy
from sealane.rehearse.downstream import Stranger, publisher_of
from sealane.rehearse.progress import Progress
from sealane.rehearse.summary import Check, Summary
from sealane.rehearse.tokens import Job, environment_for, register_publisher
from sealane.sandbox.environment import child_environment
from sealane.sandbox.launch import read_log, start
from sealane.sandbox.running import Running

_WORK = ".sealane-work"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where one rehearsal happens and what it releases."""

    source: Path
    folder: Path
    copy: Copy
    project: Project
    progress: Progress

    @property
    def work(self) -> WorkFolder:
        """The lane's work folder, inside the copy."""
        return WorkFolder(self.copy.directory / _WORK)


def rehearse(source: Path, folder: Path, *, kept: bool, progress: Progress) -> Summary:
    """Release a project in a sandbox of its own and check the result.

    Args:
        source: Root of the project; it is only read.
        folder: An empty folder; everything happens in it.
        kept: Whether the folder outlives the rehearsal.
        progress: Shows the steps.

    Raises:
        LaneError: A stage or a downstream check failed.
        SealaneError: Anything before the stages failed.
    """
    with progress.step("copy the project"):
        copy = private_copy(source, folder / "project", tag_of)  # 1
    rehearsal = Rehearsal(source, folder, copy, load_project(copy.directory), progress)
    with progress.step("fetch locked wheels"):
        wheelhouse = fetch_wheels(rehearsal)  # 2
    with progress.step("start the sandbox"):
        running = start(folder / "sandbox", until_eof=True, wheelhouse=wheelhouse)  # 3
    with running:
        job = Job(rehearsal.project.forge, copy.tag, copy.commit, rehearsal.project.environment)
        for package in rehearsal.project.packages:
            register_publisher(running, job, package.publish_as)
        _run_lane(rehearsal, running, job)  # 4
        checks = _check_downstream(rehearsal, running)  # 5
        return _summary(rehearsal, running, checks, str(folder) if kept else "")


def tag_of(directory: Path) -> str:
    """The tag that the version in a work tree asks for, by the first pattern of the project.

    Raises:
        InputError: The version cannot be read, or cannot be released.
    """
    project = load_project(directory)
    place = project.version.files[0]
    text = read_text(directory / place.file, what="version file")
    version = parse_version(stated_version(text, place), place.form)
    return parse_pattern(project.tags[0]).render(version)


def fetch_wheels(rehearsal: Rehearsal) -> Path:
    """Fetch what the locks of a project name into one folder, each hash checked.

    Raises:
        InputError: A lock is missing.
        NetworkError: A wheel cannot be had.
    """
    project, directory = rehearsal.project, rehearsal.copy.directory
    wheels = rehearsal.folder / "wheels"
    wheels.mkdir()
    found = sorted(
        str(path.relative_to(directory)) for path in (directory / "requirements").glob("*.txt")
    )
    locks = dict.fromkeys([project.build.lock, *(project.audit.locks or found)])
    for number, name in enumerate(locks):
        lock = read_bounded(directory / name, what="lock")
        for wheel in fetch(lock, rehearsal.folder / f"fetched-{number}", os.environ):
            if not (wheels / wheel.name).exists():
                shutil.move(wheel, wheels / wheel.name)
    return wheels


def _run_lane(rehearsal: Rehearsal, running: Running, job: Job) -> None:
    command = (sys.executable, "-I", "-m", "sealane", "--sandbox", str(running.directory))
    options = ("--work", str(rehearsal.work.root), "--tag", rehearsal.copy.tag)
    for step in map(_unisolated_if_need_be, steps_of(rehearsal.project)):
        try:
            with rehearsal.progress.step(step.label):
                run_stages(
                    (step,),
                    command=command,
                    options=options,
                    environment_for=environment_for(running, job),
                    directory=rehearsal.copy.directory,
                    say=lambda _: None,
                    quiet=True,
                )
        except LaneError as error:
            _explain(error, running)
            error.resume = shlex.join(["sealane", "rehearse", str(rehearsal.source)])
            raise


def _unisolated_if_need_be(step: Step) -> Step:
    """Let a build go on where nothing can be isolated; it records that, and the summary says so."""
    if step.stage not in ("build-a", "build-b"):
        return step
    return replace(step, arguments=(*step.arguments, "--allow-no-isolation"))


def _explain(error: LaneError, running: Running) -> None:
    """Put what the sandbox refused beside what the stage said."""
    log = read_log(running.directory).splitlines()
    refusals = [f"the sandbox: {line}" for line in log if "refused" in line]
    error.public = "nothing outside the sandbox"
    error.hint = "; ".join(filter(None, [error.hint, *refusals[-3:]]))


def _check_downstream(rehearsal: Rehearsal, running: Running) -> tuple[Check, ...]:
    checks: list[Check] = []
    for number, release in enumerate(_plan(rehearsal).releases):
        stranger = Stranger(
            rehearsal.folder / f"stranger-{number}",
            child_environment(running.directory, running.base),
            running.directory,
        )
        checks += _check_release(rehearsal, stranger, release)
    return tuple(checks)


def _check_release(
    rehearsal: Rehearsal, stranger: Stranger, release: PlannedRelease
) -> list[Check]:
    publisher = publisher_of(rehearsal.project.forge)
    with rehearsal.progress.step(f"a stranger installs {release.name}"):
        installed = stranger.install(release.name, release.version)
        files = stranger.fetch(release.name, release.version)
    with rehearsal.progress.step("a stranger verifies it"):
        verified = stranger.verify(files, publisher)
    with rehearsal.progress.step("a changed file, another publisher"):
        refused = [stranger.refuse_changed(files[0], publisher), stranger.refuse_stranger(files[0])]
    return [installed, verified, *refused]


def _plan(rehearsal: Rehearsal) -> Plan:
    return parse_plan(read_bounded(rehearsal.work.plan, what="plan"))


def _summary(
    rehearsal: Rehearsal, running: Running, checks: tuple[Check, ...], kept: str
) -> Summary:
    confirmed = json.loads(read_bounded(rehearsal.work.confirmed, what="confirmation"))
    record = json.loads(read_bounded(rehearsal.work.build("a") / "record.json", what="record"))
    return Summary(
        project=rehearsal.project.name,
        tag=rehearsal.copy.tag,
        commit=rehearsal.copy.commit,
        source=rehearsal.copy.note,
        release_id=confirmed["release"],
        isolation=record["isolation"],
        published=tuple(
            (file["name"], file["sha256"], file["provenance"]) for file in confirmed["files"]
        ),
        manifest=str(rehearsal.work.manifest),
        checks=checks,
        timings=tuple(rehearsal.progress.timings),
        refused=tuple(running.refused_hosts()),
        folder=kept,
    )
