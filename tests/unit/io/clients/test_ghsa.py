"""Repository advisories of a forge: its answers are bounded, and the token goes nowhere else."""

import json
from collections.abc import Iterator

import pytest

from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.adapters.secret import Secret
from sealane.io.clients.ghsa import GhsaClient, checked_id
from support.answering import Answering, Reply, answering, told

TOKEN = "hunter2-hunter2"
PATH = "/repos/acme/acme/security-advisories"
ONE = {"ghsa_id": "GHSA-2222-3333-4444", "summary": "x"}


@pytest.fixture
def forge() -> Iterator[Answering]:
    with answering() as made:
        yield made


def client(forge: Answering, repository: str = "acme/acme") -> GhsaClient:
    return GhsaClient(Web("test/1", loopback=True), forge.base, repository, Secret(TOKEN))


def test_all_pages_are_read(forge: Answering) -> None:
    following = f'<{forge.base}{PATH}?after=x>; rel="next", <{forge.base}{PATH}>; rel="first"'
    forge.replies[f"{PATH}?per_page=100"] = Reply(
        200, json.dumps([ONE]).encode(), {"Link": following}
    )
    forge.replies[f"{PATH}?after=x"] = told([ONE, ONE])
    assert list(client(forge).each()) == [ONE, ONE, ONE]


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/repos/acme/acme/security-advisories", "/repos/acme/other",
        "//elsewhere.example/repos/acme/acme/security-advisories", "../../../x",
        "http://127.0.0.1:1/repos/acme/acme/security-advisories",
    ],
)  # fmt: skip
def test_a_page_that_is_elsewhere_is_not_asked(forge: Answering, link: str) -> None:
    forge.replies[f"{PATH}?per_page=100"] = Reply(200, b"[]", {"Link": f'<{link}>; rel="next"'})
    with pytest.raises(NetworkError, match="elsewhere"):
        list(client(forge).each())
    assert len(forge.asked) == 1


def test_pages_without_an_end_are_given_up(forge: Answering) -> None:
    again = {"Link": f'<{forge.base}{PATH}?per_page=100>; rel="next"'}
    forge.replies[f"{PATH}?per_page=100"] = Reply(200, b"[]", again)
    with pytest.raises(NetworkError, match="more than 100 pages"):
        list(client(forge).each())


@pytest.mark.parametrize("body", [b"", b"{}", b"x", b"[1]", b'[{"a": 1, "a": 2}]', b"\xff"])
def test_an_answer_of_another_form_is_an_error(forge: Answering, body: bytes) -> None:
    forge.replies[f"{PATH}?per_page=100"] = Reply(200, body)
    with pytest.raises(NetworkError):
        list(client(forge).each())
    if body != b"{}":
        forge.replies[f"{PATH}/GHSA-2222-3333-4444"] = Reply(200, body)
        with pytest.raises(NetworkError):
            client(forge).find("GHSA-2222-3333-4444")


def test_an_advisory_that_is_not_there_is_none(forge: Answering) -> None:
    assert client(forge).find("GHSA-2222-3333-4444") is None
    forge.replies[f"{PATH}/GHSA-2222-3333-4444"] = told(ONE)
    assert client(forge).find("GHSA-2222-3333-4444") == ONE


def test_a_draft_is_made_and_says_its_identifier(forge: Answering) -> None:
    forge.replies[f"POST {PATH}"] = told(ONE, 201)
    assert client(forge).create({"summary": "x"}) == "GHSA-2222-3333-4444"
    assert forge.asked == [("POST", PATH, b'{"summary": "x"}')]
    forge.replies[f"POST {PATH}"] = told({}, 201)
    with pytest.raises(NetworkError, match="identifier"):
        client(forge).create({})


@pytest.mark.parametrize(
    ("status", "headers", "told_status"),
    [
        (401, {}, 401), (403, {}, 403), (403, {"Retry-After": "60"}, 429), (422, {}, 422),
        (429, {}, 429), (500, {}, 500), (302, {"Location": "/elsewhere"}, 302), (200, {}, 200),
    ],
)  # fmt: skip
def test_a_refusal_has_its_status_its_words_and_a_hint(
    forge: Answering, status: int, headers: dict[str, str], told_status: int
) -> None:
    body = json.dumps({"message": f"no\x1b[2J {TOKEN}", "errors": [{"field": "cve_id"}]}).encode()
    forge.replies[f"POST {PATH}"] = Reply(status, body, headers)
    with pytest.raises(ChannelError) as caught:
        client(forge).create({})
    assert caught.value.status == told_status
    assert caught.value.hint
    assert "cve_id" in caught.value.message
    assert ("60 s" in caught.value.message) == bool(headers.get("Retry-After"))
    assert TOKEN not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert len(forge.asked) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b"[" * 100_000])
def test_a_refusal_without_words_is_told_as_such(forge: Answering, body: bytes) -> None:
    forge.replies[f"POST {PATH}"] = Reply(422, body)
    with pytest.raises(ChannelError, match="no reason"):
        client(forge).create({})


@pytest.mark.parametrize("name", ["", "acme", "a/b/c", "../x", "a/b?x", "a /b", "a/b\n"])
def test_a_repository_that_is_none_is_refused(forge: Answering, name: str) -> None:
    with pytest.raises(InputError, match="OWNER/NAME"):
        client(forge, name)


@pytest.mark.parametrize("value", [None, 1, "", "GHSA-1", "GHSA-2222-3333-444a", "../x"])
def test_an_identifier_of_another_form_is_not_used(forge: Answering, value: object) -> None:
    with pytest.raises(NetworkError):
        checked_id({"ghsa_id": value})  # type: ignore[dict-item]  # whatever JSON holds
    with pytest.raises(NetworkError):
        client(forge).find(str(value))
    assert forge.asked == []


def test_a_token_that_is_repeated_at_the_end_of_a_long_answer_is_not_cut_and_shown(
    forge: Answering,
) -> None:
    for before in range(380, 401):
        forge.replies[f"{PATH}?per_page=100"] = told({"message": "x" * before + TOKEN}, 403)
        with pytest.raises(ChannelError) as caught:
            list(client(forge).each())
        assert TOKEN[:4] not in caught.value.message
