"""Metadata that cannot be read, or that says it in two ways, is not metadata of the release."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.archives.metadata import check_metadata
from sealane.core.archives.read import read_artifact
from sealane.errors import InputError
from support.archives import (
    METADATA,
    NAME,
    SDIST,
    VERSION,
    WHEEL,
    make_sdist,
    make_wheel,
    make_zip,
    sdist_members,
    wheel_members,
    with_record,
)

INFO = "hello_lane-0.1.0.dist-info"
TOP = "hello_lane-0.1.0"
RECORD = f"{INFO}/RECORD"


def check(file: str, content: bytes, named: str = "") -> None:
    check_metadata(named or file, read_artifact(file, content), NAME, VERSION)


def test_right_files_pass() -> None:
    check(WHEEL, make_wheel())
    check(SDIST, make_sdist())


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        (WHEEL, make_wheel(), "hello.whl"),
        (WHEEL, make_wheel(), "hello_lane-0.1.0-py3-none.whl"),
        (WHEEL, make_wheel(), "hello_lane-x-py3-none-any.whl"),
        (SDIST, make_sdist(), "hello.tar.gz"),
        (SDIST, make_sdist(), "hello_lane-x.tar.gz"),
        (SDIST, make_sdist(), "hello_lane-0.1.0.tar.bz2"),
    ],
)
def test_a_file_name_that_says_no_name_and_version_is_refused(
    file: str, content: bytes, named: str
) -> None:
    with pytest.raises(InputError, match=named):
        check(file, content, named)


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param(METADATA.replace(b"0.1.0", b"nonsense"), id="version-nobody-can-read"),
        pytest.param(METADATA.replace(b"0.1.0", b""), id="empty-version"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\n" + METADATA, id="all-in-the-body"),
        pytest.param(METADATA.replace(b"Version:", b"Version"), id="no-header"),
        pytest.param(METADATA.replace(b"Name:", b":"), id="header-without-a-name"),
        pytest.param(METADATA.replace(b"\n\n", b"\nName: other\n\n"), id="two-names"),
    ],
)
def test_headers_that_do_not_say_name_and_version_once_are_refused(metadata: bytes) -> None:
    with pytest.raises(InputError, match="metadata: expected"):
        check(SDIST, make_sdist(sdist_members() | {f"{TOP}/PKG-INFO": metadata}))


def recorded(change: tuple[bytes, bytes] = (b"", b""), *, more: bytes = b"") -> bytes:
    members = with_record(wheel_members())
    record = members[RECORD].replace(*change, 1) + more
    return make_zip(members | {RECORD: record})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(recorded(more=b'"open'), "RECORD: ", id="open-quote"),
        pytest.param(recorded(more=b'"a"b,,\n'), "RECORD: ", id="text-after-a-quote"),
        pytest.param(recorded(more=b"a\n"), "incomplete", id="one-field"),
        pytest.param(recorded(more=b"a,,,\n"), "incomplete", id="four-fields"),
        pytest.param(recorded(more=RECORD.encode() + b",,\n"), "twice", id="twice"),
        pytest.param(recorded(more=b"a,,\n"), "other files", id="one-that-is-not-there"),
        pytest.param(recorded((b"sha256=", b"sha512=")), "expected sha256=", id="other-algorithm"),
        pytest.param(recorded((b"RECORD,,", b"RECORD.jws,,")), "other files", id="not-itself"),
    ],
)
def test_a_record_that_is_not_exactly_what_is_in_the_wheel_is_refused(
    content: bytes, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        check(WHEEL, content)


def test_an_empty_line_in_a_record_says_nothing() -> None:
    check(WHEEL, recorded(more=b"\r\n\n"))


@given(st.text(max_size=80))
def test_any_headers_are_read_or_refused(text: str) -> None:
    for metadata in (text, METADATA.decode() + text, text + METADATA.decode()):
        members = sdist_members() | {f"{TOP}/PKG-INFO": metadata.encode("utf-8", "replace")}
        with contextlib.suppress(InputError):
            check(SDIST, make_sdist(members))
