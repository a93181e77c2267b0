"""The cases that a policy is tested by: files beside it, found by its name."""

from __future__ import annotations

import os
from pathlib import Path

from sealane.core.policy.cases import Cases, parse_cases
from sealane.core.policy.schema import Policy
from sealane.errors import EvidenceError, InputError, PolicyError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.policies.load import LIMIT, load_policy

_FOLDER = "tests"


def find_cases(policy: Path) -> tuple[Path, ...]:
    """The files of cases of a policy: `tests/NAME.toml` and `NAME.cases.toml` in its folder.

    Raises:
        EvidenceError: There is none.
    """
    places = (
        policy.parent / _FOLDER / f"{policy.stem}.toml",
        policy.with_name(f"{policy.stem}.cases.toml"),
    )
    found = tuple(place for place in places if os.path.lexists(place))
    if not found:
        raise EvidenceError(
            f"policy {str(policy)!r}: expected cases in {str(places[0])!r} or {str(places[1])!r}, "
            "got neither; no cases prove nothing",
            hint="write them as in docs/guides/test-a-policy.md, or name their file with --cases",
        )
    return found


def load_cases(path: Path) -> tuple[Cases, Policy]:
    """The cases in a file, and the policy that they are about.

    The policy is loaded as `sealane verify` loads it; whether it is current is asked case by case.

    Raises:
        PolicyError: One of the two is missing, unreadable, or no such file.
    """
    try:
        content = read_bounded(path, LIMIT, what="policy cases")
    except InputError as error:
        raise PolicyError(error.message, hint=error.hint) from error
    cases = parse_cases(content, str(path))
    return cases, load_policy(Path(os.path.normpath(path.parent / cases.policy)))


def load_cases_of(policy: Path) -> tuple[tuple[Cases, Policy], ...]:
    """All cases of a policy, with the policy.

    Raises:
        EvidenceError: There are none.
        PolicyError: As `load_cases`; or the file is about another policy.
    """
    return tuple(_about(policy, path) for path in find_cases(policy))


def _about(policy: Path, path: Path) -> tuple[Cases, Policy]:
    cases, found = load_cases(path)
    # A test of another policy would say nothing of the one that was named.
    if os.path.realpath(found.origin) != os.path.realpath(policy):
        raise PolicyError(
            f"cases {str(path)!r}: policy: expected {str(policy)!r}, got {cases.policy!r}",
            hint="write the path of the policy, relative to the file of cases",
        )
    return cases, found
