"""Reads what an audit of locked dependencies answered, and judges it: a gap is not a pass."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from packaging.utils import canonicalize_name

from sealane.core.model.values import dataclass
from sealane.core.release.locks import LockedRelease
from sealane.core.release.project import AuditException
from sealane.errors import InputError


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory about one locked release."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f", fixed in {', '.join(self.fixed_in)}" if self.fixed_in else ", no fix"
        return f"{self.package} {self.version}: {' '.join(self.ids)}{fixed}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an audit says of one package; `skipped` gives the reason it was not looked at."""

    package: str
    version: str
    advisories: tuple[Advisory, ...]
    skipped: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome for one lock.

    Attributes:
        problems: What stops the release; empty for none.
        used: Exceptions that were needed.
    """

    problems: tuple[str, ...]
    used: frozenset[AuditException]


def parse_report(content: bytes) -> tuple[Answer, ...]:
    """Read pip-audit's JSON strictly.

    Raises:
        InputError: Not JSON, or not of the known shape, so that nothing can be said from it.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the audit's answer is not JSON: {error}") from error
    entries = document.get("dependencies") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputError("the audit's answer has no list of dependencies")
    return tuple(_answer(entry) for entry in entries)


def judge(
    locked: Sequence[LockedRelease],
    answers: Sequence[Answer],
    exceptions: Sequence[AuditException],
    canary: tuple[str, str],
) -> Judgement:
    """Judge what an audit answered on one lock.

    Args:
        locked: The releases that apply on this platform.
        answers: What the audit said.
        exceptions: Advisories that do not stop a release.
        canary: (name, version) known to be vulnerable; audited in the same run.
    """
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        found.setdefault((answer.package, answer.version), []).append(answer)
    skipped = {answer.package: answer.skipped for answer in answers if answer.skipped}
    problems: list[str] = []
    used: set[AuditException] = set()
    if not any(answer.advisories for answer in found.get(canary, ())):
        problems.append(
            f"the service does not know that {canary[0]} {canary[1]} is vulnerable, "
            "so its silence on others says nothing"
        )
    for release in locked:
        if release.name in skipped:
            problems.append(f"{release.name} {release.version}: skipped: {skipped[release.name]}")
        elif (release.name, release.version) not in found:
            problems.append(f"{release.name} {release.version}: no answer")
        for answer in found.get((release.name, release.version), ()):
            for advisory in answer.advisories:
                excused = [entry for entry in exceptions if _excuses(entry, advisory)]
                used.update(excused)
                problems += [] if excused else [str(advisory)]
    return Judgement(tuple(problems), frozenset(used))


def _excuses(entry: AuditException, advisory: Advisory) -> bool:
    return entry.package == advisory.package and entry.id in advisory.ids


def _answer(entry: object) -> Answer:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise InputError("the audit's answer: a dependency without a name")
    name = str(canonicalize_name(entry["name"]))
    if "skip_reason" in entry:
        return Answer(name, "", (), str(entry["skip_reason"])[:200] or "no reason given")
    version, vulnerabilities = entry.get("version"), entry.get("vulns")
    if not isinstance(version, str) or not isinstance(vulnerabilities, list):
        raise InputError(f"the audit's answer: {name}: no version, or no list of advisories")
    advisories = tuple(_advisory(name, version, item) for item in vulnerabilities)
    return Answer(name, version, advisories, "")


def _advisory(name: str, version: str, item: object) -> Advisory:
    if not isinstance(item, dict):
        raise InputError(f"the audit's answer: {name}: an advisory that is not an object")
    ids = [item.get("id"), *_list(item, "aliases")]
    if not all(isinstance(identifier, str) and identifier for identifier in ids):
        raise InputError(f"the audit's answer: {name}: an advisory without an id")
    return Advisory(name, version, tuple(map(str, ids)), tuple(_texts(_list(item, "fix_versions"))))


def _list(item: Mapping[str, object], key: str) -> list[object]:
    value = item.get(key, [])
    if not isinstance(value, list):
        raise InputError(f"the audit's answer: {key}: expected a list")
    return value


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (str(value) for value in values)
