"""Rekor v2: the transparency log of signatures whose tree is read in tiles."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from sealane.errors import InputError
from sealane.sandbox.addresses import REKOR2, REKOR2_PREFIX
from sealane.sandbox.entries_v2 import KIND, VERSION, canonical_body_v2
from sealane.sandbox.log import DuplicateError, Leaf, Log
from sealane.sandbox.note import NoteSigner, note_key_id
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

# Under the log's own name its paths stand without the prefix.
_ROOT = rf"(?:{REKOR2_PREFIX})?"
_READ = rf"{_ROOT}(?:/api/v2)?"
# C2SP tlog-tiles: N in groups of three digits, and how many hashes an incomplete tile has.
_TILE = r"(?P<number>(?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_TILE_HEIGHT, _TILE_WIDTH = 8, 256
_LONGEST_BODY = 0xFFFF
_ALREADY = "an equivalent entry already exists in the transparency log"


class Rekor2:
    """Routes of the log.

    Args:
        ports: The world.
        key: Signs checkpoints.
    """

    def __init__(self, ports: Ports, key: ed25519.Ed25519PrivateKey) -> None:
        self._ports = ports
        self._log = Log(ports.state, "rekor2")
        self.log_id = note_key_id(REKOR2, key.public_key())
        self._notes = NoteSigner(REKOR2, REKOR2, self.log_id[:4], key.sign)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("POST", _ROOT + r"/api/v2/log/entries", self._create),
            Route.of("GET", _READ + r"/checkpoint", self._checkpoint),
            Route.of("GET", _READ + rf"/tile/entries/{_TILE}", self._entries),
            Route.of("GET", _READ + rf"/tile/(?P<level>0|[1-9][0-9]?)/{_TILE}", self._tile),
        ]

    def _create(self, request: Request) -> Response:
        fault = self._ports.fault("rekor2")
        if fault == "down":
            return _error(503, 14, "unavailable")
        try:
            body = canonical_body_v2(request.body)
            if len(body) > _LONGEST_BODY:
                raise InputError("the entry is too long for a bundle of entries")
        except InputError as error:
            self._ports.log("rekor2", f"refused: {error.message}")
            return _error(400, 3, f"invalid hashedrekord request: {error.message}")
        with self._ports.state.lock:
            try:
                leaf = self._log.append(body, int(self._ports.now()))
            except DuplicateError as error:
                return _error(409, 6, _ALREADY, X_Log_Index=str(error.leaf.index))
            entry = self._entry(leaf, fault)
        if fault == "500-after-store":
            return _error(500, 13, "unexpected error")
        return json_response(201, entry)

    def _checkpoint(self, request: Request) -> Response:
        del request
        with self._ports.state.lock:
            size = len(self._log.tree)
            text, _ = self._sign(size, self._ports.fault("rekor2"))
        return Response(200, text.encode(), "text/plain; charset=utf-8")

    def _tile(self, request: Request, level: str, number: str, width: str | None) -> Response:
        """Hashes of the tree, 256 at most. Spec: C2SP tlog-tiles, "Merkle Tree"."""
        try:
            start, end = _span(number, width)
            with self._ports.state.lock:
                row = self._log.tree.row(int(level) * _TILE_HEIGHT, start, end)
        except ValueError:
            return _absent(request)
        return Response(200, b"".join(row), "application/octet-stream")

    def _entries(self, request: Request, number: str, width: str | None) -> Response:
        """Bodies of entries, each after its length in 2 bytes, 256 at most.

        Spec: C2SP tlog-tiles, "Log Entries".
        """
        try:
            start, end = _span(number, width)
        except ValueError:
            return _absent(request)
        with self._ports.state.lock:
            leaves = [self._log.at(index) for index in range(start, end)]
        bundle = b"".join(
            len(leaf.body).to_bytes(2, "big") + leaf.body for leaf in leaves if leaf is not None
        )
        if None in leaves:
            return _absent(request)
        return Response(200, bundle, "application/octet-stream")

    def _entry(self, leaf: Leaf, fault: str) -> dict[str, Any]:
        """A TransparencyLogEntry as protobuf's JSON has it; call it under the lock."""
        tree = self._log.tree
        size = len(tree)
        checkpoint, root = self._sign(size, fault)
        index = str(leaf.index)
        proof = {
            "logIndex": index,
            "rootHash": _base64(root),
            "treeSize": str(size),
            "hashes": [_base64(one) for one in tree.inclusion(leaf.index)],
            "checkpoint": {"envelope": checkpoint},
        }
        return {
            "logIndex": index,
            "logId": {"keyId": _base64(self.log_id)},
            "kindVersion": {"kind": KIND, "version": VERSION},
            # This log says nothing about time; a time-stamp authority does.
            "integratedTime": "0",
            "inclusionPromise": None,
            "inclusionProof": proof,
            "canonicalizedBody": _base64(leaf.body),
        }

    def _sign(self, size: int, fault: str) -> tuple[str, bytes]:
        """The checkpoint of a size, and the root a proof is given with it.

        A fault makes the log lie: about its size, its content, or which log it is.
        """
        root = self._log.tree.root(size)
        if fault == "stale-checkpoint":
            before = max(size - 1, 0)
            return self._notes.checkpoint(before, self._log.tree.root(before)), root
        if fault == "wrong-root":
            root = bytes(byte ^ 0xFF for byte in root)
        if fault == "wrong-origin":
            return replace(self._notes, origin=f"other.{REKOR2}").checkpoint(size, root), root
        return self._notes.checkpoint(size, root), root


def _span(number: str, width: str | None) -> tuple[int, int]:
    """First and last but one of what a tile's address names.

    Raises:
        ValueError: The address is not in its one form.
    """
    index = int(re.sub(r"[x/]", "", number))
    count = int(width or _TILE_WIDTH)
    if _address(index) != number or count > _TILE_WIDTH - (width is not None):
        raise ValueError("not the address of a tile")
    start = index * _TILE_WIDTH
    return start, start + count


def _address(index: int) -> str:
    """A tile's number as its path has it: 1234067 is x001/x234/067."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(groups)


def _absent(request: Request) -> Response:
    return _error(404, 5, f"not found: {request.path}")


def _error(status: int, code: int, message: str, **headers: str) -> Response:
    answer: Mapping[str, Any] = {"code": code, "message": message, "details": []}
    return json_response(status, answer, **headers)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
