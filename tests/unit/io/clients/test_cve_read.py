"""CVE Services are read without an account, and an unclear answer is none."""

import json

import pytest

from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.clients.cve_read import CveRecord, read_cve
from support.answering import Answering, Reply, told

ID = "CVE-2026-1234"
RESERVED, RECORD = f"/api/cve-id/{ID}", f"/api/cve/{ID}"
PUBLISHED = {
    "cveMetadata": {"cveId": ID, "state": "PUBLISHED"},
    "containers": {"cna": {"title": "café", "affected": []}},
}


def test_a_published_record_comes_with_its_container(service: Answering, web: Web) -> None:
    service.replies[RECORD] = told(PUBLISHED)
    found = read_cve(web, f"{service.base}/api/", ID)
    assert found is not None
    assert (found.id, found.state) == (ID, "PUBLISHED")
    assert json.loads(found.container) == {"title": "café", "affected": []}


def test_a_reserved_one_has_no_record_yet(service: Answering, web: Web) -> None:
    service.replies[RESERVED] = told({"cve_id": ID, "state": "RESERVED"})
    assert read_cve(web, f"{service.base}/api", ID) == CveRecord(ID, "RESERVED", b"")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_one_that_nobody_may_see_is_not_there(status: int, service: Answering, web: Web) -> None:
    service.replies[RESERVED] = Reply(status)
    assert read_cve(web, f"{service.base}/api", ID) is None


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        pytest.param(RESERVED, Reply(503), id="down"),
        pytest.param(RESERVED, Reply(200, b"<html>"), id="not-json"),
        pytest.param(RESERVED, told({"cve_id": ID}), id="no-state"),
        pytest.param(RECORD, Reply(503), id="record-down"),
        pytest.param(RECORD, Reply(401), id="record-refused"),
        pytest.param(RECORD, Reply(429), id="record-busy"),
        pytest.param(RECORD, Reply(200, b"[]"), id="record-a-list"),
        pytest.param(RECORD, told({}), id="record-empty"),
        pytest.param(
            RECORD,
            told({**PUBLISHED, "cveMetadata": {"cveId": "CVE-2026-9999"}}),
            id="record-of-another",
        ),
        pytest.param(
            RECORD, told({**PUBLISHED, "cveMetadata": {"cveId": ID}}), id="record-without-state"
        ),
        pytest.param(RECORD, told({**PUBLISHED, "containers": {}}), id="no-container"),
        pytest.param(
            RECORD,
            told({**PUBLISHED, "containers": {"cna": {"title": "\ud800"}}}),
            id="half-a-character",
        ),
    ],
)
def test_an_unclear_answer_is_none(path: str, reply: Reply, service: Answering, web: Web) -> None:
    service.replies[path] = reply
    with pytest.raises(NetworkError):
        read_cve(web, f"{service.base}/api", ID)


@pytest.mark.parametrize("identifier", ["", "CVE-2026-1", "CVE-2026-1234/../x", "GHSA-a", "cve"])
def test_what_is_no_cve_identifier_is_not_asked_for(
    identifier: str, service: Answering, web: Web
) -> None:
    with pytest.raises(InputError):
        read_cve(web, service.base, identifier)
    assert service.asked == []
