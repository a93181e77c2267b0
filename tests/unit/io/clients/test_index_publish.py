"""One request an attempt, whatever a hostile index answers, and no token in anything it says."""

import base64
import hashlib
import socket
import threading
from pathlib import Path

import pytest

from sealane.io.adapters.secret import Secret
from sealane.io.clients.index_publish import Upload, UploadAnswer, upload
from support.signed_release import WHEEL, make_wheel

TOKEN = "pypi-" + "A1b2" * 20
BASIC = base64.b64encode(f"__token__:{TOKEN}".encode()).decode()


class Once:
    """A server that gives every connection the same bytes, and counts them."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.requests = answer, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.requests += 1
            with connection:
                connection.settimeout(5)
                received = b""
                while b"\r\n\r\n" not in received or not received.rstrip().endswith(b"--"):
                    received += connection.recv(65536)
                connection.sendall(self.answer)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/legacy/"


@pytest.fixture
def wanted(tmp_path: Path) -> Upload:
    wheel = make_wheel(tmp_path / WHEEL)
    attestation = tmp_path / f"{WHEEL}.publish.attestation"
    attestation.write_text("{}")
    content = wheel.read_bytes()
    blake = hashlib.blake2b(content, digest_size=32).hexdigest()
    return Upload(wheel, hashlib.sha256(content).hexdigest(), blake, (attestation,))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def answer_to(wanted: Upload, answer: bytes) -> tuple[UploadAnswer, int]:
    server = Once(answer)
    try:
        return upload(server.url, Secret(TOKEN), wanted), server.requests
    finally:
        server.listener.close()


@pytest.mark.parametrize("status", ["500", "503", "301", "307", "200", "400"])
def test_every_answer_is_the_only_one(wanted: Upload, status: str) -> None:
    head = f"HTTP/1.1 {status} X\r\nLocation: /elsewhere/\r\nContent-Length: 0\r\n\r\n"
    answer, requests = answer_to(wanted, head.encode())
    assert (answer.status, requests) == (int(status), 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 -1 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_leaves_open_what_happened(wanted: Upload, answer: bytes) -> None:
    found, requests = answer_to(wanted, answer)
    assert (found.status, requests) == (None, 1)


def test_an_index_that_repeats_the_token_is_not_repeated(wanted: Upload) -> None:
    body = f"Authorization: Basic {BASIC} token {TOKEN}".encode()
    head = f"HTTP/1.1 403 {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    answer, _ = answer_to(wanted, head + body)
    assert answer.status == 403
    assert TOKEN not in answer.text
    assert BASIC not in answer.text
    assert "<secret>" in answer.text
