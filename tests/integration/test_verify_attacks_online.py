"""An index that leads elsewhere: only what the user named is asked."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.sandbox.running import Running
from support.attacks import Shell
from support.evidence import PUBLISHER, WHEEL, Signer, beside, provenance

LOCATION = "Location "


class Index:
    """A package index in a thread that answers what a test wants, and remembers its requests."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(f"{self.headers['Host']} {self.path}")
                body = index.answers.get(self.path, b"")
                if body.startswith(LOCATION.encode()):
                    self.send_response(302)
                    self.send_header("Location", body.decode().removeprefix(LOCATION))
                    body = b""
                else:
                    self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def lists(self, provenance_url: str) -> None:
        """One wheel, whose provenance is said to be somewhere."""
        file = {
            "filename": WHEEL, "url": "/f", "hashes": {"sha256": "0" * 64},
            "provenance": provenance_url,
        }  # fmt: skip
        self.answers["/simple/hello-lane/"] = json.dumps({"files": [file]}).encode()


@pytest.fixture
def index() -> Iterator[Index]:
    found = Index()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.fixture
def online(
    running_sandbox: Running, capsys: pytest.CaptureFixture[str], tmp_path: Path, index: Index
) -> tuple[Shell, tuple[object, ...]]:
    path = Signer(running_sandbox).attested(tmp_path)
    index.answers["/p"] = provenance(beside(path).read_bytes())
    beside(path).unlink()
    url = f"http://127.0.0.1:{index.port}/simple/"
    arguments = (path, "--publisher", PUBLISHER, "--online=index", "--index-url", url)
    return Shell(running_sandbox.directory, capsys), arguments


ELSEWHERE = [
    "http://localhost:{port}/p", "https://127.0.0.1:{port}/p", "http://127.0.0.1:1/p",
    "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/p", "https://index.example.org/p",
    "//localhost:{port}/p", "http://127.0.0.1:{port}@localhost/p", "http://127.0.0.2:{port}/p",
    "http://127.0.0.1:{port}\\@localhost/p", "file:///etc/passwd", "https://[::1]:{port}/p",
    "http://127.0.0.1:{port}.localhost/p", "http://\x1b[2Jlocalhost/p", "https://[/p",
]  # fmt: skip


@pytest.mark.parametrize("url", ELSEWHERE)
@pytest.mark.parametrize("how", ["address", "redirect", "redirected-list"])
def test_an_index_does_not_send_us_elsewhere(
    online: tuple[Shell, tuple[object, ...]], index: Index, url: str, how: str
) -> None:
    shell, arguments = online
    url = url.format(port=index.port)
    index.lists("/p" if how == "redirected-list" else url if how == "address" else "/r")
    index.answers["/r"] = f"{LOCATION}{url}".encode()
    if how == "redirected-list":
        index.answers["/simple/hello-lane/"] = index.answers["/r"]
    code, output = shell.verify(*arguments)
    assert code == 6, output
    assert all(asked.startswith(f"127.0.0.1:{index.port} ") for asked in index.asked)
    assert not any(asked.endswith(" /p") for asked in index.asked)


def test_the_index_that_was_named_is_asked(
    online: tuple[Shell, tuple[object, ...]], index: Index
) -> None:
    shell, arguments = online
    for url in ("/p", f"http://127.0.0.1:{index.port}/p", "../../p"):
        index.lists(url)
        assert shell.verify(*arguments)[0] == 0
    index.lists("/r")
    index.answers["/r"] = f"{LOCATION}/p".encode()
    assert shell.verify(*arguments)[0] == 0


@pytest.mark.parametrize("host", ["10.0.0.5", "[fd00::5]"])
def test_an_index_of_a_private_network_may_be_named(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # No packet leaves this machine: what is allowed fails at a proxy that is not there.
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    line = ["verify", str(path), "--publisher", PUBLISHER, "--online=index"]
    assert run([*line, "--index-url", f"https://{host}/simple/"]) == 6
    assert "ProxyError" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["https://[/", "https://a\\b/", "https://\u00fc.example/", ""])
def test_an_index_that_is_no_url_is_refused(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    line = ["verify", str(path), "--publisher", PUBLISHER, "--online=index"]
    assert run([*line, "--index-url", url]) == 6
    assert "internal error" not in capsys.readouterr().err
