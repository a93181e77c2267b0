"""Each class of difference is named with its member; equal bytes have none."""

import zipfile

import pytest

from sealane.core.archives.compare import DifferenceKind, explain
from sealane.errors import InputError
from support.archives import (
    SDIST,
    WHEEL,
    make_sdist,
    make_tar,
    make_wheel,
    make_zip,
    sdist_members,
    wheel_members,
)

W = {"x.py": b"one = 1\ntwo = 2\n", "y.py": b"y\n"}
BASE = make_zip(W)


def test_equal_bytes_have_no_difference() -> None:
    assert explain(WHEEL, BASE, bytes(BASE)) == ()


@pytest.mark.parametrize(
    ("other", "kind", "member"),
    [
        pytest.param(make_zip({**W, "z": b""}), DifferenceKind.ADDED, "z", id="added"),
        pytest.param(make_zip({"x.py": W["x.py"]}), DifferenceKind.REMOVED, "y.py", id="removed"),
        pytest.param(
            make_zip({**W, "x.py": b"one = 1\ntwo = 3\n"}), DifferenceKind.CONTENT, "x.py",
            id="content",
        ),
        pytest.param(make_zip(W, mode=0o100664), DifferenceKind.MODE, "x.py", id="mode"),
        pytest.param(
            make_zip(W, time=(2026, 11, 21, 0, 0, 0)), DifferenceKind.TIME, "x.py", id="time"
        ),
        pytest.param(
            make_zip(W, compression=zipfile.ZIP_STORED), DifferenceKind.COMPRESSION, "x.py",
            id="compression",
        ),
        pytest.param(
            make_zip(dict(reversed(W.items()))), DifferenceKind.ORDER, "", id="order"
        ),
    ],
)  # fmt: skip
def test_each_class_of_a_wheel_is_named(other: bytes, kind: DifferenceKind, member: str) -> None:
    found = explain(WHEEL, BASE, other)
    assert (found[0].kind, found[0].member) == (kind, member)
    assert found[0].cause
    assert found[0].remedy


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        pytest.param(make_tar(sdist_members(), owner="me"), DifferenceKind.OWNER, id="owner"),
        pytest.param(make_tar(sdist_members(), time=1), DifferenceKind.TIME, id="time"),
        pytest.param(make_tar(sdist_members(), zipped_at=9), DifferenceKind.HEADER, id="gzip"),
        pytest.param(make_tar(sdist_members(), mode=0o600), DifferenceKind.MODE, id="mode"),
    ],
)
def test_each_class_of_an_sdist_is_named(other: bytes, kind: DifferenceKind) -> None:
    assert explain(SDIST, make_sdist(), other)[0].kind is kind


def test_the_first_line_that_differs_is_shown() -> None:
    found = explain(WHEEL, BASE, make_zip({**W, "x.py": b"one = 1\ntwo = 3\n"}))
    assert (found[0].a, found[0].b) == ("line 2: 'two = 2'", "line 2: 'two = 3'")


def test_a_record_that_follows_from_another_change_is_not_named() -> None:
    changed = make_wheel(wheel_members() | {"hello_lane/__init__.py": b"x = 2\n"})
    names = [difference.member for difference in explain(WHEEL, make_wheel(), changed)]
    assert names == ["hello_lane/__init__.py"]


def test_a_record_that_alone_differs_is_named() -> None:
    record = "hello_lane-0.1.0.dist-info/RECORD"
    found = explain(WHEEL, make_zip({record: b"a,,\n"}), make_zip({record: b"b,,\n"}))
    assert [(d.kind, d.member) for d in found] == [(DifferenceKind.CONTENT, record)]


def test_files_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(InputError):
        explain(WHEEL, BASE, b"broken")
    with pytest.raises(InputError, match="expected a wheel"):
        explain("x.egg", b"a", b"b")
