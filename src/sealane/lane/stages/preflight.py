"""Preflight: everything that can be known before anything happens, all problems at once.

1. The tag fits the pattern and is in the repository; HEAD is its commit.
2. The work tree is clean, but for the work folder.
3. `sealane.toml` in the commit is the one that was read.
4. The version is the tag's in every file that states it, and each package has its name.
5. The changelog has an entry for it.
6. Locks are committed and hash-locked; the pipeline file is in the commit.
7. The publishing job will carry the claims the registered publisher demands.
8. Exceptions have not expired and are needed.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar

from packaging.utils import canonicalize_name

from sealane.core.release.changelog import find_section
from sealane.core.release.exceptions import exception_problems
from sealane.core.release.locks import parse_lock
from sealane.core.release.project import (
    CONFIGURATION_FILE,
    ChangelogStyle,
    Package,
    VersionFile,
)
from sealane.core.release.publisher_claims import (
    claim_differences,
    expected_publisher,
    unsupported_publisher,
)
from sealane.core.release.tag import parse_pattern, release_tag
from sealane.core.release.version import ReleaseVersion, VersionForm, parse_version
from sealane.core.release.version_files import stated_version
from sealane.errors import InputError, LaneError, LaneExit, SealaneError
from sealane.io.adapters import clock
from sealane.io.adapters.files import write_atomically
from sealane.io.adapters.git import Commit, Repository
from sealane.lane.locks import lock_paths
from sealane.lane.plan import EPOCHS, Plan, PlannedRelease, render_plan
from sealane.lane.stages.interface import Context, StageReport


@dataclass(frozen=True, slots=True)
class Preflight:
    """Checks what is to be released and writes the plan."""

    name: ClassVar[str] = "preflight"
    title: ClassVar[str] = "What is released, and whether it may be"

    def run(self, context: Context) -> StageReport:
        """Check everything and write `plan.json`.

        Raises:
            LaneError: 10, with every problem found; nothing happened.
        """
        try:
            subject = _subject(context)
        except SealaneError as error:
            raise _stopped(error.message, error.hint) from error
        checks = _Checks(context, subject)
        changelog = checks.everything()
        if checks.problems:
            # One broken file may be in the way of several checks; it is one problem.
            problems = tuple(dict.fromkeys(checks.problems))
            listed = "".join(f"\n  {problem}" for problem in problems)
            number = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            hint = "\n  ".join(dict.fromkeys(checks.hints))
            message = f"preflight: {number} with {subject.tag}{listed}"
            raise _stopped(message, hint)
        plan = _plan(context, subject, changelog)
        write_atomically(context.work.plan, render_plan(plan))
        return _report(context, subject, plan)


STAGE = Preflight()


@dataclass(frozen=True, slots=True)
class _Subject:
    """The tag and the commit that everything else is asked of."""

    repository: Repository
    tag: str
    tag_object: str
    commit: Commit
    version: ReleaseVersion


def _subject(context: Context) -> _Subject:
    """Find tag, commit and version; without them no further question makes sense."""
    repository = Repository(context.directory)
    if repository.top().resolve() != context.directory.resolve():
        raise InputError(
            f"{str(context.directory)!r} is not the root of its git work tree",
            hint=f"{CONFIGURATION_FILE} has to lie at the root of what is released",
        )
    patterns = [parse_pattern(rule) for rule in context.project.tags]
    tag = release_tag(patterns, context.tag, repository.tags_at_head())  # (1)
    version = patterns[0].parse(tag)
    commit = repository.commit(repository.commit_of_tag(tag))
    return _Subject(repository, tag, repository.tag_object(tag), commit, version)


@dataclass(slots=True)
class _Checks:
    """Asks every question, also after one failed."""

    context: Context
    subject: _Subject
    problems: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def everything(self) -> str:
        """Run all checks; the digest of the changelog's section."""
        self._ask(self._commit)
        self._ask(self._clean)
        self._ask(self._configuration)
        for place in self.context.project.version.files:
            self._ask(partial(self._version_file, place))
        for package in self.context.project.packages:
            self._ask(partial(self._package, package))
        self._ask(self._locks)
        self._ask(self._pipeline)
        self._ask(self._claims)
        today = clock.now().date()
        self.problems += exception_problems(self.context.project, today)  # (8)
        digests: list[str] = []
        self._ask(lambda: digests.append(self._changelog()))
        return digests[0] if digests else ""

    def _ask(self, question: Callable[[], None]) -> None:
        try:
            question()
        except SealaneError as error:
            self.problems.append(error.message)
            if error.hint:
                self.hints.append(error.hint)

    def _commit(self) -> None:
        commit = self.subject.commit
        if commit.epoch not in EPOCHS:
            raise InputError(
                f"commit {commit.object_id}: time {commit.epoch}: expected "
                f"{EPOCHS[0]} to {EPOCHS[-1]}, for built files hold it"
            )
        head = self.subject.repository.head()
        if head != commit.object_id:
            raise InputError(
                f"HEAD is {head}, the tag {self.subject.tag} stands for {commit.object_id}",
                hint=f"git checkout {self.subject.tag}",
            )

    def _clean(self) -> None:
        work = _inside(self.context.work.root, self.context.directory)
        changed = [
            path
            for path in self.subject.repository.changes()
            if not (work and (path == work or path.startswith(f"{work}/")))
        ]
        if changed:  # (2)
            shown = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
            raise InputError(
                f"the work tree is not clean: {len(changed)} changed or untracked: {shown}",
                hint="commit or remove them; only the tagged commit is released",
            )

    def _configuration(self) -> None:
        found = hashlib.sha256(self._file(CONFIGURATION_FILE)).hexdigest()
        if found != self.context.project.digest:  # (3)
            raise InputError(
                f"{CONFIGURATION_FILE}: the tagged commit has other bytes (sha256 {found}) than "
                f"were read (sha256 {self.context.project.digest})"
            )

    def _version_file(self, place: VersionFile) -> None:
        stated = stated_version(_text(self._file(place.file), place.file), place)
        try:
            version = parse_version(stated, place.form)
        except InputError as error:
            raise InputError(f"{place.file}: {error.message}", hint=error.hint) from error
        same = version.base == self.subject.version.base
        if version != self.subject.version and not (same and place.form is VersionForm.BASE):  # (4)
            expected = self.subject.version.form(place.form)
            raise InputError(
                f"{place.file}: expected version {expected!r} (tag {self.subject.tag}), "
                f"got {stated!r}",
                hint="set the version, commit, and tag that commit",
            )

    def _package(self, package: Package) -> None:
        path = "pyproject.toml" if package.path == "." else f"{package.path}/pyproject.toml"
        try:
            manifest = tomllib.loads(_text(self._file(path), path))
        except ValueError as error:
            raise InputError(f"{path}: {error}") from error
        project = manifest.get("project")
        name = project.get("name") if isinstance(project, dict) else None
        if not isinstance(name, str):
            raise InputError(f"{path}: no project.name", hint="a package states its own name")
        if canonicalize_name(name) != canonicalize_name(package.publish_as):
            raise InputError(
                f"{path}: project.name: expected {package.publish_as!r}, got {name!r}",
                hint="name the package in [[package]] publish_as as it names itself",
            )

    def _changelog(self) -> str:
        changelog, version = self.context.project.changelog, self.subject.version
        if changelog.style is ChangelogStyle.NONE:
            return ""
        text = _text(self._file(changelog.file), changelog.file)
        return find_section(text, {version.pep440, version.semver or version.pep440}).digest  # (5)

    def _locks(self) -> None:
        paths = [
            entry.path for entry in self.subject.repository.tree(self.subject.commit.object_id)
        ]
        for path in lock_paths(self.context.project, paths):  # (6)
            self._ask(partial(self._lock, path))

    def _lock(self, path: str) -> None:
        parse_lock(_text(self._file(path), path), path)

    def _pipeline(self) -> None:
        self._file(self.context.project.forge.pipeline)

    def _claims(self) -> None:
        project, subject = self.context.project, self.subject
        unsupported = unsupported_publisher(project)
        if unsupported:
            raise InputError(unsupported)
        found = claim_differences(
            project.forge, subject.tag, subject.commit.object_id, dict(os.environ)
        )
        if found:  # (7)
            self.problems += [str(difference) for difference in found[1:]]
            raise InputError(
                str(found[0]),
                hint="correct [forge], [ci] file or the CI's settings; the index compares these",
            )

    def _file(self, path: str) -> bytes:
        content = self.subject.repository.read(self.subject.commit.object_id, path)
        if content is None:
            raise InputError(
                f"{path}: not a file of the tagged commit", hint=f"commit {path}, then tag"
            )
        return content


