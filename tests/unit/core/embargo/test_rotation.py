"""A role file follows another only in order, and only if the people of both signed exactly that."""

import json

import pytest

from sealane.core.embargo.roles import RoleName, Roles
from sealane.core.embargo.roles_file import new_roles, parse_roles, render_roles
from sealane.core.embargo.rotation import (
    ROTATION_TYPE,
    check_rotation,
    render_rotation_statement,
)
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.approving import (
    AT,
    DAY,
    RELEASE,
    ROLES,
    SECURITY,
    approved,
    edited,
    role,
    signed,
)

# carl goes, hugo and ida come: ann and dora are in both.
LATER = (role(RoleName.SECURITY, 3, "ann", "dora", "hugo", "ida"), RELEASE)
AFTER = new_roles(LATER, AT + 90 * DAY, before=ROLES)


def rotated(*names: str, after: Roles = AFTER) -> bytes:
    return signed(render_rotation_statement(after), *names)


def refused(*envelopes: bytes, before: Roles = ROLES, after: Roles = AFTER) -> EmbargoError:
    handed_in = {f"{number}.json": one for number, one in enumerate(envelopes, 1)}
    with pytest.raises(EmbargoError) as raised:
        check_rotation(before, after, handed_in)
    assert raised.value.hint
    return raised.value


def test_a_statement_names_both_versions() -> None:
    assert json.loads(render_rotation_statement(AFTER)) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "roles.json", "digest": {"sha256": AFTER.sha256}}],
        "predicateType": ROTATION_TYPE,
        "predicate": {"version": 2, "previous": ROLES.sha256},
    }


@pytest.mark.parametrize(
    "envelopes",
    [
        [("ann", "dora", "hugo")],
        [("ann",), ("dora",), ("ida",)],
        [("carl", "ann"), ("dora", "hugo")],
        [("stranger", "ann"), ("ann", "dora", "hugo")],
    ],
)
def test_enough_people_of_both_rotate(envelopes: list[tuple[str, ...]]) -> None:
    handed_in = {str(number): rotated(*names) for number, names in enumerate(envelopes)}
    check_rotation(ROLES, AFTER, handed_in)


@pytest.mark.parametrize(
    ("names", "which"),
    [
        (("ann", "hugo", "ida"), "old"),
        (("ann", "ann 2", "hugo", "ida"), "old"),
        (("emil", "frida", "hugo", "ida"), "old"),
        (("ann", "carl"), "new"),
        (("ann", "carl", "dora"), "new"),
        (("stranger",), "old"),
    ],
)
def test_too_few_people_of_one_of_them_do_not(names: tuple[str, ...], which: str) -> None:
    error = refused(rotated(*names))
    assert f"people of the {which} security role" in error.message


def test_nothing_signed_rotates_nothing() -> None:
    error = refused()
    assert "got 0 (nobody)" in error.message
    assert "ann, carl, dora" in error.hint


def test_an_expired_role_file_can_be_replaced() -> None:
    before = new_roles(ROLES.roles, AT - 900 * DAY)
    after = new_roles(LATER, AT + 90 * DAY, before=before)
    check_rotation(before, after, {"a": rotated("ann", "dora", "ida", after=after)})


def test_versions_follow_each_other_one_by_one() -> None:
    skipped = new_roles(LATER, AT + 90 * DAY, before=AFTER)
    assert "version: expected 2, got 3" in refused(after=skipped).message
    assert "version: expected 3, got 1" in refused(before=AFTER, after=ROLES).message
    assert "version: expected 2, got 1" in refused(after=ROLES).message


def test_a_version_that_follows_another_one_is_refused() -> None:
    stranger = new_roles((SECURITY, RELEASE), AT + 30 * DAY)
    fork = new_roles(LATER, AT + 90 * DAY, before=stranger)
    error = refused(rotated("ann", "dora", "hugo", after=fork), after=fork)
    assert "previous: expected " + ROLES.sha256 in error.message


def test_what_is_signed_for_another_file_does_not_count() -> None:
    other = new_roles(LATER, AT + 91 * DAY, before=ROLES)
    error = refused(rotated("ann", "dora", "hugo", after=other))
    assert "1.json: it is about something else than version 2" in error.message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        approved("ann", "carl", "dora"),
        edited(rotated("ann", "dora", "hugo"), ["payloadType"], "application/json"),
        edited(rotated("ann", "dora", "hugo"), ["crit"], True),
        signed(render_rotation_statement(AFTER), "ann", "dora", "hugo", payload_type="text/plain"),
        signed(render_rotation_statement(AFTER) + b" ", "ann", "dora", "hugo"),
    ],
)
def test_what_is_no_rotation_does_not_count_and_harms_nothing(content: bytes) -> None:
    assert "1.json: " in refused(content, rotated("ann")).message
    check_rotation(ROLES, AFTER, {"a": content, "b": rotated("ann", "dora", "hugo")})


def test_a_role_file_that_cannot_be_counted_by_takes_no_part() -> None:
    whole = {"a": rotated("ann", "dora", "hugo")}
    weak = replace(AFTER, roles=(replace(LATER[0], threshold=0), RELEASE))
    for before, after in ((ROLES, weak), (replace(ROLES, sha256="0" * 64), AFTER)):
        with pytest.raises(InputError):
            check_rotation(before, after, whole)
    assert parse_roles(render_roles(AFTER)) == AFTER
