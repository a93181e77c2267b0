"""A name stands for one member, whatever kind of archive it came from."""

import pytest

from sealane.core.archives import member as member_module
from sealane.core.archives.member import Kind, Member, check_members, checked_name
from sealane.errors import InputError


def member(name: str, kind: Kind = Kind.FILE) -> Member:
    return Member(name, kind, b"", 0o644, "", "", "")


def test_names_that_differ_are_kept_in_their_order() -> None:
    members = (member("b"), member("a", Kind.FOLDER), member("a/c"))
    assert check_members(members, "x") == members


def test_more_members_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_module, "MEMBER_LIMIT", 2)
    assert len(check_members((member("a"), member("b")), "x")) == 2
    with pytest.raises(InputError, match="x: more than 2 members"):
        check_members((member("a"), member("b"), member("c")), "x")


@pytest.mark.parametrize(
    "members",
    [
        pytest.param((member("a"), member("a")), id="twice"),
        pytest.param((member("a"), member("a", Kind.FOLDER)), id="file-and-folder"),
        pytest.param((member("a/b/c"), member("a/b")), id="file-below-a-file"),
        pytest.param((member("\u00c5"), member("A\u030a")), id="two-spellings"),
    ],
)
def test_a_name_that_stands_for_two_things_is_refused(members: tuple[Member, ...]) -> None:
    with pytest.raises(InputError, match="x: "):
        check_members(members, "x")


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "a//b", ".", "a/../b", "a\\b", "a\0", "a\x7f", "c:", "c:/a", "\ud800"]
)
def test_an_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="unsafe member name"):
        checked_name(name, "x")
