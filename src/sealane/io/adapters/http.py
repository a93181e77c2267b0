"""HTTP as sealane speaks it: bounded, without credentials, and never where it was not asked to go.

Proxies and certificate authorities come from the environment, as everywhere; `netrc`, cookies and
user configuration do not. Evidence from the network is as untrusted as a file.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.errors import NetworkError
from sealane.io.adapters.secret import check_sendable

if TYPE_CHECKING:
    import requests

    from sealane.io.adapters.secret import Secret

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
MOST_REDIRECTS = 3
_CHUNK = 65536
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"https": 443, "http": 80}
# Two readers of a backslash, a blank or a character beyond ASCII disagree on where a host ends: one
# would check a host, the other ask another.
_URL = re.compile(r"[!-\[\]-~]+")
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, whole.

    Attributes:
        status: HTTP status.
        headers: Values by lower-case name.
        body: The body.
        url: The URL that answered, after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Web:
    """Sends requests, remembers which hosts were asked, and trusts none of them.

    Args:
        user_agent: How the client names itself.
        loopback: Whether plain HTTP and loopback addresses are allowed: in a sandbox only.
        origins: Origins the user configured, e.g. "https://index.example.org": they may have a
            private address, and redirects may lead to them.
        read_seconds: How long it waits for the next bytes of an answer.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        loopback: bool = False,
        origins: tuple[str, ...] = (),
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._agent = user_agent
        self._read_seconds = read_seconds
        self._loopback = loopback
        self._origins = frozenset(origin_of(one) for one in origins)
        self._hosts: list[str] = []
        self._opened: requests.Session | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that were asked, each once, in order."""
        return tuple(dict.fromkeys(self._hosts))

    def get(self, url: str, *, accept: str, limit: int) -> Answer:
        """Fetch a URL, following redirects within its origin and the configured ones.

        Args:
            url: An absolute URL, https.
            accept: Media types.
            limit: Most bytes of the body.

        Raises:
            NetworkError: The URL may not be asked, nobody answers, or the body is larger.
        """
        start = url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._send("GET", url, limit=limit, headers={"Accept": accept})
            if answer.status not in _REDIRECTS:
                return answer
            url = _joined(url, answer.headers.get("location", ""))
            if origin_of(url) not in {origin_of(start), *self._origins}:
                raise NetworkError(
                    f"GET {_shown(start)}: redirected to another origin, {origin_of(url)}",
                    hint="ask the other origin by its own name, if you trust it",
                )
        raise NetworkError(f"GET {_shown(start)}: more than {MOST_REDIRECTS} redirects")

    def post_json(self, url: str, value: object, *, limit: int) -> Answer:
        """Send JSON; a redirect is an answer, and is not followed.

        Raises:
            NetworkError: As `get`.
        """
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        body = json.dumps(value).encode()
        return self._send("POST", url, limit=limit, headers=headers, body=body)

    def ask(
        self,
        method: str,
        url: str,
        *,
        token: Secret,
        limit: int,
        accept: str = "application/json",
        value: object = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        shown_as: tuple[str, str] = ("Authorization", "Bearer "),
    ) -> Answer:
        """Ask a service that knows us by a token; a redirect is an answer, and is not followed.

        Args:
            method: "GET", "POST", "PUT" or "PATCH".
            url: An absolute URL of the service that the token is for.
            token: Shown to that URL, and to nobody else.
            limit: Most bytes of the answer.
            accept: Media types.
            value: What is sent, as JSON; nothing where it is None.
            headers: Further headers.
            shown_as: The header that carries the token, and what stands before it.

        Raises:
            InputError: The token cannot stand in a header; an error about one would quote it.
            NetworkError: As `get`; the token is not in it.
        """
        check_sendable(token)
        body = b"" if value is None else json.dumps(value).encode()
        name, before = shown_as
        sent = {**headers, "Accept": accept, name: f"{before}{token.reveal()}"}
        if body:
            sent["Content-Type"] = "application/json"
        return self._send(method, url, limit=limit, headers=sent, body=body)

    def head(self, url: str, *, method: str = "HEAD") -> Answer:
        """Status and headers of a URL; a redirect is an answer, and no body is read.

        Args:
            url: An absolute URL, https.
            method: "GET" for a server that does not answer HEAD.

        Raises:
            NetworkError: The URL may not be asked, or nobody answers.
        """
        return self._send(method, url, limit=None, headers={"Accept": "*/*"})

    def _send(
        self,
        method: str,
        url: str,
        *,
        limit: int | None,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> Answer:
        import requests
        from urllib3.exceptions import HTTPError

        place = f"{method} {_shown(url)}"
        self._hosts.append(self._allowed(url, place))
        try:
            with self._session().request(
                method, url, data=body or None, headers=dict(headers), allow_redirects=False,
                stream=True, timeout=(CONNECT_SECONDS, self._read_seconds),
            ) as response:  # fmt: skip
                content = b"" if limit is None else b"".join(_bounded(response, limit, place))
                named = {name.lower(): text for name, text in response.headers.items()}
                return Answer(response.status_code, named, content, url)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            raise NetworkError(f"{place}: {reason}", hint="try again later") from error

    def _session(self) -> requests.Session:
        if self._opened is None:
            import requests
            from requests.cookies import RequestsCookieJar

            class NoCookies(RequestsCookieJar):
                """Keeps nothing."""

                def set_cookie(self, *_: object, **__: object) -> None:
                    """Drop a cookie."""

            self._opened = requests.Session()
            self._opened.headers["User-Agent"] = self._agent
            self._opened.cookies = NoCookies()
            # With an `auth` of its own the session never looks into a `netrc`.
            self._opened.auth = lambda request: request
        return self._opened

    def _allowed(self, url: str, place: str) -> str:
        """The host of a URL that may be asked.

        Raises:
            NetworkError: Not https, credentials in it, or an address that is not public.
        """
        configured = origin_of(url) in self._origins
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not host or parts.username is not None or parts.password is not None:
            raise NetworkError(f"{place}: expected a URL with a host and without credentials")
        local = host in LOOPBACK_NAMES
        if parts.scheme != "https" and not (local and self._loopback and parts.scheme == "http"):
            raise NetworkError(f"{place}: only https is asked")
        if local and not self._loopback:
            raise NetworkError(f"{place}: a loopback address is asked in a sandbox only")
        if not local and not configured and _is_private_literal(host):
            raise NetworkError(f"{place}: a private address is never asked")
        if not local and not configured and not self._proxied(url):
            _check_public(host, place)
        return host

    def _proxied(self, url: str) -> bool:
        """Whether a proxy resolves the name: then its address is the proxy's business."""
        from requests.utils import get_environ_proxies, select_proxy

        return select_proxy(url, get_environ_proxies(url)) is not None


