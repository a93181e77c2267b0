"""Rekor v1: the transparency log of signatures."""

from __future__ import annotations

import base64
import json
from typing import Any

import rfc8785
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sealane.errors import InputError
from sealane.sandbox.addresses import REKOR1
from sealane.sandbox.entries import canonical_body
from sealane.sandbox.log import DuplicateError, Leaf, Log
from sealane.sandbox.merkle import leaf_hash
from sealane.sandbox.note import NoteSigner
from sealane.sandbox.pki import key_id
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

_ENTRIES = r"/api/v1/log/entries"
_MOST_RETRIEVED = 10


class Rekor1:
    """Routes of the log.

    Args:
        ports: The world.
        key: Signs promises and checkpoints.
    """

    def __init__(self, ports: Ports, key: ec.EllipticCurvePrivateKey) -> None:
        self._ports = ports
        self._key = key
        self._log = Log(ports.state, "rekor1")
        self.log_id = key_id(key.public_key())
        self.tree_id = int.from_bytes(self.log_id[:8], "big") >> 1
        origin = f"{REKOR1} - {self.tree_id}"
        self._notes = NoteSigner(origin, REKOR1, self.log_id[:4], self._sign)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("POST", _ENTRIES, self._create),
            Route.of("GET", _ENTRIES, self._by_index),
            Route.of("GET", _ENTRIES + r"/(?P<uuid>[0-9a-fA-F]{64,80})", self._by_uuid),
            Route.of("POST", _ENTRIES + r"/retrieve/?", self._retrieve),
            Route.of("GET", r"/api/v1/log/?", self._info),
            Route.of("GET", r"/api/v1/log/publicKey", self._public_key),
            Route.of("GET", r"/api/v1/log/proof", self._consistency),
        ]

    def _create(self, request: Request) -> Response:
        if self._ports.fault("rekor1") == "down":
            return _error(503, "unavailable")
        try:
            body = canonical_body(_parse(request.body))
        except InputError as error:
            return self._refuse(f"error processing entry: {error.message}")
        with self._ports.state.lock:
            try:
                leaf = self._log.append(body, int(self._ports.now()))
            except DuplicateError as error:
                return self._conflict(self._uuid(error.leaf))
            entry = self._entry(leaf)
        if self._ports.fault("rekor1") == "500-after-store":
            return _error(500, "unexpected error")
        uuid = self._uuid(leaf)
        return json_response(201, entry, Location=f"{_ENTRIES}/{uuid}", ETag=uuid)

    def _by_index(self, request: Request) -> Response:
        index = request.query.get("logIndex", "")
        return self._found(self._log.at(int(index)) if _is_number(index) else None)

    def _by_uuid(self, request: Request, uuid: str) -> Response:
        del request
        leaf = self._log.find(bytes.fromhex(uuid[-64:]))
        whole = leaf is not None and self._uuid(leaf).endswith(uuid.lower())
        return self._found(leaf if whole else None)

    def _retrieve(self, request: Request) -> Response:
        try:
            proposed = _parse(request.body).get("entries")
            if not isinstance(proposed, list) or not 1 <= len(proposed) <= _MOST_RETRIEVED:
                raise InputError(f"expected 1 to {_MOST_RETRIEVED} entries")
            digests = [leaf_hash(canonical_body(one)) for one in proposed]
        except InputError as error:
            return self._refuse(error.message)
        with self._ports.state.lock:
            leaves = [self._log.find(digest) for digest in digests]
            return json_response(200, [self._entry(leaf) for leaf in leaves if leaf])

    def _info(self, request: Request) -> Response:
        del request
        with self._ports.state.lock:
            size, root = len(self._log.tree), self._log.tree.root()
            checkpoint = self._notes.checkpoint(size, root)
        return json_response(
            200,
            {
                "rootHash": root.hex(),
                "treeSize": size,
                "signedTreeHead": checkpoint,
                "treeID": str(self.tree_id),
                "inactiveShards": [],
            },
        )

    def _public_key(self, request: Request) -> Response:
        del request
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return Response(200, pem, "application/x-pem-file")

    def _consistency(self, request: Request) -> Response:
        first = request.query.get("firstSize", "1")
        last = request.query.get("lastSize", "")
        if not (_is_number(first) and _is_number(last)):
            return _error(400, "firstSize and lastSize must be whole numbers")
        with self._ports.state.lock:
            try:
                hashes_ = self._log.tree.consistency(int(first), int(last))
                root = self._log.tree.root(int(last))
            except ValueError:
                return _error(400, "expected 0 < firstSize <= lastSize <= size of the tree")
        return json_response(
            200, {"rootHash": root.hex(), "hashes": [one.hex() for one in hashes_]}
        )

    def _found(self, leaf: Leaf | None) -> Response:
        if leaf is None:
            return _error(404, "not found")
        with self._ports.state.lock:
            return json_response(200, self._entry(leaf))

    def _entry(self, leaf: Leaf) -> dict[str, Any]:
        """An entry with its promise and a proof in the present tree; call it under the lock."""
        tree = self._log.tree
        size, root = len(tree), tree.root()
        promised: dict[str, Any] = {
            "body": base64.b64encode(leaf.body).decode(),
            "integratedTime": leaf.time,
            "logID": self.log_id.hex(),
            "logIndex": leaf.index,
        }
        proof = {
            "checkpoint": self._notes.checkpoint(size, root),
            "hashes": [one.hex() for one in tree.inclusion(leaf.index)],
            "logIndex": leaf.index,
            "rootHash": root.hex(),
            "treeSize": size,
        }
        promise = base64.b64encode(self._sign(rfc8785.dumps(promised))).decode()
        verification = {"inclusionProof": proof, "signedEntryTimestamp": promise}
        return {self._uuid(leaf): promised | {"verification": verification}}

    def _uuid(self, leaf: Leaf) -> str:
        return f"{self.tree_id:016x}{leaf.hash.hex()}"

    def _sign(self, content: bytes) -> bytes:
        return self._key.sign(content, ec.ECDSA(hashes.SHA256()))

    def _conflict(self, uuid: str) -> Response:
        message = f"an equivalent entry already exists in the transparency log with UUID {uuid}"
        location = f"{_ENTRIES}/{uuid}"
        return json_response(409, {"code": 409, "message": message}, Location=location)

    def _refuse(self, reason: str) -> Response:
        self._ports.log("rekor1", f"refused: {reason}")
        return _error(400, reason)


def _error(status: int, message: str) -> Response:
    return json_response(status, {"code": status, "message": message})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("not JSON") from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object")
    return value
