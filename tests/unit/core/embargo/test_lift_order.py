"""First the code, then the files, then the words, and the announcement at the very end."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.case import LiftChannel, Undo
from sealane.core.embargo.lift_order import KINDS, WORDS, check_lift_order
from sealane.errors import InputError
from support.embargo_manifests import CHANNELS, ORDER

Groups = Sequence[Sequence[str]]


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        (("forge",), ("index", "images"), ("advisory", "database"), ("list",)),
        (("forge",), ("index",), ("advisory", "database"), ("images",), ("list",)),
    ],
    ids=["one-by-one", "at-once", "what-is-not-required-may-be-late"],
)
def test_an_order_that_tells_nobody_too_early_is_right(order: Groups) -> None:
    check_lift_order(CHANNELS, order, "order")


def test_a_case_that_just_began_has_no_order() -> None:
    check_lift_order((), (), "order")


def test_an_order_needs_no_announcement() -> None:
    check_lift_order(CHANNELS[:-1], ORDER[:-1], "order")


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ((), "expected 'forge' once, got it 0 times"),
        (ORDER[:3] + ORDER[4:], "expected 'database' once, got it 0 times"),
        ((*ORDER, ("index",)), "expected 'index' once, got it 2 times"),
        ((("forge", "forge"), *ORDER[1:]), "expected 'forge' once, got it 2 times"),
        ((*ORDER[:1], ("pypi",), *ORDER[1:]), "'pypi' is no channel"),
        ((*ORDER[:2], (), *ORDER[2:]), "a group without a channel"),
        ((ORDER[1], ORDER[0], *ORDER[2:]), "all git channels, and no other, in the first group"),
        ((("forge", "index"), *ORDER[2:]), "no other, in the first group, got 'index'"),
        ((*ORDER[:3], ORDER[4], ORDER[3]), "announcements in the last group, alone"),
        ((*ORDER[:3], ("database", "list")), "alone, got 'database' of kind osv in group 4 of 4"),
        ((("forge",), ("advisory",), ("index",), ("images", "database"), ("list",)),
         "expected 'advisory' of kind ghsa after 'index', got group 2 and group 3"),
        ((("forge",), ("images",), ("index", "advisory"), ("database",), ("list",)),
         "expected 'advisory' of kind ghsa after 'index', got group 3 and group 3"),
    ],
)  # fmt: skip
def test_an_order_that_breaks_a_rule_is_refused(order: Groups, why: str) -> None:
    with pytest.raises(InputError, match=f"order: .*{why}") as caught:
        check_lift_order(CHANNELS, order, "order")
    assert caught.value.hint


def test_a_group_without_a_channel_is_refused_where_there_is_no_channel_at_all() -> None:
    with pytest.raises(InputError, match="a group without a channel"):
        check_lift_order((), ((),), "order")


def test_a_lift_without_git_is_refused() -> None:
    with pytest.raises(InputError, match="in the first group, got 'index' of kind pypi"):
        check_lift_order(CHANNELS[1:], ORDER[1:], "order")


def test_a_second_git_channel_is_in_the_first_group_too() -> None:
    channels = (*CHANNELS, LiftChannel("mirror", "git", Undo.NO))
    check_lift_order(channels, (("forge", "mirror"), *ORDER[1:]), "order")
    with pytest.raises(InputError, match="got 'mirror' of kind git in group 2"):
        check_lift_order(channels, (*ORDER[:1], ("mirror",), *ORDER[1:]), "order")


@pytest.mark.parametrize("kind", WORDS)
def test_no_advisory_comes_before_a_fix_that_is_required(kind: str) -> None:
    channels = (*CHANNELS[:2], LiftChannel("words", kind, Undo.NO))
    check_lift_order(channels, (("forge",), ("index",), ("words",)), "order")
    for early in ((("forge",), ("words",), ("index",)), (("forge",), ("words", "index"))):
        with pytest.raises(InputError, match=f"expected 'words' of kind {kind} after 'index'"):
            check_lift_order(channels, early, "order")


@settings(max_examples=60)
@given(st.data())
def test_in_every_order_that_is_right_each_word_waits_for_each_required_file(
    data: st.DataObject,
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(KINDS), max_size=6))
    channels = [
        LiftChannel(f"c{n}", k, Undo.NO, data.draw(st.booleans())) for n, k in enumerate(kinds)
    ]
    at = {one.id: data.draw(st.integers(0, 3)) for one in channels}
    order = [[name for name, group in at.items() if group == number] for number in range(4)]
    order = [group for group in order if group]
    try:
        check_lift_order(channels, order, "order")
    except InputError:
        return
    placed = {name: number for number, group in enumerate(order) for name in group}
    for words in channels:
        for other in channels:
            if words.kind in WORDS and other.required and other.kind not in {*WORDS, "announce"}:
                assert placed[other.id] < placed[words.id]
            if words.kind == "announce" and other.kind != "announce":
                assert placed[other.id] < placed[words.id]
