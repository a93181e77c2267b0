"""Security advisories of one repository, by the forge's REST interface.

Answers are untrusted and bounded. The token goes to the configured origin alone: a redirect is an
answer, and the next page of a list is asked only where it stands below the same path.

Spec: REST API of repository security advisories, version 2022-11-28.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from sealane.core.attestation.strict_json import as_list, as_object, parse_json
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.http import Answer, Web
from sealane.io.adapters.secret import Secret

_LIMIT = 16 * 1024 * 1024
_MOST_PAGES = 100
_VERSION = {"X-GitHub-Api-Version": "2022-11-28"}
_ACCEPT = "application/vnd.github+json"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[A-Za-z0-9._][\w.-]{0,99}", re.ASCII)
_ID = re.compile(r"GHSA(-[23456789cfghjmpqrvwx]{4}){3}")
_NEXT = re.compile(r'<([^<>\s]+)>[^,]*;\s*rel="?next"?')
_HINTS = {
    401: "is the token still valid? It needs to write security advisories of the repository",
    403: "the token needs to write security advisories of the repository; only administrators "
    "of a repository may publish one",
    404: "does the repository exist, and may the token see its advisories?",
    422: "the service's words are above; correct the record, and render it again",
    429: "it asks for patience; run the same command again later",
}


class GhsaClient:
    """Asks for the advisories of a repository, and writes them.

    Args:
        web: Sends the requests.
        base: URL of the REST interface.
        repository: "owner/name".
        token: Bearer token.

    Raises:
        InputError: The repository cannot be called that.
    """

    def __init__(self, web: Web, base: str, repository: str, token: Secret) -> None:
        if not _REPOSITORY.fullmatch(repository):
            raise InputError(
                f"repository {shown(repository[:120])!r}: expected OWNER/NAME",
                hint="write it as the forge's own pages do",
            )
        self._web, self._token = web, token
        self._url = f"{base.rstrip('/')}/repos/{repository}/security-advisories"

    def each(self) -> Iterator[dict[str, JsonValue]]:
        """All advisories that the token may see, newest first.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer as it should, or has more than 10,000.
        """
        url = f"{self._url}?per_page=100"
        for _ in range(_MOST_PAGES):
            answer = self._asked("GET", url, None, (200,))
            yield from self._listed(answer)
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            url = self._page(url, following[1])
        raise NetworkError(f"GET {self._url}: more than {_MOST_PAGES} pages")

    def find(self, ghsa_id: str) -> dict[str, JsonValue] | None:
        """One advisory; None where the repository has none of that identifier.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer as it should.
        """
        answer = self._asked("GET", self._one(ghsa_id), None, (200, 404))
        return _document(answer) if answer.status == 200 else None

    def create(self, payload: Mapping[str, JsonValue]) -> str:
        """Make a draft; its identifier.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer as it should: the draft may be there or not.
        """
        return checked_id(_document(self._asked("POST", self._url, payload, (201,))))

    def change(self, ghsa_id: str, payload: Mapping[str, JsonValue]) -> None:
        """Set members of an advisory; doing it twice leaves the same as once.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer as it should: they may be set or not.
        """
        self._asked("PATCH", self._one(ghsa_id), payload, (200,))

    def _one(self, ghsa_id: str) -> str:
        return f"{self._url}/{checked_id({'ghsa_id': ghsa_id})}"

    def _page(self, url: str, following: str) -> str:
        """The next page's URL: a stranger's word, so it stays below the path it belongs to."""
        found = urljoin(url, following)
        if urlsplit(found)._replace(query="", fragment="").geturl() != self._url:
            raise NetworkError(f"GET {self._url}: the next page is elsewhere")
        return found

    def _listed(self, answer: Answer) -> tuple[dict[str, JsonValue], ...]:
        try:
            found = as_list(parse_json(answer.body, self._url), self._url)
            return tuple(as_object(one, self._url) for one in found)
        except InputError as error:
            raise NetworkError(f"GET {error.message}") from error

    def _asked(self, method: str, url: str, value: object, expected: tuple[int, ...]) -> Answer:
        answer = self._web.ask(
            method, url, token=self._token, accept=_ACCEPT, limit=_LIMIT, value=value,
            headers=_VERSION,
        )  # fmt: skip
        if answer.status in expected:
            return answer
        # Shortened last: a token that was cut in two would not be found.
        said = _said(answer.body).replace(self._token.reveal(), "<secret>")[:400]
        after = answer.headers.get("retry-after", "")
        wait = f"; it asks to wait {after} s" if re.fullmatch("[0-9]{1,6}", after) else ""
        # With a limit that is used up it answers 403, and says when to ask again.
        limited = answer.status == 403 and bool(wait)
        raise ChannelError(
            f"{method} {shown(url)}: HTTP {answer.status}: {shown(said)}{wait}",
            status=429 if limited else answer.status,
            code="refused",
            hint=_HINTS.get(429 if limited else answer.status, "try again later"),
        )


def checked_id(document: Mapping[str, JsonValue]) -> str:
    """The identifier of an advisory.

    Raises:
        NetworkError: It has none of the right form.
    """
    found = document.get("ghsa_id")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise NetworkError(f"advisory: expected an identifier GHSA-…, got {shown(str(found))[:80]}")
    return found


def _document(answer: Answer) -> dict[str, JsonValue]:
    try:
        return dict(as_object(parse_json(answer.body, answer.url), answer.url))
    except InputError as error:
        raise NetworkError(error.message) from error


def _said(body: bytes) -> str:
    """The service's message and its errors, as one text; from a stranger."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "no reason that could be read"
    if not isinstance(document, dict):
        return "no reason"
    errors = document.get("errors")
    return " ".join(f"{document.get('message', 'no reason')} {errors or ''}".split())
