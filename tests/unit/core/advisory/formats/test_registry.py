"""Every format has a name, and a document is recognised as what it is."""

import json

import pytest

from sealane.core.advisory.formats.registry import FORMATS, format_named, format_of
from sealane.errors import InputError, UsageError
from support.records import listed, record_of
from support.renderings import rendering_of

NAMES = ["osv", "pypa", "cve", "csaf", "csaf-vex", "openvex", "ghsa", "markdown"]
RENDERING = rendering_of(listed("acme", ["1.0", "1.1", "1.2"]))


def test_every_format_has_its_name() -> None:
    assert list(FORMATS) == NAMES
    assert [format_named(name).name for name in NAMES] == NAMES
    assert len({one.title for one in FORMATS.values()}) == len(NAMES)


def test_a_name_that_no_format_has_is_refused() -> None:
    with pytest.raises(UsageError, match=r"expected one of osv, .*, got 'csv'"):
        format_named("csv")


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_recognised_as_what_was_rendered(name: str) -> None:
    document = FORMATS[name].render(record_of(), RENDERING)
    assert document.format == name
    found = format_of(document.content, document.name)
    assert found is FORMATS[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "pypa"])
def test_without_a_name_it_is_recognised_by_what_is_in_it(name: str) -> None:
    assert format_of(FORMATS[name].render(record_of(), RENDERING).content, "") is FORMATS[name]


def test_a_whole_cve_record_is_one_of_cve() -> None:
    assert format_of(b'{"containers": {}}', "") is FORMATS["cve"]


@pytest.mark.parametrize("document", [{}, {"document": 1}, {"document": {"category": 1}}])
def test_json_of_something_else_is_of_no_format(document: dict[str, object]) -> None:
    assert format_of(json.dumps(document).encode(), "x.json") is None


@pytest.mark.parametrize("content", [b"", b"[]", b"id: X", b"\xff"])
def test_what_is_no_json_and_named_like_nothing_else_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"document 'x\.json'"):
        format_of(content, "x.json")
