"""`sealane trust`: which roots there are, how old they are, and how they change."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.core.verify.root_file import is_root_name
from sealane.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sealane.io.stores.interface import NamedSandbox
    from sealane.io.stores.trust.change import Fetch, Stored
    from sealane.io.stores.trust.interface import NamedRoot

# Plain HTTP is for a sandbox; who may be asked is decided where requests are sent.
_URL = re.compile(r"https?://[!-~]+")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@click.group()
def trust() -> None:
    """Show, update, export and pin trust roots: each has a name, and none is ever merged."""


@trust.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
def show(names: tuple[str, ...], form: str) -> None:
    """List trust roots: digest, where they came from, their age, and what is in them.

    Without a NAME all of them. Nothing is asked over the network.
    """
    from sealane.io.adapters.clock import now
    from sealane.io.stores.trust.resolve import named_root, root_names, unknown_name

    found = []
    for name in names or root_names(os.environ):
        root = named_root(checked := _checked(name), os.environ)
        if root is None:
            raise unknown_name(checked, os.environ)
        found.append(root)
    if form == "json":
        _show_json(found, now())
    else:
        click.echo("\n".join(line for root in found for line in _described(root, now())))


@trust.command()
@click.argument("name", default="public-good", metavar="[NAME]")
@click.option("--url", metavar="URL", help="TUF repository; default the one it came from before.")
@click.option("--tuf-root", metavar="FILE", help="Initial root.json of an instance of your own.")
@click.pass_context
def update(ctx: click.Context, name: str, url: str | None, tuf_root: str | None) -> None:
    """Fetch the current root of an instance over the network, and show what changed.

    NAME is public-good (the default), staging, or one of your own; the first time an own one needs
    --url and --tuf-root. Whatever is refused leaves the stored root as it is.
    """
    from sealane.io.adapters.clock import now
    from sealane.io.stores.trust.change import repository_of, update_root

    name = _checked(name)
    if url is not None and not _URL.fullmatch(url):
        raise UsageError(
            f"--url {url[:200]!r}: expected the https URL of a TUF repository",
            hint="write e.g. https://tuf.example.org",
        )
    file = None if tuf_root is None else Path(tuf_root)
    world = _sandbox(ctx.obj)
    repository = repository_of(name, url, file, os.environ)
    stored = update_root(
        name,
        repository,
        _fetch(loopback=world is not None),
        at=now(),
        sandbox=world is not None,
        environment=os.environ,
    )
    _show_stored(stored, now())


@trust.command()
@click.argument("name", metavar="NAME")
@click.argument("file", metavar="FILE")
def export(name: str, file: str) -> None:
    """Write a root and its record into FILE, to carry it to a machine without a network.

    There: sealane trust pin NAME FILE
    """
    from sealane.io.adapters.files import write_atomically
    from sealane.io.stores.trust.files import render_export
    from sealane.io.stores.trust.resolve import named_root, unknown_name

    name = _checked(name)
    root = named_root(name, os.environ)
    if root is None:
        raise unknown_name(name, os.environ)
    write_atomically(Path(file), render_export(root))
    click.echo(f"exported: {name} (sha256:{root.record.sha256}) to {_shown(file)}")


@trust.command()
@click.argument("name", metavar="NAME")
@click.argument("file", metavar="FILE")
@click.option("--sha256", metavar="HEX", help="Digest it must have.")
@click.option("--replace", is_flag=True, help="Replace another root of that name.")
@click.pass_context
def pin(ctx: click.Context, name: str, file: str, sha256: str | None, *, replace: bool) -> None:
    """Store the root in FILE under NAME, and show what changes.

    FILE is a trusted_root.json, a client trust configuration, or what `sealane trust export` wrote.
    The digest is that of the file; of an export it is that of the root, as `trust show` prints it.
    """
    from sealane.io.adapters.clock import now
    from sealane.io.stores.trust.change import pin_root

    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise UsageError(
            f"--sha256 {sha256[:80]!r}: expected 64 hexadecimal digits",
            hint="compute it where the file comes from, e.g. with sha256sum",
        )
    stored = pin_root(
        _checked(name),
        Path(file),
        sha256=sha256.lower() if sha256 else None,
        replace=replace,
        at=now(),
        sandbox=_sandbox(ctx.obj) is not None,
        environment=os.environ,
    )
    _show_stored(stored, now())


def _checked(name: str) -> str:
    """The name of a root.

    Raises:
        UsageError: It is none.
    """
    from sealane.core.policy.schema import NO_ROOT
    from sealane.io.stores.trust.interface import EMBEDDED, PUBLIC_GOOD

    if name == EMBEDDED:
        return PUBLIC_GOOD
    if not is_root_name(name) or name == NO_ROOT:
        raise UsageError(
            f"trust root {name[:60]!r}: not a name",
            hint="a name is of a-z, 0-9, dot and hyphen, not none, and does not end like a file's",
        )
    return name


def _sandbox(directory: str | None) -> NamedSandbox | None:
    from sealane.io.stores.sandbox import load_named_sandbox

    return None if directory is None else load_named_sandbox(directory)


def _fetch(*, loopback: bool) -> Fetch:
    from sealane import __version__
    from sealane.io.adapters.http import Web, origin_of
    from sealane.io.adapters.sigstore_tuf import fetch_root
    from sealane.io.stores.trust.change import Repository

    def fetch(repository: Repository, folder: Path) -> bytes:
        # Named by the user, so it may have a private address.
        origins = (origin_of(repository.url),)
        web = Web(f"sealane/{__version__}", loopback=loopback, origins=origins)
        return fetch_root(repository.url, bootstrap=repository.root, folder=folder, web=web)

    return fetch


def _shown(text: str) -> str:
    from sealane.core.model.shown import shown

    return shown(text)


def _described(root: NamedRoot, at: datetime) -> Iterator[str]:
    """A root on lines of its own."""
    from sealane.core.verify.root_age import age_days
    from sealane.core.verify.root_entries import entries_of

    record = root.record
    yield record.name
    yield f"  sha256:   {record.sha256}"
    yield f"  source:   {_shown(record.source)}"
    obtained = record.obtained_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    yield f"  obtained: {obtained}, {age_days(record.obtained_at, at)} days ago"
    for entry in entries_of(root.content, record.name):
        yield f"  {_shown(str(entry))}"
        yield f"    {entry.window}"


def _show_json(roots: Sequence[NamedRoot], at: datetime) -> None:
    import json

    from sealane.core.verify.root_age import age_days
    from sealane.core.verify.root_entries import entries_of
    from sealane.io.stores.trust.stored import record_document

    listed = [
        {
            **record_document(root.record),
            "packaged": root.packaged,
            "age_days": age_days(root.record.obtained_at, at),
            "entries": [
                {
                    "kind": entry.kind.value,
                    "name": entry.name,
                    "url": entry.url,
                    "start": entry.start.isoformat() if entry.start else None,
                    "end": entry.end.isoformat() if entry.end else None,
                }
                for entry in entries_of(root.content, root.record.name)
            ],
        }
        for root in roots
    ]
    click.echo(json.dumps({"schema": "sealane.trust-list/1", "roots": listed}, indent=2))


def _show_stored(stored: Stored, at: datetime) -> None:
    """What is in force now, and in words what changed."""
    from sealane.core.verify.root_age import age_days

    record = stored.root.record
    click.echo(f"{record.name}: sha256:{record.sha256}")
    click.echo(f"  source: {_shown(record.source)}, {age_days(record.obtained_at, at)} days old")
    if record.sha256 == stored.before:
        click.echo("  unchanged")
        return
    click.echo(f"  before: {f'sha256:{stored.before}' if stored.before else 'none'}")
    for change in stored.changes:
        click.echo(f"  {_shown(str(change))}")
    if not stored.changes:
        click.echo("  the same entries, written in another way")
