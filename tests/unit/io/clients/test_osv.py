"""An OSV service is asked for what is about one version, and believed in nothing else."""

import json

import pytest

from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.clients.osv import fetch, query
from support.answering import Answering, Reply, told

QUERY = "/osv/v1/query"


def test_a_query_names_package_ecosystem_and_version(service: Answering, web: Web) -> None:
    service.replies[QUERY] = told({"vulns": [{"id": "PYSEC-2026-2"}, {"id": "GHSA-a-b-c"}]})
    found = query(web, f"{service.base}/osv/", "acme", "1.0")
    assert found == ("GHSA-a-b-c", "PYSEC-2026-2")
    ((method, path, body),) = service.asked
    assert (method, path) == ("POST", QUERY)
    assert json.loads(body) == {
        "package": {"name": "acme", "ecosystem": "PyPI"},
        "version": "1.0",
    }


def test_an_empty_answer_names_nothing(service: Answering, web: Web) -> None:
    service.replies[QUERY] = told({})
    assert query(web, f"{service.base}/osv", "acme", "1.0") == ()


def test_a_withdrawn_record_is_no_answer(service: Answering, web: Web) -> None:
    withdrawn = {"id": "PYSEC-2026-1", "withdrawn": "2026-01-01T00:00:00Z"}
    service.replies[QUERY] = told({"vulns": [withdrawn, {"id": "PYSEC-2026-2"}]})
    assert query(web, f"{service.base}/osv", "acme", "1.0") == ("PYSEC-2026-2",)


def test_aliases_are_answers_too(service: Answering, web: Web) -> None:
    given = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1", "GHSA-a-b-c"]}
    gone = {"id": "A-1", "aliases": ["CVE-2026-2"], "withdrawn": "2026-01-01T00:00:00Z"}
    service.replies[QUERY] = told({"vulns": [given, gone, {"id": "B-1", "aliases": None}]})
    found = query(web, f"{service.base}/osv", "acme", "1.0")
    assert found == ("B-1", "CVE-2026-1", "GHSA-a-b-c", "PYSEC-2026-1")


@pytest.mark.parametrize("aliases", ["CVE-2026-1", [1], {}, [None]])
def test_aliases_that_are_none_are_no_answer(service: Answering, web: Web, aliases: object) -> None:
    service.replies[QUERY] = told({"vulns": [{"id": "A-1", "aliases": aliases or [[]]}]})
    with pytest.raises(NetworkError, match="aliases"):
        query(web, f"{service.base}/osv", "acme", "1.0")


def test_every_page_is_asked_for(service: Answering, web: Web) -> None:
    service.replies[QUERY] = [
        told({"vulns": [{"id": "A-1"}], "next_page_token": "two"}),
        told({"vulns": [{"id": "A-2"}]}),
    ]
    assert query(web, f"{service.base}/osv", "acme", "1.0") == ("A-1", "A-2")
    assert [json.loads(body).get("page_token") for *_, body in service.asked] == [None, "two"]


def test_pages_without_end_are_refused(service: Answering, web: Web) -> None:
    service.replies[QUERY] = told({"vulns": [], "next_page_token": "again"})
    with pytest.raises(NetworkError, match="more than 20 pages"):
        query(web, f"{service.base}/osv", "acme", "1.0")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(503), id="down"),
        pytest.param(Reply(302, headers={"Location": "/other"}), id="redirected"),
        pytest.param(Reply(404), id="not-a-service"),
        pytest.param(Reply(200, b"<html>"), id="not-json"),
        pytest.param(Reply(200, b'{"vulns": [], "vulns": []}'), id="twice"),
        pytest.param(told([]), id="not-an-object"),
        pytest.param(told({"vulns": {}}), id="not-a-list"),
        pytest.param(told({"vulns": ["A-1"]}), id="not-records"),
        pytest.param(told({"vulns": [{"modified": "x"}]}), id="without-id"),
        pytest.param(told({"vulns": [{"id": "A 1\n"}]}), id="not-an-id"),
        pytest.param(told({"next_page_token": 1}), id="not-a-token"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_silence(
    reply: Reply, service: Answering, web: Web
) -> None:
    service.replies[QUERY] = reply
    with pytest.raises(NetworkError):
        query(web, f"{service.base}/osv", "acme", "1.0")


def test_a_record_comes_as_the_service_has_it(service: Answering, web: Web) -> None:
    content = b'{"id": "PYSEC-2026-1", "modified": "2026-01-01T00:00:00Z"}\n'
    service.replies["/osv/v1/vulns/PYSEC-2026-1"] = Reply(200, content)
    assert fetch(web, f"{service.base}/osv", "PYSEC-2026-1") == content
    assert fetch(web, f"{service.base}/osv", "PYSEC-2026-2") is None


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(200, b"x"), told([]), Reply(200, b" " * (4 * 1024 * 1024 + 1))]
)
def test_what_is_no_record_is_refused(reply: Reply, service: Answering, web: Web) -> None:
    service.replies["/v1/vulns/A-1"] = reply
    with pytest.raises(NetworkError):
        fetch(web, service.base, "A-1")


@pytest.mark.parametrize("identifier", ["", "../query", "A/1", "A 1", "-A", "A\n", "x" * 201])
def test_what_is_no_identifier_is_not_asked_for(
    identifier: str, service: Answering, web: Web
) -> None:
    with pytest.raises(InputError):
        fetch(web, service.base, identifier)
    assert service.asked == []
