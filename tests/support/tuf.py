"""A TUF repository on loopback, with the sandbox's own writer, that can be tampered with."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealane.sandbox.tuf import write_repository

_CHUNK = b"x" * 65536


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder of a repository, and may never end."""

    def __init__(self, repository: "Repository", *arguments: object) -> None:
        self.repository = repository
        super().__init__(*arguments, directory=str(repository.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        # Without the version or the digest that most names begin with.
        name = self.path.rsplit("/", 1)[-1]
        if not self.repository.endless or not name.endswith(self.repository.endless):
            super().do_GET()
            return
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(_CHUNK)
        except OSError:
            # The client has had enough, as it should.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base
        """Say nothing."""


class Repository:
    """A repository in a folder.

    Attributes:
        folder: Its files.
        initial: The file a client has to be given.
        endless: How the name of the file ends that never ends; "" for none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.initial = folder / "initial-root.json"
        self.key = Ed25519PrivateKey.generate()
        self.endless = ""

    def write(self, targets: dict[str, bytes], at: datetime) -> None:
        """Write the first, or the next, version."""
        self.initial.write_bytes(write_repository(self.folder, self.key, targets, at))

    def target(self) -> Path:
        """The file of the trusted root."""
        (found,) = self.folder.glob("targets/*.trusted_root.json")
        return found

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve it on loopback while the block runs; what is changed meanwhile is seen."""
        handler = functools.partial(_Handler, self)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            thread.join()
