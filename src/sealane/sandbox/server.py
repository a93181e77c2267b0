"""One port on loopback: HTTP, TLS by its first byte, and the air-lock's tunnels.

A worker thread serves a connection: it looks at the first byte, so that a silent client holds up
nobody else, then answers requests until one side ends it.
"""

from __future__ import annotations

import http.server
import re
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from email.message import Message
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from sealane.sandbox.airlock import Airlock, split_authority
from sealane.sandbox.body import BodyError, read_body
from sealane.sandbox.faults import HangUpError
from sealane.sandbox.wire import Request, Response, json_response

Answer: TypeAlias = Callable[[Request], Response]
Log: TypeAlias = Callable[[str, str], None]
# As the standard library types it; only the first ever arrives at a TCP server.
_Peer: TypeAlias = socket.socket | tuple[bytes, socket.socket]

# The largest file the index takes has 100 MiB; the rest is for its form.
_MOST_BODY = 128 * 1024 * 1024
_TIMEOUT = 60.0
_QUEUE = 128
_MOST_QUERY_FIELDS = 200
_TLS_HANDSHAKE = b"\x16"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_REASON = 200


class Server:
    """The sandbox's HTTP server.

    Args:
        answer: Answers a request; what it raises becomes a 500 whose reason only the log has.
        airlock: Says which tunnels may be opened, and is told of those that were not.
        port: TCP port on 127.0.0.1; 0 for any free one.
        log: Takes service and message.
        context: TLS; without it connections that start TLS are closed.
        timeout: Seconds a connection may be silent.

    Attributes:
        port: The port.
        base: Origin, "http://127.0.0.1:PORT".
    """

    def __init__(
        self,
        answer: Answer,
        *,
        airlock: Airlock,
        port: int,
        log: Log,
        context: ssl.SSLContext | None = None,
        timeout: float = _TIMEOUT,
        most_body: int = _MOST_BODY,
    ) -> None:
        self.answer = answer
        self.airlock = airlock
        self.log = log
        self.context = context
        self.timeout = timeout
        self.most_body = most_body
        self._listener = _Listener(self, port)
        self.port = int(self._listener.server_address[1])
        self.base = f"http://127.0.0.1:{self.port}"
        self._thread: threading.Thread | None = None
        self._reported: BaseException | None = None

    def start(self) -> None:
        """Begin to answer; returns at once."""
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every open connection."""
        if self._thread is not None:
            self._listener.shutdown()
            self._thread.join()
            self._thread = None
        self._listener.server_close()
        self._listener.close_connections()

    def report(self, error: BaseException | None) -> None:
        """Log a bug once, with its place; the client learned no more than "500"."""
        if error is None or error is self._reported:
            return
        self._reported = error
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
        self.log("server", f"{type(error).__name__} at {place}: {error}"[:500])

    def is_own(self, authority: str, default_port: int) -> bool:
        """Whether an authority names this server itself."""
        host, port = split_authority(authority, default_port)
        return host in _LOOPBACK and port == self.port


class _Listener(socketserver.ThreadingTCPServer):
    """Accepts connections and hands each to a thread."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = _QUEUE

    def __init__(self, owner: Server, port: int) -> None:
        self.owner = owner
        self._open: set[_Peer] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Connection)

    def process_request(self, request: _Peer, client_address: object) -> None:
        """Remember the connection and start its thread."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Peer) -> None:
        """Forget the connection and close it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close what is still open; clients keep connections for their next request."""
        with self._lock:
            left = list(self._open)
        for connection in left:
            super().shutdown_request(connection)

    def handle_error(self, request: _Peer, client_address: object) -> None:
        """Log what a connection's thread died of."""
        del request, client_address
        self.owner.report(sys.exception())


