"""A range as forges write it holds the versions of the interval it was made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.range_text import parse_range, parse_version, range_text
from sealane.errors import InputError
from support.records import versions


def holds(text: str, version: str) -> bool:
    return all(one.holds(Version(version)) for one in parse_range(text, "here"))


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        pytest.param(Interval(""), ">= 0", id="everything"),
        pytest.param(Interval("1.0"), ">= 1.0", id="no-end"),
        pytest.param(Interval("", fixed="1.2"), "< 1.2", id="no-beginning"),
        pytest.param(Interval("1.0", fixed="1.2"), ">= 1.0, < 1.2", id="both"),
        pytest.param(Interval("1.0", last_affected="1.2"), ">= 1.0, <= 1.2", id="last"),
        pytest.param(Interval("", last_affected="1.2"), "<= 1.2", id="last-alone"),
        pytest.param(Interval("1.0", last_affected="1.0"), "= 1.0", id="one-version"),
    ],
)
def test_an_interval_is_written_as_a_range(interval: Interval, text: str) -> None:
    assert range_text(interval) == text


@given(st.data())
def test_a_range_holds_what_its_interval_holds(data: st.DataObject) -> None:
    start, end = data.draw(st.tuples(st.just("") | versions(), st.just("") | versions()))
    closing = data.draw(st.sampled_from(["fixed", "last_affected"]))
    interval = Interval(start, **{closing: end})
    version = data.draw(versions() | st.sampled_from(["0.dev0", "0a1", "0"]))
    # Only a listed version is an interval from "0"; then it is that version alone.
    if start != "0" or end:
        assert holds(range_text(interval), version) == interval.holds(Version(version))


@pytest.mark.parametrize(
    ("text", "version", "inside"),
    [
        pytest.param(">= 0", "0.dev0", True, id="everything"),
        pytest.param("> 1.0", "1.0", False, id="above"),
        pytest.param("> 1.0", "1.0.post1", True, id="post-release-is-above"),
        pytest.param("= 1.0", "1.0.0", True, id="the-same-in-another-writing"),
        pytest.param("=1.0", "1.1", False, id="another"),
        pytest.param("<2.0", "2.0rc1", True, id="pre-release-is-below"),
        pytest.param(">= 1!0, < 1!2", "3.0", False, id="epoch"),
        pytest.param(">= 1.0,<= 1.2", "1.2", True, id="last"),
    ],
)
def test_bounds_are_compared_by_pep_440(text: str, version: str, inside: bool) -> None:
    assert holds(text, version) is inside


@pytest.mark.parametrize(
    "text",
    ["", ",", "1.0", ">= ", ">= 1.0 < 2.0", "~= 1.0", "== 1.0", ">= next", "< 1.0,", ">= 1.0 || x"],
)
def test_another_grammar_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"here: expected a"):
        parse_range(text, "here")


@given(st.text(st.sampled_from("<>=, 0.1a!x*"), max_size=20) | st.text(max_size=20))
def test_a_range_is_read_or_refused(text: str) -> None:
    try:
        assert parse_range(text, "here")
    except InputError:
        return


def test_a_version_that_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="here: expected a PEP 440 version, got 'next week'"):
        parse_version("next week", "here")
