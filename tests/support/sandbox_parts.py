"""Services of the sandbox without a socket: real keys, a database in a folder, a fixed clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from sealane.io.adapters import clock
from sealane.sandbox.pki import Keys, load_keys
from sealane.sandbox.ports import Ports
from sealane.sandbox.services.ctlog import CtLog
from sealane.sandbox.services.fulcio import Fulcio
from sealane.sandbox.services.oidc import Oidc
from sealane.sandbox.services.rekor1 import Rekor1
from sealane.sandbox.services.rekor2 import Rekor2
from sealane.sandbox.services.tsa import Tsa
from sealane.sandbox.state import State
from sealane.sandbox.tokens import Tokens
from sealane.sandbox.wire import Request, Response, Route, dispatch

REQUEST_TOKEN = "request-token-of-this-run"
BASE = "http://127.0.0.1:4711"


@cache
def sandbox_keys() -> Keys:
    """One set of keys for all tests of a process; making them is slow."""
    with TemporaryDirectory() as folder:
        state = State(Path(folder))
        keys = load_keys(state, clock.now())
        state.close()
    return keys


def request(
    method: str,
    path: str,
    body: object = b"",
    query: Mapping[str, str] = MappingProxyType({}),
    **headers: str,
) -> Request:
    """A request; what is not bytes is sent as JSON, header names have `_` for `-`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, path, query, named, content, BASE)


@dataclass
class Parts:
    """The Sigstore half of a sandbox."""

    directory: Path
    time: float = field(default_factory=lambda: clock.now().timestamp())
    logged: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = State(self.directory)
        self.keys = sandbox_keys()
        self.tokens = Tokens(self.state, self.keys.issuer, lambda: self.time)
        self.ports = Ports(
            state=self.state,
            now=lambda: self.time,
            verify_token=self.tokens.verify,
            trusted_root=self.directory / "trusted_root.json",
            fault=lambda name: self.faults.get(name, ""),
            log=lambda service, message: self.logged.append(f"{service} {message}"),
        )
        self.ct = CtLog(self.state, self.keys.ct, lambda: self.time)
        self.fulcio = Fulcio(
            self.ports, self.keys.authority, self.ct.timestamp, self.tokens.shape_of
        )
        self.rekor = Rekor1(self.ports, self.keys.rekor1)
        self.rekor2 = Rekor2(self.ports, self.keys.rekor2)
        self.tsa = Tsa(self.ports, self.keys.tsa)
        self.oidc = Oidc(self.tokens, REQUEST_TOKEN, self.ports.log)

    @property
    def routes(self) -> list[Route]:
        """All routes of these services."""
        return [
            route
            for service in (self.oidc, self.fulcio, self.ct, self.rekor, self.rekor2, self.tsa)
            for route in service.routes()
        ]

    def call(
        self,
        method: str,
        path: str,
        body: object = b"",
        query: Mapping[str, str] = MappingProxyType({}),
        **headers: str,
    ) -> Response:
        """The answer to a request."""
        return dispatch(self.routes, request(method, path, body, query, **headers))


def document(response: Response) -> Any:  # noqa: ANN401 - parsed JSON
    """The JSON of an answer."""
    return json.loads(response.body)
