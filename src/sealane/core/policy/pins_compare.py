"""Whether somebody who signed is a signer that is pinned; every difference is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sealane.core.model.values import dataclass
from sealane.core.policy.pins import Signer
from sealane.core.policy.refs import matches_template

NOTHING = "nothing"
ISSUER, PROJECT, MOVED = "SL-PIN-003", "SL-PIN-004", "SL-PIN-005"
PROJECT_ID, OWNER, PIPELINE, WORKFLOW = "SL-PIN-006", "SL-PIN-007", "SL-PIN-008", "SL-PIN-009"
REF, ENVIRONMENT, RUNNER = "SL-PIN-010", "SL-PIN-011", "SL-PIN-012"
SUBJECT, GAINED, REPLACED = "SL-PIN-013", "SL-PIN-014", "SL-PIN-018"
LOST, LOG_LOST = "SL-PIN-015", "SL-PIN-016"
# What may be exempted: never who signs, for then anybody could be meant.
EXEMPTIBLE = (PIPELINE, WORKFLOW, REF, ENVIRONMENT, RUNNER, LOST, LOG_LOST)
# The differences that do not speak against anybody.
_HARMLESS = frozenset({MOVED, GAINED})
# How far somebody is off: a renamed file of the right project is nearer than another project.
_GRAVITY = {ISSUER: 4, PROJECT: 3, SUBJECT: 3, PROJECT_ID: 2, OWNER: 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about a signer that is not as it was pinned.

    Attributes:
        code: The finding that explains it.
        name: What changed, e.g. "owner id".
        pinned: As it was pinned.
        actual: As it is.
    """

    code: str
    name: str
    pinned: str
    actual: str

    @property
    def harmless(self) -> bool:
        """Whether it still is the same signer, of whom there is something new to know."""
        return self.code in _HARMLESS


def changes(
    pinned: Signer, seen: Signer, version: str | None, signed_at: datetime | None
) -> tuple[Change, ...]:
    """Everything in which somebody is not as a signer was pinned.

    1. The login service: of another one no claim means the same.
    2. The project, which its immutable id names, whatever it is called.
    3. Its owner, the files that ran, and where.
    4. The ref, for this version.
    5. The signer has not been replaced by then.

    Args:
        pinned: Who is pinned.
        seen: Who signed, with the ref of the certificate.
        version: PEP 440 version of the artifact; None where its name tells none.
        signed_at: The proven time, aware, UTC; None where nothing proves one.
    """
    if pinned.issuer != seen.issuer:  # 1
        return (Change(ISSUER, "issuer", pinned.issuer, seen.issuer),)
    project = tuple(_project(pinned, seen))  # 2
    if any(one.code == PROJECT for one in project):
        # Of another project's pipeline and ref nothing is worth saying.
        return project
    rest = (*_fixed(pinned, seen), *_open(pinned, seen), *_ref(pinned, seen, version))  # 3, 4
    return (*project, *rest, *_time(pinned, signed_at))  # 5


def distance(found: tuple[Change, ...]) -> tuple[int, int]:
    """How far somebody is off a pinned signer: 0 for the signer itself."""
    grave = [_GRAVITY.get(one.code, 1) for one in found if not one.harmless]
    return max(grave, default=0), len(grave)


def _project(pinned: Signer, seen: Signer) -> Iterator[Change]:
    if pinned.project == seen.project:
        yield from _asked(PROJECT_ID, "project id", pinned.project_id, seen.project_id)
    elif not pinned.project:
        yield Change(GAINED, "project", NOTHING, seen.project)
        yield from _asked(PROJECT_ID, "project id", pinned.project_id, seen.project_id)
    elif pinned.project_id and pinned.project_id == seen.project_id:
        yield Change(MOVED, "project", pinned.project, seen.project or NOTHING)
    else:
        yield Change(PROJECT, "project", pinned.project, seen.project or NOTHING)


def _fixed(pinned: Signer, seen: Signer) -> Iterator[Change]:
    """What has to stay, also where there was nothing."""
    fields = (
        (SUBJECT, "subject", pinned.subject, seen.subject),
        (PIPELINE, "pipeline file", pinned.config, seen.config),
        (WORKFLOW, "reusable workflow", pinned.workflow, seen.workflow),
    )
    for code, name, before, now in fields:
        if before != now:
            yield Change(code, name, before or NOTHING, now or NOTHING)


def _open(pinned: Signer, seen: Signer) -> Iterator[Change]:
    """What has to stay once it is there."""
    yield from _asked(OWNER, "owner id", pinned.owner_id, seen.owner_id)
    yield from _asked(ENVIRONMENT, "environment", pinned.environment, seen.environment)
    yield from _asked(RUNNER, "runner environment", pinned.runner, seen.runner)


def _asked(code: str, name: str, pinned: str, seen: str) -> Iterator[Change]:
    if pinned == seen:
        return
    if pinned:
        yield Change(code, name, pinned, seen or NOTHING)
    else:
        yield Change(GAINED, name, NOTHING, seen)


def _ref(pinned: Signer, seen: Signer, version: str | None) -> Iterator[Change]:
    actual = " or ".join(seen.refs) or NOTHING
    if not pinned.refs:
        if seen.refs:
            yield Change(GAINED, "ref", NOTHING, actual)
        return
    if not any(matches_template(ref, one, version) for ref in seen.refs for one in pinned.refs):
        for_version = f" for version {version}" if version else ""
        yield Change(REF, "ref", " or ".join(pinned.refs) + for_version, actual)


def _time(pinned: Signer, signed_at: datetime | None) -> Iterator[Change]:
    # Whoever replaced a signer must not be outvoted by it: without a proven time it may be today.
    if pinned.until is not None and (signed_at is None or pinned.until < signed_at):
        actual = signed_at.isoformat() if signed_at else "no proven time"
        yield Change(REPLACED, "signed", f"until {pinned.until.isoformat()}", actual)