def _text(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8", hint="save the file as UTF-8") from error


def _inside(folder: Path, root: Path) -> str:
    """A folder's path from the project's root; "" when it lies outside or is the root."""
    folder, root = folder.resolve(), root.resolve()
    return folder.relative_to(root).as_posix() if root in folder.parents else ""


def _plan(context: Context, subject: _Subject, changelog: str) -> Plan:
    project = context.project
    return Plan(
        project=project.name,
        tag=subject.tag,
        tag_object=subject.tag_object,
        commit=subject.commit.object_id,
        tree=subject.commit.tree,
        epoch=subject.commit.epoch,
        releases=tuple(
            PlannedRelease(package.publish_as, package.path, subject.version.pep440)
            for package in project.packages
        ),
        channels=tuple(channel.name for channel in project.channels),
        configuration=project.digest,
        changelog=changelog,
        sandbox=context.sandbox is not None,
    )


def _report(context: Context, subject: _Subject, plan: Plan) -> StageReport:
    project = context.project
    publishers = tuple(
        (
            f"publisher for {channel.name}",
            str(expected_publisher(project.forge, channel.environment, plan.tag)),
        )
        for channel in project.channels
    )
    identity = expected_publisher(project.forge, project.environment, plan.tag).identity
    kind = "annotated" if plan.tag_object != plan.commit else "lightweight"
    return StageReport(
        f"{project.name} {subject.version.pep440} from {plan.tag}, commit {plan.commit[:12]}",
        (
            ("tag", f"{plan.tag} ({kind}, object {plan.tag_object})"),
            ("commit", plan.commit),
            *((release.name, release.version) for release in plan.releases),
            *publishers,
            ("signing identity", identity),
        ),
    )


def _stopped(message: str, hint: str) -> LaneError:
    public = "nothing is public, nothing happened"
    return LaneError(LaneExit.PREFLIGHT, message, public=public, hint=hint)
