"""ADV01: the record and its documents have the form of their formats."""

import json

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.advisory.record_render import render_record
from sealane.core.model.values import replace
from sealane.errors import UsageError
from support.cases import acme, draft, failures, published, saying, warnings


def changed(**members: object) -> bytes:
    document = json.loads(render_record(acme()))
    return json.dumps({**document, **members}).encode()


@pytest.mark.parametrize("version", ["2.0.0", "0.9", "1.x", "1.7.5.1"])
def test_another_major_version_of_the_schema_is_refused(version: str) -> None:
    told = failures("ADV01", saying(draft(), acme(schema_version=version)))
    assert f"record/schema_version: expected 1.x.y, got {version}" in told


@pytest.mark.parametrize("version", ["", "1", "1.4.0", "1.99"])
def test_any_version_1_of_the_schema_will_do(version: str) -> None:
    assert "expected 1.x.y" not in failures("ADV01", saying(draft(), acme(schema_version=version)))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(changed(published="2026-11-01"), "/published", id="no-time"),
        pytest.param(changed(modified=7), "/modified", id="no-text"),
        pytest.param(changed(surprise=1), "surprise", id="unknown-member"),
        pytest.param(b"{", "an OSV record", id="no-json"),
        pytest.param(b'{"id": "A-1", "id": "A-2"}', "an OSV record", id="twice"),
    ],
)
def test_what_the_schema_refuses_is_named(content: bytes, told: str) -> None:
    assert told in failures("ADV01", draft(content=content))


def test_checks_of_the_linter_that_have_a_code_of_their_own_are_told_there() -> None:
    assert (
        failures("ADV01", saying(draft(), acme(aliases=("CVE-2026-1234",) * 2))).count("REC") == 0
    )


def test_a_document_that_breaks_its_format_is_named() -> None:
    case = draft()
    cve = next(one for one in case.documents if one.format == "cve")
    broken = json.loads(cve.content)
    broken["packageURL"] = "pkg:pypi/acme"
    documents = (replace(cve, content=json.dumps(broken).encode()),)
    assert "cve PYSEC-2026-1.cve.json" in failures("ADV01", replace(case, documents=documents))


def test_a_document_that_cannot_be_read_is_named() -> None:
    case = draft(documents=(Document("openvex", "a.json", b"no"),))
    assert "openvex a.json: expected a document of openvex" in failures("ADV01", case)


def test_a_rule_that_only_warns_warns() -> None:
    csaf = tuple(one for one in published().documents if one.format == "csaf")
    assert "csaf pysec-2026-1.json/document/publisher/namespace: expected rule 6.3.6" in warnings(
        "ADV01", published(documents=csaf)
    )


def test_a_format_that_nobody_knows_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError):
        failures("ADV01", draft(documents=(Document("doc", "a.doc", b""),)))
