"""Changes what is trusted: updates a root through TUF, or stores one that a file holds.

In this order, so that whatever is refused leaves the old root in force: obtain, judge, compare,
store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sealane.core.attestation.strict_json import as_text, parse_object
from sealane.core.model.values import dataclass
from sealane.core.verify.root_age import check_age
from sealane.core.verify.root_diff import Change, compare_roots
from sealane.core.verify.root_file import is_sandbox, read_root
from sealane.errors import InputError, TrustError, UsageError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.mutex import exclusive
from sealane.io.stores.trust.files import RootFile, parse_root_file
from sealane.io.stores.trust.interface import NamedRoot, Record
from sealane.io.stores.trust.packaged import (
    INSTANCES,
    LIMIT,
    TUF_ROOT,
    packaged_file,
    packaged_root,
)
from sealane.io.stores.trust.resolve import named_root
from sealane.io.stores.trust.stored import root_folder, store_root

_REPOSITORY_SCHEMA = "sealane.trust-repository/1"
_REPOSITORY_FILE = "repository.json"


@dataclass(frozen=True, slots=True)
class Repository:
    """A TUF repository, and whom to believe there.

    Attributes:
        url: Of the repository.
        root: The root metadata trust starts from, JSON.
    """

    url: str
    root: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of a change.

    Attributes:
        root: The root that is in force now.
        before: Digest of the one before, lower-case hex; "" where none could be read.
        changes: In what they differ.
    """

    root: NamedRoot
    before: str
    changes: tuple[Change, ...]


# URL, root metadata, folder of the TUF client -> trusted root.
Fetch = Callable[[Repository, Path], bytes]


def repository_of(
    name: str, url: str | None, tuf_root: Path | None, environment: Mapping[str, str]
) -> Repository:
    """Where a root is updated from.

    Args:
        name: Of the root.
        url: What the user names; None for where the root came from before.
        tuf_root: The file with the initial root metadata; only for an instance of one's own.
        environment: Where the user's state directory is named.

    Raises:
        UsageError: Neither named nor known, or only half of it.
        TrustError: A file cannot be read.
    """
    if name in INSTANCES:
        if tuf_root is not None:
            raise UsageError(
                f"--tuf-root: {name} has its own; another instance needs another name",
                hint="sealane trust update NAME --url URL --tuf-root FILE",
            )
        return Repository(url or INSTANCES[name], packaged_file(name, TUF_ROOT))
    if (url is None) != (tuf_root is None):
        raise UsageError(
            "--url and --tuf-root belong together",
            hint="a repository without its initial root could be anybody's",
        )
    if url is None or tuf_root is None:
        return _known_repository(name, environment)
    return Repository(url, _read(tuf_root, "initial root"))


def update_root(
    name: str,
    repository: Repository,
    fetch: Fetch,
    *,
    at: datetime,
    sandbox: bool,
    environment: Mapping[str, str],
) -> Stored:
    """Fetch the current root of an instance, and store it.

    Args:
        name: What it is called here.
        repository: Where to fetch it.
        fetch: Fetches and verifies it.
        at: Now, aware, UTC.
        sandbox: Whether a sandbox was named, so that its root may be stored.
        environment: Where the user's state directory is named.

    Raises:
        NetworkError: The repository cannot be reached.
        TrustError: What it holds does not hold, or is no root that may be stored.
        InputError: The user's state cannot be written.
        UsageError: Another process updates the same root.
    """
    folder = root_folder(name, environment)
    why = "two at once would mix up what the repository said"
    with exclusive(folder / "tuf.lock", what=f"trust update {name}", why=why):
        # What one repository said of its versions says nothing about another's.
        key = hashlib.sha256(repository.url.encode() + b"\n" + repository.root).hexdigest()[:16]
        content = fetch(repository, folder / "tuf" / key)
        _judge(content, f"{name} from {repository.url}", sandbox=sandbox)
        digest = hashlib.sha256(content).hexdigest()
        # One that was changed on the disk is no reason not to get the right one.
        before = _readable(name, environment)
        changes = compare_roots(before.content if before else b"", content)
        root = NamedRoot(Record(name, digest, at, f"TUF, {repository.url}"), content)
        if name not in INSTANCES:
            _keep_repository(folder, repository)
        store_root(root, environment)
    return Stored(root, before.record.sha256 if before else "", changes)


