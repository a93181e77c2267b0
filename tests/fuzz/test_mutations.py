"""No change to a good bundle becomes a pass: 10,000 of them, from fixed seeds.

`make fuzz` goes on from a new seed for as long as it is told.
"""

from dataclasses import replace
from itertools import islice
from random import Random

import pytest

from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.root import TrustRoot
from support.alter import Mutation
from support.fuzzing import changes, described, starts

CHUNKS, EACH = 20, 500
# The other engine takes several times as long, and is asked about every fifth.
EVERY = 5


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_no_change_of_the_meaning_becomes_a_pass_in_either_engine(seed: int) -> None:
    for number, (start, change) in enumerate(islice(changes(Random(seed)), EACH)):
        why = start.wrong(change, twice=number % EVERY == 0)
        assert not why, described(start, change, why)


def test_the_run_is_as_long_as_is_promised() -> None:
    assert CHUNKS * EACH == 10_000
    assert CHUNKS * EACH // EVERY == 2_000


def test_few_of_the_changes_leave_the_meaning_as_it_is() -> None:
    tried = [change for _, change in islice(changes(Random(7)), EACH)]
    allowed = [change for change in tried if change.same]
    assert len(allowed) < len(tried) / 4
    assert len({change.path for change in tried}) > EACH / 5


def test_a_seed_makes_the_same_changes_to_the_same_bundles() -> None:
    first = [change for _, change in islice(changes(Random(3)), 50)]
    assert first == [change for _, change in islice(changes(Random(3)), 50)]
    assert first != [change for _, change in islice(changes(Random(4)), 50)]


def test_an_engine_that_would_accept_a_change_is_noticed() -> None:
    start = starts()[0]
    spelt = f" {start.good.content.decode()} ".encode()
    allowed = Mutation((), "with white space", spelt, "it says nothing")
    assert start.wrong(allowed, twice=True) == ""
    # The same as if it were a change of the meaning: both accept it.
    assert start.wrong(replace(allowed, same=""), twice=False) == "sealane accepts it"
    other = replace(start, proven=replace(start.proven, payload=b"something else"))
    assert other.wrong(allowed, twice=False).startswith("sealane proves something else")
    deaf = replace(start, own=trusting_nobody())
    assert deaf.wrong(replace(allowed, same=""), twice=True) == "sigstore accepts it"


def trusting_nobody() -> SealaneEngine:
    """An engine that accepts nothing: it trusts nobody."""
    return SealaneEngine(TrustRoot())
