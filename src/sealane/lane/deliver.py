"""Brings files to a channel, one by one: look, send, look; what to do next says `lane.resume`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sealane.core.attestation.predicates.release_manifest import ManifestArtifact
from sealane.errors import LaneError, LaneExit
from sealane.io.adapters.secret import Secret
from sealane.io.channels.interface import ChannelClient, Sending
from sealane.lane.journal import Event, State, action_id
from sealane.lane.record import Record
from sealane.lane.resume import (
    Answer,
    Decision,
    Patience,
    Reason,
    Sight,
    Step,
    decide,
    understand,
)

_ANSWERED = {200: State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Tempo:
    """How patient the lane is with one channel.

    Attributes:
        looks: How often it looks again after each request.
        sends: How often it sends one file at most.
        pause: Seconds before the second look; each pause is twice the one before.
        longest: Seconds of the longest pause.
    """

    looks: int = 8
    sends: int = 3
    pause: float = 1.0
    longest: float = 30.0


# A sandbox has no caches between it and us; what it does not show at once it will not show.
LOOPBACK_TEMPO = Tempo(looks=3, sends=3, pause=0.2, longest=1.0)


def tempo_of(*, sandbox: bool) -> Tempo:
    """How patient the lane is: a sandbox has no caches, the world has."""
    return LOOPBACK_TEMPO if sandbox else Tempo()


@dataclass(frozen=True, slots=True)
class World:
    """What a delivery needs from outside.

    Attributes:
        client: The channel.
        look: What the channel shows of a file now, its provenance judged.
        mint: Gives an upload token; called at most once.
        now: The time, aware, UTC.
        sleep: Waits for so many seconds.
        say: Shows one line of progress.
    """

    client: ChannelClient
    look: Callable[[ManifestArtifact], Sight]
    mint: Callable[[], Secret]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    say: Callable[[str], None]


@dataclass(slots=True)
class Delivery:
    """Delivers the files of one release to one channel.

    Attributes:
        release: Release id.
        channel: The channel's name.
        sendings: What is sent for each file, by its name.
        record: The journal.
        world: Everything outside.
        publisher: Whom the channel has to know, for the message when it refuses attestations.
        tempo: How patient it is.
        credential: The upload token, once it was minted; whoever made this burns it.
    """

    release: str
    channel: str
    sendings: Mapping[str, Sending]
    record: Record
    world: World
    publisher: str
    tempo: Tempo = field(default_factory=Tempo)
    credential: Secret | None = None

    def survey(self, artifact: ManifestArtifact) -> None:
        """Look at one file before anything is sent, and note what is planned.

        Raises:
            LaneError: The channel shows other bytes under its name.
        """
        action = action_id(self.release, self.channel, artifact.name)
        sight = self.world.look(artifact)
        sent = self.record.journal.sent(action)
        endless = Patience(self.tempo.looks, self.tempo.sends)
        decision = decide(artifact.sha256, sight, None, sent=sent, patience=endless)
        if decision.step is Step.STOP:
            self._write(artifact, decision, None, sight)
            raise self._stopped(artifact.name, decision, "")
        if self.record.journal.latest(action) is None:
            planned = Decision(decision.step, State.PLANNED, decision.code)
            self._write(artifact, planned, None, sight)

    def deliver(self, artifact: ManifestArtifact) -> None:
        """Bring one file to the channel, or find it there.

        Raises:
            LaneError: It cannot be brought there now, or never.
        """
        action = action_id(self.release, self.channel, artifact.name)
        sent = self.record.journal.sent(action)
        patience = Patience(self.tempo.looks, self.tempo.sends)
        answer, said, pause = None, "", self.tempo.pause
        while True:
            sight = self.world.look(artifact)
            decision = decide(artifact.sha256, sight, answer, sent=sent, patience=patience)
            match decision.step:
                case Step.DONE:
                    self._write(artifact, decision, answer, sight)
                    self.world.say(f"{artifact.name}: {'published' if sent else 'there already'}")
                    return
                case Step.STOP:
                    self._write(artifact, decision, answer, sight)
                    raise self._stopped(artifact.name, decision, said)
                case Step.LOOK:
                    self.world.sleep(pause)
                    pause = min(pause * 2, self.tempo.longest)
                    patience = replace(patience, looks=patience.looks - 1)
                case Step.SEND:
                    answer, said = self._send(artifact)
                    sent, pause = True, self.tempo.pause
                    patience = Patience(self.tempo.looks, patience.sends - 1)

    def _send(self, artifact: ManifestArtifact) -> tuple[Answer, str]:
        if self.credential is None:
            self.credential = self.world.mint()
        planned = Decision(Step.SEND, State.SENT, "")
        # On the disk before the request leaves: whoever reads it later knows that one may have.
        self._write(artifact, planned, None, Sight(None))
        self.world.say(f"{artifact.name}: sending")
        received = self.world.client.send(self.credential, self.sendings[artifact.name])
        answer = understand(received.status, received.text)
        doubtful = received.status is None or received.status >= 500 or received.status == 429
        state = State.AMBIGUOUS if doubtful else _ANSWERED.get(received.status or 0, State.REFUSED)
        if answer.reason is Reason.EXISTS:
            state = State.AMBIGUOUS
        noted = Decision(Step.LOOK, state, answer.reason.value)
        self._write(artifact, noted, answer, Sight(None))
        if received.retry_after:
            self.world.sleep(min(float(received.retry_after), 2 * self.tempo.longest))
        return answer, received.text

    def _write(
        self, artifact: ManifestArtifact, decision: Decision, answer: Answer | None, sight: Sight
    ) -> None:
        self.record.append(
            Event(
                release=self.release,
                channel=self.channel,
                file=artifact.name,
                state=decision.state,
                at=self.world.now(),
                status=answer.status if answer else None,
                code=decision.code,
                observed=sight.sha256 or "",
            )
        )

    def _stopped(self, name: str, decision: Decision, said: str) -> LaneError:
        words = f"; it said: {said}" if said and decision.state is not State.CONFLICT else ""
        if decision.code == Reason.ATTESTATIONS:
            words += f"\n  attested as {self.publisher}"
        return LaneError(
            decision.exit or LaneExit.PUBLISH,
            f"{name}: {decision.message}{words}",
            hint=decision.hint,
        )
