"""Trust roots: by name or by path; packaged and stored ones pinned by digest, never from a cache.

Whoever can write a user's cache could replace the root of every offline verification, so no cache
is read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.policy.schema import NO_ROOT
from sealane.core.verify.root_file import is_root_name, is_sandbox, read_root
from sealane.errors import InputError, TrustError, UsageError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust.interface import EMBEDDED, PUBLIC_GOOD, NamedRoot
from sealane.io.stores.trust.packaged import LIMIT, ROOT, SIGNING, packaged_file
from sealane.io.stores.trust.resolve import named_root, unknown_name

_EMPTY = b'{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'
_CONFIG_TYPE = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"


@dataclass(frozen=True, slots=True)
class TrustMaterial:
    """A trust root and where it came from.

    Attributes:
        name: "embedded", another name, or the path it was read from.
        root: A Sigstore trusted root, JSON.
        sha256: Digest it is pinned by, lower-case hex: of the file's bytes; of an export, of the
            root in it.
        sandbox: Whether it is a sandbox's.
        obtained_at: When it was known to be the current one, aware, UTC; None where nobody knows.
    """

    name: str
    root: bytes
    sha256: str
    sandbox: bool
    obtained_at: datetime | None = None

    def __str__(self) -> str:
        """`embedded (sha256:6494…)`, for the report."""
        return f"{self.name} (sha256:{self.sha256})"


def load_trust(
    path: str | None,
    *,
    sandbox: NamedSandbox | None,
    sha256: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> TrustMaterial:
    """The trust root to judge by.

    Args:
        path: A name ("none" trusts nobody), or the path of a trusted root, of a client trust
            configuration that holds one, or of an export; None for the named sandbox's, or the
            public instance's. What can be a name is one; a path in the working directory begins
            with "./", or ends in ".json".
        sandbox: The sandbox named on the command line; without one its kind of root is refused.
        sha256: The digest the root must have, lower-case hex.
        environment: Where the user's state directory is named; None for this process's.

    Raises:
        TrustError: Missing, unreadable, changed, not a trust root, another digest, or a sandbox's
            root although no sandbox was named.
    """
    if path is None and sandbox is not None:
        path = str(sandbox.trusted_root)
    name = PUBLIC_GOOD if path is None or path == EMBEDDED else path
    if name == NO_ROOT:
        return _no_trust(sha256, sandbox)
    if is_root_name(name):
        found = _named(name, os.environ if environment is None else environment)
        name = EMBEDDED if found.packaged and name == PUBLIC_GOOD else name
        obtained: datetime | None = found.record.obtained_at
        content, digest = found.content, found.record.sha256
    else:
        content, digest, obtained = _read_file(Path(name))
    if sha256 is not None and digest != sha256:
        raise TrustError(
            f"trust root {name!r}: expected sha256 {sha256}, got {digest}",
            hint="compare the file with where it came from; do not just pin the new digest",
        )
    root, marked = _judged(content, name, sandbox)
    return TrustMaterial(name, root, digest, marked, obtained)


def check_trust_age(trust: TrustMaterial, at: datetime, max_age_days: int | None) -> str:
    """Check that a root is young enough; see `check_age`.

    A sandbox's has no age: it lives and ends with its sandbox, and proves nothing anyway. Neither
    has one that trusts nobody.

    Returns:
        What is to be said about its age; "" where nothing is.

    Raises:
        TrustError: It is too old, or of unknown age although `max_age_days` is given.
    """
    from sealane.core.verify.root_age import check_age

    if trust.sandbox or trust.name == NO_ROOT:
        return ""
    return check_age(trust.name, trust.obtained_at, at, max_age_days=max_age_days)


def root_on_command_line(text: str, environment: Mapping[str, str]) -> str:
    """What `--trust` means, as `load_trust` takes it.

    Raises:
        UsageError: There is both a root and a file of that name.
        TrustError: The user's state cannot be read.
    """
    name = PUBLIC_GOOD if text == EMBEDDED else text
    if not is_root_name(name) or not os.path.lexists(text):
        return text
    if name == NO_ROOT or named_root(name, environment) is not None:
        raise UsageError(
            f"--trust {text!r}: a trust root has that name, and so has a file here",
            hint=f"write ./{text} for the file, or run it in another folder for the root",
        )
    return os.path.join(os.curdir, text)


def load_trust_config(*, sandbox: NamedSandbox | None) -> bytes:
    """The client trust configuration to sign with: the named sandbox's, or the embedded one.

    Raises:
        TrustError: It cannot be read, or is not what was packaged.
    """
    if sandbox is not None:
        return _read(sandbox.trust_config)
    config = {
        "mediaType": _CONFIG_TYPE,
        "trustedRoot": json.loads(packaged_file(PUBLIC_GOOD, ROOT)),
        "signingConfig": json.loads(packaged_file(PUBLIC_GOOD, SIGNING)),
    }
    return json.dumps(config).encode()


def _no_trust(sha256: str | None, sandbox: NamedSandbox | None) -> TrustMaterial:
    """A root that trusts nobody: what is left are the keys that a policy names."""
    digest = hashlib.sha256(_EMPTY).hexdigest()
    if sha256 not in (None, digest):
        raise TrustError(
            f"trust root {NO_ROOT!r}: expected sha256 {sha256}, and there is no file",
            hint="name the root itself",
        )
    return TrustMaterial(NO_ROOT, _EMPTY, digest, sandbox is not None)


def _named(name: str, environment: Mapping[str, str]) -> NamedRoot:
    found = named_root(name, environment)
    if found is None:
        raise unknown_name(name, environment)
    return found


def _read_file(path: Path) -> tuple[bytes, str, datetime | None]:
    """Root, digest, and when it was obtained."""
    from sealane.io.stores.trust.files import parse_root_file

    try:
        file = parse_root_file(_read(path), str(path))
    except InputError as error:
        raise _no_root(str(path), error) from error
    return file.content, file.sha256, file.record.obtained_at if file.record else None


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, LIMIT, what="trust root")
    except InputError as error:
        raise TrustError(error.message, hint=error.hint) from error


def _judged(content: bytes, name: str, sandbox: NamedSandbox | None) -> tuple[bytes, bool]:
    """The root as JSON that anybody reads the same, and whether it is a sandbox's."""
    try:
        root = read_root(content, name)
        marked = is_sandbox(root)
    except InputError as error:
        raise _no_root(name, error) from error
    if sandbox is not None and name == str(sandbox.trusted_root) and not marked:
        raise TrustError(
            f"trust root {name!r}: not a sandbox's, although a sandbox's folder holds it",
            hint="name a root of your own with --trust, without --sandbox",
        )
    if marked and sandbox is None:
        raise TrustError(
            f"trust root {name!r}: it is a sandbox's, and proves nothing about the world",
            hint="for a rehearsal name the sandbox: sealane --sandbox DIR …",
        )
    return json.dumps(root).encode(), marked


def _no_root(name: str, error: InputError) -> TrustError:
    return TrustError(
        f"trust root {name!r}: {error.message}",
        hint="name a trusted_root.json of a Sigstore instance",
    )
