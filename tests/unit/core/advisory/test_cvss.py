"""A CVSS vector comes to one score, or is refused; the library does the arithmetic."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.cvss import Rating, rating_of
from sealane.errors import InputError, MissingExtraError
from support.schemas import faults, needs_schemas

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


@pytest.mark.parametrize(
    ("kind", "vector", "rating"),
    [
        pytest.param("CVSS_V2", V2, Rating("2.0", 7.5, "HIGH"), id="2"),
        pytest.param("CVSS_V3", V3, Rating("3.1", 9.8, "CRITICAL"), id="3.1"),
        pytest.param("CVSS_V3", V3.replace("3.1", "3.0"), Rating("3.0", 9.8, "CRITICAL"), id="3.0"),
        pytest.param("CVSS_V4", V4, Rating("4.0", 9.3, "CRITICAL"), id="4"),
        pytest.param(
            "CVSS_V3", V3.replace("C:H/I:H/A:H", "C:N/I:N/A:N"), Rating("3.1", 0.0, "NONE"),
            id="no-impact",
        ),
        pytest.param("CVSS_V3", f"{V3}/E:U", Rating("3.1", 9.8, "CRITICAL"), id="3.1-with-time"),
        # The library's score of the whole vector is 8.1, high.
        pytest.param("CVSS_V4", f"{V4}/E:U", Rating("4.0", 9.3, "CRITICAL"), id="4-with-threat"),
        pytest.param("CVSS_V4", f"{V4}/MAV:P/U:Red", Rating("4.0", 9.3, "CRITICAL"), id="4-all"),
    ],
)  # fmt: skip
def test_the_base_score_is_what_the_specification_says(
    kind: str, vector: str, rating: Rating
) -> None:
    assert rating_of(kind, vector) == rating


@pytest.mark.parametrize(
    ("kind", "vector", "message"),
    [
        pytest.param("CVSS_V3", V4, "CVSS_V3 (CVSS:3....)", id="4-for-3"),
        pytest.param("CVSS_V4", V3, "CVSS_V4 (CVSS:4.0/...)", id="3-for-4"),
        pytest.param("CVSS_V2", V3, "Unknown metric", id="3-for-2"),
        pytest.param("CVSS_V3", V2, "expected a vector of CVSS_V3", id="2-for-3"),
        pytest.param("Ubuntu", "high", "CVSS_V2, CVSS_V3, CVSS_V4, got 'Ubuntu'", id="other-type"),
        pytest.param("CVSS_V3", "", "expected a vector", id="empty"),
        pytest.param("CVSS_V3", "9.8", "expected a vector", id="a-score"),
        pytest.param("CVSS_V3", V3.removesuffix("/A:H"), "mandatory", id="metric-missing"),
        pytest.param("CVSS_V4", V4.removesuffix("/SA:N"), "mandatory", id="4-metric-missing"),
        pytest.param("CVSS_V2", V2.removesuffix("/A:P"), "mandatory", id="2-metric-missing"),
        pytest.param("CVSS_V3", f"{V3}/A:H", "Duplicate", id="metric-twice"),
        pytest.param("CVSS_V4", f"{V4}/SA:N", "Duplicate", id="4-metric-twice"),
        pytest.param("CVSS_V3", V3.replace("S:U", "S:X"), "S:X", id="unknown-value"),
        pytest.param("CVSS_V3", f"{V3}/ZZ:H", "ZZ", id="unknown-metric"),
        pytest.param("CVSS_V4", f"{V4}/U:Red/E:A", "order", id="4-out-of-order"),
        pytest.param("CVSS_V3", f"{V3}/", "expected a vector", id="slash-at-the-end"),
        pytest.param("CVSS_V3", V3.replace("3.1", "3.2"), "expected a vector", id="unknown-minor"),
        pytest.param("CVSS_V3", f"{V3}\n", "expected a vector", id="line-end"),
        pytest.param("CVSS_V3", V3.lower(), "expected a vector", id="lower-case"),
        pytest.param("CVSS_V2", f"({V2})", "expected a vector", id="2-in-brackets"),
    ],
)
def test_a_vector_that_is_none_is_refused(kind: str, vector: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        rating_of(kind, vector)
    assert message in caught.value.message


METRICS = st.sampled_from([*V4.split("/")[1:], *V3.split("/")[1:], *V2.split("/"), "E:A", "x", ""])


@given(
    st.sampled_from(["CVSS_V2", "CVSS_V3", "CVSS_V4"]),
    st.sampled_from(["CVSS:3.0/", "CVSS:3.1/", "CVSS:4.0/", ""]),
    st.lists(METRICS, max_size=16).map("/".join) | st.text(max_size=20),
)
def test_a_vector_is_rated_or_refused(kind: str, prefix: str, rest: str) -> None:
    try:
        rating = rating_of(kind, prefix + rest)
    except InputError:
        return
    assert 0 <= rating.score <= 10


BASE = {
    "cvss30": ("CVSS_V3", "CVSS:3.0", "AV:NALP AC:LH PR:NLH UI:NR S:UC C:NLH I:NLH A:NLH"),
    "cvss31": ("CVSS_V3", "CVSS:3.1", "AV:NALP AC:LH PR:NLH UI:NR S:UC C:NLH I:NLH A:NLH"),
    "cvss40": (
        "CVSS_V4",
        "CVSS:4.0",
        "AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN",
    ),
}


@needs_schemas
@given(st.sampled_from(sorted(BASE)), st.data())
def test_score_and_word_fit_each_other_in_the_official_schema(
    name: str, data: st.DataObject
) -> None:
    kind, start, metrics = BASE[name]
    parts = [one.split(":") for one in metrics.split()]
    drawn = [f"{metric}:{data.draw(st.sampled_from(values))}" for metric, values in parts]
    vector = "/".join([start, *drawn])
    rating = rating_of(kind, vector)
    document = {
        "version": rating.version,
        "vectorString": vector,
        "baseScore": rating.score,
        "baseSeverity": rating.severity,
    }
    assert faults(name, document) == []


def test_without_the_library_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cvss", None)
    with pytest.raises(MissingExtraError) as caught:
        rating_of("CVSS_V3", V3)
    assert caught.value.hint == "python -m pip install 'sealane[advisory]'"
