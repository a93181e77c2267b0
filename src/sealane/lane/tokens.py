"""Which stage of `lane run` gets which of the credentials this process was started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from sealane.errors import LaneError, LaneExit
from sealane.io.adapters.files import read_bounded
from sealane.io.adapters.oidc import (
    REQUEST_TOKEN,
    REQUEST_URL,
    ambient_credentials,
    audience_of,
    signed_by,
)
from sealane.io.adapters.secret import Secret
from sealane.io.stores.interface import NamedSandbox

SIGNING_AUDIENCE = "sigstore"
_ASKING = (REQUEST_TOKEN, REQUEST_URL)


def partition(
    environ: Mapping[str, str], sandbox: NamedSandbox | None
) -> Callable[[str], dict[str, str]]:
    """The environment of each stage, by its name, with no credential but its own.

    All credentials are checked here, before anything runs: on one machine, where project code
    runs too, only a sandbox's are let in.

    Args:
        environ: The environment of this process.
        sandbox: The named sandbox; None in the world, where no credential is let in.

    Raises:
        LaneError: There is a credential that is not the sandbox's.
    """
    names = ambient_credentials(environ)
    foreign = tuple(name for name in names if not _is_sandboxed(name, environ, sandbox))
    if foreign:
        raise LaneError(
            LaneExit.PREFLIGHT,
            f"credentials in the environment: {', '.join(foreign)}: "
            + ("not the named sandbox's" if sandbox else "all stages would share them"),
            hint="run the lane as separate jobs, each with its own token (sealane lane STAGE), "
            "or rehearse it: sealane rehearse",
        )
    bare = {name: value for name, value in environ.items() if name not in names}
    signing = {name: environ[name] for name in names if _is_for_signing(name, environ)}
    publishing = {name: environ[name] for name in names if name in _ASKING or name not in signing}

    def environment_for(stage: str) -> dict[str, str]:
        own = {"attest": signing, "publish": publishing}.get(stage, {})
        return bare | own

    return environment_for


def _is_sandboxed(name: str, environ: Mapping[str, str], sandbox: NamedSandbox | None) -> bool:
    if sandbox is None:
        return False
    if name in _ASKING:
        # What GitHub's endpoint gives is only as good as the endpoint; it is not asked before.
        return _origin(environ.get(REQUEST_URL, "")) == _origin(sandbox.base)
    jwks = read_bounded(sandbox.jwks, what="key set of the sandbox")
    return signed_by(Secret(environ[name], name), jwks)


def _is_for_signing(name: str, environ: Mapping[str, str]) -> bool:
    return name in _ASKING or audience_of(Secret(environ[name], name)) == SIGNING_AUDIENCE


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname or parts.username or parts.password:
        return None
    return parts.scheme, parts.hostname, port
