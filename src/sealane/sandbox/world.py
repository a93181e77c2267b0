"""Builds the sandbox: keys, state, services and the server in front of them."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sealane.errors import UsageError
from sealane.io.adapters import clock
from sealane.io.adapters.files import append_line, read_text, write_atomically
from sealane.sandbox import trust
from sealane.sandbox.accounts import Accounts
from sealane.sandbox.addresses import REKOR1, REKOR2
from sealane.sandbox.advisory_admin import Advisories
from sealane.sandbox.airlock import Airlock
from sealane.sandbox.faults import Faults
from sealane.sandbox.hosts import HostMap
from sealane.sandbox.index_admin import Index
from sealane.sandbox.launch import LOG_FILE
from sealane.sandbox.pki import load_keys
from sealane.sandbox.ports import Ports
from sealane.sandbox.running import HOSTS_FILE, RUN_FILE, clean
from sealane.sandbox.server import Server
from sealane.sandbox.services.admin import Actions, Admin
from sealane.sandbox.services.ctlog import CtLog
from sealane.sandbox.services.fulcio import Fulcio
from sealane.sandbox.services.oidc import Oidc
from sealane.sandbox.services.rekor1 import Rekor1
from sealane.sandbox.services.rekor2 import Rekor2
from sealane.sandbox.services.tsa import Tsa
from sealane.sandbox.services.tuf import Tuf
from sealane.sandbox.state import State
from sealane.sandbox.tls import TlsAuthority
from sealane.sandbox.tokens import Tokens
from sealane.sandbox.tuf import load_tuf_key, write_repository
from sealane.sandbox.wire import Request, Response, Route, dispatch

_PRIVATE, _PUBLIC = 0o600, 0o644


class World:
    """One run of a sandbox; a context manager that closes what it opened.

    Args:
        directory: State directory.
        port: 0 takes that of the last run if it is free, else any free one.
        wheelhouse: Wheels the index serves besides what is uploaded.
        shut_down: Called when the administration asks for the end.

    Raises:
        InputError: The state directory is damaged.
        UsageError: It is in use, or the port is.
    """

    def __init__(
        self,
        directory: Path,
        port: int,
        wheelhouse: Path | None,
        shut_down: Callable[[], None],
    ) -> None:
        self._directory = directory
        self._secret = secrets.token_urlsafe(24)
        self._request_token = secrets.token_urlsafe(24)
        with ExitStack() as opened:
            self._state = State(directory)
            opened.callback(self._state.close)
            opened.callback(_lock(directory).close)
            # Only now: the directory is nobody else's.
            clean(directory)
            self._keys = load_keys(self._state, clock.now())
            hosts = _hosts(directory)
            tls = TlsAuthority(directory, hosts.all, clock.now())
            opened.callback(tls.destroy)
            self._airlock = Airlock(hosts.all, self._state)
            self._routes = self._make_routes(wheelhouse, shut_down)
            self._server = self._listen(port, tls)
            opened.callback(self._server.stop)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        """Write the trust files, then begin to answer."""
        self._write_trust()
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()
        # Last of all: who waits for the end looks for this file.
        (self._directory / RUN_FILE).unlink(missing_ok=True)

    def announce(self, run: str, ready_s: float) -> None:
        """Tell who started this run that it answers, and what its secrets are."""
        document = {
            "run": run,
            "pid": os.getpid(),
            "base": self._server.base,
            "port": self._server.port,
            "secret": self._secret,
            "request_token": self._request_token,
            "ready_s": round(ready_s, 4),
        }
        self._write(RUN_FILE, document, _PRIVATE)

    def _make_routes(
        self, wheelhouse: Path | None, shut_down: Callable[[], None]
    ) -> Sequence[Route]:
        """Every service's routes; a service gets what it needs of the others from here."""
        tokens = Tokens(self._state, self._keys.issuer, _now)
        faults = Faults(self._state)
        ports = Ports(
            state=self._state,
            now=_now,
            verify_token=tokens.verify,
            trusted_root=self._directory / "trusted_root.json",
            fault=faults.get,
            log=self._log,
        )
        self._tokens = tokens
        advisories = Advisories(ports, Accounts(), lambda: self._server.base)
        index = Index(ports, wheelhouse, advisories.feed.catch_up)
        ct = CtLog(self._state, self._keys.ct, _now)
        actions = Actions(
            mint=tokens.mint,
            documents={**index.documents, **advisories.documents},
            set_fault=faults.set,
            faults=faults.active,
            refused_hosts=lambda: [authority for authority, _ in self._airlock.refused()],
            shut_down=shut_down,
        )
        services = (
            Oidc(tokens, self._request_token, self._log),
            Fulcio(ports, self._keys.authority, ct.timestamp, tokens.shape_of),
            ct,
            Rekor1(ports, self._keys.rekor1),
            Rekor2(ports, self._keys.rekor2),
            Tsa(ports, self._keys.tsa),
            Tuf(self._directory / "tuf"),
            index,
            advisories,
            Admin(self._secret, actions),
        )
        return [route for service in services for route in service.routes()]

    def _answer(self, request: Request) -> Response:
        return dispatch(self._routes, request)

    def _listen(self, port: int, tls: TlsAuthority) -> Server:
        """Take the wanted port; where none is wanted, that of the last run if it is free."""
        known = self._state.read("SELECT value FROM kv WHERE key = 'port'")
        wanted = [port] if port else [int(known[0][0]), 0] if known else [0]
        for number in wanted:
            try:
                server = Server(
                    self._answer,
                    airlock=self._airlock,
                    port=number,
                    log=self._log,
                    context=tls.context,
                )
            except OSError as error:
                reason = error.strerror
                continue
            self._state.write("INSERT OR REPLACE INTO kv VALUES ('port', ?)", str(server.port))
            return server
        raise UsageError(f"sandbox: port {port}: {reason}", hint="leave --port out for a free one")

    def _write_trust(self) -> None:
        base = self._server.base
        root = trust.trusted_root(self._keys, base=base)
        signing = trust.signing_config(self._keys, base=base)
        self._write("trusted_root.json", root)
        self._write("signing_config.json", signing)
        self._write("trust_config.json", trust.trust_config(root, signing))
        self._write_repository("trusted_root.json", "signing_config.json")
        self._write("jwks.json", self._tokens.jwks)
        self._write("public.json", {"base": base})

    def _write_repository(self, root: str, signing: str) -> None:
        """Offer root and signing configuration through TUF, by the names that clients ask for."""
        targets = {
            "trusted_root.json": (self._directory / root).read_bytes(),
            "signing_config.v0.2.json": (self._directory / signing).read_bytes(),
        }
        key = load_tuf_key(self._state)
        initial = write_repository(self._directory / "tuf", key, targets, clock.now())
        write_atomically(self._directory / "tuf-root.json", initial, mode=_PUBLIC)

    def _write(self, name: str, document: Mapping[str, Any], mode: int = _PUBLIC) -> None:
        content = json.dumps(document, indent=2).encode() + b"\n"
        write_atomically(self._directory / name, content, mode=mode)

    def _log(self, service: str, message: str) -> None:
        """Append one line: time, service, message; a message cannot forge another line."""
        moment = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = " ".join(f"{moment} {service} {message}".split())
        with self._state.lock:
            append_line(self._directory / LOG_FILE, line.encode("utf-8", errors="replace"))


def _now() -> float:
    return clock.now().timestamp()


def _hosts(directory: Path) -> HostMap:
    """What the starting process found in the client libraries, and the logs' own names."""
    hosts = HostMap.from_json(read_text(directory / HOSTS_FILE, what="host map"))
    return replace(hosts, more=(*hosts.more, REKOR1, REKOR2))


def _lock(directory: Path) -> Any:  # noqa: ANN401 - an open file
    """Hold the state directory for this process, until it ends however it may."""
    stream = (directory / "lock").open("w")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        stream.close()
        raise UsageError(
            f"sandbox {str(directory)!r}: another process runs it",
            hint="sealane sandbox status",
        ) from error
    return stream
