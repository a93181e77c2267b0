"""A service that answers in one way and remembers what it was sent."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Recorder:
    """What it answers, made of the request's body where need be, and each request's headers."""

    def __init__(self, status: int, body: bytes | Callable[[bytes], bytes]) -> None:
        self.status = status
        self.answer = (lambda _: body) if isinstance(body, bytes) else body
        self.requests: list[dict[str, str]] = []
        self.base = ""


@contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Serve a recorder on loopback; a redirect leads to itself."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = recorder.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            named = {name.lower(): value for name, value in self.headers.items()}
            recorder.requests.append(named)
            self.send_response(recorder.status)
            if 300 <= recorder.status < 400:
                self.send_header("Location", f"{recorder.base}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
