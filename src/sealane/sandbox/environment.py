"""The environment of a child that may see the sandbox and nothing of its caller."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_KEPT = ("PATH", "LANG", "TERM", "TMPDIR")
_LOCALE = "LC_"
_EMPTY: Mapping[str, str] = MappingProxyType({})
# Clients disagree on which of these they read, and one of them outranks another in pip: they are
# only ever set together.
_AUTHORITY = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "NODE_EXTRA_CA_CERTS",
    "npm_config_cafile",
    "GIT_SSL_CAINFO",
)
_DIRECT = "127.0.0.1,localhost"


def child_environment(
    directory: Path, base: str, extra: Mapping[str, str] = _EMPTY, path: str | None = None
) -> dict[str, str]:
    """Variables for a child whose every connection ends in the sandbox.

    It starts from an allow-list: no token, proxy, index or credential of the caller is in it. HOME,
    caches and client configuration are folders of the state directory, made here.

    Args:
        directory: State directory of the sandbox, which has its `ca.pem`.
        base: Its origin, "http://127.0.0.1:PORT".
        extra: Set on top, e.g. the tokens one stage needs.
        path: PATH; the caller's when None.

    Returns:
        The whole environment.
    """
    home = directory.absolute() / "home"
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_LOCALE)
    }
    if path is not None:
        kept["PATH"] = path
    authority = str(directory.absolute() / "ca.pem")
    return {
        **kept,
        **_places(home),
        **_proxies(base),
        **dict.fromkeys(_AUTHORITY, authority),
        "SSL_CERT_DIR": "",
        **extra,
    }


def _places(home: Path) -> dict[str, str]:
    folders = {
        "HOME": home,
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_RUNTIME_DIR": home / "run",
    }
    files = {
        "NETRC": home / "netrc",
        "PIP_CONFIG_FILE": home / "pip.conf",
        "TWINE_CONFIG_FILE": home / "pypirc",
        "npm_config_userconfig": home / "npmrc",
        "npm_config_globalconfig": home / "npmrc-global",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files.values():
        # Emptied each time: a child must not leave credentials for the next one.
        file.write_bytes(b"")
    return {
        **{name: str(path) for name, path in (folders | files).items()},
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(home / "cache" / "uv"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _proxies(base: str) -> dict[str, str]:
    return {
        **dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
            base,
        ),
        "NO_PROXY": _DIRECT,
        "no_proxy": _DIRECT,
    }
