"""Exceptions of a project: each has a reason, an end, and something that needs it."""

from __future__ import annotations

from datetime import date, timedelta

from sealane.core.release.project import AuditException, Project

_LONGEST = timedelta(days=366)


def exception_problems(project: Project, today: date) -> tuple[str, ...]:
    """What is wrong with a project's `[[exception]]` entries on a day.

    This version can set aside one rule, `no-environment`; entries for others are unneeded, and an
    unneeded exception stops a release as an expired one does.
    """
    problems = []
    needed = set() if project.environment else {"no-environment"}
    for entry in project.exceptions:
        place = f"[[exception]] {entry.rule} for {entry.scope}"
        if entry.rule not in needed:
            problems.append(f"{place}: nothing needs it; remove it")
        problems += _date_problems(place, entry.expires, today)
    unmet = needed - {entry.rule for entry in project.exceptions}
    if unmet:
        problems.append(
            "approvals.environment: expected a protected CI environment, got ''; without one an "
            "[[exception]] with rule 'no-environment' is needed"
        )
    return tuple(problems)


def audit_exception_problems(
    exceptions: tuple[AuditException, ...], used: frozenset[AuditException], today: date
) -> tuple[str, ...]:
    """What is wrong with the `[audit]` exceptions after an audit."""
    problems: list[str] = []
    for entry in exceptions:
        place = f"[audit] exception {entry.id} of {entry.package}"
        problems += _date_problems(place, entry.expires, today)
        if entry not in used:
            problems.append(f"{place}: nothing needs it any more; remove it")
    return tuple(problems)


def _date_problems(place: str, expires: date, today: date) -> list[str]:
    if expires < today:
        return [f"{place}: expired on {expires}"]
    if expires - today > _LONGEST:
        return [f"{place}: expires {expires}: at most {_LONGEST.days} days ahead are allowed"]
    return []
