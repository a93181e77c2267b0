"""A lock pins every release by version and strong hash, or it is none."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.locks import parse_lock
from sealane.errors import InputError

H = "--hash=sha256:" + "a" * 64


def test_a_compiled_lock_is_read() -> None:
    text = (
        "# made by a tool\nIdna==3.20 \\\n    --hash=sha256:" + "b" * 64 + " \\\n    " + H +
        "\n    # via x\ntomli[x]==2.0 ; python_version < '3.11' " + H + "\n"
    )  # fmt: skip
    first, second = parse_lock(text, "r.txt")
    assert (first.name, first.version, first.marker, first.line) == ("idna", "3.20", "", 2)
    assert first.hashes == ("sha256:" + "a" * 64, "sha256:" + "b" * 64)
    assert second.marker
    assert not second.applies({"python_version": "3.12"})
    assert second.applies({"python_version": "3.10"})


def test_versions_for_different_platforms_may_stand_side_by_side() -> None:
    text = f"a==1 ; os_name == 'nt' {H}\na==2 ; os_name != 'nt' {H}\n"
    assert [release.version for release in parse_lock(text, "r")] == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# nothing\n", id="comments"),
        pytest.param("idna==3.20\n", id="no-hash"),
        pytest.param(f"idna==3.20 {H}\nattrs==1\n", id="second-without-hash"),
        pytest.param("idna==3.20 --hash=md5:" + "a" * 32, id="weak-hash"),
        pytest.param("idna==3.20 --hash=sha256:" + "a" * 63, id="short-hash"),
        pytest.param(f"idna==3.20 {H} --hash=md5:{'a' * 32}", id="weak-beside-strong"),
        pytest.param(f"idna>=3.20 {H}", id="range"),
        pytest.param(f"idna==3.* {H}", id="wildcard"),
        pytest.param(f"idna===3.20 {H}", id="arbitrary-equality"),
        pytest.param(f"idna==3.20,<4 {H}", id="two-specifiers"),
        pytest.param(f"idna {H}", id="no-version"),
        pytest.param(f"idna @ https://example.org/idna.whl {H}", id="address"),
        pytest.param("-r other.txt", id="include"),
        pytest.param("--index-url https://example.org", id="index"),
        pytest.param("-e .", id="editable"),
        pytest.param(f"./local {H}", id="path"),
        pytest.param(f"idna==3.20 {H}\nIDNA==3.19 {H}", id="twice"),
        pytest.param(f"a==1 {H}\na==2 ; os_name == 'nt' {H}", id="twice-by-marker"),
        pytest.param("idna==3.20 \\\n", id="cut-off"),
    ],
)
def test_what_is_not_locked_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"r\.txt"):
        parse_lock(text, "r.txt")


@given(st.text(max_size=200))
def test_any_text_is_a_lock_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_lock(text, "r.txt")
