"""HTTP goes where it was asked to go, bounded, without credentials."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.adapters.secret import Secret


class Handler(BaseHTTPRequestHandler):
    """Answers by path, and keeps the headers it saw."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        status, headers, body = 200, {"Set-Cookie": "a=b"}, b"x" * 100
        port = self.headers["Host"].rpartition(":")[2]
        if self.path == "/loop":
            status, headers = 302, {"Location": "/loop"}
        elif self.path == "/same":
            status, headers = 301, {"Location": "/end"}
        elif self.path == "/other":
            status, headers = 302, {"Location": f"http://localhost:{port}/end"}
        elif self.path == "/outside":
            status, headers = 302, {"Location": "http://192.0.2.1/"}
        elif self.path == "/file":
            status, headers = 302, {"Location": "file:///etc/passwd"}
        elif self.path == "/none":
            status = 404
        elif self.path == "/silent":
            time.sleep(0.6)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def web(*, loopback: bool = True) -> Web:
    return Web("test/1", loopback=loopback)


def test_an_answer_comes_whole_and_the_host_is_remembered(base: str) -> None:
    client = web()
    answer = client.get(f"{base}/end", accept="text/plain", limit=100)
    assert (answer.status, len(answer.body)) == (200, 100)
    assert client.hosts == ("127.0.0.1",)
    assert Handler.seen[0]["user-agent"] == "test/1"
    assert client.get(f"{base}/none", accept="*/*", limit=100).status == 404
    posted = client.post_json(f"{base}/", {"a": 1}, limit=100)
    assert (posted.status, json.loads(posted.body)) == (201, {"a": 1})


def test_no_credential_of_the_user_and_no_cookie_is_sent(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client = web()
    for _ in range(2):
        client.get(f"{base}/end", accept="*/*", limit=100)
    assert all({"authorization", "cookie"}.isdisjoint(headers) for headers in Handler.seen)


def test_more_than_the_limit_is_refused(base: str) -> None:
    with pytest.raises(NetworkError, match="larger than 99 bytes"):
        web().get(f"{base}/end", accept="*/*", limit=99)


def test_a_redirect_stays_in_its_origin_or_a_configured_one(base: str) -> None:
    assert web().get(f"{base}/same", accept="*/*", limit=100).status == 200
    with pytest.raises(NetworkError, match="another origin"):
        web().get(f"{base}/other", accept="*/*", limit=100)
    other = base.replace("127.0.0.1", "localhost")
    allowed = Web("test/1", loopback=True, origins=(other,))
    assert allowed.get(f"{base}/other", accept="*/*", limit=100).status == 200


@pytest.mark.parametrize("path", ["/loop", "/outside", "/file"])
def test_a_redirect_that_leads_away_or_round_is_refused(base: str, path: str) -> None:
    with pytest.raises(NetworkError):
        web().get(f"{base}{path}", accept="*/*", limit=100)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https:///x", "x", "",
        "https://user:secret@example.org/", "https://10.0.0.1/", "https://192.168.1.1/",
        "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/",
        "https://0.0.0.0/", "https://[::]/", "https://[x/", "https://a:b/",
    ],
)  # fmt: skip
def test_a_url_that_must_not_be_asked_is_refused(url: str) -> None:
    client = web()
    with pytest.raises(NetworkError) as raised:
        client.get(url, accept="*/*", limit=100)
    assert "secret" not in raised.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_loopback_is_for_a_sandbox(host: str) -> None:
    with pytest.raises(NetworkError):
        web(loopback=False).get(f"https://{host}:1/", accept="*/*", limit=100)


def test_nobody_there_is_a_network_error() -> None:
    with pytest.raises(NetworkError) as raised:
        web().get("http://127.0.0.1:9/", accept="*/*", limit=100)
    assert "GET http://127.0.0.1:9/" in raised.value.message


def test_a_token_is_a_header_of_one_request_and_of_no_other(base: str) -> None:
    client = web()
    token = Secret("hunter2", "TOKEN")
    answer = client.ask("GET", f"{base}/same", token=token, limit=100, headers={"X-Version": "1"})
    # A redirect is an answer: the token goes nowhere else.
    assert answer.status == 301
    assert len(Handler.seen) == 1
    assert Handler.seen[0]["authorization"] == "Bearer hunter2"
    assert Handler.seen[0]["x-version"] == "1"
    client.ask("GET", f"{base}/end", token=token, limit=100, shown_as=("X-Key", ""))
    client.get(f"{base}/end", accept="*/*", limit=100)
    assert (Handler.seen[1]["x-key"], Handler.seen[1].get("authorization")) == ("hunter2", None)
    assert {"authorization", "x-key"}.isdisjoint(Handler.seen[2])


def test_what_is_sent_with_a_token_is_json(base: str) -> None:
    token = Secret("hunter2")
    posted = web().ask("POST", f"{base}/", token=token, limit=100, value={"a": 1})
    assert json.loads(posted.body) == {"a": 1}


@pytest.mark.parametrize("token", ["", "hunter2\r\nX: y", "hunter2 ", "hunter\u0132"])
def test_a_token_that_no_header_can_hold_is_not_quoted(base: str, token: str) -> None:
    with pytest.raises(InputError) as caught:
        web().ask("GET", f"{base}/end", token=Secret(token, "TOKEN"), limit=100)
    assert "hunter" not in caught.value.message
    assert Handler.seen == []


def test_a_token_goes_over_no_plain_connection_and_into_no_error() -> None:
    with pytest.raises(NetworkError) as caught:
        web().ask("GET", "http://forge.example/", token=Secret("hunter2"), limit=100)
    assert "hunter2" not in caught.value.message
    with pytest.raises(NetworkError) as caught:
        web().ask("GET", "http://127.0.0.1:1/", token=Secret("hunter2"), limit=100)
    assert "hunter2" not in f"{caught.value.message} {caught.value.__cause__!r}"


def test_silence_ends_after_as_long_as_was_said(base: str) -> None:
    patient = Web("test/1", loopback=True, read_seconds=0.2)
    with pytest.raises(NetworkError, match="timed out"):
        patient.get(f"{base}/silent", accept="*/*", limit=100)
