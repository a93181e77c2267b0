"""Publish: bring the signed files to one channel, and nothing else.

1. No credential but this channel's is in the environment.
2. The manifest and all attestations hold under the policy; `dist/` and `evidence/` are exactly
   what the manifest names.
3. Look at the channel before anything is sent: other bytes stop the line, nothing to do is success.
4. Mint once, after the token's claims were compared with the publisher the index must know.
5. Wheels first, sdists last; each from a private copy: send, then look.
6. Burn the upload token, whatever happened.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sealane.core.attestation.predicates.release_manifest import ManifestArtifact, ReleaseManifest
from sealane.core.release.project import Channel
from sealane.core.release.publisher_claims import expected_publisher
from sealane.errors import ChannelError, InputError, LaneError, LaneExit
from sealane.io.adapters import clock
from sealane.io.adapters.files import read_bounded
from sealane.io.adapters.mutex import exclusive
from sealane.io.adapters.oidc import ambient_token, foreign_credentials, unverified_claims
from sealane.io.adapters.secret import Secret
from sealane.io.channels.interface import ChannelClient, Sending
from sealane.io.channels.registry import find_channel, open_channel
from sealane.lane.command import command_line
from sealane.lane.deliver import Delivery, World, tempo_of
from sealane.lane.folder import check_folder
from sealane.lane.judge import Judge, make_judge
from sealane.lane.publisher import differences, expected_claims, explain_mint
from sealane.lane.record import Record, public_sentence
from sealane.lane.release import (
    SignedRelease,
    as_evidence,
    attestation_paths,
    check_files,
    check_tag,
    expected_attestations,
    expected_files,
    load_signed_release,
)
from sealane.lane.resume import order
from sealane.lane.sight import Eyes
from sealane.lane.stages.interface import Context, StageReport

_SIGNING = "sigstore"


@dataclass(frozen=True, slots=True)
class Publish:
    """Publishes to one channel.

    Attributes:
        channel: The channel's name.
    """

    channel: str
    title: ClassVar[str] = "Files to the channel, one by one"

    @property
    def name(self) -> str:
        """Stage and channel."""
        return f"publish {self.channel}"

    def run(self, context: Context) -> StageReport:
        """Publish what is missing on the channel.

        Raises:
            LaneError: 21, 22, 42 or 43; says what is public and the exact next command.
            SealaneError: As `Stage.run`.
        """
        channel = find_channel(context.project, self.channel)
        _refuse_signing_credentials()  # 1
        release = load_signed_release(context.work)
        judge = make_judge(context)
        _prove(context, release, judge)  # 2
        with exclusive(context.work.root / ".publish.lock", what="publish"):
            record = Record(context.work.journal, context.say)
            try:
                return _publish(context, channel, release, judge, record)
            except LaneError as error:
                error.public = public_sentence(context.work.journal)
                error.resume = error.resume or command_line(context, "resume")
                raise


def publish_stage(channel: str) -> Publish:
    """The stage that publishes to one channel."""
    return Publish(channel)


def _refuse_signing_credentials() -> None:
    names = [
        name
        for name in foreign_credentials(os.environ, "")
        if name not in foreign_credentials(os.environ, _SIGNING)
    ]
    if names:
        raise LaneError(
            LaneExit.PUBLISH,
            f"credentials in the environment: {', '.join(names)}; who publishes may not sign",
            hint="declare each token in the job that needs it, and nowhere else",
        )


def _prove(context: Context, release: SignedRelease, judge: Judge) -> None:
    manifest = release.manifest
    check_tag(context, manifest)
    context.say(f"publish: verifying release {release.id[:16]}… of {manifest.tag}")
    judge.accept_manifest(release)
    check_files(context.work, manifest)
    evidence = {
        one.name: as_evidence(
            [
                read_bounded(path, what="attestation")
                for path in attestation_paths(context.work.evidence, manifest, one)
            ],
            one.name,
        )
        for one in manifest.artifacts
    }
    judge.accept_files(manifest.artifacts, evidence)
    if manifest.configuration != context.project.digest:
        raise InputError("sealane.toml is not the one the manifest was signed with")
    if manifest.sandbox != (context.sandbox is not None):
        raise InputError("the manifest is a rehearsal's, and this is none, or the reverse")


def _publish(
    context: Context, channel: Channel, release: SignedRelease, judge: Judge, record: Record
) -> StageReport:
    manifest = release.manifest
    if channel.name not in {one.name for one in manifest.channels}:
        raise InputError(f"channel {channel.name!r}: the manifest does not name it")
    client = open_channel(channel, loopback=context.sandbox is not None)
    tempo = tempo_of(sandbox=context.sandbox is not None)
    eyes = Eyes(client, judge, manifest)
    with _private_copies(context, manifest, manifest_files(context, release)) as sendings:
        mint = _Mint(context, channel, client, manifest)
        world = World(client, eyes.look, mint, clock.now, time.sleep, context.say)
        publisher = str(
            expected_publisher(context.project.forge, _environment(context, channel), manifest.tag)
        )
        delivery = Delivery(release.id, channel.name, sendings, record, world, publisher, tempo)
        try:
            _deliver_all(delivery, release)
        finally:
            if delivery.credential is not None and not client.burn(delivery.credential):
                context.say("publish: the index did not confirm that the upload token is burnt")
    return StageReport(
        f"published {len(manifest.artifacts)} files to {channel.name}",
        (("release", release.id), ("journal", str(context.work.journal))),
    )


def _deliver_all(delivery: Delivery, release: SignedRelease) -> None:
    artifacts = {one.name: one for one in release.manifest.artifacts}
    for artifact in artifacts.values():  # 3
        delivery.survey(artifact)
    for name in order(tuple(artifacts)):  # 5
        delivery.deliver(artifacts[name])


def manifest_files(
    context: Context, release: SignedRelease
) -> Mapping[ManifestArtifact, tuple[Path, ...]]:
    """Each artifact with its attestations."""
    return {
        one: attestation_paths(context.work.evidence, release.manifest, one)
        for one in release.manifest.artifacts
    }


def _environment(context: Context, channel: Channel) -> str:
    return channel.environment or context.project.environment


@contextmanager
def _private_copies(
    context: Context,
    manifest: ReleaseManifest,
    files: Mapping[ManifestArtifact, tuple[Path, ...]],
) -> Iterator[dict[str, Sending]]:
    """What is sent, in a folder nobody else can write to: twine hashes first and reads later."""
    with tempfile.TemporaryDirectory(prefix="sealane-publish-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o700)
        sendings = {}
        for artifact, attestations in files.items():
            copies = []
            for source in (context.work.dist / artifact.name, *attestations):
                shutil.copyfile(source, folder / source.name)
                copies.append(folder / source.name)
            sendings[artifact.name] = Sending(
                copies[0], artifact.sha256, artifact.blake2b_256, tuple(copies[1:])
            )
        # What was checked may have been replaced before it was copied.
        check_folder(folder, expected_files(manifest) | expected_attestations(manifest))
        yield sendings


@dataclass(slots=True)
class _Mint:
    """Exchanges this job's identity token; each token works once."""

    context: Context
    channel: Channel
    client: ChannelClient
    manifest: ReleaseManifest

    def __call__(self) -> Secret:
        """The upload token.

        Raises:
            LaneError: The token is not the release job's, or the index refuses it.
        """
        audience = self.client.audience()
        foreign = foreign_credentials(os.environ, audience)
        if foreign:
            raise LaneError(
                LaneExit.PUBLISH,
                f"credentials in the environment: {', '.join(foreign)}; expected only a token "
                f"for {audience}",
                hint="declare each token in the job that needs it, and nowhere else",
            )
        token = ambient_token(audience, os.environ)
        claims = unverified_claims(token)
        environment = _environment(self.context, self.channel)
        expected = expected_claims(self.context.project.forge, self.manifest.tag, environment)
        expected["sha"] = self.manifest.commit
        wrong = differences(claims, expected)  # 4
        if wrong:
            raise LaneError(
                LaneExit.PUBLISH,
                "the identity token is not that of this release's job"
                + "".join(f"\n  {line}" for line in wrong),
                hint="publish runs in the tag's own pipeline, in the environment of sealane.toml",
            )
        try:
            return self.client.mint(token)
        except ChannelError as error:
            message, hint = explain_mint(error.code, error.message, claims, expected)
            raise LaneError(LaneExit.PUBLISH, message, hint=hint) from error
