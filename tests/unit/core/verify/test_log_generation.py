"""A proof tells of which generation the log is, by the kind of its entry that was compared."""

from collections.abc import Mapping
from typing import Any

import pytest

from sealane.core.verify.interface import Demands
from support.judged import WORLD, engine_of, prove, trusted
from support.maker.bodies import INTOTO
from support.maker.keys import key_named

KEY = key_named("generations")


@pytest.mark.parametrize(
    ("plan", "generation"),
    [
        ({}, 1),
        ({"kind": "message"}, 1),
        ({"entry": INTOTO}, 1),
        ({"log": "v2"}, 2),
        ({"log": "v2", "kind": "message"}, 2),
        ({"log": ("v2", "v1")}, 2),
        ({"managed": KEY, "log": ()}, 0),
    ],
)
def test_the_generation_is_that_of_the_first_entry(
    plan: Mapping[str, Any], generation: int
) -> None:
    engine = engine_of(keys=[trusted(KEY)], demands=Demands(key_logs=0))
    assert prove(WORLD.bundle(**plan), engine).log_generation == generation
