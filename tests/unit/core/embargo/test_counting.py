"""People are counted, each once, for exactly what they signed; and nothing wrong ever counts."""

import base64
import json

import pytest

from sealane.core.embargo.approvals import render_approval_statement
from sealane.core.embargo.counting import count
from sealane.core.embargo.roles import Action, RoleName
from sealane.core.embargo.tally import Reason, Tally
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.approving import (
    ABORT,
    AT,
    DAY,
    DIGEST,
    NONCE,
    RELEASE,
    ROLES,
    SECURITY,
    Json,
    approved,
    counted,
    edited,
    key,
    manifest_of,
    people,
    role,
    roles_of,
    signed,
    statement_of,
)


def reasons(tally: Tally) -> list[Reason]:
    return [one.reason for one in tally.refused]


def test_a_lift_takes_security_and_release() -> None:
    tally = counted(approved("ann"), approved("carl"), approved("emil"))
    assert tally.complete
    assert people(tally) == {"security": ("ann", "carl"), "release": ("emil",)}
    assert [one.missing for one in tally.roles] == [("dora",), ("dora",)]
    assert not tally.refused
    assert {one.key_id for one in tally.counted} == {key(n).id for n in ("ann", "carl", "emil")}
    assert tally.nonces == {one.nonce for one in tally.counted}


@pytest.mark.parametrize(
    ("who", "lacking"),
    [
        ((), (2, 1)),
        (("ann",), (1, 1)),
        (("ann", "carl"), (0, 1)),
        (("emil",), (2, 0)),
        (("ann", "emil"), (1, 0)),
        (("dora",), (1, 1)),
        (("frida", "stranger"), (2, 1)),
    ],
)
def test_a_lift_without_enough_of_both_is_not_complete(
    who: tuple[str, ...], lacking: tuple[int, int]
) -> None:
    tally = counted(*(approved(one) for one in who))
    assert not tally.complete
    assert tuple(one.lacking for one in tally.roles) == lacking


@pytest.mark.parametrize("action", [Action.SEAL, Action.PREDISCLOSE, Action.EARLY_LIFT])
def test_other_actions_take_security(action: Action) -> None:
    tally = counted(approved("ann", action=action), approved("carl", action=action), action=action)
    assert tally.complete
    assert people(tally) == {"security": ("ann", "carl")}
    alone = counted(approved("ann", action=action), approved("emil", action=action), action=action)
    assert not alone.complete
    assert reasons(alone) == [Reason.ROLE]


def test_more_time_takes_security() -> None:
    both = [approved(one, action=Action.EXTEND) for one in ("carl", "dora")]
    assert counted(*both, action=Action.EXTEND).complete
    assert not counted(*both[:1], action=Action.EXTEND).complete


def test_one_of_abort_may_abort() -> None:
    tally = counted(approved("frida", action=Action.ABORT), action=Action.ABORT)
    assert tally.complete
    assert people(tally) == {"abort": ("frida",)}
    carl = counted(approved("carl", action=Action.ABORT), action=Action.ABORT)
    assert (carl.complete, reasons(carl)) == (False, [Reason.ROLE])


def test_without_an_abort_role_one_of_security_may() -> None:
    roles = roles_of(SECURITY, RELEASE)
    one = approved("carl", action=Action.ABORT)
    assert counted(one, roles=roles, action=Action.ABORT).complete
    two = approved("emil", action=Action.ABORT)
    assert not counted(two, roles=roles, action=Action.ABORT).complete


def test_nothing_handed_in_approves_nothing() -> None:
    for action in Action:
        assert not counted(action=action).complete


def test_several_people_may_sign_one_envelope() -> None:
    tally = counted(approved("ann", "carl", "emil"))
    assert tally.complete
    assert not tally.refused


def test_several_people_may_sign_one_statement_apart() -> None:
    tally = counted(*(approved(one, nonce=NONCE) for one in ("ann", "carl", "emil")))
    assert tally.complete
    assert tally.nonces == {NONCE}


# One key, one person, one role


def test_one_signature_twice_in_an_envelope_counts_once() -> None:
    document = json.loads(approved("ann"))
    (signature,) = document["signatures"]
    # Under a second id, as securesystemslib 1.6.0 counted it twice.
    document["signatures"].append({**signature, "keyid": key("carl").id})
    tally = counted(json.dumps(document).encode(), action=Action.LIFT)
    assert people(tally)["security"] == ("ann",)
    assert reasons(tally) == [Reason.KEY]


