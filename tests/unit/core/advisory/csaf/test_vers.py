"""Ranges of PyPI versions as VERS writes them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from sealane.core.advisory.csaf.vers import parse_vers
from sealane.errors import InputError

ALL = ["0.9", "1.0", "1.1rc1", "1.1", "1.1.post1", "1.2", "2.0", "1!0.1"]


@pytest.mark.parametrize(
    ("constraints", "inside"),
    [
        ("*", ALL),
        ("1.0", ["1.0"]),
        ("=1.0|2.0.0", ["1.0", "2.0"]),
        ("<1.1", ["0.9", "1.0", "1.1rc1"]),
        ("<=1.1", ["0.9", "1.0", "1.1rc1", "1.1"]),
        (">1.2", ["2.0", "1!0.1"]),
        (">=1.2", ["1.2", "2.0", "1!0.1"]),
        (">=1.0|<1.1", ["1.0", "1.1rc1"]),
        (">1.0|<=1.1", ["1.1rc1", "1.1"]),
        ("<1.1|>=1.0", ["1.0", "1.1rc1"]),
        ("<1.0|>=1.2|<2.0", ["0.9", "1.2"]),
        (">=0.9|<1.0|>=1.2", ["0.9", "1.2", "2.0", "1!0.1"]),
        (">=1.0|<1.1|2.0", ["1.0", "1.1rc1", "2.0"]),
        (">=1.0|!=1.1rc1|<=1.1", ["1.0", "1.1"]),
        ("!=1.0", [one for one in ALL if one != "1.0"]),
        ("!=1.0|2.0", ["2.0"]),
        (">=1%210.0", ["1!0.1"]),
    ],
)
def test_a_range_holds_what_it_says(constraints: str, inside: list[str]) -> None:
    found = parse_vers(f"vers:pypi/{constraints}", "x")
    assert [one for one in ALL if found.holds(Version(one))] == inside


@pytest.mark.parametrize(
    "text",
    [
        "", ">=1.0", "vers:npm/>=1.0", "vers:PyPI/1.0", "vers:pypi", "vers:pypi/", "vers:pypi/|1.0",
        "vers:pypi/1.0|", "vers:pypi/*|1.0", "vers:pypi/>=", "vers:pypi/>=x", "vers:pypi/1.0|1.0.0",
        "vers:pypi/>=1.0|<1.0", "vers:pypi/>=1.0|>=2.0", "vers:pypi/<1.0|<=2.0",
        "vers:pypi/>=1.0|<1.1|<1.2", "vers:pypi/~=1.0", "vers:pypi/==1.0", "vers:pypi/>=1.0,<2.0",
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_vers(text, "x")


@given(st.text(alphabet="vers:pypi/<>=!|*.0129 rc%", max_size=30))
def test_nothing_but_an_input_error_is_raised(text: str) -> None:
    for one in (text, f"vers:pypi/{text}"):
        with suppress(InputError):
            parse_vers(one, "x").holds(Version("1.0"))
