"""In which order a release becomes public: first the code, then the files, then the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sealane.core.embargo.case import LiftChannel
from sealane.errors import InputError

CODE = "git"
WORDS = ("ghsa", "cve", "csaf", "osv")
LAST = "announce"
KINDS = (CODE, "pypi", "npm", "oci", "helm", "release", *WORDS, LAST)


def check_lift_order(
    channels: Sequence[LiftChannel], order: Sequence[Sequence[str]], place: str
) -> None:
    """The order names every channel once, and nobody reads of a hole before there is a fix.

    1. Each group has a channel; each channel is in one group, once. 2. The first group is all of
    git, and nothing else: its push starts the rebuild. 3. Announcements are the last group, alone.
    4. Advisories come after every artifact channel that they wait for.

    Args:
        channels: All channels; their ids are unique.
        order: Their ids, in groups; those of a group at once.
        place: What the order is called in errors.

    Raises:
        InputError: One of these does not hold.
    """
    kinds = {one.id: one.kind for one in channels}
    _check_once(kinds, order, place)  # 1
    at = {name: number for number, group in enumerate(order) for name in group}
    for name, kind in kinds.items():
        if (kind == CODE) != (at[name] == 0):  # 2
            raise InputError(
                f"{place}: expected all git channels, and no other, in the first group, "
                f"got {name!r} of kind {kind} in group {at[name] + 1}",
                hint="put the git channels into a group of their own, before all others",
            )
    last = len(order) - 1
    announced = LAST in kinds.values()
    for name, kind in kinds.items():
        if announced and (kind == LAST) != (at[name] == last):  # 3
            raise InputError(
                f"{place}: expected announcements in the last group, alone, "
                f"got {name!r} of kind {kind} in group {at[name] + 1} of {last + 1}",
                hint="put the announcements into a group of their own, after all others",
            )
    _check_words_wait(channels, at, place)  # 4


def _check_once(kinds: dict[str, str], order: Sequence[Sequence[str]], place: str) -> None:
    named = Counter(name for group in order for name in group)
    for name in (*named, *kinds):
        if name not in kinds:
            raise InputError(f"{place}: {name[:60]!r} is no channel", hint="add it to channels")
        if named[name] != 1:
            raise InputError(
                f"{place}: expected {name!r} once, got it {named[name]} times",
                hint="put each channel into exactly one group",
            )
    if not all(order):
        raise InputError(f"{place}: a group without a channel", hint="remove the empty group")


def _check_words_wait(channels: Sequence[LiftChannel], at: dict[str, int], place: str) -> None:
    # Who comes after the last of them comes after each.
    awaited = [one for one in channels if one.required and one.kind not in {*WORDS, LAST}]
    slowest = max(awaited, key=lambda one: at[one.id], default=None)
    for one in channels:
        if slowest is not None and one.kind in WORDS and at[one.id] <= at[slowest.id]:
            raise InputError(
                f"{place}: expected {one.id!r} of kind {one.kind} after {slowest.id!r}, "
                f"got group {at[one.id] + 1} and group {at[slowest.id] + 1}",
                hint=f"move {one.id!r} to a later group, or make {slowest.id!r} not required",
            )
