"""Publishing to a package index: find the audience, mint a token, upload one file, burn the token.

`twine` does the upload; everything around it is ours: one request an attempt, an end to waiting,
its digests compared before anything leaves, no `netrc`, no configuration of the user.

Spec: publishing to an index with trusted publishing, and PEP 807 (draft) for finding its endpoints.
"""

from __future__ import annotations

import base64
import contextlib
import io
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from sealane.core.model.values import dataclass
from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.adapters.secret import Secret

if TYPE_CHECKING:
    import requests
    from twine.package import PackageFile

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CONNECT_SECONDS = 15.0
_LIMIT = 256 * 1024
# A slow link took 240 s to send a large wheel; the index answers once it has checked it.
_UPLOAD_SECONDS = 600.0
_CHUNK = 64 * 1024
_MOST_CHUNKS = 4
_MOST_TEXT = 400
# What can stand in a header; an error about anything else would quote it.
_CREDENTIAL = re.compile(r"[!-~]{1,8192}")
_DISCOVERY = "application/vnd.pypi.pytp.v1+json"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where an index mints and burns, and the audience of the tokens it takes for it."""

    audience: str
    mint: str
    burn: str


@dataclass(frozen=True, slots=True)
class UploadAnswer:
    """What an index answered to one upload.

    Attributes:
        status: HTTP status; None where no answer came.
        text: Reason phrase and body, one line, without control characters; from a stranger.
        retry_after: Seconds it asks to wait; 0 where it does not.
    """

    status: int | None
    text: str
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to send, and what its bytes have to be.

    Attributes:
        file: A private copy of it.
        sha256: Lower-case hex.
        blake2b_256: Lower-case hex.
        attestations: PEP 740 attestation files; at least one.
    """

    file: Path
    sha256: str
    blake2b_256: str
    attestations: tuple[Path, ...]


