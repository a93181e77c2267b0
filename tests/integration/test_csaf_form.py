"""The form of CSAF by hand, held against the official schema, document by document.

The two part where the form is stricter on purpose; each such place is listed below.
"""

import copy
import json
import random
from typing import Any

import pytest

from sealane.core.advisory.csaf.form import form_faults
from support.csaf import document, rich
from support.mutate import paths
from support.schemas import needs_schemas, validator
from support.vectors import PACK

pytestmark = [needs_schemas, pytest.mark.e2e]

Json = dict[str, Any]
EDGES: list[Any] = [
    None, True, False, 0, 1, 1.0, -1, 10, 10.5, 11, "", " ", "x", "0", "1.0.0", "2.0", "3.0", "3.1",
    "en", "LOCAL", "NONE", [], {}, [1], ["a"], ["a", "a"], [{}], [[]], {"a": 1}, "CVE-2026-0001",
]  # fmt: skip
INSERTED = "-_.Aa0 /:xX*?\\\u00e9"
# Formats, which the schema only notes. (No line feed is inserted: Python's searches let one pass
# behind the end of a pattern, ECMAScript's, which the schema means, do not.)
STRICTER = ("expected a URI", "expected a time like", "expected a package URL")


def documents() -> list[Json]:
    files = sorted(PACK.glob("csaf/2.0/[fimo]*/**/*.json"))
    return [rich(), rich(), document(), *(json.loads(file.read_bytes()) for file in files)]


def mutated(made: Json, chance: random.Random) -> Json:
    """A document with one place taken away, replaced, doubled or written otherwise."""
    made = copy.deepcopy(made)
    *above, last = chance.choice(list(paths(made)))
    holder: Any = made
    for name in above:
        holder = holder[name]
    here = holder[last]
    match chance.randrange(6):
        case 0:
            del holder[last]
        case 1 if isinstance(holder, list):
            holder.append(copy.deepcopy(here))
        case 2 if isinstance(holder, dict):
            holder[chance.choice([*holder, "x_other", "branches", "product"])] = copy.deepcopy(here)
        case 3 | 4 if isinstance(here, str):
            at = chance.randrange(len(here) + 1)
            cut = at + chance.randrange(3)
            holder[last] = here[:at] + chance.choice(["", *INSERTED]) + here[cut:]
        case _:
            holder[last] = copy.deepcopy(chance.choice(EDGES))
    return made


@pytest.mark.parametrize("seed", range(8))
def test_the_form_is_what_the_official_schema_says(seed: int) -> None:
    chance, official = random.Random(seed), validator("csaf20")
    verdicts = {True: 0, False: 0}
    bases = documents()
    for made in bases:
        assert (form_faults(made) == ()) is official.is_valid(made)
    for _ in range(1500):
        made = chance.choice(bases)
        for _ in range(chance.choice((1, 1, 2))):
            made = mutated(made, chance) if made else made
        found = form_faults(made)
        allowed = official.is_valid(made)
        if found and all(fault.message.startswith(STRICTER) for fault in found):
            continue
        assert (not found) is allowed, (found, made)
        verdicts[allowed] += 1
    assert min(verdicts.values()) > 150, "mutations of one kind only"


@pytest.mark.parametrize("name", ["csaf20", "csaf20-errata"])
def test_both_editions_of_the_schema_ask_for_the_same(name: str) -> None:
    chance, official = random.Random(7), validator(name)
    first = validator("csaf20")
    bases = documents()
    for _ in range(300):
        made = mutated(chance.choice(bases), chance)
        assert official.is_valid(made) is first.is_valid(made)
