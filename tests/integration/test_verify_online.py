"""Evidence from an index is fetched only when asked for, and trusted no more than a file."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.errors import NetworkError
from sealane.io.adapters.http import Web
from sealane.io.clients.index_read import download, fetch_provenance, read_project
from sealane.sandbox.running import Running
from support.evidence import PUBLISHER, WHEEL, Signer, beside, provenance

Answers = dict[str, tuple[int, bytes]]


class Handler(BaseHTTPRequestHandler):
    """Answers what the test put there."""

    answers: Answers

    def do_GET(self) -> None:
        status, body = self.answers.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index() -> Iterator[tuple[str, Answers]]:
    answers: Answers = {}
    handler = type("Answering", (Handler,), {"answers": answers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/simple/", answers
    server.shutdown()
    thread.join()
    server.server_close()


def listed(**changed: object) -> bytes:
    digest = hashlib.sha256(b"a wheel").hexdigest()
    file = {
        "filename": WHEEL, "url": f"/files/{WHEEL}", "hashes": {"sha256": digest}, "size": 7,
        "provenance": "/integrity/p",
    }  # fmt: skip
    return json.dumps({"files": [{**file, **changed}]}).encode()


def test_evidence_from_the_index_counts_like_a_file_beside_the_artifact(
    running_sandbox: Running,
    tmp_path: Path,
    index: tuple[str, Answers],
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, answers = index
    path = Signer(running_sandbox).attested(tmp_path)
    content = provenance(beside(path).read_bytes())
    beside(path).unlink()
    answers["/simple/hello-lane/"] = (200, listed())
    answers["/integrity/p"] = (200, content)
    line = ["--sandbox", str(running_sandbox.directory), "verify", str(path)]
    line += ["--publisher", PUBLISHER]
    online = [*line, "--online=index", "--index-url", url]

    assert run(line) == 3
    assert "\nasked: " not in capsys.readouterr().out
    assert run(online) == 0
    assert "asked: 127.0.0.1" in capsys.readouterr().out
    for name in ("another file", b"a wheel".decode() + "!"):
        path.write_text(name)
        assert run(online) == 1
        assert "SL-SUB-001" in capsys.readouterr().out
    path.write_bytes(b"a wheel")

    for status, code in ((404, 3), (403, 6), (500, 6)):
        answers["/integrity/p"] = (status, b"")
        assert run(online) == code, status
    answers["/integrity/p"] = (200, b'{"version": 1, "attestation_bundles": []}')
    assert run(online) == 3
    answers["/integrity/p"] = (200, b"{")
    assert run(online) == 1
    answers["/simple/hello-lane/"] = (200, listed(provenance=None))
    assert run(online) == 3
    answers["/simple/hello-lane/"] = (200, b"nonsense")
    assert run(online) == 6
    del answers["/simple/hello-lane/"]
    assert run(online) == 3


def test_an_artifact_that_is_no_distribution_asks_nobody(
    running_sandbox: Running, tmp_path: Path, index: tuple[str, Answers]
) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(b"x")
    line = ["--sandbox", str(running_sandbox.directory), "verify", str(path)]
    assert run([*line, "--publisher", PUBLISHER, "--online=index", "--index-url", index[0]]) == 3


BAD = [
    b"", b"[]", b"{}", b'{"files": {}}', b'{"files": [1]}', listed(filename="a/b"),
    listed(url=None),
    listed(filename=7), listed(hashes={}), listed(hashes={"sha256": "x"}), listed(url="file:///x"),
    listed(hashes={"sha256": 7}), listed(provenance=7), listed(hashes=None),
]  # fmt: skip


@pytest.mark.parametrize("content", BAD)
def test_an_index_that_answers_nonsense_is_a_network_error(
    index: tuple[str, Answers], content: bytes
) -> None:
    url, answers = index
    answers["/simple/hello-lane/"] = (200, content)
    with pytest.raises(NetworkError):
        read_project(Web("test/1", loopback=True), url, "hello-lane")


def test_a_file_has_the_bytes_that_the_index_lists(index: tuple[str, Answers]) -> None:
    url, answers = index
    web = Web("test/1", loopback=True)
    answers["/simple/hello-lane/"] = (200, listed(yanked="broken"))
    (file,) = read_project(web, url, "Hello_Lane") or ()
    assert (file.filename, file.size, file.yanked) == (WHEEL, 7, True)
    answers[f"/files/{WHEEL}"] = (200, b"a wheel")
    assert download(web, file, 7) == b"a wheel"
    assert fetch_provenance(web, file) is None
    for status, body in ((200, b"a wheeL"), (200, b"a wheel and more"), (404, b""), (500, b"")):
        answers[f"/files/{WHEEL}"] = (status, body)
        with pytest.raises(NetworkError):
            download(web, file, 7)
    assert read_project(web, url, "unknown") is None
