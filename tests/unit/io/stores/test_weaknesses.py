"""The weaknesses that the package ships."""

import pytest

from sealane.errors import InputError
from sealane.io.stores.weaknesses import _parsed, load_unmappable, load_weaknesses


def test_weaknesses_are_listed_by_number_with_their_names() -> None:
    found = dict(load_weaknesses())
    assert len(found) == len(load_weaknesses()) == 968
    assert found["CWE-22"].endswith("('Path Traversal')")
    assert found["CWE-40"] == r"Path Traversal: '\\UNC\share\name\' (Windows UNC Share)"
    numbers = [int(number.removeprefix("CWE-")) for number in found]
    assert numbers == sorted(numbers)


def test_categories_and_views_are_no_weaknesses() -> None:
    # CWE-16 is a category, CWE-1000 a view.
    assert {"CWE-16", "CWE-1000"}.isdisjoint(dict(load_weaknesses()))


def test_deprecated_weaknesses_and_those_that_mean_no_vulnerability_may_not_be_named() -> None:
    unmappable = load_unmappable()
    assert {"CWE-92", "CWE-391"} <= unmappable
    assert {"CWE-79", "CWE-20"}.isdisjoint(unmappable)
    deprecated = {one for one, name in load_weaknesses() if name.startswith("DEPRECATED")}
    assert deprecated <= unmappable < set(dict(load_weaknesses()))


@pytest.mark.parametrize("line", ["CWE-1\tName", "CWE-1\tName\tSometimes", "", "a\tb\tAllowed\tx"])
def test_a_list_that_was_changed_is_refused(line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        _parsed(f"# head\n{line}\n")
