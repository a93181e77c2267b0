"""Sessions to the services that take part in signing: no redirect, no `netrc`, and the reasons."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from sealane.errors import ChannelError

if TYPE_CHECKING:
    import requests

HINT = "nothing is public but log entries; run the stage again as a whole"


def guard(
    session: requests.Session, service: str, lacks: Callable[[requests.Response], bool]
) -> None:
    """Make a session raise with the service's reason; sigstore drops it (a 4xx is falsy).

    Args:
        session: Of the client library, or of ours.
        service: What errors call it.
        lacks: Whether an answer is not what the library, or we, can go on with.

    From then on the session raises `ChannelError` for a redirect, a refusal, and such an answer.
    """

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


def lacks_chain(response: requests.Response) -> bool:
    """Whether Fulcio's answer holds no chain of certificates."""
    # sigstore ends in an exception nobody can name where the chain is missing or too short.
    try:
        chain = json.loads(response.content)["signedCertificateEmbeddedSct"]["chain"]
        return len(chain["certificates"]) < 2
    except (ValueError, LookupError, TypeError, RecursionError):
        return True


def lacks_entry(response: requests.Response) -> bool:
    """Whether a log's answer is no object."""
    try:
        return not isinstance(json.loads(response.content), dict)
    except (ValueError, RecursionError):
        return True


def _refused(service: str, response: requests.Response, reason: str) -> ChannelError:
    return ChannelError(
        f"signing: {service} {response.url.split('?')[0]}: HTTP {response.status_code}: {reason}",
        status=response.status_code,
        hint=HINT,
    )


def _reason(response: requests.Response) -> str:
    try:
        message = json.loads(response.content)["message"]
    except (ValueError, LookupError, TypeError, RecursionError):
        message = response.reason or "no reason given"
    return " ".join(str(message).split())[:300]