def test_a_key_that_signs_again_counts_once() -> None:
    tally = counted(approved("carl"), approved("carl", nonce=NONCE))
    assert people(tally)["security"] == ("carl",)
    assert reasons(tally) == [Reason.KEY]


def test_a_holder_with_two_keys_counts_once() -> None:
    for envelopes in ([approved("ann"), approved("ann 2")], [approved("ann", "ann 2")]):
        tally = counted(*envelopes)
        assert people(tally)["security"] == ("ann",)
        assert tally.roles[0].lacking == 1
        assert reasons(tally) == [Reason.HOLDER]


def test_a_person_fills_one_role_of_a_lift_only() -> None:
    tally = counted(approved("ann"), approved("dora"))
    assert people(tally) == {"security": ("ann", "dora"), "release": ("dora",)}
    assert [one.lacking for one in tally.roles] == [0, 1]
    assert not tally.complete


def test_a_person_fills_the_role_where_nobody_else_can() -> None:
    tally = counted(approved("dora"), approved("ann"), approved("carl"))
    assert tally.complete
    assert counted(approved("dora"), approved("ann"), approved("emil")).complete


def test_whoever_alone_can_fill_the_second_role_is_kept_for_it() -> None:
    roles = roles_of(
        role(RoleName.SECURITY, 2, "ann", "carl", "dora"), role(RoleName.RELEASE, 1, "ann")
    )
    assert counted(*(approved(one) for one in ("ann", "carl", "dora")), roles=roles).complete


def test_a_person_with_a_key_for_each_role_fills_one_only() -> None:
    roles = roles_of(
        role(RoleName.SECURITY, 2, "ann", "carl"), role(RoleName.RELEASE, 1, "ann 2", "emil")
    )
    tally = counted(approved("ann"), approved("ann 2"), approved("carl"), roles=roles)
    assert not tally.complete
    assert not tally.refused
    assert [one.lacking for one in tally.roles] == [0, 1]


def test_a_person_fills_two_roles_where_the_policy_shares_them() -> None:
    roles = roles_of(shared=True)
    tally = counted(approved("ann"), approved("dora"), roles=roles)
    assert tally.complete
    assert not counted(approved("ann"), roles=roles).complete


# What it is about, and when


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"case": "other-case-1"}, Reason.CASE),
        ({"revision": 2}, Reason.REVISION),
        ({"revision": 4}, Reason.REVISION),
        ({"action": Action.SEAL}, Reason.ACTION),
        ({"action": Action.EARLY_LIFT}, Reason.ACTION),
        ({"manifest_sha256": "ac" * 32}, Reason.MANIFEST),
        ({"not_before": AT + DAY / 24, "expires": AT + DAY}, Reason.TOO_EARLY),
        ({"expires": AT}, Reason.EXPIRED),
        ({"expires": AT - DAY / 24}, Reason.EXPIRED),
    ],
)
def test_an_approval_of_something_else_does_not_count(changes: Json, reason: Reason) -> None:
    good = [approved("carl"), approved("emil")]
    tally = counted(*good, approved("ann", **changes))
    assert not tally.complete
    (refused,) = tally.refused
    assert (refused.name, refused.signature, refused.reason) == ("3.json", 0, reason)
    assert refused.detail
    assert counted(*good, approved("ann")).complete


def test_an_approval_counts_from_its_first_moment_on() -> None:
    assert counted(approved("ann", "carl", "emil", not_before=AT)).complete


def test_a_lift_is_armed_by_what_counts_when_it_begins() -> None:
    later = approved("ann", "carl", "emil", not_before=AT, expires=AT + DAY)
    assert not counted(later, at=AT - DAY).complete
    assert counted(later, at=AT).complete


def test_an_approval_handed_in_twice_counts_once() -> None:
    tally = counted(approved("ann"), approved("ann"))
    assert people(tally)["security"] == ("ann",)
    assert reasons(tally) == [Reason.REPLAYED]
    assert "1.json again" in tally.refused[0].detail


def test_a_nonce_that_was_used_up_in_the_case_does_not_count_again() -> None:
    before = counted(approved("ann", "carl", action=Action.SEAL), action=Action.SEAL)
    assert before.complete
    (nonce,) = before.nonces
    again = approved("ann", "carl", "emil", nonce=nonce)
    tally = counted(again, spent=before.nonces)
    assert not tally.complete
    assert reasons(tally) == [Reason.REPLAYED]


