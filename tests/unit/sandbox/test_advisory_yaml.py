import pytest

from sealane.errors import InputError
from sealane.sandbox.advisory_yaml import parse_file, render_file, year_of

PLACE = "vulns/acme/X.yaml"


def test_plain_scalars_are_texts() -> None:
    text = b"fixed: 1.10\npublished: 2026-01-02T03:04:05Z\nwithdrawn: null\nseen: true\nn: 012\n"
    assert parse_file(text, PLACE) == {
        "fixed": "1.10", "published": "2026-01-02T03:04:05Z", "withdrawn": None, "seen": True,
        "n": "012",
    }  # fmt: skip


def test_what_is_written_is_read_again_in_its_order() -> None:
    record = {"id": "X", "versions": ["1.10", "1e3"], "details": "é: x\n", "a": {"b": None}}
    content = render_file(record)
    assert parse_file(content, PLACE) == record
    assert content.startswith(b"id: X\nversions:\n")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"text", b"a: [", b"\xff", b"a: &x 1\nb: *x\n", b"a: !!python/object:os.x {}\n",
        b"1: x\n[a]: y\n", b"a: x\n---\nb: y\n", b"[" * 100 + b"]" * 100,
        b"a: " + b"x" * (1024 * 1024),
    ],
)  # fmt: skip
def test_what_is_no_advisory_is_refused_with_its_place(content: bytes) -> None:
    with pytest.raises(InputError, match=PLACE):
        parse_file(content, PLACE)


@pytest.mark.parametrize(
    ("published", "year"), [("2025-12-30T00:00:00Z", "2025"), ("x", "2026"), (None, "2026")]
)
def test_an_identifier_is_of_the_year_of_publication(published: str | None, year: str) -> None:
    assert year_of({"published": published}, "2026") == year
