"""What a rehearsal shows at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a downstream user did: what, and what came of it."""

    what: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything worth knowing about a finished rehearsal.

    Attributes:
        project: Its name.
        tag: The tag that was released.
        commit: Its commit id.
        source: How the private copy came about.
        release_id: SHA-256 of the signed release manifest.
        isolation: How the builds were isolated.
        published: (file name, sha256, where its evidence is) of every published file.
        manifest: Where the signed release manifest is.
        checks: What the downstream user did.
        timings: (step, seconds) in order.
        refused: Hosts the air-lock refused, as `host:port`.
        folder: Where everything was kept; empty when it was thrown away.
    """

    project: str
    tag: str
    commit: str
    source: str
    release_id: str
    isolation: str
    published: tuple[tuple[str, str, str], ...]
    manifest: str
    checks: tuple[Check, ...]
    timings: tuple[tuple[str, float], ...]
    refused: tuple[str, ...]
    folder: str


def render_summary(summary: Summary) -> str:
    """The summary as plain text, stamped `sandbox`."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Summary) -> Iterator[str]:
    yield (
        f"sandbox: {summary.project} {summary.tag} was released and verified; "
        "nothing left this machine"
    )
    yield f"  source      {summary.source}, commit {summary.commit[:12]}"
    yield f"  release id  {summary.release_id}"
    yield f"  builds      two, byte-identical; isolation {summary.isolation}"
    yield "published"
    for name, sha256, evidence in summary.published:
        yield f"  {name}"
        yield f"    sha256    {sha256}"
        yield f"    evidence  {_path(evidence)} of the index"
    if summary.folder:
        yield f"  manifest    {summary.manifest}"
    yield "a downstream user"
    for check in summary.checks:
        yield f"  {check.what}"
        yield f"    {check.outcome}"
    yield "time"
    yield from _table([(name, f"{seconds:6.1f} s") for name, seconds in summary.timings])
    yield "hosts refused by the air-lock"
    if summary.refused:
        yield from (f"  {host}" for host in summary.refused)
    else:
        yield "  none: nothing tried to leave"
    if summary.folder:
        yield f"kept in {summary.folder}"


def _path(url: str) -> str:
    """A URL without its host, which in a rehearsal is only a name for the sandbox."""
    return urlsplit(url).path


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(left) for left, _ in rows)
    for left, right in rows:
        yield f"  {left.ljust(width)}  {right}"
