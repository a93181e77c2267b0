"""The steps of a lift: in their order, once each, and never a word before the files."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from sealane.core.embargo.case import EmbargoManifest, LiftChannel, Undo
from sealane.core.embargo.events import Act, Entry, Event, Kind, Progress
from sealane.core.embargo.lift import (
    Done,
    Step,
    check_act,
    has_leaked,
    is_public,
    next_step,
    plan,
    reached,
)
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import CHANNELS, LIFT, MANIFEST, ORDER, SECOND, acted

Ends = dict[tuple[Act, str], Progress]
CHARTS = (Act.PUBLISH, "charts")


def entry(event: Event, *, revision: int = 1, late: int = 0) -> Entry:
    return Entry(MANIFEST.case, revision, LIFT + late * SECOND, event)


LEAK = entry(Event(Kind.LEAK, text="it is in the news"))


def steps(
    ends: Ends | None = None, entries: Iterable[Entry] = (), manifest: EmbargoManifest = MANIFEST
) -> tuple[list[Step], list[Entry]]:
    """Every step until the same would come again, or nothing; and the journal."""
    found: list[Step] = []
    journal = list(entries)
    while True:
        step = next_step(manifest, journal, LIFT)
        if isinstance(step, Done) or step in found:
            return found, journal
        found.append(step)
        for of in step.channels:
            journal.append(entry(acted(step.act, Progress.STARTED, of)))
            end = (ends or {}).get((step.act, of), Progress.DONE)
            journal.append(entry(acted(step.act, end, of)))


def acts(found: Iterable[Step]) -> list[tuple[str, Act, tuple[str, ...]]]:
    return [(one.stage, one.act, one.channels) for one in found]


FILES = [
    ("S0", Act.PREFLIGHT, ("",)),
    ("S1", Act.PUSH, ("code",)),
    ("S2", Act.BUILD, ("",)),
    ("S2", Act.SIGN, ("",)),
    ("S3", Act.PUBLISH, ("index", "images", "charts")),
    ("S4", Act.CONFIRM, ("index", "images", "charts")),
]
WORDS = [
    ("S5", Act.ADVISE, ("forge", "numbers")),
    ("S5", Act.ADVISE, ("records",)),
    ("S5", Act.ANNOUNCE, ("list",)),
]
CHECKS = [("S6", Act.CHECK, ("",))]


def test_a_lift_goes_from_the_code_over_the_files_to_the_words() -> None:
    found, journal = steps()
    assert acts(found) == FILES + WORDS + CHECKS
    assert next_step(MANIFEST, journal, LIFT) == Done()
    assert [one.act for one in found if not one.final] == [Act.PREFLIGHT]
    assert not any(one.look or one.warning for one in found)


def test_a_second_group_of_files_waits_for_the_first_to_be_verified() -> None:
    order = (("code",), ("index",), ("images", "charts"), *ORDER[2:])
    found, _ = steps(manifest=replace(MANIFEST, lift_order=order))
    assert acts(found)[4:8] == [
        ("S3", Act.PUBLISH, ("index",)),
        ("S4", Act.CONFIRM, ("index",)),
        ("S3", Act.PUBLISH, ("images", "charts")),
        ("S4", Act.CONFIRM, ("images", "charts")),
    ]


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.CONFIRM])
@pytest.mark.parametrize("channel", ["index", "images"])
def test_no_advisory_before_every_required_artifact_channel_was_verified(
    act: Act, channel: str
) -> None:
    found, journal = steps({(act, channel): Progress.FAILED})
    assert not {one.act for one in found} & {Act.ADVISE, Act.ANNOUNCE, Act.CHECK}
    again = next_step(MANIFEST, journal, LIFT)
    assert isinstance(again, Step)
    assert (again.act, again.channels) == (act, (channel,))
    assert reached(MANIFEST, journal) is State.LIFTING


@pytest.mark.parametrize("act", [Act.PREFLIGHT, Act.PUSH, Act.BUILD, Act.SIGN])
def test_what_failed_is_next_again(act: Act) -> None:
    of = "code" if act is Act.PUSH else ""
    found, journal = steps({(act, of): Progress.FAILED})
    assert found[-1].act is act
    assert next_step(MANIFEST, journal, LIFT) == replace(found[-1], look=())


def test_an_optional_channel_holds_nothing_up_and_is_tried_again_before_the_checks() -> None:
    found, journal = steps({CHARTS: Progress.FAILED})
    again = ("S3", Act.PUBLISH, ("charts",))
    confirmed = ("S4", Act.CONFIRM, ("index", "images"))
    assert acts(found) == [*FILES[:5], confirmed, *WORDS, again]
    assert reached(MANIFEST, journal) is State.ADVISED
    journal += [entry(acted(Act.PUBLISH, Progress.STARTED, "charts"))]
    journal += [entry(acted(Act.PUBLISH, Progress.DONE, "charts"))]
    rest, journal = steps(entries=journal)
    assert acts(rest) == [("S4", Act.CONFIRM, ("charts",)), *CHECKS]
    assert reached(MANIFEST, journal) is State.VERIFIED


def test_an_optional_channel_that_failed_can_be_done_without() -> None:
    _, journal = steps({CHARTS: Progress.FAILED})
    journal.append(entry(acted(Act.PUBLISH, Progress.SKIPPED, "charts")))
    rest, journal = steps(entries=journal)
    assert acts(rest) == CHECKS
    assert next_step(MANIFEST, journal, LIFT) == Done(skipped=("charts",))


def test_a_journal_cannot_do_without_a_required_channel() -> None:
    _, journal = steps({(Act.PUBLISH, "index"): Progress.FAILED})
    journal.append(entry(acted(Act.PUBLISH, Progress.SKIPPED, "index")))
    again = next_step(MANIFEST, journal, LIFT)
    assert isinstance(again, Step)
    assert again.channels == ("index",)


def test_an_optional_mirror_of_the_code_does_not_hold_up_the_build() -> None:
    mirror = LiftChannel("mirror", "git", Undo.NO, required=False)
    manifest = replace(
        MANIFEST, channels=(*CHANNELS, mirror), lift_order=(("code", "mirror"), *ORDER[1:])
    )
    found, journal = steps({(Act.PUSH, "mirror"): Progress.FAILED}, manifest=manifest)
    assert acts(found)[2:] == [*FILES[2:], *WORDS, ("S1", Act.PUSH, ("mirror",))]
    assert reached(manifest, journal) is State.ADVISED


@pytest.mark.parametrize(
    "unit",
    [
        (Act.PREFLIGHT, ""), (Act.BUILD, ""), (Act.PUSH, "code"), (Act.PUBLISH, "index"),
        (Act.CONFIRM, "images"), CHARTS, (Act.CONFIRM, "charts"),
    ],
)  # fmt: skip
def test_what_is_not_what_was_sealed_stops_the_lift(unit: tuple[Act, str]) -> None:
    with pytest.raises(EmbargoError, match="expected what was sealed") as caught:
        steps({unit: Progress.MISMATCH})
    assert "a new version" in caught.value.hint


def test_a_build_that_differs_stops_before_any_upload() -> None:
    journal = steps()[1][:5]
    assert journal[-1].event == acted(Act.BUILD, Progress.STARTED)
    journal.append(entry(acted(Act.BUILD, Progress.MISMATCH)))
    with pytest.raises(EmbargoError):
        next_step(MANIFEST, journal, LIFT)
    for act, of in ((Act.SIGN, ""), (Act.PUBLISH, "index"), (Act.ADVISE, "forge")):
        with pytest.raises(EmbargoError):
            check_act(MANIFEST, journal, acted(act, Progress.STARTED, of), LIFT)


@pytest.mark.parametrize(
    ("unit", "before", "after"),
    [
        pytest.param((Act.PUSH, "code"), FILES[:2], [FILES[1]], id="push"),
        pytest.param((Act.BUILD, ""), FILES[:3], [FILES[2]], id="build"),
        pytest.param((Act.SIGN, ""), FILES[:4], [FILES[3]], id="sign"),
        pytest.param(
            (Act.PUBLISH, "index"),
            [*FILES[:5], ("S4", Act.CONFIRM, ("images", "charts"))],
            [("S3", Act.PUBLISH, ("index",))],
            id="publish",
        ),
        pytest.param(
            (Act.CONFIRM, "index"), FILES, [("S4", Act.CONFIRM, ("index",))], id="confirm"
        ),
    ],
)
def test_after_a_leak_the_words_do_not_wait_for_what_failed(
    unit: tuple[Act, str], before: object, after: object
) -> None:
    found, journal = steps({unit: Progress.FAILED}, [LEAK])
    repeated = acts(found)[len(before) + len(WORDS) :]  # type: ignore[arg-type]  # a list
    assert acts(found)[: -len(repeated) or None] == [*before, *WORDS]  # type: ignore[misc]  # as above
    again = next_step(MANIFEST, journal, LIFT)
    assert isinstance(again, Step)
    assert acts([again]) == after
    assert reached(MANIFEST, journal) is State.LIFTING


def test_after_a_leak_a_word_that_failed_holds_up_no_other() -> None:
    found, _ = steps({(Act.ADVISE, "forge"): Progress.FAILED}, [LEAK])
    assert acts(found) == [*FILES, *WORDS, ("S5", Act.ADVISE, ("forge",))]


def test_without_a_leak_a_word_that_failed_holds_up_the_next() -> None:
    found, _ = steps({(Act.ADVISE, "forge"): Progress.FAILED})
    assert acts(found) == [*FILES, WORDS[0], ("S5", Act.ADVISE, ("forge",))]


@pytest.mark.parametrize("act", [Act.PREFLIGHT, Act.CHECK])
def test_after_a_leak_preflight_and_checks_are_not_passed_over(act: Act) -> None:
    found, journal = steps({(act, ""): Progress.FAILED}, [LEAK])
    assert found[-1].act is act
    again = next_step(MANIFEST, journal, LIFT)
    assert isinstance(again, Step)
    assert again.act is act


def test_after_a_leak_the_words_go_out_and_other_files_never_do() -> None:
    built = [*steps()[1][:5], entry(acted(Act.BUILD, Progress.MISMATCH))]
    journal: list[Entry] = [LEAK, *built]
    for words in WORDS:
        step = next_step(MANIFEST, journal, LIFT)
        assert isinstance(step, Step)
        assert acts([step]) == [words]
        for of in step.channels:
            journal.append(entry(acted(step.act, Progress.STARTED, of)))
            journal.append(entry(acted(step.act, Progress.DONE, of)))
    with pytest.raises(EmbargoError, match="build: expected what was sealed"):
        next_step(MANIFEST, journal, LIFT)
    told = {one.event.act for one in journal}
    assert told == {None, Act.PREFLIGHT, Act.PUSH, Act.BUILD, Act.ADVISE, Act.ANNOUNCE}


def test_what_was_begun_is_looked_at_first() -> None:
    journal = steps()[1][:8]  # up to what was signed
    journal.append(entry(acted(Act.PUBLISH, Progress.STARTED, "images")))
    step = next_step(MANIFEST, journal, LIFT)
    assert isinstance(step, Step)
    assert (step.channels, step.look) == (("index", "images", "charts"), ("images",))


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (1800, False), (1801, True)])
def test_an_exceeded_window_is_a_warning_and_no_way_back(seconds: int, late: bool) -> None:
    journal = steps()[1][:4]
    step = next_step(MANIFEST, journal, LIFT + timedelta(seconds=seconds))
    assert isinstance(step, Step)
    assert step.act is Act.BUILD
    assert bool(step.warning) == late
    assert ("exceeded by 1 s" in step.warning) == late


def test_the_window_begins_with_what_is_public() -> None:
    journal = steps()[1][:2]
    step = next_step(MANIFEST, journal, LIFT + timedelta(days=1))
    assert isinstance(step, Step)
    assert (step.act, step.warning) == (Act.PUSH, "")


def test_a_preflight_of_another_day_is_made_again() -> None:
    seen = steps()[1][:2]
    again = next_step(MANIFEST, [*seen, entry(Event(Kind.BEGIN), late=3600)], LIFT)
    assert isinstance(again, Step)
    assert again.act is Act.PREFLIGHT
    pushed = steps()[1][:4]
    on = next_step(MANIFEST, [*pushed, entry(Event(Kind.BEGIN), late=3600)], LIFT)
    assert isinstance(on, Step)
    assert on.act is Act.BUILD


def test_a_new_revision_is_lifted_from_its_beginning() -> None:
    _, journal = steps()
    step = next_step(replace(MANIFEST, revision=2), journal, LIFT)
    assert isinstance(step, Step)
    assert (step.act, step.warning) == (Act.PREFLIGHT, "")
    assert is_public(journal)
    assert not is_public(journal[:2])
    assert not has_leaked(journal)


def test_a_lift_reaches_its_states_one_by_one() -> None:
    _, journal = steps()
    ways = [reached(MANIFEST, journal[:count]) for count in range(len(journal) + 1)]
    assert list(dict.fromkeys(ways)) == [
        State.LIFTING,
        State.LIFTED,
        State.ADVISED,
        State.VERIFIED,
    ]
    assert sorted(ways, key=list(State).index) == ways


@pytest.mark.parametrize(
    ("channels", "order", "error"),
    [
        pytest.param((), (), EmbargoError, id="none"),
        pytest.param(CHANNELS, (), InputError, id="not-in-the-order"),
        pytest.param(CHANNELS, ORDER[::-1], InputError, id="words-first"),
        pytest.param(CHANNELS, (ORDER[0], *ORDER), InputError, id="twice"),
        pytest.param(CHANNELS[1:2], (("index",),), InputError, id="no-code"),
    ],
)
def test_an_order_that_is_none_is_not_lifted(
    channels: tuple[LiftChannel, ...],
    order: tuple[tuple[str, ...], ...],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        plan(replace(MANIFEST, channels=channels, lift_order=order))


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (acted(Act.SIGN, Progress.STARTED), "expected build"),
        (acted(Act.PUSH, Progress.STARTED, "code"), "expected build"),
        (acted(Act.BUILD, Progress.DONE), "expected it to be started before it is done"),
        (acted(Act.PUSH, Progress.FAILED, "code"), "got done"),
        (acted(Act.ADVISE, Progress.MISMATCH, "forge"), "got nothing"),
        (acted(Act.PUBLISH, Progress.SKIPPED, "charts"), "an optional channel that failed"),
        (acted(Act.PUBLISH, Progress.SKIPPED, "index"), "an optional channel that failed"),
    ],
)
def test_only_what_is_next_is_written_down(event: Event, message: str) -> None:
    with pytest.raises(EmbargoError, match=message) as caught:
        check_act(MANIFEST, steps()[1][:4], event, LIFT)
    assert caught.value.hint


def test_only_the_channels_of_a_step_are_started() -> None:
    journal = steps()[1][:8]
    check_act(MANIFEST, journal, acted(Act.PUBLISH, Progress.STARTED, "index"), LIFT)
    with pytest.raises(EmbargoError, match=r"expected publish .S3. on index, images, charts"):
        check_act(MANIFEST, journal, acted(Act.PUBLISH, Progress.STARTED, "forge"), LIFT)


def test_nothing_is_started_after_the_end() -> None:
    with pytest.raises(EmbargoError, match="expected nothing as the next step"):
        check_act(MANIFEST, steps()[1], acted(Act.CHECK, Progress.STARTED), LIFT)


def test_an_optional_channel_that_failed_may_be_skipped() -> None:
    _, journal = steps({CHARTS: Progress.FAILED})
    check_act(MANIFEST, journal, acted(Act.PUBLISH, Progress.SKIPPED, "charts"), LIFT)
