"""A relay in front of a server: it keeps what was asked, and can lose answers on the way."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_SILENT = ("connection", "transfer-encoding", "content-length", "keep-alive")


@dataclass
class Relay:
    """The relay.

    Attributes:
        base: Its origin, instead of the server's.
        asked: Method and path of each request.
        lost: Which answers get lost: told method, path and how often it was told so far.
        stall_s: Seconds that a lost answer keeps the client waiting before the connection ends.
    """

    base: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    lost: Callable[[str, str, int], bool] = lambda _method, _path, _number: False
    stall_s: float = 0.0

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Those requests that change something; of git those that are pushes."""
        return [
            (method, path)
            for method, path in self.asked
            if method != "GET" and not path.endswith("/git-upload-pack")
        ]


@contextmanager
def relaying(base: str) -> Iterator[Relay]:
    """A relay to a server on this machine; links in answers lead to the relay again."""
    relay, address = Relay(), urlsplit(base).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = _body(self)
            number = sum(one == (self.command, self.path) for one in relay.asked)
            relay.asked.append((self.command, self.path))
            connection = http.client.HTTPConnection(address, timeout=60)
            kept = {n: v for n, v in self.headers.items() if n.lower() not in (*_SILENT, "host")}
            connection.request(self.command, self.path, body, {**kept, "Host": address})
            answer = connection.getresponse()
            content = answer.read().replace(base.encode(), relay.base.encode())
            if relay.lost(self.command, self.path, number):
                time.sleep(relay.stall_s)
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in (*_SILENT, "date", "server"):
                    self.send_header(name, value.replace(base, relay.base))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(content)
            connection.close()

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._pass_on
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    relay.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    parts = []
    while size := int(handler.rfile.readline(), 16):
        parts.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(parts)
