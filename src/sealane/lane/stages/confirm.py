"""Confirm: without any token, download what the world sees and hold it against the manifest.

1. The manifest holds under the policy.
2. Every file of every package is listed on every channel, and no file of these versions is that
   the manifest does not name; what is not there yet is waited for, for a bounded time.
3. The listed digest and the served bytes are the manifest's.
4. The provenance the channel serves holds under the policy.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from typing import ClassVar, TypeVar

from sealane.core.attestation.predicates.release_manifest import ManifestArtifact, ReleaseManifest
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Basis
from sealane.errors import InputError, LaneError, LaneExit, NetworkError
from sealane.io.adapters import clock
from sealane.io.adapters.files import write_atomically
from sealane.io.channels.interface import ShownFile
from sealane.io.channels.registry import find_channel, open_channel
from sealane.lane.command import command_line
from sealane.lane.deliver import Tempo, tempo_of
from sealane.lane.judge import make_judge
from sealane.lane.release import SignedRelease, check_tag, load_signed_release
from sealane.lane.resume import Proof
from sealane.lane.sight import Eyes, coordinates
from sealane.lane.stages.interface import Context, StageReport

_SCHEMA = "sealane.confirmation/1"
_T = TypeVar("_T")
# What is larger by more than this is not even read; anything else is compared.
_MORE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One file as the world sees it."""

    channel: str
    artifact: ManifestArtifact
    shown: ShownFile


@dataclass(frozen=True, slots=True)
class Confirm:
    """Verifies what was published."""

    name: ClassVar[str] = "confirm"
    title: ClassVar[str] = "What the world sees, downloaded and verified"

    def run(self, context: Context) -> StageReport:
        """Download and verify everything, and write `confirm.json`.

        Raises:
            LaneError: 40, 41, 42 or 43.
            SealaneError: As `Stage.run`.
        """
        release = load_signed_release(context.work)
        check_tag(context, release.manifest)
        judge = make_judge(context)
        judge.accept_manifest(release)  # 1
        if release.manifest.sandbox != (context.sandbox is not None):
            raise InputError("the manifest is a rehearsal's, and this is none, or the reverse")
        found: list[Confirmed] = []
        for named in release.manifest.channels:
            channel = find_channel(context.project, named.name)
            client = open_channel(channel, loopback=context.sandbox is not None)
            check = _Check(context, Eyes(client, judge, release.manifest), named.name)
            found += check.everything()
        write_atomically(context.work.confirmed, _document(context, release, found, judge.based_on))
        return StageReport(
            f"confirmed {len(found)} files of {release.manifest.tag}",
            (("release", release.id), *((one.artifact.name, one.shown.url) for one in found)),
        )


STAGE = Confirm()


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks one channel.

    Attributes:
        context: The stage's.
        eyes: Look at the channel.
        channel: Its name.
    """

    context: Context
    eyes: Eyes
    channel: str

    def everything(self) -> list[Confirmed]:
        """All files of the manifest, as the channel has them."""
        manifest = self.eyes.manifest
        listed = self._listed(manifest)
        found = []
        for artifact in manifest.artifacts:
            shown = listed[artifact.name]
            self._check_bytes(artifact, shown)  # 3
            self._check_provenance(artifact, shown)  # 4
            self.context.say(f"{artifact.name}: downloaded and verified")
            found.append(Confirmed(self.channel, artifact, shown))
        return found

    def _listed(self, manifest: ReleaseManifest) -> dict[str, ShownFile]:
        names = {one.name for one in manifest.artifacts}
        versions = sorted({coordinates(name) for name in names})

        def look() -> dict[str, ShownFile] | None:
            shown = [one for pair in versions for one in self.eyes.client.observe(*pair)]
            found = {one.name: one for one in shown}
            extra = sorted(found.keys() - names)
            if extra:  # 2
                raise self._stopped(
                    LaneExit.CONFIRM,
                    f"files that are not part of the release: {', '.join(extra)}",
                    "find out who published them; they were not signed with this release",
                )
            return found if names <= found.keys() else None

        return self._patiently(look, "not all files are visible yet")

    def _check_bytes(self, artifact: ManifestArtifact, shown: ShownFile) -> None:
        hint = "yank the release and find out who replaced the file; then release a new version"
        if shown.sha256 != artifact.sha256:
            raise self._stopped(
                LaneExit.CONFLICT,
                f"{artifact.name}: expected sha256 {artifact.sha256}, listed {shown.sha256}",
                hint,
            )

        def fetch() -> bytes:
            return self.eyes.client.download(shown, artifact.size + _MORE)

        served = self._patiently(fetch, f"{artifact.name}: cannot be downloaded")
        actual = hashlib.sha256(served).hexdigest()
        if actual != artifact.sha256 or len(served) != artifact.size:
            raise self._stopped(
                LaneExit.CONFLICT,
                f"{artifact.name}: expected sha256 {artifact.sha256}, served {actual}",
                hint,
            )

    def _check_provenance(self, artifact: ManifestArtifact, shown: ShownFile) -> None:
        last = Proof.MISSING

        def look() -> Proof | None:
            nonlocal last
            last = self.eyes.proof(artifact, shown)
            return last if last is Proof.VERIFIED else None

        try:
            self._patiently(look, f"{artifact.name}: provenance")
        except LaneError as error:
            what = "is not there" if last is Proof.MISSING else "is not what the policy demands"
            raise self._stopped(
                LaneExit.DEGRADED,
                f"{artifact.name}: its provenance {what}",
                "attestations can be attached at the first upload only; release a new version",
            ) from error

    def _patiently(self, look: Callable[[], _T | None], what: str) -> _T:
        """Look until something is seen, or patience ends."""
        tempo: Tempo = tempo_of(sandbox=self.context.sandbox is not None)
        pause, reason = tempo.pause, ""
        for left in range(tempo.looks, -1, -1):
            try:
                seen = look()
            except NetworkError as error:
                seen, reason = None, f": {error.message}"
            if seen is not None:
                return seen
            if left:
                time.sleep(pause)
                pause = min(pause * 2, tempo.longest)
        raise self._stopped(
            LaneExit.NOT_VISIBLE, f"{what}{reason}", "an index may lag; run the same command later"
        )

    def _stopped(self, exit_code: LaneExit, message: str, hint: str) -> LaneError:
        return LaneError(
            exit_code,
            f"{self.channel}: {message}",
            public=f"files of {self.eyes.manifest.tag} are public on {self.channel}",
            resume=command_line(self.context, "confirm"),
            hint=hint,
        )


def _document(
    context: Context, release: SignedRelease, found: list[Confirmed], based_on: tuple[Basis, ...]
) -> bytes:
    document = {
        "schema": _SCHEMA,
        "release": release.id,
        "tag": release.manifest.tag,
        "sandbox": context.sandbox is not None,
        "at": clock.now().isoformat(timespec="seconds"),
        "based_on": [str(one) for one in based_on],
        "files": [
            {
                "channel": one.channel,
                "name": one.artifact.name,
                "sha256": one.artifact.sha256,
                "size": one.artifact.size,
                "url": one.shown.url,
                "provenance": one.shown.provenance,
            }
            for one in found
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"