class _AnsweredError(Exception):
    """Takes the answer out of twine before it can send a second time."""

    def __init__(self, answer: UploadAnswer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


def named_repository(name: str) -> tuple[str, str]:
    """Upload URL and simple API URL of one of the upload client's named repositories.

    Raises:
        InputError: There is no such name.
    """
    from pypi_simple import PYPI_SIMPLE_ENDPOINT
    from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

    if name == "pypi":
        return DEFAULT_REPOSITORY, PYPI_SIMPLE_ENDPOINT
    if name == "testpypi":
        return TEST_REPOSITORY, urljoin(TEST_REPOSITORY, "/simple/")
    raise InputError(f"channel: no repository is named {name[:40]!r}", hint="pypi and testpypi are")


def discover(web: Web, upload_url: str) -> Endpoints:
    """Where this index mints, and for which audience: as PEP 807 says, or as indexes always did.

    Raises:
        ChannelError: It offers no trusted publishing.
        NetworkError: It does not answer.
    """
    _check_url(upload_url, upload_url)
    parts = urlsplit(upload_url)
    found = _get(
        web,
        urljoin(upload_url, f"/.well-known/pytp?discover={quote(parts.path, safe='')}"),
        accept=_DISCOVERY,
        absent=(404, 406, 410),
    )
    try:
        audience_at = urljoin(upload_url, _text(found, "audience-endpoint", "/_/oidc/audience"))
        mint_at = urljoin(upload_url, _text(found, "token-mint-endpoint", "/_/oidc/mint-token"))
    except ValueError as error:
        raise ChannelError(f"{upload_url}: an endpoint that is no URL") from error
    for url in (audience_at, mint_at):
        _check_url(url, upload_url)
    audience = _text(_get(web, audience_at, accept="application/json", absent=()), "audience", "")
    if not audience:
        raise ChannelError(f"{audience_at}: names no audience")
    return Endpoints(audience, mint_at, urljoin(upload_url, "/_/oidc/burn-token"))


def mint(web: Web, endpoints: Endpoints, token: Secret) -> Secret:
    """Exchange an identity token for an upload token; each identity token works once.

    Raises:
        ChannelError: The index refuses; `code` is its own word for it, and the message its text.
        NetworkError: It does not answer.
    """
    answer = web.post_json(endpoints.mint, {"token": token.reveal()}, limit=_LIMIT)
    status, document = answer.status, _object(answer.body)
    minted = document.get("token")
    if status == 200 and isinstance(minted, str) and _CREDENTIAL.fullmatch(minted):
        return Secret(minted, "the index")
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    first = first if isinstance(first, dict) else {}
    code = _clean(first.get("code", ""), token)
    said = _clean(first.get("description") or document.get("message") or "no reason", token)
    raise ChannelError(
        f"{endpoints.mint}: HTTP {status}: {code or 'no upload token'}: {said}",
        status=status,
        code=code,
    )


def burn(web: Web, endpoints: Endpoints, credential: Secret) -> bool:
    """Make an upload token unusable; whether the index says it did. Never raises for a failure.

    An index without this endpoint lets the token expire by itself.
    """
    try:
        answer = web.post_json(endpoints.burn, {"token": credential.reveal()}, limit=_LIMIT)
    except NetworkError:
        return False
    return 200 <= answer.status < 300


def upload(url: str, credential: Secret, wanted: Upload) -> UploadAnswer:
    """Send one file with its attestations, in exactly one request.

    Returns:
        Whatever the index answered; with no status where the connection failed in between, so
        that the file may be there or not.

    Raises:
        InputError: The file is not a distribution, or is not what is wanted.
    """
    from requests import RequestException
    from twine.exceptions import TwineException
    from twine.repository import Repository

    _check_url(url, url)
    # twine talks on standard output, which carries our data.
    with contextlib.redirect_stdout(io.StringIO()):
        package = _package(wanted)
        repository = Repository(url, "__token__", credential.reveal(), disable_progress_bar=True)
        _one_request(repository.session, credential)
        try:
            repository.upload(package, max_redirects=1)
        except _AnsweredError as answered:
            return answered.answer
        except RequestException as error:
            return UploadAnswer(None, _clean(type(error).__name__, credential))
        except TwineException as error:
            raise InputError(f"{wanted.file.name}: {error}") from error
        finally:
            repository.close()
    raise InputError(f"{wanted.file.name}: twine sent nothing")


def _package(wanted: Upload) -> PackageFile:
    from twine.exceptions import TwineException
    from twine.package import PackageFile

    if not wanted.attestations:
        raise InputError(f"{wanted.file.name}: no attestations; they cannot be sent later")
    try:
        package = PackageFile.from_filename(str(wanted.file), None)
        package.add_attestations([str(path) for path in wanted.attestations])
    except (TwineException, OSError, ValueError) as error:
        raise InputError(f"{wanted.file.name}: {error}") from error
    # Python without BLAKE2 (FIPS) gives none; SHA-256 is always there.
    blake = package.blake2_256_digest or wanted.blake2b_256
    if package.sha2_digest != wanted.sha256 or blake != wanted.blake2b_256:
        raise InputError(
            f"{wanted.file.name}: expected sha256 {wanted.sha256}, got {package.sha2_digest}",
            hint="the file changed after it was signed; nothing was sent",
        )
    return package


def _one_request(session: requests.Session, credential: Secret) -> None:
    """Let a session answer once: no second attempt, no redirect, no endless wait."""
    from requests.adapters import HTTPAdapter

    pair = f"__token__:{credential.reveal()}".encode()
    sent = Secret(base64.b64encode(pair).decode(), "the header")

    class _Bounded(HTTPAdapter):
        def send(self, *arguments: Any, **options: Any) -> requests.Response:  # noqa: ANN401  as the base class
            options["timeout"] = (_CONNECT_SECONDS, _UPLOAD_SECONDS)
            return super().send(*arguments, **options)

    def take(response: requests.Response, *_: object, **__: object) -> None:
        # twine repeats a 5xx up to five times; the file may have been stored by the first.
        said = f"{response.reason or ''} {_bounded(response).decode(errors='replace')}"
        after = response.headers.get("Retry-After", "")
        seconds = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
        # Anything else is no status of HTTP, so it answers nothing.
        status = response.status_code if 100 <= response.status_code <= 599 else None
        raise _AnsweredError(UploadAnswer(status, _clean(said, credential, sent), seconds))

    for scheme in ("http://", "https://"):
        session.mount(scheme, _Bounded(max_retries=0))
    session.hooks["response"].append(take)


def _get(web: Web, url: str, *, accept: str, absent: tuple[int, ...]) -> dict[str, Any]:
    answer = web.get(url, accept=accept, limit=_LIMIT)
    document = _object(answer.body)
    if answer.status in absent:
        return {}
    if answer.status != 200:
        raise ChannelError(
            f"{url}: HTTP {answer.status}: {_clean(document.get('message', ''))}",
            status=answer.status,
            hint="does this index offer trusted publishing?",
        )
    return document


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = {}
    return value if isinstance(value, dict) else {}


def _bounded(response: requests.Response) -> bytes:
    """The first bytes of a body; a stranger decides how long it is."""
    return b"".join(itertools.islice(response.iter_content(_CHUNK), _MOST_CHUNKS))


def _check_url(url: str, upload_url: str) -> None:
    """Refuse plain http apart from loopback, credentials in a URL, and another origin."""
    try:
        parts, own = urlsplit(url), urlsplit(upload_url)
        origin, own_origin = (parts.scheme, parts.netloc), (own.scheme, own.netloc)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    except ValueError as error:
        raise InputError("index: its URL cannot be read") from error
    if parts.username or parts.password or not (parts.scheme == "https" or plain):
        # The upload URL is the user's; any other one is the index's word.
        kind = InputError if url == upload_url else ChannelError
        raise kind(f"index {url.rpartition('@')[2][:120]!r}: expected an https URL")
    if origin != own_origin:
        raise ChannelError(f"{upload_url}: sends us to another origin, {url[:120]!r}")


def _text(document: dict[str, Any], key: str, default: str) -> str:
    value = document.get(key, default)
    return value if isinstance(value, str) and len(value) < 500 else default


def _clean(text: object, *secrets: Secret) -> str:
    """A stranger's words in one line without control characters, secrets taken out."""
    said = str(text)
    for secret in secrets:
        said = said.replace(secret.reveal(), "<secret>")
    return "".join(c for c in " ".join(said.split()) if c.isprintable())[:_MOST_TEXT]
