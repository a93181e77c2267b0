"""What looks like a token is noticed."""

import pytest

from sealane.core.model.token_shapes import holds_token


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "basic dXNlcjpwYXNzd29yZA==",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.x",
        "pypi-AgEIcHlwaS5vcmcCJDNj",
        "glpat-abcdefghijklmnopqrst",
        "ghp_abcdefghijklmnopqrst",
        "github_pat_abcdefghijklmnop",
    ],
)
def test_a_token_is_noticed(text: str) -> None:
    assert holds_token(f"said {text} again")


@pytest.mark.parametrize("text", ["", "GHSA-2222-3333-4444", "CVE-2026-10001", "a bearer of news"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert not holds_token(text)
