"""ADV12: no series is forgotten."""

import pytest

from sealane.core.advisory.record import Provenance
from support.cases import acme, draft, failures, outcomes, saying
from support.records import listed

INDEX = ("1.0.0", "1.0.1", "1.1.0", "1.1.1", "1.2.0", "1.2.1", "2.0.0", "2.0.1")


@pytest.mark.parametrize(
    ("events", "supported", "silent"),
    [
        pytest.param("0 <1.0.1 1.2.0 <1.2.1", (), ["1.1"], id="between-two"),
        pytest.param("0 <1.0.1 2.0.0 <2.0.1", (), ["1.1", "1.2"], id="two-between-two"),
        pytest.param("0 <1.0.1 1.1 <1.1.1 1.2 <1.2.1 2.0 <2.0.1", (), [], id="all-of-them"),
        pytest.param("0 <1.2.1 2.0.0 <2.0.1", (), [], id="old-ones-end-affected"),
        pytest.param("1.2.0 <1.2.1 2.0.0 <2.0.1", (), [], id="before-the-first"),
        pytest.param("1.0.0 <1.0.1", (), [], id="one-alone"),
        pytest.param("1.0.0 <1.0.1", ("1.0", "2.0"), ["2.0"], id="supported-after"),
        pytest.param("2.0.0 <2.0.1", ("1.0", "2.0"), ["1.0"], id="supported-before"),
        pytest.param("0 <1.0.1", ("1", "2"), ["2"], id="supported-by-major"),
        pytest.param("0 <1.0.1 2.0.0 <2.0.1", ("1", "2"), [], id="one-fix-a-major"),
        pytest.param("0 <1.0.1 2.0 <=2.0.0", ("1", "2"), [], id="no-fix-but-an-end"),
        pytest.param("0 <1.0.1 1.1.0 <1.1.1", ("1.0", "1.1"), [], id="both"),
        pytest.param("2.0.1 <2.0.2", ("2.0",), [], id="first-release-before-it-came"),
    ],
)
def test_a_series_of_which_nothing_is_said_fails(
    events: str, supported: tuple[str, ...], silent: list[str]
) -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=supported, manifests=())
    told = failures("ADV12", saying(case, acme(events, ())))
    assert [line.split(":")[1].split()[-1] for line in told.splitlines()] == silent


def test_the_versions_of_a_forgotten_series_are_named() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    told = failures("ADV12", saying(case, acme("0 <1.0.1 1.2.0 <1.2.1", ())))
    assert "nothing is said of 1.1.0, 1.1.1" in told


@pytest.mark.parametrize("unaffected", ["1.1", "1.1.0"])
def test_a_series_that_is_said_to_be_unaffected_is_not_forgotten(unaffected: str) -> None:
    index = [one for one in INDEX if one != "1.1.1"]
    case = draft(listings=(listed("acme", index),), supported=())
    record = acme("0 <1.0.1 1.2.0 <1.2.1", (), provenance=Provenance(unaffected=(unaffected,)))
    assert failures("ADV12", saying(case, record)) == ""


def test_another_series_that_is_said_to_be_unaffected_is_no_answer() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    record = acme("0 <1.0.1 1.2.0 <1.2.1", (), provenance=Provenance(unaffected=("1.3",)))
    assert "series 1.1" in failures("ADV12", saying(case, record))


def test_listed_versions_are_said_to_be_affected() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    versions = ("1.0.0", "1.1.0", "1.2.0")
    assert failures("ADV12", saying(case, acme("0 <1.0.1 1.2.0 <1.2.1", versions))) == ""


def test_an_epoch_is_another_series() -> None:
    case = draft(listings=(listed("acme", [*INDEX, "1!1.0"]),), supported=("1.0", "1!1.0"))
    assert "series 1!1.0" in failures("ADV12", saying(case, acme("0 <1.0.1", ())))


def test_listed_versions_without_a_range_leave_nothing_between() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=(), manifests=())
    assert outcomes("ADV12", saying(case, acme("", ("1.0.0",)))) == []


def test_a_record_without_provenance_names_no_series_as_unaffected() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    assert "series 1.1" in failures(
        "ADV12", saying(case, acme("0 <1.0.1 1.2 <1.2.1", (), provenance=None))
    )


def test_what_is_said_to_be_unaffected_must_not_be_affected() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    record = acme("0 <1.0.1 1.1.0 <1.1.1 1.2.0 <1.2.1 2.0.0 <2.0.1", (),
                  provenance=Provenance(unaffected=("1.1",)))  # fmt: skip
    told = failures("ADV12", saying(case, record))
    assert "series 1.1: expected unaffected, as the record says, got affected: 1.1.0" in told


def test_a_series_that_is_said_to_be_unaffected_and_is_in_a_range_contradicts_itself() -> None:
    case = draft(listings=(listed("acme", INDEX),), supported=())
    record = acme("0 <1.2.1", (), provenance=Provenance(unaffected=("1.1",)))
    told = failures("ADV12", saying(case, record))
    assert "series 1.1: expected unaffected, as the record says, got affected: 1.1.0" in told