# What cannot be read, and what nobody signed


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", Reason.UNREADABLE, id="empty"),
        pytest.param(b" " * 70_000, Reason.UNREADABLE, id="oversized"),
        pytest.param(b"\xef\xbb\xbf" + approved("ann"), Reason.UNREADABLE, id="byte-order-mark"),
        pytest.param(
            approved("ann").replace(b'{"payload":', b'{"payload":"e30=","payload":'),
            Reason.UNREADABLE, id="duplicate-key",
        ),
        pytest.param(
            edited(approved("ann"), ["crit"], ["exp"]), Reason.UNREADABLE, id="critical-member"
        ),
        pytest.param(
            edited(approved("ann"), ["payloadType"], "application/json"),
            Reason.PAYLOAD_TYPE, id="payload-type",
        ),
        pytest.param(
            signed(render_approval_statement(statement_of()), "ann", payload_type="text/plain"),
            Reason.PAYLOAD_TYPE, id="signed-as-another-payload-type",
        ),
        pytest.param(signed(b"{}", "ann"), Reason.UNREADABLE, id="signed-nonsense"),
        pytest.param(
            signed(
                edited(
                    render_approval_statement(statement_of()), ["predicate", "unless"], "friday"
                ),
                "ann",
            ),
            Reason.UNREADABLE, id="signed-with-a-member-more",
        ),
        pytest.param(
            signed(render_approval_statement(statement_of()) + b" ", "ann"),
            Reason.UNREADABLE, id="signed-in-another-spelling",
        ),
        pytest.param(approved("stranger"), Reason.SIGNATURE, id="stranger"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_does_not_count_and_harms_nothing(
    content: bytes, reason: Reason
) -> None:
    tally = counted(content, approved("carl"), approved("emil"))
    assert not tally.complete
    assert people(tally) == {"security": ("carl",), "release": ("emil",)}
    assert reasons(tally) == [reason]
    assert counted(content, approved("carl"), approved("emil"), approved("dora")).complete


_FLIPPED: tuple[list[str | int], ...] = (
    ["_type"], ["predicateType"], ["subject", 0, "name"], ["subject", 0, "digest", "sha256"],
    ["predicate", "case"], ["predicate", "revision"], ["predicate", "action"],
    ["predicate", "not_before"], ["predicate", "expires"], ["predicate", "nonce"],
)  # fmt: skip


@pytest.mark.parametrize("path", _FLIPPED, ids=lambda path: str(path[-1]))
def test_one_bit_flipped_in_a_field_breaks_the_signature(path: list[str | int]) -> None:
    document = json.loads(approved("ann"))
    payload = base64.b64decode(document["payload"])
    value = json.loads(payload)
    for step in path:
        value = value[step]
    shown = json.dumps(value).encode().strip(b'"')
    at = payload.index(shown) + len(shown) - 1
    flipped = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
    document["payload"] = base64.b64encode(flipped).decode()
    tally = counted(json.dumps(document).encode())
    assert reasons(tally) == [Reason.SIGNATURE]
    assert not tally.counted


def test_a_signature_by_nobody_does_not_harm_those_beside_it() -> None:
    tally = counted(approved("ann", "carl", "emil", "stranger"))
    assert tally.complete
    (refused,) = tally.refused
    assert refused.reason is Reason.SIGNATURE
    assert key("stranger").id in refused.detail


# The role file


def test_roles_that_the_manifest_does_not_name_are_refused() -> None:
    other = roles_of(SECURITY, RELEASE, ABORT, shared=True)
    with pytest.raises(EmbargoError, match="revision 3 of the manifest says") as raised:
        count(manifest_of(ROLES), DIGEST, other, {}, action=Action.LIFT, at=AT)
    assert raised.value.hint
    named = manifest_of(ROLES, roles_version=2)
    with pytest.raises(EmbargoError, match="expected version 2"):
        count(named, DIGEST, ROLES, {}, action=Action.LIFT, at=AT)


def test_roles_that_have_expired_are_refused() -> None:
    with pytest.raises(EmbargoError, match="expired"):
        counted(at=ROLES.expires)


@pytest.mark.parametrize("threshold", [0, 4])
def test_roles_with_a_threshold_that_means_nothing_are_refused(threshold: int) -> None:
    roles = replace(ROLES, roles=(replace(SECURITY, threshold=threshold), RELEASE))
    with pytest.raises(InputError):
        counted(roles=roles)
