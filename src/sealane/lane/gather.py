"""Collects what was made before attest, and believes none of it before it is compared."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from sealane import __version__
from sealane.core.attestation.predicates.release_manifest import ManifestArtifact, ManifestInput
from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.release.changelog import find_section
from sealane.core.release.project import CONFIGURATION_FILE, ChangelogStyle, Project
from sealane.core.release.record import BuildRecord, parse_record
from sealane.core.release.tag import parse_pattern
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level
from sealane.lane.assemble import Made
from sealane.lane.folder import check_folder, digest_of, measured, read_result
from sealane.lane.locks import lock_paths
from sealane.lane.pinned import load_pinned_plan
from sealane.lane.plan import Plan
from sealane.lane.work import Context

_TOOLS = ("build", "sigstore", "twine")


def gather(context: Context, claims: Mapping[str, object]) -> Made:
    """Everything that goes into the statements, compared with each other and with git.

    Args:
        context: The stage's.
        claims: What the identity token says of this job.

    Raises:
        InputError: Something is missing, or two things that must be equal are not.
    """
    work = context.work
    plan = _pinned_plan(context)
    first, second = (_record(context, plan, letter) for letter in ("a", "b"))
    if first.files != second.files:
        raise InputError(
            "the records of build a and build b name different files",
            hint="run both builds and compare again, from the plan on",
        )
    artifacts = measured(work.dist)
    _check_artifacts(artifacts, first, _compared(work.comparison, plan))
    return Made(
        plan=plan,
        project=context.project,
        records=(first, second),
        artifacts=artifacts,
        locks=_locks(context, plan, first),
        inputs=tuple(
            digest_of(path, str(path.relative_to(work.root)))
            for path in (
                work.plan,
                work.audit,
                work.build("a") / "record.json",
                work.build("b") / "record.json",
                work.comparison,
            )
        ),
        tools=_tools(),
        claims=claims,
    )


def _pinned_plan(context: Context) -> Plan:
    """The plan, if the tag, its commit and the configuration are still what it says."""
    repository = Repository(context.directory)
    plan = load_pinned_plan(
        context.work.plan,
        repository,
        project=context.project,
        tag=context.tag,
        sandbox=context.sandbox is not None,
    )
    commit = repository.commit(plan.commit)
    committed = repository.read(plan.commit, CONFIGURATION_FILE)
    pinned = {
        "tree": (commit.tree, plan.tree),
        "commit time": (str(commit.epoch), str(plan.epoch)),
        f"{CONFIGURATION_FILE} of the commit": (_sha256(committed), plan.configuration),
        "changelog": (_changelog(context.project, repository, plan), plan.changelog),
    }
    for what, (actual, expected) in pinned.items():
        if actual != expected:
            raise InputError(
                f"{what}: expected {expected} as in the plan, got {actual}",
                hint="the plan is of something else; start at preflight",
            )
    return plan


def _changelog(project: Project, repository: Repository, plan: Plan) -> str:
    """Digest of the version's section in the commit; "" where the project keeps no changelog."""
    if project.changelog.style is ChangelogStyle.NONE:
        return ""
    content = repository.read(plan.commit, project.changelog.file) or b""
    version = parse_pattern(project.tags[0]).parse(plan.tag)
    names = {version.pep440, version.semver or version.pep440}
    return find_section(content.decode("utf-8", errors="replace"), names).digest


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content).hexdigest() if content is not None else "nothing"


def _record(context: Context, plan: Plan, letter: str) -> BuildRecord:
    """One build's record, its files compared with it."""
    folder = context.work.build(letter)
    content = read_result(
        folder / "record.json", what=f"record of build {letter}", stage=f"build --copy {letter}"
    )
    record = parse_record(content)
    if (record.letter, record.commit, record.epoch) != (letter, plan.commit, plan.epoch):
        raise InputError(f"build {letter}: its record is of another build than the plan's")
    if record.isolation != Level.NAMESPACES and not plan.sandbox:
        raise InputError(
            f"build {letter}: expected isolation {Level.NAMESPACES}, got {record.isolation!r}",
            hint="only a rehearsal may do without isolation",
        )
    check_folder(folder / "dist", {one.name: one.sha256 for one in record.files})
    return record


def _check_artifacts(
    artifacts: tuple[ManifestArtifact, ...], record: BuildRecord, compared: Mapping[str, str]
) -> None:
    frozen = {one.name: (one.size, one.sha256) for one in artifacts}
    built = {one.name: (one.size, one.sha256) for one in record.files}
    if frozen != built:
        wrong = sorted(
            name for name in frozen.keys() | built.keys() if frozen.get(name) != built.get(name)
        )
        raise InputError(
            f"dist: {', '.join(wrong)}: not what both builds made",
            hint="the files changed after they were compared; find out where",
        )
    if dict(compared) != {name: sha256 for name, (_, sha256) in frozen.items()}:
        raise InputError("compare.json speaks of other files than those in dist")


def _compared(path: Path, plan: Plan) -> dict[str, str]:
    """SHA-256 of each file that was compared and found equal."""
    document = parse_object(read_result(path, what="comparison", stage="compare"), "compare.json")
    if document.get("verdict") != "identical" or document.get("differences") != []:
        raise InputError("compare.json: the builds differ; nothing of them is signed")
    if document.get("commit") != plan.commit:
        raise InputError(f"compare.json: expected commit {plan.commit}")
    files = as_list(document.get("files"), "compare.json: files")
    found = [as_object(one, "compare.json: files") for one in files]
    return {
        as_text(one.get("name"), "compare.json"): as_text(one.get("sha256"), "compare.json")
        for one in found
    }


def _locks(context: Context, plan: Plan, record: BuildRecord) -> tuple[ManifestInput, ...]:
    """The locks that were audited: all of the commit's, the builds' among them."""
    audit, repository = context.work.audit, Repository(context.directory)
    try:
        listed = json.loads(read_bounded(audit, what="audit"))["locks"]
        locks = {str(one["path"]): str(one["sha256"]) for one in listed}
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"{audit}: it lists no locks") from error
    if locks.get(record.lock) != record.lock_sha256:
        raise InputError(
            f"audit.json: {record.lock}: expected sha256 {record.lock_sha256} as the builds used",
            hint="audit again, from the same commit",
        )
    paths = [entry.path for entry in repository.tree(plan.commit)]
    wanted = {
        path: _sha256(repository.read(plan.commit, path))
        for path in lock_paths(context.project, paths)
    }
    if locks != wanted:
        wrong = sorted(p for p in locks.keys() | wanted.keys() if locks.get(p) != wanted.get(p))
        raise InputError(
            f"audit.json: {', '.join(wrong)}: what was audited is not what the commit holds",
            hint="audit again, from the same commit",
        )
    return tuple(ManifestInput(name, sha256) for name, sha256 in sorted(locks.items()))


def _tools() -> tuple[tuple[str, str], ...]:
    found = {name: metadata.version(name) for name in _TOOLS}
    return tuple(
        sorted((found | {"sealane": __version__, "python": platform.python_version()}).items())
    )
