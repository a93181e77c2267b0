"""Audit: no locked dependency has a known vulnerability, and the service really looked.

1. Each lock parses: pinned, hashed, nothing else.
2. Every locked release that applies here is answered for, none is skipped.
3. In the same run a release known to be vulnerable is flagged.
4. An advisory stops the release, unless an exception with a reason and an end names it.
5. Exceptions that expired, or that nothing needed, stop the release too.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import ClassVar

from packaging.markers import default_environment

from sealane.core.model.values import dataclass
from sealane.core.release.audit import Judgement, judge, parse_report
from sealane.core.release.exceptions import audit_exception_problems
from sealane.core.release.locks import LockedRelease, parse_lock
from sealane.core.release.project import AuditException
from sealane.errors import LaneError, LaneExit, SealaneError, UsageError
from sealane.io.adapters import clock
from sealane.io.adapters.files import write_atomically
from sealane.io.adapters.git import Repository
from sealane.io.clients.vulnerabilities import CANARY, ask
from sealane.lane.locks import lock_paths
from sealane.lane.pinned import load_plan
from sealane.lane.plan import Plan
from sealane.lane.stages.interface import Context, StageReport

AUDIT_SCHEMA = "sealane.audit/1"


@dataclass(frozen=True, slots=True)
class Audit:
    """Asks for advisories on every lock of the tagged commit."""

    name: ClassVar[str] = "audit"
    title: ClassVar[str] = "Known vulnerabilities of locked dependencies"

    def run(self, context: Context) -> StageReport:
        """Audit all locks and write `audit.json`.

        Raises:
            LaneError: 11: a lock is missing, something is vulnerable, or nothing can be said.
        """
        try:
            plan = load_plan(context.work.plan)
            locks = _locks(context, plan)
            results = [_audit(context, name, content) for name, content in locks]
        except (LaneError, UsageError):
            raise
        except SealaneError as error:
            raise _stopped(error.message, error.hint) from error
        used = frozenset[AuditException]().union(*(judgement.used for _, judgement in results))
        today = clock.now().date()
        problems = [f"{name}: {text}" for name, found in results for text in found.problems]
        problems += audit_exception_problems(context.project.audit.exceptions, used, today)
        if problems:
            listed = "".join(f"\n  {problem}" for problem in problems)
            hint = "lock a fixed release, or add an [audit] exception with a reason and an end"
            raise _stopped(f"audit: {len(problems)} problems{listed}", hint)
        write_atomically(context.work.audit, _document(context, plan, locks, used))
        return StageReport(
            f"{len(locks)} locks, no known vulnerability",
            (*((name, "no known vulnerability") for name, _ in locks), *_shown(used)),
        )


STAGE = Audit()


def _locks(context: Context, plan: Plan) -> list[tuple[str, bytes]]:
    """(path, content) of each lock, as it stands in the tagged commit."""
    repository = Repository(context.directory)
    paths = [entry.path for entry in repository.tree(plan.commit)]
    found = []
    for path in lock_paths(context.project, paths):
        content = repository.read(plan.commit, path)
        if content is None:
            raise _stopped(f"lock {path!r}: not a file of the tagged commit", "commit it")
        found.append((path, content))
    return found


def _audit(context: Context, name: str, content: bytes) -> tuple[str, Judgement]:
    text = content.decode("utf-8", errors="replace")
    locked = parse_lock(text, name)  # (1)
    environment = {key: str(value) for key, value in default_environment().items()}
    here: list[LockedRelease] = [release for release in locked if release.applies(environment)]
    pins_canary = any(
        release.name == CANARY[0] and release.version != CANARY[1] for release in here
    )
    context.say(f"audit: asking about {len(here)} releases of {name}")
    report = ask(content, pins_canary, os.environ)
    answers = [answer for document in report.documents for answer in parse_report(document)]
    return name, judge(here, answers, context.project.audit.exceptions, CANARY)  # (2) to (4)


def _document(
    context: Context,
    plan: Plan,
    locks: list[tuple[str, bytes]],
    used: frozenset[AuditException],
) -> bytes:
    document = {
        "schema": AUDIT_SCHEMA,
        "commit": plan.commit,
        "sandbox": plan.sandbox,
        "at": clock.now().isoformat(timespec="seconds"),
        "canary": f"{CANARY[0]}=={CANARY[1]}",
        "locks": [
            {"path": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in locks
        ],
        "exceptions": [
            {"id": entry.id, "package": entry.package, "reason": entry.reason}
            for entry in context.project.audit.exceptions
            if entry in used
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def _shown(used: frozenset[AuditException]) -> tuple[tuple[str, str], ...]:
    ordered = sorted(used, key=lambda entry: (entry.package, entry.id))
    return tuple(
        (f"exception {e.id}", f"{e.package}: {e.reason} (until {e.expires})") for e in ordered
    )


def _stopped(message: str, hint: str) -> LaneError:
    return LaneError(LaneExit.AUDIT, message, hint=hint)
