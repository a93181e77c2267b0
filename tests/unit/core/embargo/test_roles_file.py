"""A role file says who may approve in one way only, and nobody in it counts twice."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.role_keys import key_id
from sealane.core.embargo.roles import Role, RoleKey, RoleName, Roles
from sealane.core.embargo.roles_file import (
    check_roles,
    check_roles_in_time,
    new_roles,
    parse_roles,
    render_roles,
    role_of,
)
from sealane.core.model.values import replace
from sealane.core.verify.keys import spki_of
from sealane.errors import EmbargoError, InputError
from support.approving import (
    ABORT,
    AT,
    DAY,
    RELEASE,
    ROLES,
    SECURITY,
    Json,
    key,
    mutated,
    role,
    roles_of,
)
from support.maker.keys import key_named

CONTENT = render_roles(ROLES)


def spelled(document: Json) -> bytes:
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def edited(**changes: Json) -> Json:
    return {**json.loads(CONTENT), **changes}


def with_role(name: str, **changes: Json) -> bytes:
    document = json.loads(CONTENT)
    document["roles"][name] |= changes
    return spelled(document)


def with_key(name: str, **changes: Json) -> bytes:
    document = json.loads(CONTENT)
    document["roles"][name]["keys"][0] |= changes
    return spelled(document)


def refused(content: bytes) -> str:
    with pytest.raises(InputError) as raised:
        parse_roles(content)
    assert raised.value.message.startswith("roles: ")
    return raised.value.message


def test_what_is_written_is_read_again() -> None:
    assert parse_roles(CONTENT) == ROLES
    assert render_roles(ROLES) == CONTENT
    assert ROLES.sha256 == key_id(CONTENT)


def test_abort_may_be_left_out() -> None:
    assert parse_roles(render_roles(roles_of(SECURITY, RELEASE))).roles == (SECURITY, RELEASE)


def test_the_next_version_names_the_one_before() -> None:
    after = new_roles(ROLES.roles, AT + 60 * DAY, before=ROLES)
    assert (after.version, after.previous) == (2, ROLES.sha256)
    assert parse_roles(render_roles(after)) == after


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[]", "expected an object", id="list"),
        pytest.param(b" " * 300_000, "bytes at most", id="oversized"),
        pytest.param(b"\xef\xbb\xbf" + CONTENT, "not JSON", id="byte-order-mark"),
        pytest.param(CONTENT.replace(b"\n", b"\r\n"), "one spelling", id="line-ends"),
        pytest.param(CONTENT[:-1], "one spelling", id="no-line-end"),
        pytest.param(json.dumps(json.loads(CONTENT)).encode(), "one spelling", id="compact"),
        pytest.param(
            CONTENT.replace(b'"shared": false', b'"shared": true, "shared": false'),
            "not JSON", id="duplicate-key",
        ),
        pytest.param(spelled(edited(critical=["x"])), "unknown", id="unknown-member"),
        pytest.param(spelled({"schema": 1}), "missing", id="missing-member"),
        pytest.param(spelled(edited(schema="sealane.embargo-roles/2")), "schema", id="schema"),
        pytest.param(spelled(edited(version=0)), "version: expected 1", id="version-0"),
        pytest.param(spelled(edited(version=1.0)), "whole number", id="version-1.0"),
        pytest.param(spelled(edited(version=True)), "whole number", id="version-true"),
        pytest.param(spelled(edited(version=2)), "in every version but the first", id="no-chain"),
        pytest.param(spelled(edited(previous="ab" * 32)), "but the first", id="chain-of-first"),
        pytest.param(spelled(edited(previous="AB" * 32)), "SHA-256", id="previous"),
        pytest.param(spelled(edited(shared=1)), "true or false", id="shared"),
        pytest.param(spelled(edited(expires="2027-01-01T00:00:00")), "a time like", id="local"),
        pytest.param(spelled(edited(expires="2026-12-31T23:59:60Z")), "expires", id="leap"),
        pytest.param(spelled(edited(roles={})), "missing", id="no-roles"),
        pytest.param(
            spelled(edited(roles={"security": {}, "release": {}, "admin": {}})),
            "'admin': unknown", id="extra-role",
        ),
        pytest.param(
            spelled(edited(roles={"security": json.loads(CONTENT)["roles"]["security"]})),
            "release: missing", id="no-release",
        ),
        pytest.param(
            spelled(edited(roles={"release": json.loads(CONTENT)["roles"]["release"]})),
            "security: missing", id="no-security",
        ),
        pytest.param(with_role("security", keys=[]), "1 to 32 keys, got 0", id="no-keys"),
        pytest.param(with_role("security", threshold="2"), "whole number", id="threshold-text"),
        pytest.param(with_role("release", note=""), "'note': unknown", id="unknown-of-role"),
        pytest.param(with_key("release", holder="Dora"), "lower-case ASCII", id="holder-upper"),
        pytest.param(with_key("release", holder="d\u043era"), "lower-case ASCII", id="cyrillic"),
        pytest.param(with_key("release", holder="dora "), "lower-case ASCII", id="holder-blank"),
        pytest.param(with_key("release", holder=""), "lower-case ASCII", id="holder-empty"),
        pytest.param(with_key("release", id="sha256:" + "a" * 64), "digest of the key", id="id"),
        pytest.param(with_key("release", id=7), "expected a string", id="id-number"),
        pytest.param(with_key("release", spki="!"), "not base64", id="spki"),
    ],
)  # fmt: skip
def test_what_is_not_spelled_as_a_role_file_is_refused(content: bytes, message: str) -> None:
    assert message in refused(content)


@pytest.mark.parametrize("threshold", [0, 1, 4, 2**31])
def test_security_takes_two_and_no_more_than_there_are_people(threshold: int) -> None:
    # Four keys, and three people.
    assert len(SECURITY.keys) == 4
    assert "threshold: expected" in refused(with_role("security", threshold=threshold))


@pytest.mark.parametrize("threshold", [0, 3])
def test_release_takes_one_and_no_more_than_there_are_people(threshold: int) -> None:
    assert "threshold: expected at least 1" in refused(with_role("release", threshold=threshold))


@pytest.mark.parametrize("threshold", [0, 2])
def test_abort_takes_one(threshold: int) -> None:
    assert "at most 1" in refused(with_role("abort", threshold=threshold))


def test_a_policy_may_let_security_be_one_person() -> None:
    small = roles_of(
        role(RoleName.SECURITY, 1, "ann"), role(RoleName.RELEASE, 1, "carl"), least_security=1
    )
    content = render_roles(small)
    assert parse_roles(content, least_security=1) == small
    assert "at least 2" in refused(content)


def test_one_key_under_two_ids_is_refused() -> None:
    twice = json.loads(CONTENT)
    keys = twice["roles"]["security"]["keys"]
    keys.append({**keys[0], "id": "f" * 64, "holder": "gus"})
    assert "the digest of the key" in refused(spelled(twice))


def test_one_key_twice_in_a_role_is_refused() -> None:
    twice = json.loads(CONTENT)
    keys = twice["roles"]["security"]["keys"]
    keys.insert(0, keys[0])
    assert "named twice" in refused(spelled(twice))


def test_one_key_with_two_holders_is_refused() -> None:
    other = Role(RoleName.RELEASE, 1, (key("emil"), key("dora", "gus")))
    with pytest.raises(InputError, match="expected the holder 'dora' as in another role"):
        roles_of(SECURITY, other)


def test_a_key_of_another_kind_is_refused() -> None:
    spki = spki_of(key_named("role", "p384").public_key())
    changed = {"id": key_id(spki), "spki": base64.b64encode(spki).decode()}
    assert "expected Ed25519 or P-256" in refused(with_key("release", **changed))


def test_a_role_twice_is_refused() -> None:
    content = CONTENT.replace(b'"abort": {', b'"release": {')
    assert "not JSON" in refused(content)
    with pytest.raises(InputError, match="each role once"):
        roles_of(SECURITY, RELEASE, RELEASE)


def test_a_lift_that_no_choice_of_people_could_ever_make_is_refused() -> None:
    few = (role(RoleName.SECURITY, 2, "ann", "carl"), role(RoleName.RELEASE, 1, "carl"))
    with pytest.raises(InputError, match="2 people for security and 1 others for release"):
        roles_of(*few)
    assert roles_of(*few, shared=True).shared


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "0" * 64},
        {"roles": (replace(SECURITY, threshold=0), RELEASE)},
        {"shared": True},
        {"version": 2},
    ],
)
def test_a_value_that_no_file_gave_is_not_counted_by(changes: Json) -> None:
    with pytest.raises(InputError):
        check_roles(replace(ROLES, **changes))


@pytest.mark.parametrize(
    "roles",
    [
        (SECURITY, RELEASE, RELEASE),
        (RELEASE,),
        (replace(SECURITY, threshold=0), RELEASE),
        (SECURITY, Role(RoleName.RELEASE, 1, (RoleKey("", b"", "gus"),))),
    ],
)
def test_what_could_not_be_read_again_is_not_written(roles: tuple[Role, ...]) -> None:
    with pytest.raises(InputError):
        render_roles(Roles(1, "", AT, roles, False, ""))


def test_a_role_file_ends_at_its_time() -> None:
    check_roles_in_time(ROLES, ROLES.expires - DAY)
    for late in (ROLES.expires, ROLES.expires + DAY):
        with pytest.raises(EmbargoError, match="expired at 2027-01-14T15:00:00Z") as raised:
            check_roles_in_time(ROLES, late)
        assert raised.value.hint


def test_a_role_that_is_not_there_is_told() -> None:
    assert role_of(ROLES, RoleName.ABORT) == ABORT
    with pytest.raises(InputError, match="abort: missing"):
        role_of(roles_of(SECURITY, RELEASE), RoleName.ABORT)


def test_too_many_keys_are_refused() -> None:
    with pytest.raises(InputError, match="expected 1 to 32 keys, got 33"):
        roles_of(SECURITY, Role(RoleName.RELEASE, 1, (key("emil"),) * 33))


@given(st.binary(max_size=40) | mutated(CONTENT))
@settings(max_examples=60)
def test_a_file_is_read_as_it_is_or_refused(content: bytes) -> None:
    try:
        found = parse_roles(content)
    except InputError:
        return
    assert render_roles(found) == content
