"""A lift that is killed, and whose channels fail, ends as one that was not: all of it, once."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.events import Act, Entry, Progress
from sealane.core.embargo.lift import Done, next_step, plan, reached
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from support.embargo_case import LIFT, MANIFEST, ORDER, acted

ARTIFACTS = {"code", "index", "images"}
ANOTHER = (("code",), ("images", "charts"), ("index",), ("records",), ORDER[2], ORDER[4])
MANIFESTS = (MANIFEST, replace(MANIFEST, lift_order=ANOTHER))


class KilledError(Exception):
    """The process ended here."""


class World:
    """What is public, and a journal that outlives every process."""

    def __init__(self, manifest: EmbargoManifest, hook: Callable[[], bool]) -> None:
        self.manifest = manifest
        self.journal: list[Entry] = []
        self.made: list[tuple[Act, str]] = []
        self._ends = hook

    def write(self, act: Act, progress: Progress, of: str) -> None:
        self.maybe_killed()
        entry = acted(act, progress, of)
        self.journal.append(Entry(self.manifest.case, 1, LIFT, entry))
        self.maybe_killed()

    def maybe_killed(self) -> None:
        if self._ends():
            raise KilledError

    def run(self) -> None:
        """One process: it does what is next until nothing is left, or until it is killed."""
        while not isinstance(step := next_step(self.manifest, self.journal, LIFT), Done):
            for of in step.channels:
                self.write(step.act, Progress.STARTED, of)
                self.maybe_killed()
                seen = of in step.look and (step.act, of) in self.made
                if not seen:
                    self.made.append((step.act, of))
                self.maybe_killed()
                self.write(step.act, Progress.DONE, of)


def is_in_order(made: list[tuple[Act, str]]) -> bool:
    verified = {of for act, of in made if act is Act.CONFIRM}
    first = next(number for number, (act, _) in enumerate(made) if act is Act.ADVISE)
    before = {of for act, of in made[:first] if act in (Act.CONFIRM, Act.PUSH)}
    return before >= ARTIFACTS and verified == {"index", "images", "charts"}


@settings(max_examples=60)
@given(st.sampled_from(MANIFESTS), st.lists(st.integers(1, 70), max_size=8))
def test_killed_at_any_line_a_lift_does_everything_once(
    manifest: EmbargoManifest, lives: list[int]
) -> None:
    left = iter(lives)
    steps = [next(left, 10_000)]

    def ends() -> bool:
        steps[0] -= 1
        return steps[0] == 0

    world = World(manifest, ends)
    while True:
        try:
            world.run()
        except KilledError:
            steps[0] = next(left, 10_000)
        else:
            break
    assert sorted(world.made) == sorted((one.act, one.channel) for one in plan(manifest))
    assert is_in_order(world.made)
    assert reached(manifest, world.journal) is State.VERIFIED


@settings(max_examples=60)
@given(st.sampled_from(MANIFESTS), st.integers(0, 60))
def test_every_beginning_of_a_journal_goes_on_to_the_same_end(
    manifest: EmbargoManifest, count: int
) -> None:
    whole = World(manifest, lambda: False)
    whole.run()
    resumed = World(manifest, lambda: False)
    resumed.journal = whole.journal[:count]
    started = {
        (one.event.act, one.event.of)
        for one in resumed.journal
        if one.event.progress is Progress.STARTED
    }
    resumed.made = [one for one in whole.made if one in started]
    resumed.run()
    assert resumed.made == whole.made


@settings(max_examples=60)
@given(st.data())
def test_whatever_fails_no_word_is_out_before_the_files(data: st.DataObject) -> None:
    journal: list[Entry] = []
    out: set[tuple[Act, str]] = set()
    for _ in range(30):
        step = next_step(MANIFEST, journal, LIFT)
        if isinstance(step, Done):
            break
        for of in step.channels:
            end = data.draw(st.sampled_from([Progress.DONE, Progress.DONE, Progress.FAILED]))
            if step.act in (Act.ADVISE, Act.ANNOUNCE):
                assert {(Act.CONFIRM, "index"), (Act.CONFIRM, "images")} <= out
            for progress in (Progress.STARTED, end):
                event = acted(step.act, progress, of)
                journal.append(Entry(MANIFEST.case, 1, LIFT, event))
            assert (step.act, of) not in out, "done twice"
            if end is Progress.DONE:
                out.add((step.act, of))
