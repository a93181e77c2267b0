"""Looks whether links answer: no body is read, and nothing is asked that is not public."""

from __future__ import annotations

from urllib.parse import urljoin

from sealane.core.model.values import dataclass
from sealane.errors import NetworkError
from sealane.io.adapters.http import Web

_MOST_HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link answers.

    Attributes:
        url: As it is written.
        status: HTTP status of the page it leads to in the end.
        leads_to: That page's URL, where a redirect leads elsewhere; "" otherwise.
    """

    url: str
    status: int
    leads_to: str = ""


def look(web: Web, url: str) -> Link:
    """Follow a link to where it ends.

    A redirect is an answer only if the page behind it is one: many sites redirect what they have
    lost to a page that says so. Each hop has to be https and public, whatever sent us there.

    Raises:
        NetworkError: A hop may not be asked, nobody answers there, or they never end.
    """
    at = url
    for _ in range(_MOST_HOPS + 1):
        status, location = _status(web, at)
        if status not in _REDIRECTS:
            return Link(url, status, "" if at == url else at)
        try:
            at = urljoin(at, location)
        except ValueError as error:
            raise NetworkError(f"link {at[:200]!r}: redirected to what is not a URL") from error
    raise NetworkError(
        f"link {url[:200]!r}: more than {_MOST_HOPS} redirects", hint="link to the page itself"
    )


def _status(web: Web, url: str) -> tuple[int, str]:
    """Status and redirection target of one page."""
    answer = web.head(url)
    if answer.status >= 400:
        # Servers that do not know HEAD, or refuse it, answer GET.
        answer = web.head(url, method="GET")
    return answer.status, answer.headers.get("location", "")
