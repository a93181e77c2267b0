"""A link answers where the page it leads to in the end does."""

import pytest

from sealane.errors import NetworkError
from sealane.io.adapters.http import Web
from sealane.io.clients.links import Link, look
from support.answering import Answering, Reply


def test_a_page_is_asked_for_its_head_alone(service: Answering, web: Web) -> None:
    service.replies["/page"] = Reply(200, b"x" * 100)
    assert look(web, f"{service.base}/page") == Link(f"{service.base}/page", 200)
    assert [method for method, *_ in service.asked] == ["HEAD"]


@pytest.mark.parametrize("refused", [403, 404, 405, 500, 501])
def test_a_server_that_does_not_answer_head_is_asked_for_the_page(
    refused: int, service: Answering, web: Web
) -> None:
    service.replies["HEAD /page"] = Reply(refused)
    service.replies["GET /page"] = Reply(200, b"x" * 10_000_000)
    assert look(web, f"{service.base}/page").status == 200
    assert [method for method, *_ in service.asked] == ["HEAD", "GET"]


def test_a_page_that_is_gone_says_so(service: Answering, web: Web) -> None:
    assert look(web, f"{service.base}/gone").status == 404


def test_a_redirect_counts_as_what_it_leads_to(service: Answering, web: Web) -> None:
    service.replies["/old"] = Reply(301, headers={"Location": "new"})
    service.replies["/new"] = Reply(200)
    service.replies["/lost"] = Reply(302, headers={"Location": "/gone"})
    assert look(web, f"{service.base}/old") == Link(
        f"{service.base}/old", 200, f"{service.base}/new"
    )
    assert look(web, f"{service.base}/lost").status == 404


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/loop", id="in-a-circle"),
        pytest.param("http://192.0.2.1/", id="plain-http"),
        pytest.param("https://10.0.0.1/", id="private"),
        pytest.param("https://user:secret@192.0.2.1/", id="credentials"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("http://[::1", id="not-a-url"),
    ],
)
def test_a_redirect_leads_nowhere_that_is_not_public(
    target: str, service: Answering, web: Web
) -> None:
    service.replies["/loop"] = Reply(302, headers={"Location": target})
    with pytest.raises(NetworkError):
        look(web, f"{service.base}/loop")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://192.0.2.1/", "https://10.0.0.1/"])
def test_the_world_is_asked_by_https_and_in_public_only(url: str) -> None:
    with pytest.raises(NetworkError):
        look(Web("test/1"), url)