class _Connection(http.server.BaseHTTPRequestHandler):
    """One connection: plain, TLS, or a tunnel that becomes one of the two."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Head and body leave together.
    wbufsize = -1
    server: _Listener

    def setup(self) -> None:
        """Look at the first byte, and speak TLS if it begins a handshake."""
        self._owner = self.server.owner
        self._raw: socket.socket = self.request
        self._scheme = "http"
        # Where a tunnel says it leads; requests inside must be for the same place.
        self._tunnel = ""
        self._usable = True
        super().setup()
        self.connection.settimeout(self._owner.timeout)
        self._sniff()

    def handle(self) -> None:
        """Answer requests until the connection ends."""
        self.close_connection = not self._usable
        try:
            while not self.close_connection:
                self.handle_one_request()
        except HangUpError:
            # Even an orderly end of TLS would be an answer.
            self.close_connection = True
        except OSError:
            # The client went away, or said nothing for too long.
            self.close_connection = True

    def finish(self) -> None:
        """Close the connection, its TLS layer included."""
        try:
            super().finish()
        except OSError:
            return
        finally:
            if self.connection is not self._raw:
                self.connection.close()

    def _sniff(self) -> bool:
        """Start TLS if the client does; whether the connection now is TLS."""
        try:
            first = self.connection.recv(1, socket.MSG_PEEK)
            if first != _TLS_HANDSHAKE:
                return False
            if self._owner.context is None:
                self._usable = False
                return False
            self._replace(self._owner.context.wrap_socket(self.connection, server_side=True))
        except OSError as error:
            # Most often a client that does not trust the sandbox's authority.
            if isinstance(error, ssl.SSLError):
                self._owner.log("server", f"TLS: {error.reason}")
            self._usable = False
            return False
        self._scheme = "https"
        return True

    def _replace(self, connection: socket.socket) -> None:
        """Go on with another socket, as if the connection had begun with it."""
        self.rfile.close()
        self.connection = connection
        self.rfile = connection.makefile("rb")
        self.wfile = connection.makefile("wb")

    def do_CONNECT(self) -> None:
        """Open a tunnel that ends here, or refuse it."""
        authority = self.path
        own = self._owner.is_own(authority, 443)
        inside = self._tunnel or self._scheme == "https"
        if inside or not (own or self._owner.airlock.allows(authority)):
            self._refuse_host(authority)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        host, port = split_authority(authority, 443)
        self._tunnel = host if port == 443 else f"{host}:{port}"
        # A mapped host is only ever reached as its clients would reach the real one. Some clients
        # open tunnels in HTTP/1.0, whose connections would end here.
        tls = self._sniff()
        self.close_connection = not self._usable or not (tls or own)

    def _serve(self) -> None:
        """Answer one request that is not a tunnel."""
        try:
            target = urlsplit(self.path)
        except ValueError:
            self.close_connection = True
            self._send(json_response(400, {"message": "the request's target is broken"}))
            return
        absolute = not self.path.startswith("/") and self.path != "*"
        if absolute and not (target.scheme == "http" and self._owner.is_own(target.netloc, 80)):
            self._refuse_host(target.netloc or self.path)
            return
        authority = self._authority(target.netloc)
        if authority is None:
            self._send(json_response(421, {"message": "this host is not answered for here"}))
            self.close_connection = True
            return
        try:
            body = read_body(self.rfile, self.headers, self._owner.most_body)
        except BodyError as error:
            self.close_connection = True
            self._send(json_response(error.status, {"message": str(error)}))
            return
        request = Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=unquote(target.path),
            query=_query(target.query),
            headers=_headers(self.headers),
            body=body,
            base=f"{self._scheme}://{authority}",
        )
        self._send(self._answer(request))

    # The base class finds a method by its name; the routes decide what is answered.
    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _answer(self, request: Request) -> Response:
        response: Response | None = None
        hung_up = False
        try:
            response = self._owner.answer(request)
        except HangUpError:
            hung_up = True
            raise
        finally:
            # The error travels on and ends the connection; the client learns only this.
            if response is None and not hung_up:
                self._owner.report(sys.exception())
                self.close_connection = True
                self._send(json_response(500, {"message": "internal error; see the sandbox's log"}))
        return response

    def _authority(self, absolute: str) -> str | None:
        """The authority the client meant; None for one that is not served here."""
        names = self.headers.get_all("Host") or []
        if len(names) != 1:
            return None if self.request_version != "HTTP/1.0" else f"127.0.0.1:{self._owner.port}"
        name = absolute or names[0].strip()
        default = 443 if self._scheme == "https" else 80
        if self._tunnel:
            inside = split_authority(name, default)
            return name if inside == split_authority(self._tunnel, 443) else None
        if self._owner.is_own(name, default):
            return name
        # TLS without a tunnel: a name that resolves to loopback, as in a container.
        if self._scheme == "https" and self._owner.airlock.allows(name):
            return name
        return None

    def _refuse_host(self, authority: str) -> None:
        self._owner.airlock.refuse(authority)
        self._owner.log("airlock", f"refused {authority[:260]!r}")
        self.close_connection = True
        self._send(json_response(403, {"message": "the air-lock does not let this host through"}))

    def _send(self, response: Response) -> None:
        head = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            *response.headers.items(),
        ]
        if self.close_connection:
            head.append(("Connection", "close"))
        self.send_response(response.status, reason_phrase(response))
        for name, value in head:
            if re.search(r"[\r\n\0]", name + value):
                raise ValueError(f"header {name[:40]!r} has a line break in it")
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Tell a client that waits for it to send its body."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def version_string(self) -> str:
        """What the Server header says; no version of anything."""
        return "sealane-sandbox"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: request lines may hold secrets, services log what matters."""


def reason_phrase(response: Response) -> str:
    """The reason phrase of a response: one line of Latin-1, at most 200 characters."""
    try:
        text = response.reason or HTTPStatus(response.status).phrase
    except ValueError:
        text = "Unknown"
    line = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    return line.encode("latin-1", errors="replace").decode("latin-1")[:_LONGEST_REASON]


def _query(text: str) -> Mapping[str, str]:
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_QUERY_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}


def _headers(message: Message) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in message.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
