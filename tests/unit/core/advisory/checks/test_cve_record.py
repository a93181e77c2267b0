"""ADV20: the CVE record is published, and says what was rendered."""

import json
from typing import Any

import pytest

from sealane.core.advisory.checks.interface import Case, Seen, SeenCve
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from support.cases import acme, failures, lacks, outcomes, published, saying

SEEN = published().seen
RECORD = SEEN.cve or SeenCve("", "", b"")
CONTAINER = json.loads(RECORD.content)


def showing(**changes: Any) -> Case:  # noqa: ANN401 - any field
    return published(seen=replace(SEEN, cve=replace(RECORD, **changes)))


def contained(**members: object) -> bytes:
    return json.dumps({**CONTAINER, **members}).encode()


@pytest.mark.parametrize("state", ["RESERVED", "REJECTED", "published", ""])
def test_a_record_that_is_not_published_fails(state: str) -> None:
    assert "CVE record CVE-2026-10001: expected PUBLISHED" in failures(
        "ADV20", showing(state=state)
    )


def test_a_record_of_another_id_fails() -> None:
    told = failures("ADV20", showing(id="CVE-2026-99999"))
    assert "expected CVE-2026-10001, got CVE-2026-99999" in told


def test_a_record_of_an_advisory_without_an_id_fails() -> None:
    told = failures("ADV20", saying(showing(), acme(aliases=())))
    assert "expected a CVE id, got CVE-2026-10001" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(contained(title="Another"), "CVE-2026-10001: title", id="changed"),
        pytest.param(contained(tags=["disputed"]), "CVE-2026-10001: tags", id="more"),
        pytest.param(json.dumps({}).encode(), "CVE-2026-10001: affected", id="less"),
        pytest.param(b"[]", "expected a CNA container", id="no-object"),
        pytest.param(b'{"cnaContainer": 1}', "expected a CNA container", id="no-container"),
    ],
)
def test_a_record_that_says_something_else_fails(content: bytes, told: str) -> None:
    assert told in failures("ADV20", showing(content=content))


def test_what_the_service_adds_is_no_difference() -> None:
    provider = {"orgId": "12345678-1234-4123-8123-123456789012", "shortName": "acme"}
    assert outcomes("ADV20", showing(content=contained(providerMetadata=provider))) == []


def test_the_envelope_that_a_container_is_sent_in_is_no_difference() -> None:
    content = json.dumps({"cnaContainer": CONTAINER}).encode()
    assert outcomes("ADV20", showing(content=content)) == []


def test_a_record_that_the_service_does_not_know_fails() -> None:
    case = published(seen=Seen(asked_cve=True))
    assert "CVE Services: expected CVE-2026-10001, got no such record" in failures("ADV20", case)
    bare = saying(case, acme(aliases=()))
    assert "expected a CVE id, got no such record" in failures("ADV20", bare)


def test_what_nobody_asked_is_missing_for_a_project_that_publishes_there() -> None:
    assert "CVE Services: expected the record" in lacks("ADV20", published(seen=Seen()))


def test_a_project_that_publishes_no_cve_records_is_told_so() -> None:
    assert outcomes("ADV20", published(seen=Seen(), outlets=frozenset())) == [Outcome.NOTE]


def test_a_record_that_somebody_else_publishes_has_its_own_words() -> None:
    case = replace(showing(content=contained(title="Theirs")), outlets=frozenset({"ghsa"}))
    assert outcomes("ADV20", case) == []
    reserved = replace(showing(state="RESERVED"), outlets=frozenset({"ghsa"}))
    assert "expected PUBLISHED" in failures("ADV20", reserved)


def test_without_the_rendered_container_nothing_was_compared() -> None:
    assert "the container that was rendered" in lacks("ADV20", replace(showing(), documents=()))
