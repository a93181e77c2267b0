import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.sandbox.accept import choose

OFFERS = ("text/html", "application/x+json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param("", "text/html", id="nothing-asked"),
        pytest.param("*/*", "text/html", id="anything"),
        pytest.param("application/x+json", "application/x+json", id="one"),
        pytest.param("application/x+json, text/html;q=0.01", "application/x+json", id="pip"),
        pytest.param("application/x+json;q=0.2, text/html;q=0.3", "text/html", id="by-weight"),
        pytest.param("*/*;q=0.1, application/x+json", "application/x+json", id="over-anything"),
        pytest.param("text/html;q=0, */*", "application/x+json", id="excluded"),
        pytest.param("application/*", "application/x+json", id="by-family"),
        pytest.param("APPLICATION/X+JSON", "application/x+json", id="upper-case"),
        pytest.param("image/png", None, id="none"),
        pytest.param("text/html;q=0", None, id="zero"),
        pytest.param("text/html;q=2", None, id="weight-out-of-range"),
        pytest.param("text/html;q=nan", None, id="weight-not-a-number"),
    ],
)
def test_the_client_gets_what_it_would_rather_have(accept: str, chosen: str | None) -> None:
    assert choose(accept, OFFERS) == chosen


@given(st.text())
def test_any_header_can_be_read(accept: str) -> None:
    assert choose(accept, OFFERS) in (*OFFERS, None)
