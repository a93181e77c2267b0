"""Time-stamps of RFC 3161 for signatures, proven before anybody relies on them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sealane.core.model.values import dataclass
from sealane.errors import NetworkError
from sealane.io.adapters.sigstore_session import HINT, guard

if TYPE_CHECKING:
    import requests
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest, TimeStampResponse, Verifier

_SERVICE = "time-stamp authority"
# Seconds; a time-stamp that takes longer than this would also be one of another time.
_TIMEOUT = 5.0
_PROBE_BYTES = 32


@dataclass(frozen=True, slots=True)
class TrustedStamper:
    """A time-stamp authority of the trusted root.

    Attributes:
        chain: Its certificates, leaf first, root last.
        start: From when on it is trusted.
        end: Until when; None while nobody has said.
    """

    chain: tuple[Certificate, ...]
    start: datetime
    end: datetime | None


class TimestampClient:
    """Asks one authority, in the shape that `sigstore` asks its own client in.

    That library takes an authority that fails for one that is not needed: it warns, writes to
    the log, and only then finds that it cannot make a bundle of the entry. Here every failure
    is an error that library does not catch, so it comes before the log is asked.

    Args:
        url: Where requests are sent.
        trusted: Authorities one of which has to have signed the answer.

    Attributes:
        url: The same.
    """

    def __init__(self, url: str, trusted: Sequence[TrustedStamper]) -> None:
        import requests

        self.url = url
        self._trusted = tuple(trusted)
        self._session = requests.Session()
        self._session.headers["Content-Type"] = "application/timestamp-query"
        guard(self._session, _SERVICE, _is_empty)

    def probe(self) -> None:
        """Have something without meaning stamped, to learn whether the authority works.

        Raises:
            NetworkError: As `request_timestamp` does.
        """
        self.request_timestamp(secrets.token_bytes(_PROBE_BYTES))

    def request_timestamp(self, signature: bytes) -> TimeStampResponse:
        """Have a signature stamped: 1. ask, 2. read the answer, 3. verify it.

        Raises:
            NetworkError: The authority does not answer, refused (`ChannelError` where HTTP says
                so), or answered with a time-stamp that does not hold.

        Spec: RFC 3161 section 2.4; https is not asked for, the answer is signed.
        """
        import requests
        from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response
        from rfc3161_client.base import HashAlgorithm

        # The library's default is SHA-512; every client of Sigstore asks for SHA-256.
        builder = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256)
        request = builder.nonce(nonce=True).build()
        try:
            reply = self._session.post(self.url, data=request.as_bytes(), timeout=_TIMEOUT)  # 1
        except requests.RequestException as error:
            raise self._failed(f"{type(error).__name__}: {str(error)[:300]}") from error
        try:
            response = decode_timestamp_response(reply.content)  # 2
        except ValueError as error:
            raise self._failed("the answer is not a time-stamp") from error
        self._verify(response, request, signature)  # 3
        return response

    def _verify(
        self, response: TimeStampResponse, request: TimeStampRequest, signature: bytes
    ) -> None:
        from rfc3161_client import VerificationError

        reasons = []
        for stamper in self._trusted:
            try:
                _verifier(stamper, request).verify_message(response, signature)
            except (VerificationError, ValueError) as error:
                # The library raises ValueError for a rejection, which has no token to read.
                reasons.append(str(error) or type(error).__name__)
                continue
            if stamper.start <= response.tst_info.gen_time and (
                stamper.end is None or response.tst_info.gen_time < stamper.end
            ):
                return
            reasons.append(f"the trusted root does not trust it at {response.tst_info.gen_time}")
        raise self._failed(f"its time-stamp does not hold: {'; '.join(reasons)[:300]}")

    def _failed(self, reason: str) -> NetworkError:
        return NetworkError(f"signing: {_SERVICE} {self.url.split('?')[0]}: {reason}", hint=HINT)


def _verifier(stamper: TrustedStamper, request: TimeStampRequest) -> Verifier:
    from rfc3161_client import VerifierBuilder

    leaf, *between, root = stamper.chain
    builder = VerifierBuilder.from_request(request).tsa_certificate(leaf)
    builder = builder.add_root_certificate(root)
    for certificate in between:
        builder = builder.add_intermediate_certificate(certificate)
    return builder.build()


def _is_empty(response: requests.Response) -> bool:
    return not response.content
