"""The one door to `sigstore`'s signing: statements in, Sigstore bundles out.

The trust configuration is handed in, so no TUF repository is asked and no user cache is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sealane.errors import LaneError, LaneExit, NetworkError, TrustError
from sealane.io.adapters.secret import Secret
from sealane.io.adapters.sigstore_session import HINT, guard, lacks_chain, lacks_entry
from sealane.io.adapters.timestamp_client import TimestampClient, TrustedStamper

if TYPE_CHECKING:
    import requests
    from sigstore.models import ClientTrustConfig, TransparencyLogEntry
    from sigstore.sign import Signer, SigningContext

# Seconds; Rekor v2 answers only once the entry is in the tree.
_LOG_TIMEOUT = 60.0
_LOG = "transparency log"


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
            NetworkError: The log or the time-stamp authority does not answer, or (`ChannelError`)
                refused, with its reason.
            LaneError: The certificate has expired, the statement is none, or the log answered
                nonsense.
        """
        from sigstore.dsse import Statement

        with _explained():
            return self._signer.sign_dsse(Statement(statement)).to_json().encode()

    def sign_digest(self, sha256: str) -> bytes:
        """Sign a file by its digest.

        Args:
            sha256: The file's SHA-256, lower-case hex.

        Returns:
            A Sigstore bundle as JSON.

        Raises:
            NetworkError, LaneError: As `sign`.
        """
        from sigstore.hashes import Hashed
        from sigstore_models.common.v1 import HashAlgorithm

        hashed = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=bytes.fromhex(sha256))
        with _explained():
            return self._signer.sign_artifact(hashed).to_json().encode()


def open_signer(*, trust_config: bytes, token: Secret, log_version: int = 1) -> StatementSigner:
    """Get a certificate for an identity token.

    PEP 740 keeps a certificate and one log entry, and no RFC 3161 time-stamp; only an entry of
    Rekor v1 carries a signed time of its own (pypi-attestations#142). So with version 1 no
    time-stamp authority is asked. With version 2 one has to answer: it is tried here, and stamps
    each signature before the log hears of it, because an entry cannot be taken back.

    Args:
        trust_config: A Sigstore client trust configuration: trusted root and service URLs.
        token: Identity token for the audience "sigstore".
        log_version: Which Rekor is written to, 1 or 2.

    Raises:
        TrustError: The configuration cannot be used, names no log of this version, or, with
            version 2, no time-stamp authority to ask and one to trust.
        NetworkError: The certificate authority, or with version 2 the time-stamp authority, does
            not answer, or (`ChannelError`) refused, with its reason.
        LaneError: The token cannot be used, or the authority answered nonsense.
    """
    from sigstore.oidc import IdentityToken
    from sigstore.sign import Signer

    context, stampers = _context(trust_config, log_version)
    with _explained():
        for stamper in stampers:
            stamper.probe()
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
        raise NetworkError(f"signing: {reason}", hint=HINT) from error
    except (Error, ValidationError, ValueError, LookupError, TypeError) as error:
        raise LaneError(
            LaneExit.ATTEST, f"signing: {type(error).__name__}: {error}", hint=HINT
        ) from error


def _context(trust_config: bytes, log_version: int) -> tuple[SigningContext, list[TimestampClient]]:
    """A signing context whose requests show why they were refused, and read no `netrc`.

    Returns:
        The context, and the time-stamp authorities in it.
    """
    from pydantic import ValidationError
    from sigstore.errors import Error
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import SigningContext

    try:
        config: ClientTrustConfig = ClientTrustConfig.from_json(trust_config.decode())
        config.force_tlog_version = log_version
        fulcio = config.signing_config.get_fulcio()
        guard(fulcio.session, "certificate authority", lacks_chain)
        log = _guarded_log(config.signing_config.get_tlogs()[0], log_version)
        stampers = _stampers(config) if log_version > 1 else []
        context = SigningContext(
            fulcio=fulcio,
            rekor=log,
            trusted_root=config.trusted_root,
            # They are asked in the same way; the library's own would let a failure pass.
            tsa_clients=cast("Any", stampers),
        )
    except (Error, ValidationError, ValueError, LookupError, TypeError) as error:
        raise TrustError(
            f"signing configuration: {error}",
            hint=f"it has to name a certificate authority and a Rekor v{log_version} log that are "
            "valid now" + _needs(log_version),
        ) from error
    return context, stampers


def _needs(log_version: int) -> str:
    if log_version > 1:
        return ", and a time-stamp authority that its trusted root holds"
    return "; PEP 740 attestations cannot be made with Rekor v2"


def _guarded_log(log: Any, log_version: int) -> Any:  # noqa: ANN401 - its class is not public
    """A log client with the guard on its session, or with a session of ours in its place."""
    if log_version > 1:
        return _LogV2(log)
    # `log` and `session` are public attributes of the client, on a class that is not.
    session: requests.Session | None = getattr(getattr(log, "log", None), "session", None)
    if session is None:
        raise TypeError("the installed sigstore gives no access to the log client's session")
    guard(session, _LOG, lacks_entry)
    return log


class _LogV2:
    """The library's client of Rekor v2, whose requests are sent in a guarded session.

    What a request holds stays the library's matter.

    Args:
        client: The library's; its own session is out of reach.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - its class is not public
        import requests

        self._client = client
        self._entries = f"{client.url}/log/entries"
        self._session = requests.Session()
        guard(self._session, _LOG, lacks_entry)

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    def create_entry(self, payload: object) -> TransparencyLogEntry:
        """Have an entry logged; under this name the library asks for it."""
        from sigstore.models import TransparencyLogEntry
        from sigstore_models.rekor.v1 import TransparencyLogEntry as Model

        reply = self._session.post(self._entries, json=payload, timeout=_LOG_TIMEOUT)
        return TransparencyLogEntry(Model.from_dict(reply.json()))


def _stampers(config: ClientTrustConfig) -> list[TimestampClient]:
    """Clients of the authorities the configuration names.

    Raises:
        ValueError: It names none, or its trusted root holds none.
    """
    trusted = []
    for authority in config.trusted_root.get_timestamp_authorities():
        chain = tuple(authority.certificates(allow_expired=False))
        # An authority alone, without its root, proves nothing.
        if len(chain) > 1:
            window = authority.validity_period_start, authority.validity_period_end
            trusted.append(TrustedStamper(chain, *window))
    if not trusted:
        raise ValueError("the trusted root holds no time-stamp authority that is valid now")
    clients = [TimestampClient(one.url, trusted) for one in config.signing_config.get_tsas()]
    if not clients:
        raise ValueError("it names no time-stamp authority that is valid now")
    return clients
