"""The one door to `sigstore`'s signing: statements in, Sigstore bundles out.

The trust configuration is handed in, so no TUF repository is asked and no user cache is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sealane.errors import ChannelError, LaneError, LaneExit, NetworkError, TrustError
from sealane.io.adapters.secret import Secret

if TYPE_CHECKING:
    import requests
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import Signer, SigningContext

# PEP 740 keeps a certificate and one log entry, and no RFC 3161 timestamp; only an entry of
# Rekor v1 carries a signed time of its own (pypi-attestations#142).
_LOG_VERSION = 1
_HINT = "nothing is public but log entries; run the stage again as a whole"


class StatementSigner:
    """Signs in-toto statements with one short-lived certificate; see `open_signer`."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, statement: bytes) -> bytes:
        """Sign one statement, byte for byte.

        Args:
            statement: An in-toto v1 statement as JSON.

        Returns:
            A Sigstore bundle as JSON.

        Raises:
            NetworkError: The log does not answer, or (`ChannelError`) refused, with its reason.
            LaneError: The certificate has expired, the statement is none, or the log answered
                nonsense.
        """
        from sigstore.dsse import Statement

        with _explained():
            return self._signer.sign_dsse(Statement(statement)).to_json().encode()


def open_signer(*, trust_config: bytes, token: Secret) -> StatementSigner:
    """Get a certificate for an identity token.

    Args:
        trust_config: A Sigstore client trust configuration: trusted root and service URLs.
        token: Identity token for the audience "sigstore".

    Raises:
        TrustError: The configuration cannot be used, or names no Rekor v1 log.
        NetworkError: The certificate authority does not answer, or (`ChannelError`) refused, with
            its reason.
        LaneError: The token cannot be used, or the authority answered nonsense.
    """
    from sigstore.oidc import IdentityToken
    from sigstore.sign import Signer

    context = _context(trust_config)
    with _explained():
        return StatementSigner(Signer(IdentityToken(token.reveal()), context))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the library raises into errors of ours that say why."""
    import requests
    from pydantic import ValidationError
    from sigstore.errors import Error
    from sigstore.oidc import ExpiredIdentity, IdentityError

    # The library raises it and exports it nowhere.
    from sigstore.sign import ExpiredCertificate  # type: ignore[attr-defined]  # see above

    try:
        yield
    except (ExpiredCertificate, ExpiredIdentity, IdentityError) as error:
        raise LaneError(
            LaneExit.ATTEST,
            f"identity token: {str(error) or 'it, or its certificate, has expired'}",
            hint="start a new job; a token and its certificate live a few minutes",
        ) from error
    except requests.RequestException as error:
        reason = f"{type(error).__name__}: {str(error)[:300]}"
        raise NetworkError(f"signing: {reason}", hint=_HINT) from error
    except (Error, ValidationError, ValueError, LookupError, TypeError) as error:
        raise LaneError(
            LaneExit.ATTEST, f"signing: {type(error).__name__}: {error}", hint=_HINT
        ) from error


def _context(trust_config: bytes) -> SigningContext:
    """A signing context whose requests show why they were refused, and read no `netrc`."""
    from pydantic import ValidationError
    from sigstore.errors import Error
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import SigningContext

    try:
        config: ClientTrustConfig = ClientTrustConfig.from_json(trust_config.decode())
        config.force_tlog_version = _LOG_VERSION
        services = config.signing_config
        fulcio, logs = services.get_fulcio(), services.get_tlogs()
        _guard(fulcio.session, "certificate authority", _lacks_chain)
        for log in logs:
            _guard(_log_session(log), "transparency log", _lacks_entry)
        return SigningContext(
            fulcio=fulcio,
            rekor=logs[0],
            trusted_root=config.trusted_root,
            tsa_clients=services.get_tsas(),
        )
    except (Error, ValidationError, ValueError, LookupError, TypeError) as error:
        raise TrustError(
            f"signing configuration: {error}",
            hint="it has to name a certificate authority and a Rekor v1 log that are valid now; "
            "PEP 740 attestations cannot be made with Rekor v2",
        ) from error


def _log_session(log: object) -> requests.Session:
    # `log` and `session` are public attributes of the client, on a class that is not.
    session: requests.Session | None = getattr(getattr(log, "log", None), "session", None)
    if session is None:
        raise TypeError("the installed sigstore gives no access to the log client's session")
    return session


def _guard(
    session: requests.Session, service: str, lacks: Callable[[requests.Response], bool]
) -> None:
    """Make a session raise with the service's reason; sigstore drops it (a 4xx is falsy)."""

    def same(request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request

    def refuse(response: requests.Response, *_: object, **__: object) -> None:
        if response.is_redirect:
            raise _refused(service, response, "answers with a redirect")
        if response.status_code >= 400:
            raise _refused(service, response, _reason(response))
        if lacks(response):
            raise _refused(service, response, "the answer is not what was asked for")

    # With an `auth` of its own the session leaves `netrc` alone, which would replace the token.
    session.auth = same
    session.hooks["response"].append(refuse)


def _lacks_chain(response: requests.Response) -> bool:
    # sigstore ends in an exception nobody can name where the chain is missing or too short.
    try:
        chain = json.loads(response.content)["signedCertificateEmbeddedSct"]["chain"]
        return len(chain["certificates"]) < 2
    except (ValueError, LookupError, TypeError, RecursionError):
        return True


def _lacks_entry(response: requests.Response) -> bool:
    try:
        return not isinstance(json.loads(response.content), dict)
    except (ValueError, RecursionError):
        return True


def _refused(service: str, response: requests.Response, reason: str) -> ChannelError:
    return ChannelError(
        f"signing: {service} {response.url.split('?')[0]}: HTTP {response.status_code}: {reason}",
        status=response.status_code,
        hint=_HINT,
    )


def _reason(response: requests.Response) -> str:
    try:
        message = json.loads(response.content)["message"]
    except (ValueError, LookupError, TypeError, RecursionError):
        message = response.reason or "no reason given"
    return " ".join(str(message).split())[:300]
