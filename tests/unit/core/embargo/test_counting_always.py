"""Whatever is handed in: nothing takes an approval away, and nothing wrong completes a tally."""

import json
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.roles import Action
from support.approving import (
    AT,
    DAY,
    NONCE,
    approved,
    counted,
    edited,
    key,
    mutated,
    people,
    roles_of,
)


@cache
def good_envelopes() -> tuple[bytes, ...]:
    names = ("ann", "ann 2", "carl", "dora", "emil", "frida")
    alone = [approved(one) for one in names]
    shared = [approved(one, nonce=NONCE) for one in names]
    return (*alone, *shared, approved("ann", "ann 2"), approved("carl", "emil", "stranger"))


@cache
def wrong_envelopes() -> tuple[bytes, ...]:
    """Each would complete a lift if the one thing that is wrong with it were overlooked."""
    all_of = ("ann", "carl", "dora", "emil")
    twice = json.loads(approved("dora"))
    twice["signatures"] = [
        {**twice["signatures"][0], "keyid": key(one).id} for one in ("ann", "carl", "emil")
    ]
    good = approved(*all_of)
    return (
        approved(*all_of, case="other-case-1"),
        approved(*all_of, revision=2),
        approved(*all_of, action=Action.EARLY_LIFT),
        approved(*all_of, manifest_sha256="ac" * 32),
        approved(*all_of, expires=AT),
        approved(*all_of, not_before=AT + DAY / 2),
        approved(*all_of, nonce="f" * 32),
        approved("stranger", "another", "third", "fourth"),
        edited(good, ["payloadType"], "application/json"),
        edited(good, ["crit"], True),
        edited(good, ["payload"], json.loads(approved(*all_of, nonce=NONCE))["payload"]),
        json.dumps(twice).encode(),
        approved("ann", "ann 2", "frida"),
    )


@given(
    st.lists(st.sampled_from(range(14)), max_size=6),
    st.lists(st.sampled_from(range(13)), max_size=3),
    st.integers(0, 8),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_an_envelope_more_never_takes_an_approval_away(
    good: list[int], wrong: list[int], place: int, shared: bool
) -> None:
    roles = roles_of(shared=shared)
    all_of = [good_envelopes()[n] for n in good] + [wrong_envelopes()[n] for n in wrong]
    without = all_of[:place] + all_of[place + 1 :]
    # The names are those of the places: the one more comes before, between or after the others.
    fewer, more = (counted(*some, roles=roles, spent={"f" * 32}) for some in (without, all_of))
    for one, other in zip(fewer.roles, more.roles, strict=True):
        assert set(one.approved) <= set(other.approved)
    # With one more person at a role, what lacks in all is never more.
    assert sum(one.lacking for one in fewer.roles) >= sum(one.lacking for one in more.roles)
    assert more.complete or not fewer.complete


@given(
    st.lists(
        st.one_of(
            st.integers(0, 11).map(lambda n: wrong_envelopes()[n]),
            mutated(approved("emil", "frida")),
            st.binary(max_size=20),
        ),
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_wrong_envelopes_ever_complete_a_tally(envelopes: list[bytes]) -> None:
    tally = counted(*envelopes, spent={"f" * 32})
    assert not tally.complete
    # dora's one signature is sound, and so may be emil's; no other has one.
    assert set(people(tally)["security"]) <= {"dora"}
    assert set(people(tally)["release"]) <= {"dora", "emil"}
