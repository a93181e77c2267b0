"""What several stores speak of."""

from __future__ import annotations

from pathlib import Path

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class NamedSandbox:
    """Where a running, or stopped, sandbox keeps what others may read.

    Attributes:
        directory: The state directory, absolute.
        base: Origin of its services, e.g. "http://127.0.0.1:4711".
        trusted_root: Its trusted root.
        trust_config: Its client trust configuration: root and service URLs.
        jwks: The public keys its issuer signs tokens with, as a JSON Web Key Set.
    """

    directory: Path
    base: str
    trusted_root: Path
    trust_config: Path
    jwks: Path
