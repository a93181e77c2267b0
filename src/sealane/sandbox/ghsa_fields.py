"""What a forge accepts as a repository's security advisory.

Spec: GitHub REST API, "Create a repository security advisory", "Update a repository security
advisory".
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sealane.errors import InputError

Document: TypeAlias = Mapping[str, Any]

_SEVERITIES = ("critical", "high", "medium", "low")
_ECOSYSTEMS = (
    "rubygems", "npm", "pip", "maven", "nuget", "composer", "go", "rust", "erlang", "actions",
    "pub", "other", "swift",
)  # fmt: skip
_CREDITS = (
    "analyst", "finder", "reporter", "coordinator", "remediation_developer",
    "remediation_reviewer", "remediation_verifier", "tool", "sponsor", "other",
)  # fmt: skip
_STATES = ("draft", "published", "closed")
_VERSION = r"[^\s,<>=]{1,100}"
# One bound, or a lower and an upper one.
_RANGE = re.compile(rf"(=|<=?|>=?) {_VERSION}|>=? {_VERSION}, <=? {_VERSION}")
_MOST = {"summary": 1024, "description": 65535}
_VULNERABILITY = {"package", "vulnerable_version_range", "patched_versions", "vulnerable_functions"}


def field_faults(asked: Document, *, new: bool) -> list[dict[str, str]]:
    """Everything that is wrong with an advisory that was sent; empty for a good one.

    Args:
        asked: As it was sent.
        new: It begins an advisory: what every one needs must be there, and no state.
    """
    faults: list[dict[str, str]] = []
    for name, value in asked.items():
        check = _CHECKS.get(name) if name != "state" or not new else None
        if check is None:
            faults.append(_fault(name, "unknown", "not a field of an advisory"))
        elif reason := check(value):
            faults.append(_fault(name, "invalid", reason))
    if new:
        wanted = ("summary", "description", "vulnerabilities")
        faults += [
            _fault(name, "missing_field", "is required") for name in wanted if name not in asked
        ]
    if asked.get("severity") and asked.get("cvss_vector_string"):
        faults.append(_fault("severity", "invalid", "severity or cvss_vector_string, not both"))
    return faults


def rated(vector: str) -> tuple[float, str]:
    """Score and severity of a CVSS vector.

    Raises:
        InputError: It is none; or the library that knows is missing.
    """
    if importlib.util.find_spec("cvss") is None:
        raise InputError("ghsa: 'cvss' is not installed", hint="install sealane[advisory]")
    from cvss import CVSS3, CVSS4, CVSSError  # type: ignore[import-untyped]  # has no stubs

    kind = CVSS4 if vector.startswith("CVSS:4.") else CVSS3
    try:
        found = kind(vector)
    except CVSSError as error:
        raise InputError(f"ghsa: {vector[:80]!r} is not a CVSS vector: {error}") from error
    scores = found.scores() if isinstance(found, CVSS3) else (found.base_score,)
    severities = found.severities() if isinstance(found, CVSS3) else (found.severity,)
    return float(scores[0]), str(severities[0]).lower()


def unready(advisory: Document) -> list[dict[str, str]]:
    """What an advisory lacks to be published."""
    rated_at_all = advisory["severity"] or advisory["cvss_vector_string"]
    faults = [] if rated_at_all else [_fault("severity", "missing_field", "is not rated")]
    if not advisory["vulnerabilities"]:
        faults.append(_fault("vulnerabilities", "missing_field", "names no package"))
    return faults


def _fault(field: str, code: str, message: str) -> dict[str, str]:
    return {"resource": "RepositoryAdvisory", "field": field, "code": code, "message": message}


def _text(name: str) -> Callable[[object], str]:
    most = _MOST[name]

    def check(value: object) -> str:
        held = isinstance(value, str) and 0 < len(value) <= most
        return "" if held else f"expected a text of 1 to {most} characters"

    return check


def _one_of(values: Sequence[str], *, optional: bool = True) -> Callable[[object], str]:
    def check(value: object) -> str:
        held = value in values or (optional and value is None)
        return "" if held else f"expected one of {', '.join(values)}"

    return check


def _matching(pattern: str, what: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        held = value is None or (isinstance(value, str) and re.fullmatch(pattern, value))
        return "" if held else f"expected {what}"

    return check


def _vector(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not value.startswith(("CVSS:3.", "CVSS:4.")):
        return "expected a CVSS vector, version 3 or 4"
    try:
        rated(value)
    except InputError as error:
        if error.hint:
            raise
        return error.message
    return ""


def _each(check: Callable[[object], str]) -> Callable[[object], str]:
    """A list whose every element passes a check."""

    def check_all(value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, list):
            return "expected a list"
        return next((reason for reason in map(check, value) if reason), "")

    return check_all


def _vulnerability(value: object) -> str:
    if not isinstance(value, dict) or not value.keys() <= _VULNERABILITY:
        return f"expected objects with {', '.join(sorted(_VULNERABILITY))}"
    package = value.get("package")
    if not isinstance(package, dict) or package.get("ecosystem") not in _ECOSYSTEMS:
        return f"expected package.ecosystem as one of {', '.join(_ECOSYSTEMS)}"
    if not isinstance(package.get("name"), str | None):
        return "expected package.name as a text"
    span, patched = value.get("vulnerable_version_range"), value.get("patched_versions")
    if span is not None and not (isinstance(span, str) and _RANGE.fullmatch(span)):
        return f"vulnerable_version_range: {str(span)[:60]!r} is not like '>= 1.0, < 1.2'"
    if not isinstance(patched, str | None):
        return "expected patched_versions as a text"
    functions = value.get("vulnerable_functions")
    held = functions is None or (
        isinstance(functions, list) and all(isinstance(one, str) for one in functions)
    )
    return "" if held else "expected vulnerable_functions as a list of texts"


def _credit(value: object) -> str:
    held = (
        isinstance(value, dict)
        and value.keys() == {"login", "type"}
        and isinstance(value["login"], str)
        and value["type"] in _CREDITS
    )
    return "" if held else f"expected login, and type as one of {', '.join(_CREDITS)}"


def _boolean(value: object) -> str:
    return "" if isinstance(value, bool) else "expected true or false"


_CHECKS: Mapping[str, Callable[[object], str]] = {
    "summary": _text("summary"),
    "description": _text("description"),
    "cve_id": _matching(r"CVE-[0-9]{4}-[0-9]{4,19}", "a CVE identifier"),
    "vulnerabilities": _each(_vulnerability),
    "cwe_ids": _each(_matching(r"CWE-[0-9]{1,5}", "CWE identifiers")),
    "credits": _each(_credit),
    "severity": _one_of(_SEVERITIES),
    "cvss_vector_string": _vector,
    "start_private_fork": _boolean,
    "state": _one_of(_STATES, optional=False),
    "collaborating_users": _each(_matching(r"\S+", "logins")),
    "collaborating_teams": _each(_matching(r"\S+", "slugs")),
}
