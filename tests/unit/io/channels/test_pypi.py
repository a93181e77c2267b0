"""An index is a stranger: what it says of itself decides neither who gets a token nor where."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from sealane.core.release.project import Channel, ChannelKind
from sealane.errors import ChannelError, NetworkError
from sealane.io.adapters.secret import Secret
from sealane.io.channels.interface import ShownFile
from sealane.io.channels.pypi import PackageIndex, open_index

SHA256 = "a" * 64


class Index(BaseHTTPRequestHandler):
    """Answers what a test put there; every path that was asked is kept."""

    answers: ClassVar[dict[str, tuple[int, object]]]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.asked.append(path)
        status, document = self.answers.get(path, (404, {}))
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    Index.answers, Index.asked = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def index(base: str, audience: str = "") -> PackageIndex:
    return PackageIndex(f"{base}/legacy/", f"{base}/simple/", loopback=True, audience=audience)


def test_an_index_that_asks_for_a_signing_token_gets_none(base: str) -> None:
    Index.answers["/_/oidc/audience"] = (200, {"audience": "sigstore"})
    with pytest.raises(ChannelError, match="'sigstore'"):
        index(base).audience()


@pytest.mark.parametrize("said", ["testpypi", "sigstore", "npm", "PYPI", "pypi "])
def test_a_named_index_takes_its_own_audience_only(base: str, said: str) -> None:
    Index.answers["/_/oidc/audience"] = (200, {"audience": said})
    with pytest.raises(ChannelError, match="expected 'pypi'"):
        index(base, "pypi").audience()
    Index.answers["/_/oidc/audience"] = (200, {"audience": "pypi"})
    assert index(base, "pypi").audience() == "pypi"


@pytest.mark.parametrize("said", ["pypi", "testpypi", "sigstore"])
def test_another_index_may_not_ask_for_the_tokens_of_a_named_one(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel("own", ChannelKind.INDEX, "https://index.example.org/legacy/", "")
    opened = open_index(channel, loopback=False)
    found = index_publish_endpoints(said)
    monkeypatch.setattr("sealane.io.clients.index_publish.discover", lambda *_: found)
    with pytest.raises(ChannelError, match="somebody else"):
        opened.audience()


def index_publish_endpoints(audience: str) -> object:
    from sealane.io.clients.index_publish import Endpoints

    place = "https://index.example.org/_/oidc"
    return Endpoints(audience, f"{place}/mint-token", f"{place}/burn-token")


@pytest.mark.parametrize("name", ["pypi", "testpypi"])
def test_the_named_repositories_have_the_audience_of_their_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_index(Channel("index", ChannelKind.PYPI, name, ""), loopback=False)
    for said, good in ((name, True), ("other", False)):
        found = index_publish_endpoints(said)
        monkeypatch.setattr("sealane.io.clients.index_publish.discover", lambda *_, f=found: f)
        opened._endpoints = None
        if good:
            assert opened.audience() == name
        else:
            with pytest.raises(ChannelError):
                opened.audience()


@pytest.mark.parametrize("token", ["", " ", "pypi-\n", "pypi-a b", "pypi-\u20ac", "a" * 9000, 1])
def test_what_is_no_upload_token_is_refused(base: str, token: object) -> None:
    Index.answers["/_/oidc/audience"] = (200, {"audience": "pypi"})
    Index.answers["/_/oidc/mint-token"] = (200, {"success": True, "token": token})
    with pytest.raises(ChannelError):
        index(base).mint(Secret("x.y.z"))


@pytest.mark.parametrize(
    "endpoints",
    [
        {"audience-endpoint": "https://[x/"},
        {"token-mint-endpoint": "https://[x/"},
        {"token-mint-endpoint": "https://evil.example.org/mint"},
        {"audience-endpoint": "//evil.example.org/"},
        {"token-mint-endpoint": "http://localhost:1/mint"},
        {"token-mint-endpoint": "http://user:pass@127.0.0.1/"},
    ],
)
def test_no_token_is_sent_where_the_index_is_not(base: str, endpoints: dict[str, str]) -> None:
    Index.answers["/.well-known/pytp"] = (200, endpoints)
    Index.answers["/_/oidc/audience"] = (200, {"audience": "pypi"})
    with pytest.raises((ChannelError, NetworkError)) as raised:
        index(base).mint(Secret("x.y.z"))
    assert "pass" not in raised.value.message


def entry(url: str, sha256: str = SHA256) -> dict[str, object]:
    return {"filename": "demo-1.0.tar.gz", "url": url, "hashes": {"sha256": sha256}}


def test_a_file_that_is_listed_twice_is_no_answer(base: str) -> None:
    listed = {"files": [entry("/a"), entry("/b", "b" * 64)]}
    Index.answers["/simple/demo/"] = (200, listed)
    with pytest.raises(NetworkError, match="listed twice"):
        index(base).observe("demo", "1.0")


@pytest.mark.parametrize("listed", [[], {}, {"files": {}}, {"files": [1]}, {"files": [{}]}, "x", 1])
def test_what_is_no_list_of_files_is_no_answer(base: str, listed: object) -> None:
    Index.answers["/simple/demo/"] = (200, listed)
    with pytest.raises(NetworkError):
        index(base).observe("demo", "1.0")


PRIVATE = "10.1.2.3"


@pytest.fixture
def private_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to a private address, where nobody answers."""

    def resolve(host: str, port: object, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (PRIVATE, port if isinstance(port, int) else 0))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("private_names")
def test_a_configured_index_may_have_a_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def request(_: object, method: str, url: str, **__: object) -> None:
        asked.append(f"{method} {url.partition('?')[0]}")
        raise OSError("nobody there")

    monkeypatch.setattr("requests.Session.request", request)
    channel = Channel("own", ChannelKind.INDEX, "https://Index.corp.example:8443/legacy/", "")
    opened = open_index(channel, loopback=False)
    with pytest.raises(NetworkError, match="nobody there"):
        opened.observe("demo", "1.0")
    with pytest.raises(NetworkError, match="nobody there"):
        opened.audience()
    assert [one.partition(" ")[0] for one in asked] == ["GET", "GET"]


@pytest.mark.usefixtures("private_names")
@pytest.mark.parametrize(
    "url",
    [
        "https://other.corp.example/x", "https://index.corp.example/x",
        "https://index.corp.example:8444/x", f"https://{PRIVATE}/x", "https://127.0.0.1/x",
        "http://index.corp.example:8443/x", "https://index.corp.example:8443@evil.example/x",
    ],
)  # fmt: skip
def test_another_private_host_is_not_asked_whatever_the_index_lists(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def request(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr("requests.Session.request", request)
    channel = Channel("own", ChannelKind.INDEX, "https://index.corp.example:8443/legacy/", "")
    opened = open_index(channel, loopback=False)
    shown = ShownFile("demo-1.0.tar.gz", SHA256, url, url)
    with pytest.raises(NetworkError):
        opened.download(shown, 100)
    with pytest.raises(NetworkError):
        opened.provenance(shown)
