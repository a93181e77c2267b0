"""The administration's client: speaks to one running sandbox, and to nothing else."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sealane.errors import InputError, NetworkError

_TIMEOUT = 10.0
_START = "start it with: sealane sandbox up"
_LOG = "sealane sandbox log shows what it refused"


def call(
    base: str, secret: str, method: str, path: str, document: Mapping[str, Any] | None = None
) -> bytes:
    """Call one administration route.

    The connection is made by hand, so that no proxy variable of the environment is obeyed.

    Args:
        base: Origin of the sandbox.
        secret: This run's.
        method: "GET" or "POST".
        path: Route, e.g. "/-/mint".
        document: Sent as JSON.

    Returns:
        The body of the answer.

    Raises:
        InputError: The sandbox refused what was asked.
        NetworkError: It does not answer, or is another run than the secret's.
    """
    try:
        authority = urlsplit(base)
        connection = http.client.HTTPConnection(
            authority.hostname or "", authority.port, timeout=_TIMEOUT
        )
    except ValueError as error:
        raise NetworkError(f"sandbox {base[:80]!r}: not an origin", hint=_START) from error
    try:
        body = json.dumps(document).encode() if document is not None else None
        connection.request(method, path, body, {"X-Sandbox": secret})
        response = connection.getresponse()
        content = response.read()
    # ValueError: a secret that no header can hold.
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NetworkError(f"sandbox {base}: does not answer: {error}", hint=_START) from error
    finally:
        connection.close()
    if response.status == 400:
        raise _refusal(content)
    if response.status >= 300:
        raise NetworkError(
            f"sandbox {base}{path}: HTTP {response.status}",
            hint="another process may have taken its port; see: sealane sandbox status",
        )
    return content


def _refusal(content: bytes) -> InputError:
    try:
        answer = json.loads(content)
        return InputError(str(answer["message"]), hint=str(answer.get("hint") or _LOG))
    except (ValueError, LookupError, TypeError, AttributeError):
        return InputError("the sandbox refused, without saying why", hint=_LOG)
