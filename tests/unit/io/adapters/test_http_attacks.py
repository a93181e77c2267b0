"""Addresses that were made to lead where nobody asked to go."""

import socket

import pytest

from sealane.errors import NetworkError
from sealane.io.adapters.http import Web, origin_of

PRIVATE = "10.0.0.5"
PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names resolve to a private address, and whatever is asked nonetheless is written down."""
    resolved: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        resolved.append(host)
        address = PUBLIC if host.startswith("public") else PRIVATE
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    def connect(*_: object, **__: object) -> None:
        raise OSError("would have connected")

    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return resolved


def refusal(web: Web, url: str) -> str:
    with pytest.raises(NetworkError) as raised:
        web.get(url, accept="*/*", limit=100)
    return raised.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.5\\.public.example.org/", "https://public.example.org\\@10.0.0.5/",
        "https://public.example.org\\.10.0.0.5/", "https://public.example.org/\x1b[2J",
        "https://public.example.org /", "https://p\u00fcblic.example.org/",
        "https://public\u3002example.org/", "https://\u2460\u2461.0.0.1/", "https://[", "https://[::1",
        "https://public.example.org:99999/", "https://public.example.org:x/",
    ],
)  # fmt: skip
def test_a_url_that_two_readers_read_differently_is_asked_by_none(
    url: str, no_way_out: list[str]
) -> None:
    for web in (Web("test/1"), Web("test/1", loopback=True)):
        message = refusal(web, url)
        assert "not a URL" in message
        assert message.isprintable()
    assert no_way_out == []


def test_a_public_name_of_a_private_address_is_refused() -> None:
    assert "leads to a private address" in refusal(Web("test/1"), "https://index.example.org/")
    assert "NewConnectionError" in refusal(Web("test/1"), "https://public.example.org/")


@pytest.mark.parametrize("host", ["index.corp.example", PRIVATE, "[fd00::5]"])
@pytest.mark.parametrize("port", ["", ":443"])
def test_a_configured_origin_may_have_a_private_address_and_no_other_may(
    host: str, port: str
) -> None:
    web = Web("test/1", origins=(f"https://{host}{port}/simple/",))
    assert "NewConnectionError" in refusal(web, f"https://{host}/simple/hello/")
    for other in ("https://files.corp.example/x", "https://10.0.0.6/x", f"https://{host}:8443/x"):
        assert "private address" in refusal(web, other)
    assert "only https" in refusal(web, f"http://{host}/simple/hello/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_configured_loopback_address_is_still_for_a_sandbox(host: str) -> None:
    web = Web("test/1", origins=(f"https://{host}:4711",))
    assert "in a sandbox only" in refusal(web, f"https://{host}:4711/simple/")


def test_a_host_that_no_client_can_name_is_a_network_error() -> None:
    for host in ("a" * 70 + ".org", "public..example.org"):
        refusal(Web("test/1", origins=(f"https://{host}",)), f"https://{host}/")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.example:443/y", True),
        ("https://a.example", "http://a.example:443", False),
        ("https://a.example", "https://a.example:444", False),
        ("https://a.example", "https://a.example.", False),
        ("https://a.example", "https://a.example.evil.example", False),
        ("https://a.example", "https://evil.example/https://a.example", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, *, same: bool) -> None:
    assert (origin_of(one) == origin_of(other)) is same