def pin_root(
    name: str,
    file: Path,
    *,
    sha256: str | None,
    replace: bool,
    at: datetime,
    sandbox: bool,
    environment: Mapping[str, str],
) -> Stored:
    """Store the root that a file holds under a name.

    Args:
        name: What it is to be called.
        file: A trusted root, a client trust configuration, or an export.
        sha256: The digest it must have, lower-case hex.
        replace: Whether another root of that name may be replaced.
        at: Now, aware, UTC.
        sandbox: Whether a sandbox was named, so that its root may be stored.
        environment: Where the user's state directory is named.

    Raises:
        TrustError: It is not such a file, has another digest, is too old, or another root has the
            name.
        InputError: The user's state cannot be written.
    """
    found = _read_root_file(file)
    if sha256 is not None and found.sha256 != sha256:
        raise TrustError(
            f"trust root {str(file)!r}: expected sha256 {sha256}, got {found.sha256}",
            hint="compare the file with where it came from; do not just pin the new digest",
        )
    _judge(found.content, str(file), sandbox=sandbox)
    root = NamedRoot(_record(name, file, found, at), found.content)
    check_age(name, root.record.obtained_at, at, max_age_days=None)
    before = named_root(name, environment)
    changes = compare_roots(before.content if before else b"", root.content)
    if before is not None and before.record.sha256 == root.record.sha256:
        if before.record.obtained_at >= root.record.obtained_at:
            # It would only seem older than it is.
            return Stored(before, before.record.sha256, ())
    elif before is not None and not replace:
        shown = "".join(f"\n  {change}" for change in changes)
        raise TrustError(
            f"trust root {name!r}: another one has that name, sha256 {before.record.sha256}, and "
            f"{str(file)!r} holds {root.record.sha256}{shown}",
            hint="look at what changes; to go on add --replace, or take another name",
        )
    _check_newer_than_package(root)
    store_root(root, environment)
    return Stored(root, before.record.sha256 if before else "", changes)


def _record(name: str, file: Path, found: RootFile, at: datetime) -> Record:
    """What is known of a root in a file: what its export says, or that it was handed in now."""
    digest = hashlib.sha256(found.content).hexdigest()
    if found.record is None:
        return Record(name, digest, at, f"pinned from {file.name!r}")
    if found.record.name != name and (name in INSTANCES or found.record.name in INSTANCES):
        raise TrustError(
            f"trust root {str(file)!r}: it is {found.record.name!r}, not {name!r}",
            hint="a public instance's root keeps its name: nothing is ever merged",
        )
    source = found.record.source
    return Record(name, digest, found.record.obtained_at, source)


def _check_newer_than_package(root: NamedRoot) -> None:
    packaged = packaged_root(root.record.name)
    if packaged is not None and packaged.record.obtained_at > root.record.obtained_at:
        raise TrustError(
            f"trust root {root.record.name!r}: obtained at {root.record.obtained_at.isoformat()}, "
            "and the one in the package is newer",
            hint="use the packaged one; or export a newer one: sealane trust update, then export",
        )


def _judge(content: bytes, place: str, *, sandbox: bool) -> None:
    """Check that a root may be stored.

    Raises:
        TrustError: It is none, or a sandbox's although none was named.
    """
    try:
        marked = is_sandbox(read_root(content, place))
        compare_roots(b"", content)
    except InputError as error:
        raise TrustError(
            f"trust root {place}: {error.message}",
            hint="name a trusted_root.json of a Sigstore instance",
        ) from error
    if marked and not sandbox:
        raise TrustError(
            f"trust root {place}: it is a sandbox's, and proves nothing about the world",
            hint="for a rehearsal name the sandbox: sealane --sandbox DIR trust …",
        )


def _readable(name: str, environment: Mapping[str, str]) -> NamedRoot | None:
    try:
        return named_root(name, environment)
    except TrustError:
        return packaged_root(name)


def _read_root_file(file: Path) -> RootFile:
    content = _read(file, "trust root")
    try:
        return parse_root_file(content, str(file))
    except InputError as error:
        raise TrustError(
            f"trust root {str(file)!r}: {error.message}",
            hint="name a trusted_root.json, a client trust configuration or an export",
        ) from error


def _read(file: Path, what: str) -> bytes:
    try:
        return read_bounded(file, LIMIT, what=what)
    except InputError as error:
        raise TrustError(error.message, hint=error.hint) from error


def _keep_repository(folder: Path, repository: Repository) -> None:
    document = {
        "schema": _REPOSITORY_SCHEMA,
        "url": repository.url,
        "root": repository.root.decode("utf-8", "strict"),
    }
    content = json.dumps(document, indent=2).encode() + b"\n"
    write_atomically(folder / _REPOSITORY_FILE, content, mode=0o600)


def _known_repository(name: str, environment: Mapping[str, str]) -> Repository:
    file = root_folder(name, environment) / _REPOSITORY_FILE
    if not file.exists():
        raise UsageError(
            f"trust update {name}: nobody knows where it comes from",
            hint=f"sealane trust update {name} --url URL --tuf-root FILE",
        )
    try:
        members = parse_object(read_bounded(file, LIMIT, what="TUF repository"), str(file))
        if members.get("schema") != _REPOSITORY_SCHEMA:
            raise InputError(f"{str(file)!r}: expected schema {_REPOSITORY_SCHEMA}")
        url = as_text(members.get("url"), f"{str(file)!r}: url")
        root = as_text(members.get("root"), f"{str(file)!r}: root").encode()
    except (InputError, UnicodeEncodeError) as error:
        raise TrustError(
            f"{str(file)!r}: not where a root comes from: {error}",
            hint="remove it, and name --url and --tuf-root again",
        ) from error
    return Repository(url, root)
