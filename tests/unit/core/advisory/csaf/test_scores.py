"""What CVSS vectors come to."""

import sys

import pytest

from sealane.core.advisory.csaf.scores import Computed, computed
from sealane.errors import InputError, MissingExtraError

BASE_3 = "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
BASE_2 = "AV:N/AC:L/Au:N/C:N/I:N/A:C"


@pytest.mark.parametrize(
    ("version", "vector", "expected"),
    [
        (
            "3.1",
            f"CVSS:3.1/{BASE_3}",
            Computed((9.8, "CRITICAL"), (9.8, "CRITICAL"), (9.8, "CRITICAL")),
        ),
        (
            "3.0",
            f"CVSS:3.0/{BASE_3}/E:U/RL:O/RC:U/MAV:P/MC:N/MI:N",
            Computed((9.8, "CRITICAL"), (7.8, "HIGH"), (3.7, "LOW")),
        ),
        # The example of the guide to version 2, section 3.3.1.
        ("2.0", f"{BASE_2}/E:F/RL:OF/RC:C", Computed((7.8, ""), (6.4, ""), (6.4, ""))),
        ("2.0", BASE_2, Computed((7.8, ""), (7.8, ""), (7.8, ""))),
        (
            "2.0",
            f"{BASE_2}/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H",
            Computed((7.8, ""), (6.4, ""), (9.2, "")),
        ),
    ],
)
def test_a_vector_comes_to_three_scores(version: str, vector: str, expected: Computed) -> None:
    assert computed(version, vector) == expected


@pytest.mark.parametrize(
    ("version", "vector"),
    [
        ("3.1", "CVSS:3.1/AV:N"),
        ("3.1", f"CVSS:3.1/{BASE_3}/AV:P"),
        ("2.0", "AV:N"),
        ("2.0", f"{BASE_2}/{BASE_2}"),
    ],
)
def test_a_vector_that_cannot_be_computed_is_refused(version: str, vector: str) -> None:
    with pytest.raises(InputError, match="AV:N"):
        computed(version, vector)


def test_a_missing_library_is_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cvss", None)
    with pytest.raises(MissingExtraError, match="advisory"):
        computed("3.1", f"CVSS:3.1/{BASE_3}")
