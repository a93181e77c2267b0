"""Series of releases."""

import pytest
from packaging.version import Version

from sealane.core.advisory.series import Series, parse_series, series_of
from sealane.errors import InputError


@pytest.mark.parametrize(
    ("series", "version", "held"),
    [
        ("1", "1.9.7", True),
        ("1.4", "1.4", True),
        ("1.4", "1.4.2rc1", True),
        ("1.4", "1.4.2.post1", True),
        ("1.4", "1.40", False),
        ("1.4", "1.5", False),
        ("1.4", "1", False),
        ("2.0", "2", True),
        ("2.0.0", "2", True),
        ("1.4", "1!1.4", False),
        ("1!1.4", "1!1.4.1", True),
        ("v1.4", "1.4.1", True),
    ],
)
def test_a_series_is_what_its_releases_begin_with(series: str, version: str, held: bool) -> None:
    assert parse_series(series).holds(Version(version)) is held


@pytest.mark.parametrize("text", ["", "1.x", "1.4rc1", "1.4.post1", "1.4.dev1", "1.4+x", ">=1"])
def test_what_is_no_series_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"expected one like 1\.4"):
        parse_series(text)


@pytest.mark.parametrize("text", ["1", "1.4", "1!2.0"])
def test_a_series_is_shown_as_it_is_written(text: str) -> None:
    assert str(parse_series(text)) == text


def test_a_version_is_of_the_longest_series_that_holds_it() -> None:
    known = (parse_series("1"), parse_series("1.4"), parse_series("2"))
    assert str(series_of(Version("1.4.2"), known)) == "1.4"
    assert str(series_of(Version("1.5.2"), known)) == "1"


@pytest.mark.parametrize(
    ("version", "series"), [("1.4.2", (0, (1, 4))), ("3", (0, (3, 0))), ("1!2.3rc1", (1, (2, 3)))]
)
def test_without_a_known_series_major_and_minor_number_are_one(
    version: str, series: tuple[int, tuple[int, ...]]
) -> None:
    assert series_of(Version(version), ()) == Series(*series)