def _bounded(response: requests.Response, limit: int, place: str) -> Iterator[bytes]:
    received = 0
    for chunk in response.iter_content(_CHUNK):
        received += len(chunk)
        if received > limit:
            raise NetworkError(f"{place}: the answer is larger than {limit} bytes")
        yield chunk


def _check_public(host: str, place: str) -> None:
    """Refuse a name that leads to this machine or this network."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NetworkError(f"{place}: {host}: cannot be resolved: {error}") from error
    if any(_is_private_literal(str(address[0])) for *_, address in found):
        raise NetworkError(f"{place}: {host} leads to a private address")


def _is_private_literal(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_global
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host of a URL; "" where that is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, e.g. "https://index.example.org:443".

    Raises:
        NetworkError: Not a URL, or one that two readers could read differently.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise NetworkError(f"{_shown(url)}: not a URL") from error
    if not _URL.fullmatch(url):
        raise NetworkError(f"{_shown(url)}: not a URL of plain ASCII")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError as error:
        raise NetworkError(f"GET {_shown(base)}: redirected to what is not a URL") from error


def _shown(url: str) -> str:
    """A URL that may be printed: without credentials, query and control characters."""
    text = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0][:300]
    head, separator, rest = text.partition("://")
    if separator and "@" in rest.split("/")[0]:
        rest = rest.split("@", 1)[1]
    return shown((head + separator + rest).encode("ascii", "backslashreplace").decode())
