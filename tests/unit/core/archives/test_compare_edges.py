"""A difference no line can show is shown by its position; no difference goes unnamed."""

import pytest

from sealane.core.archives.compare import Difference, DifferenceKind, explain
from support.archives import SDIST, WHEEL, make_tar, make_zip


def of_contents(a: bytes, b: bytes) -> Difference:
    (found,) = explain(WHEEL, make_zip({"x": a}), make_zip({"x": b}))
    assert (found.kind, found.member) == (DifferenceKind.CONTENT, "x")
    return found


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        pytest.param(
            b"\xff\x00\x01", b"\xff\x00\x02", ("3 bytes, 01 at 2", "3 bytes, 02 at 2"), id="binary"
        ),
        pytest.param(
            b"text", b"\xff" * 20, ("4 bytes, 74657874 at 0", f"20 bytes, {'ff' * 8} at 0"),
            id="text-and-binary",
        ),
        pytest.param(b"a\n", b"a\r\n", ("2 bytes, 0a at 1", "3 bytes, 0d0a at 1"), id="line-ends"),
        pytest.param(b"a\n", b"a\nb", ("2 bytes, the end at 2", "3 bytes, 62 at 2"), id="longer"),
        pytest.param(b"a", b"", ("1 bytes, 61 at 0", "0 bytes, the end at 0"), id="empty"),
        pytest.param(
            b"a" * 99, b"b" * 99, (f"line 1: {'a' * 80!r}", f"line 1: {'b' * 80!r}"), id="long-line"
        ),
    ],
)  # fmt: skip
def test_contents_that_differ_are_shown_where_they_do(
    a: bytes, b: bytes, shown: tuple[str, str]
) -> None:
    found = of_contents(a, b)
    assert (found.a, found.b) == shown


def test_a_file_that_is_a_folder_in_the_other_copy_is_named_first() -> None:
    file, folder = make_zip({"x": b""}), make_zip({"x/": b""}, mode=0o040755)
    found = explain(WHEEL, file, folder)
    assert (found[0].kind, found[0].a, found[0].b) == (DifferenceKind.TYPE, "file", "folder")
    assert str(found[0]) == "type of x: a has file, b has folder"


def test_a_folder_that_only_one_copy_has_is_called_one() -> None:
    folder = make_zip({"x/": b""}, mode=0o040755)
    both = make_zip({"x/": b"", "y/": b""}, mode=0o040755)
    (found,) = explain(WHEEL, both, folder)
    assert (found.kind, found.a, found.b) == (DifferenceKind.REMOVED, "a folder", "no such member")


def test_bytes_that_no_field_shows_still_differ() -> None:
    one = make_zip({"x": b"1"})
    # The version a reader needs, in the local header: readers go by the directory's.
    other = one[:4] + b"\x0a" + one[5:]
    (found,) = explain(WHEEL, one, other)
    assert str(found) == f"bytes: a has {len(one)} bytes, b has {len(one)} bytes"


def test_every_class_has_a_cause_and_a_remedy() -> None:
    for kind in DifferenceKind:
        difference = Difference(kind, "", "", "")
        assert difference.cause
        assert difference.remedy


def test_an_order_of_other_members_is_not_a_difference_of_its_own() -> None:
    found = explain(SDIST, make_tar({"p/a": b"", "p/b": b""}), make_tar({"p/c": b"", "p/a": b""}))
    assert [(one.kind, one.member) for one in found] == [
        (DifferenceKind.ADDED, "p/c"), (DifferenceKind.REMOVED, "p/b"),
    ]  # fmt: skip
