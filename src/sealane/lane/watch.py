"""`sealane lane status`: what is planned, what the journal says, and what the channels show."""

from __future__ import annotations

import os
from collections.abc import Iterator

from sealane.errors import NetworkError
from sealane.io.channels.interface import ChannelClient
from sealane.io.channels.registry import find_channel, open_channel
from sealane.lane.command import command_line
from sealane.lane.journal import Journal, action_id
from sealane.lane.record import Record
from sealane.lane.release import SignedRelease, load_signed_release
from sealane.lane.sight import coordinates
from sealane.lane.work import Context


def standing(context: Context) -> Iterator[str]:
    """Lines about a release: one a file and channel, and the next command.

    Digests are compared; whether provenance holds is up to `sealane lane confirm`.

    Raises:
        InputError: Manifest or journal cannot be read.
    """
    # A link that leads nowhere is not "nothing is signed".
    if not os.path.lexists(context.work.manifest):
        yield from _before_attest(context)
        return
    release = load_signed_release(context.work)
    journal = Record(context.work.journal, context.say).journal
    manifest = release.manifest
    yield f"release {release.id} of {manifest.tag}" + (" (sandbox)" if manifest.sandbox else "")
    complete = True
    for named in manifest.channels:
        channel = find_channel(context.project, named.name)
        client = open_channel(channel, loopback=context.sandbox is not None)
        for line, there in _channel(client, named.name, release, journal):
            complete = complete and there
            yield f"  {line}"
    yield f"next: {command_line(context, 'confirm' if complete else 'resume')}"


def _before_attest(context: Context) -> Iterator[str]:
    work = context.work
    done = {
        "preflight": work.plan, "audit": work.audit, "build-a": work.build("a") / "record.json",
        "build-b": work.build("b") / "record.json", "compare": work.dist,
    }  # fmt: skip
    for name, path in done.items():
        yield f"{name}: {'done' if path.exists() else 'not yet'}"
    yield "nothing is signed, nothing is public"
    yield f"next: {command_line(context, 'run')}"


def _channel(
    client: ChannelClient, channel: str, release: SignedRelease, journal: Journal
) -> Iterator[tuple[str, bool]]:
    for artifact in release.manifest.artifacts:
        latest = journal.latest(action_id(release.id, channel, artifact.name))
        noted = f"journal: {latest.state.value}" if latest else "journal: nothing"
        try:
            shown = {one.name: one for one in client.observe(*coordinates(artifact.name))}
        except NetworkError as error:
            yield f"{channel} {artifact.name}: {noted}; cannot look: {error.message}", False
            continue
        found = shown.get(artifact.name)
        same = found is not None and found.sha256 == artifact.sha256
        seen = "not there" if found is None else "there" if same else "OTHER BYTES THERE"
        yield f"{channel} {artifact.name}: {noted}; {seen}", same
