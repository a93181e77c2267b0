"""The certificate transparency log: gives the timestamp a certificate must carry."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sealane.errors import InputError
from sealane.sandbox import der, sct
from sealane.sandbox.log import DuplicateError, Log
from sealane.sandbox.pki import key_id
from sealane.sandbox.state import State
from sealane.sandbox.wire import Request, Response, Route, json_response


class CtLog:
    """The log, and its one route.

    Args:
        state: Keeps the leaves.
        key: Signs timestamps.
        now: Unix seconds.
    """

    def __init__(
        self, state: State, key: ec.EllipticCurvePrivateKey, now: Callable[[], float]
    ) -> None:
        self._key = key
        self._now = now
        self._log = Log(state, "ct")
        self.log_id = key_id(key.public_key())

    def routes(self) -> list[Route]:
        """All routes."""
        return [Route.of("POST", r"(/ct)?/ct/v1/add-pre-chain", self._add_pre_chain)]

    def timestamp(self, issuer_key_hash: bytes, body: bytes) -> bytes:
        """Log a certificate's body and promise it.

        Args:
            issuer_key_hash: SHA-256 of the issuer's public key.
            body: To-be-signed certificate, without poison and without SCT list.

        Returns:
            The SCT.
        """
        return sct.encode_sct(self.log_id, *self._promise(issuer_key_hash, body))

    def _promise(self, issuer_key_hash: bytes, body: bytes) -> tuple[int, bytes]:
        milliseconds = int(self._now() * 1000)
        entry = sct.timestamped_entry(milliseconds, issuer_key_hash, body)
        # The same body in the same millisecond is the same promise.
        with contextlib.suppress(DuplicateError):
            self._log.append(sct.log_leaf(entry), milliseconds // 1000)
        signature = self._key.sign(sct.signed_bytes(entry), ec.ECDSA(hashes.SHA256()))
        return milliseconds, signature

    def _add_pre_chain(self, request: Request) -> Response:
        try:
            precertificate, issuer = _read_chain(request.body)
            body = der.without_poison(der.certificate_body(precertificate))
        except InputError as error:
            return json_response(400, {"error_message": error.message})
        milliseconds, signature = self._promise(issuer, body)
        return json_response(
            200,
            {
                "sct_version": 0,
                "id": base64.b64encode(self.log_id).decode(),
                "timestamp": milliseconds,
                "extensions": "",
                "signature": base64.b64encode(sct.digitally_signed(signature)).decode(),
            },
        )


def _read_chain(body: bytes) -> tuple[bytes, bytes]:
    """The precertificate and its issuer's key hash.

    Raises:
        InputError: Not a chain, or the second certificate did not issue the first.
    """
    try:
        chain = [base64.b64decode(one, validate=True) for one in json.loads(body)["chain"]]
        issuer = x509.load_der_x509_certificate(chain[1])
        x509.load_der_x509_certificate(chain[0]).verify_directly_issued_by(issuer)
        key = issuer.public_key()
    except (
        InvalidSignature,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise InputError(f"add-pre-chain: not a chain: {type(error).__name__}") from error
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise InputError("add-pre-chain: the issuer's key is neither EC nor RSA")
    return chain[0], key_id(key)
