"""What `world` hands to the services, so that they never import each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sealane.sandbox.state import State


class TokenRefusedError(Exception):
    """An identity token does not hold; the text says why, and never contains the token."""


class TokenVerifier(Protocol):
    """Checks an identity token against the sandbox's own issuer."""

    def __call__(self, token: str, *, audience: str) -> Mapping[str, Any]:
        """The claims of a token that holds.

        Raises:
            TokenRefusedError: Malformed, foreign, expired, or for another audience.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The parts of the world a service may use.

    Attributes:
        state: Database and key files.
        now: The services' clock: Unix seconds; a fault may move it.
        verify_token: Checks identity tokens.
        trusted_root: Path of the sandbox's trusted root, written before the first request.
        fault: The value a fault switch is set to ("index.upload" -> "500-after-store"), or "".
        log: Appends a line to the sandbox's log: service, message; never gets a token.
    """

    state: State
    now: Callable[[], float]
    verify_token: TokenVerifier
    trusted_root: Path
    fault: Callable[[str], str]
    log: Callable[[str, str], None]
