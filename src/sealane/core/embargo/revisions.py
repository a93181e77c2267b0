"""Each revision of a manifest follows the one before, and says what is new in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.described import describe, orders
from sealane.core.embargo.manifest import digest_of
from sealane.core.model.moment import rfc3339
from sealane.errors import EmbargoError

_HINT = "take the case as everybody else has it, and make the revision again from there"


def check_next(before: EmbargoManifest, after: EmbargoManifest) -> None:
    """One revision follows another.

    1. It is of the same case, opened at the same time. 2. Its number is the next. 3. It names the
    one before by its digest. 4. Its role file is no older one, and not another one of the same
    version: approvals would be counted by keys that were taken away.

    Raises:
        EmbargoError: One of these does not hold.
        InputError: The one before cannot be written, so that it has no digest.
    """
    place = f"revision {after.revision} of {after.case}"
    opened = rfc3339(before.schedule.opened)
    for what, expected, actual in (
        ("case", before.case, after.case),  # 1
        ("opened", opened, rfc3339(after.schedule.opened)),
        ("revision", f"{before.revision + 1}", f"{after.revision}"),  # 2
        ("previous", digest_of(before), after.previous),  # 3
    ):
        if expected != actual:
            raise EmbargoError(f"{place}: {what}: expected {expected}, got {actual}", hint=_HINT)
    _check_roles(before, after, place)  # 4


def check_revisions(manifests: Sequence[EmbargoManifest]) -> EmbargoManifest:
    """The newest of all revisions of a case, in their order from the first.

    Raises:
        EmbargoError: There is none, the first is missing, or one does not follow the one before.
        InputError: One of them cannot be written, so that it has no digest.
    """
    first = manifests[0].revision if manifests else 0
    if first != 1:
        raise EmbargoError(
            f"revisions: expected all from revision 1 on, got {first or 'none'} as the first",
            hint="take the missing revisions from the case's repository",
        )
    for before, after in pairwise(manifests):
        check_next(before, after)
    return manifests[-1]


def changed(before: EmbargoManifest, after: EmbargoManifest) -> tuple[str, ...]:
    """What is new in a revision, one line each, for those who have to approve again.

    Two manifests that are not the same, apart from their place in the chain, differ in one line at
    least: whatever is not said would be approved unseen.
    """
    old, new = describe(before), describe(after)
    other = [
        f"{name}: {label}: {old[name][label] or 'none'} -> {text or 'none'}"
        for name, said in new.items()
        if name in old
        for label, text in said.items()
        if old[name][label] != text
    ]
    gone = [f"{name}: removed" for name in old if name not in new]
    added = [_added(name, said) for name, said in new.items() if name not in old]
    return (*other, *gone, *added, *_moved(before, after))


def _added(name: str, said: Mapping[str, str]) -> str:
    return ", ".join(
        [f"{name}: added", *(f"{label} {text}" for label, text in said.items() if text)]
    )


def _moved(before: EmbargoManifest, after: EmbargoManifest) -> list[str]:
    """The lists in which what was there before stands in another order now."""
    old, new = orders(before), orders(after)
    return [
        f"{what}: in another order: {', '.join(names)}"
        for what, names in new.items()
        if _common(old[what], names) != _common(names, old[what])
    ]


def _common(names: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [one for one in names if one in known]


def _check_roles(before: EmbargoManifest, after: EmbargoManifest, place: str) -> None:
    if after.roles_version < before.roles_version:
        raise EmbargoError(
            f"{place}: roles: expected version {before.roles_version} or a later one, "
            f"got {after.roles_version}",
            hint="use the newest role file",
        )
    same = after.roles_version == before.roles_version
    if same != (after.roles_sha256 == before.roles_sha256):
        raise EmbargoError(
            f"{place}: roles: expected another file for another version, and only then, "
            f"got version {before.roles_version} {before.roles_sha256[:16]}… and "
            f"version {after.roles_version} {after.roles_sha256[:16]}…",
            hint="use the newest role file; each change of it has a version of its own",
        )
