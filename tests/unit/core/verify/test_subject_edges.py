"""File names are taken apart as a wheel's or an sdist's, or not at all."""

import pytest

from sealane.core.verify.naming import distribution


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello.Lane-1.0-py3-none-any.whl", "hello_lane-1.0-py3-none-any.whl"),
        ("hello_lane-1.0.tar.gz", "Hello-Lane-1.0.0.tar.gz"),
    ],
)
def test_spellings_of_one_name_are_one_distribution(one: str, other: str) -> None:
    assert distribution(one) is not None
    assert distribution(one) == distribution(other)


@pytest.mark.parametrize(
    "name",
    [
        "", "hello", "hello.whl", "hello-1.0.whl", "hello-x-py3-none-any.whl", "hello.tar.gz",
        "hello-x.zip", "hello-1.0.tar.bz2", "hello-1.0.tar.gz\n",
        "a" * 240 + "-1.0-py3-none-any.whl", "hello-1.0-" + "py3." * 60 + "py3-none-any.whl",
    ],
)  # fmt: skip
def test_any_other_name_is_no_distribution(name: str) -> None:
    assert distribution(name) is None
