"""The sandbox's server, spoken to byte by byte."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sealane.io.adapters import clock
from sealane.sandbox.airlock import Airlock
from sealane.sandbox.faults import HangUpError
from sealane.sandbox.server import Server
from sealane.sandbox.tls import TlsAuthority
from sealane.sandbox.wire import Request, Response, json_response

MAPPED = "index.example.org"


def answer(request: Request) -> Response:
    match request.path:
        case "/bug":
            raise FileNotFoundError("secret-of-the-bug")
        case "/hang-up":
            raise HangUpError("now")
        case "/reason":
            return Response(400, b"x", reason="one\r\nSet-Cookie: a=b\r\n" + "é" * 300)
        case "/split":
            return Response(200, headers={"X": "a\r\nSet-Cookie: b"})
        case "/teapot":
            return Response(499, b"")
    shown = {"method": request.method, "path": request.path, "query": dict(request.query),
             "base": request.base, "body": request.body.decode("latin-1")}  # fmt: skip
    return json_response(200, shown)


class Running:
    """A server, its log and its air-lock."""

    def __init__(self, folder: Path) -> None:
        self.logged: list[str] = []
        self.airlock = Airlock([MAPPED])
        self.tls = TlsAuthority(folder, [MAPPED], clock.now())
        self.server = Server(
            answer, airlock=self.airlock, port=0, timeout=2.0, most_body=1000,
            log=lambda service, message: self.logged.append(f"{service} {message}"),
            context=self.tls.context,
        )  # fmt: skip
        self.own = f"127.0.0.1:{self.server.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=5)

    def exchange(self, sent: bytes) -> bytes:
        """Everything the server answers until it closes, or has nothing more to say."""
        with self.connect() as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def get(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.own}", *headers, "", ""]
        return self.exchange("\r\n".join(lines).encode() + body)

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.tls.certificate))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    made.server.start()
    yield made
    made.server.stop()


def secured(running: Running, raw: socket.socket, name: str = MAPPED) -> ssl.SSLSocket:
    return running.client().wrap_socket(raw, server_hostname=name)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def shown(answer: bytes) -> dict[str, object]:
    document: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return document


def test_a_request_arrives_whole(running: Running) -> None:
    found = shown(running.get("/a%20b?x=1&x=2&y=", "Content-Length: 2", method="POST", body=b"hi"))
    assert found == {
        "method": "POST", "path": "/a b", "query": {"x": "2", "y": ""},
        "base": running.server.base, "body": "hi",
    }  # fmt: skip


def test_a_chunked_body_arrives_whole(running: Running) -> None:
    body = b"2\r\nhi\r\n0\r\n\r\n"
    found = shown(running.get("/", "Transfer-Encoding: chunked", method="PUT", body=body))
    assert found["body"] == "hi"


def test_one_connection_serves_many_requests(running: Running) -> None:
    one = f"GET /a HTTP/1.1\r\nHost: {running.own}\r\n\r\n".encode()
    assert running.exchange(one * 3).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize("secure", [False, True])
def test_a_client_that_asks_first_is_told_to_go_on(running: Running, secure: bool) -> None:
    raw = running.connect()
    connection = secured(running, raw, "127.0.0.1") if secure else raw
    with connection:
        head = f"POST /a HTTP/1.1\r\nHost: {running.own}\r\nContent-Length: 2\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hi")
        assert shown(connection.recv(65536))["body"] == "hi"


def test_head_is_get_without_its_body(running: Running) -> None:
    head, _, body = running.get("/a", method="HEAD").partition(b"\r\n\r\n")
    assert b"Content-Length: " in head
    assert body == b""
    assert shown(running.get("/a"))["method"] == "GET"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("Content-Length: 1001",), 413),
        (("Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (("Content-Length: x",), 400),
        (("Transfer-Encoding: gzip",), 501),
    ],
)
def test_a_body_of_doubtful_length_ends_the_connection(
    running: Running, headers: tuple[str, ...], expected: int
) -> None:
    smuggled = f"GET /smuggled HTTP/1.1\r\nHost: {running.own}\r\n\r\n".encode()
    answered = running.get("/", *headers, method="POST", body=smuggled)
    assert status(answered) == expected
    assert answered.count(b"HTTP/1.1") == 1


def test_a_bug_is_a_500_whose_reason_only_the_log_has(running: Running) -> None:
    answered = running.get("/bug")
    assert status(answered) == 500
    assert b"secret" not in answered
    (line,) = running.logged
    assert "FileNotFoundError" in line
    assert "secret-of-the-bug" in line
    assert status(running.get("/a")) == 200


def test_hanging_up_is_no_answer_at_all(running: Running) -> None:
    assert running.get("/hang-up") == b""
    assert running.logged == []


def test_a_reason_is_one_short_line(running: Running) -> None:
    answered = running.get("/reason")
    line = answered.split(b"\r\n")[0]
    assert line.startswith(b"HTTP/1.1 400 one Set-Cookie")
    assert len(line) < 220
    assert b"\r\nSet-Cookie" not in answered
    assert status(running.get("/teapot")) == 499


def test_a_header_cannot_be_split(running: Running) -> None:
    assert b"\r\nSet-Cookie" not in running.get("/split")


@pytest.mark.parametrize(
    "host", ["evil.test", MAPPED, "127.0.0.1:1", "", "127.0.0.1:{port}\r\nHost: evil.test"]
)
def test_a_name_that_was_rebound_to_loopback_is_not_answered_for(
    running: Running, host: str
) -> None:
    named = host.replace("{port}", str(running.server.port))
    assert status(running.exchange(f"GET / HTTP/1.1\r\nHost: {named}\r\n\r\n".encode())) == 421


def test_http_1_0_needs_no_host(running: Running) -> None:
    assert shown(running.exchange(b"GET /a HTTP/1.0\r\n\r\n"))["base"] == running.server.base


def test_the_absolute_form_is_for_the_server_itself(running: Running) -> None:
    assert shown(running.get(f"http://{running.own}/a?b=c"))["path"] == "/a"
    for target in (f"http://{MAPPED}/", "http://other.test/x", f"https://{running.own}/",
                   "ftp://other.test/", "http://[broken"):  # fmt: skip
        assert status(running.get(target)) in (400, 403, 421), target
    names = [name for name, _ in running.airlock.refused()]
    assert names[:2] == [MAPPED, "other.test"]


@pytest.mark.parametrize(
    "target", ["other.test:443", f"{MAPPED}:80", f"{MAPPED}:8443", f"www.{MAPPED}:443", "x", "[::1"]
)
def test_a_tunnel_to_anywhere_else_is_refused_and_reported(running: Running, target: str) -> None:
    assert status(running.get(target, method="CONNECT")) == 403
    assert running.airlock.refused() == ((target, 1),)
    assert any(target in line for line in running.logged)


def tunnel(running: Running, target: str, version: str = "1.1") -> socket.socket:
    connection = running.connect()
    connection.sendall(f"CONNECT {target} HTTP/{version}\r\nHost: {target}\r\n\r\n".encode())
    assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    return connection


def ask(connection: socket.socket, host: str) -> bytes:
    connection.sendall(f"GET /a HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_tunnel_to_a_mapped_host_ends_here(running: Running, version: str) -> None:
    with secured(running, tunnel(running, f"{MAPPED}:443", version)) as secure:
        assert shown(ask(secure, MAPPED))["base"] == f"https://{MAPPED}"
    assert running.airlock.refused() == ()


def test_inside_a_tunnel_the_host_is_the_tunnels(running: Running) -> None:
    with secured(running, tunnel(running, f"{MAPPED}:443")) as secure:
        assert status(ask(secure, running.own)) == 421


def test_a_mapped_host_is_reached_by_tls_only(running: Running) -> None:
    with tunnel(running, f"{MAPPED}:443") as raw:
        assert ask(raw, MAPPED) == b""


def test_a_tunnel_to_the_server_itself_may_be_plain_or_secure(running: Running) -> None:
    with tunnel(running, running.own) as raw:
        assert shown(ask(raw, running.own))["base"] == running.server.base
    with secured(running, tunnel(running, running.own), "127.0.0.1") as secure:
        assert shown(ask(secure, running.own))["base"] == f"https://{running.own}"


def test_a_tunnel_inside_a_tunnel_is_refused(running: Running) -> None:
    with tunnel(running, running.own) as raw:
        raw.sendall(f"CONNECT {MAPPED}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert status(raw.recv(1000)) == 403


def test_the_first_byte_says_whether_a_connection_is_tls(running: Running) -> None:
    with running.client().wrap_socket(running.connect(), server_hostname="localhost") as secure:
        host = f"localhost:{running.server.port}"
        assert shown(ask(secure, host))["base"] == f"https://{host}"


def test_a_client_that_does_not_trust_the_authority_is_logged(running: Running) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(running.connect(), server_hostname="localhost")
    for _ in range(100):
        if running.logged:
            break
        threading.Event().wait(0.02)
    assert running.logged[0].startswith("server TLS: ")


def test_silent_clients_hold_up_nobody(running: Running) -> None:
    silent = [running.connect() for _ in range(20)]
    assert status(running.get("/a")) == 200
    for connection in silent:
        # After its timeout the server hangs up.
        assert connection.recv(1) == b""
        connection.close()


@pytest.mark.parametrize(
    "sent", [b"", b"\r\n", b"\x16\x03\x01", b"GET", b"\x00" * 100, b"A" * 70000]
)
def test_noise_does_no_harm(running: Running, sent: bytes) -> None:
    running.exchange(sent)
    assert status(running.get("/a")) == 200
    assert not [line for line in running.logged if not line.startswith("server TLS")]


def test_it_listens_on_loopback_only(running: Running) -> None:
    assert urlsplit(running.server.base).hostname == "127.0.0.1"
    bound = running.server._listener.socket.getsockname()
    assert bound[0] == "127.0.0.1"


def test_stopping_ends_open_connections(tmp_path: Path) -> None:
    made = Running(tmp_path)
    made.server.start()
    with made.connect() as connection:
        connection.sendall(f"GET /a HTTP/1.1\r\nHost: {made.own}\r\n\r\n".encode())
        assert status(connection.recv(65536)) == 200
        made.server.stop()
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        made.connect()
