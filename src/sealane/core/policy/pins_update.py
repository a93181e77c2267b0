"""What pins become when evidence is learned from: every step is told, and none is taken unseen.

1. The first version of a package is pinned as it is: whoever asks has named its publisher.
2. Later ones are held against it, the oldest first. What is merely new (a claim, a kind of
   evidence, a renamed project) is pinned too.
3. What contradicts the pin changes nothing of the package, unless it is accepted by its name. Then
   another signer takes the place of the nearest one, whose earlier signatures go on to count; one
   who was replaced and signs again stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from packaging.version import Version

from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass
from sealane.core.policy.answers import is_about
from sealane.core.policy.identity import differences
from sealane.core.policy.pins import (
    EvidencePin,
    LogKind,
    Pin,
    Pins,
    Signer,
    line_of_version,
    package_of,
)
from sealane.core.policy.pins_check import Match, demanded, nearest, other_makers
from sealane.core.policy.pins_claims import as_pinned, kind_of_evidence, log_of, seen_signer
from sealane.core.policy.pins_compare import GAINED, LOG_LOST, LOST, NOTHING, REPLACED, Change
from sealane.core.policy.schema import Downgrade, Mode, Policy


class StepKind(StrEnum):
    """How grave a step is."""

    NEW = "new"  # nothing was pinned
    GAINED = "gained"  # more is known than was pinned
    CHANGED = "changed"  # it contradicts the pin


@dataclass(frozen=True, slots=True)
class Seen:
    """An artifact, and what was proven about it by those whose word counts."""

    artifact: Artifact
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would change.

    Attributes:
        purl: Of which package.
        kind: How grave it is.
        place: The file that shows it.
        change: What is pinned and what was seen, with the finding that `verify` has for it; its
            code is "" where it has none.
    """

    purl: str
    kind: StepKind
    place: str
    change: Change


@dataclass(frozen=True, slots=True)
class Update:
    """What was learned.

    Attributes:
        pins: What the pins become; as they were for every package that is refused.
        steps: What changes, or would.
        refused: Packages whose pin is contradicted, and that were not accepted.
        nameless: Files whose names tell neither package nor version.
    """

    pins: Pins
    steps: tuple[Step, ...]
    refused: tuple[str, ...]
    nameless: tuple[str, ...]


def updated(pins: Pins, seen: Sequence[Seen], *, at: datetime, accept: Collection[str]) -> Update:
    """What pins become by what was seen.

    Args:
        pins: What is pinned.
        seen: Artifacts with what was proven about them by somebody whom the caller trusts.
        at: When, aware, UTC.
        accept: Packages of which also contradictions are taken over.

    Raises:
        PolicyError: A ref cannot be pinned.
    """
    packages = {one.purl: one for one in pins.packages}
    steps: list[Step] = []
    refused: list[str] = []
    for purl, versions in sorted(_by_package(seen).items()):
        learner = _Learner(purl, packages.get(purl), at)
        for version in sorted(versions, key=Version):
            learner.learn(version, versions[version])
        steps += learner.steps
        changed = any(one.kind is StepKind.CHANGED for one in learner.steps)
        if changed and purl not in accept:
            refused.append(purl)
        elif learner.steps:
            packages[purl] = learner.pin()
    kept = tuple(packages[purl] for purl in sorted(packages))
    nameless = tuple(one.artifact.name for one in seen if not _named(one.artifact))
    return Update(replace(pins, packages=kept), tuple(steps), tuple(refused), nameless)


def _named(artifact: Artifact) -> bool:
    return bool(package_of(artifact)) and artifact.version is not None


def _by_package(seen: Sequence[Seen]) -> dict[str, dict[str, list[Seen]]]:
    """What was seen, by package and version; what proves nothing is left out."""
    found: dict[str, dict[str, list[Seen]]] = {}
    for one in seen:
        if _named(one.artifact):
            versions = found.setdefault(package_of(one.artifact), {})
            versions.setdefault(one.artifact.version or "", []).append(one)
    return found


def vouched(policy: Policy, artifact: Artifact, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts by somebody whom an enforced rule about the artifact names.

    Evidence that a stranger laid beside it is not learned from, however well it is proven.
    """
    named = dict.fromkeys(
        publisher
        for rule in policy.rules
        if rule.mode is Mode.ENFORCE and is_about(rule, artifact)
        for requirement in rule.requirements
        for publisher in requirement.by
    )
    return tuple(
        fact
        for fact in facts
        if any(not differences(one, fact.signer, artifact.version) for one in named)
    )


def recognised(pins: Pins, artifact: Artifact, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts by signers who are pinned of the artifact's package."""
    pin = pins.of(package_of(artifact))
    if pin is None:
        return ()
    return tuple(one for one in facts if nearest(pin.signers, artifact, one).held())


class _Learner:
    """What one package's pin becomes, version by version."""

    def __init__(self, purl: str, pin: Pin | None, at: datetime) -> None:
        self._purl = purl
        self._before = pin
        self._signers = list(pin.signers) if pin else []
        self._evidence = list(pin.evidence) if pin else []
        self._at = at
        self._first = pin is None
        # Signers that were told of when they came in; what they sign is no news.
        self._fresh: list[Signer] = []
        self.steps: list[Step] = []

    def pin(self) -> Pin:
        """The pin as it is now; there is a signer once something was learned."""
        # What is learned of one signer may make it the same as another.
        signers = tuple(dict.fromkeys(self._signers))
        evidence = tuple(sorted(set(self._evidence), key=lambda one: one.order))
        if self._before is None:
            return Pin(self._purl, signers, evidence)
        return replace(self._before, signers=signers, evidence=evidence)

    def learn(self, version: str, group: Sequence[Seen]) -> None:
        """Learn from the files of one version."""
        if self._before is not None and self._too_old(version):
            return
        exempted = self._before.exempted(version, self._at) if self._before else ()
        codes = [one.code for one in exempted]
        for one in group:
            for fact in one.facts:
                self._meet(fact, one.artifact, version, codes)
        if self._signers:
            kinds = _kinds_of_all(group)
            self._compare_evidence(kinds, version, group[0].artifact.name, codes)
            self._add_evidence(kinds, version, group[0].artifact.name)
            self._first = False

    def _too_old(self, version: str) -> bool:
        since = self._before.since if self._before else ""
        return bool(since) and Version(version) < Version(since)

    def _meet(self, fact: Fact, artifact: Artifact, version: str, codes: Collection[str]) -> None:
        match = nearest(self._signers, artifact, fact) if self._signers else None
        if match is not None and match.held(codes):
            self._know_more(match, version, artifact.name)
            return
        if match is not None and not self._first:
            for one in match.changes:
                if not one.harmless and one.code not in codes:
                    self._step(StepKind.CHANGED, artifact.name, one)
            if self._is_back(fact, artifact):
                return
            if kind_of_evidence(fact) in match.signer.signs and match.signer.until is None:
                self._retire(match.signer, fact)
        self._signers.append(as_pinned(seen_signer(fact), version))
        self._fresh.append(self._signers[-1])
        if self._first:
            named = _described(self._signers[-1])
            self._step(StepKind.NEW, artifact.name, Change("", "signer", NOTHING, named))

    def _is_back(self, fact: Fact, artifact: Artifact) -> bool:
        """Whether somebody who was replaced signs again, e.g. for an old line; if so it counts."""
        for index, one in enumerate(self._signers):
            if one.until is not None and nearest((one,), artifact, fact).held((REPLACED,)):
                signs = tuple(sorted({*one.signs, kind_of_evidence(fact)}))
                self._signers[index] = replace(one, until=None, signs=signs)
                return True
        return False

    def _retire(self, old: Signer, fact: Fact) -> None:
        """Let a signer count until another one has taken its place."""
        until = fact.signed_at or self._at
        self._signers[self._signers.index(old)] = replace(old, until=until)

    def _know_more(self, match: Match, version: str, place: str) -> None:
        old, kind = match.signer, kind_of_evidence(match.fact)
        known = StepKind.NEW if self._first else StepKind.GAINED
        for one in match.changes:
            if one.harmless:
                self._step(known, place, one)
        if kind not in old.signs and old not in self._fresh:
            others = other_makers(self._signers, old, kind)
            step = StepKind.CHANGED if others else StepKind.GAINED
            named = " or ".join(others) or NOTHING
            self._step(step, place, Change(LOST, f"signer of {kind}", named, old.name))
        merged = _merged(old, as_pinned(seen_signer(match.fact), version))
        if old in self._fresh:
            self._fresh.append(merged)
        if all(one.code != GAINED for one in match.changes):
            self._signers[self._signers.index(old)] = merged
        elif old.until is None:
            # Earlier versions do not say it, and have to go on to verify.
            self._retire(old, match.fact)
            self._signers.append(merged)

    def _compare_evidence(
        self, kinds: dict[str, LogKind], version: str, place: str, codes: Collection[str]
    ) -> None:
        """Find what earlier versions of the line had and this one has not."""
        for kind, earlier in demanded(self._evidence, version, Downgrade.SAME_MAJOR).items():
            logged = [one for one in earlier if one.log is not LogKind.NONE]
            if kind not in kinds:
                code, lost = LOST, list(earlier)
            elif logged and kinds[kind] is LogKind.NONE:
                code, lost = LOG_LOST, logged
            else:
                continue
            if code not in codes:
                before = _shown(lost[0])
                self._step(StepKind.CHANGED, place, Change(code, "evidence", before, NOTHING))
                self._evidence = [one for one in self._evidence if one not in lost]

    def _add_evidence(self, kinds: dict[str, LogKind], version: str, place: str) -> None:
        """Pin what this version has, from it on; versions before it need not have it."""
        stronger = demanded(self._evidence, version, Downgrade.SAME_MAJOR)
        for kind, log in kinds.items():
            if log is LogKind.NONE and any(one.log != log for one in stronger.get(kind, ())):
                continue  # an exemption let it pass, and it is nothing to hold others against
            alike = [one for one in self._evidence if _is_alike(one, kind, log, version)]
            for one in alike:
                since = min(one.since, version, key=Version)
                now = EvidencePin(kind, since, _newer(one.log, log))
                if now != one:
                    self._evidence[self._evidence.index(one)] = now
                    change = Change("", "evidence", _shown(one), _shown(now))
                    self._step(StepKind.GAINED, place, change)
            if not alike:
                new = EvidencePin(kind, version, log)
                self._evidence.append(new)
                step = StepKind.NEW if self._first else StepKind.GAINED
                self._step(step, place, Change("", "evidence", NOTHING, _shown(new)))

    def _step(self, kind: StepKind, place: str, change: Change) -> None:
        self.steps.append(Step(self._purl, kind, place, change))


def _kinds_of_all(group: Sequence[Seen]) -> dict[str, LogKind]:
    """The kinds of evidence that every file of a version has, each with the log of the weakest."""
    each = [dict(_kinds_of(one)) for one in group]
    shared = set.intersection(*(set(one) for one in each))
    # "none" sorts before every log, and the first generation before the second.
    return {kind: min(one[kind] for one in each) for kind in sorted(shared)}


def _kinds_of(seen: Seen) -> Iterator[tuple[str, LogKind]]:
    """Of several facts of one kind the one with the best log comes last, and counts."""
    yield from sorted((kind_of_evidence(fact), log_of(fact)) for fact in seen.facts)


def _shown(one: EvidencePin) -> str:
    return f"{one.kind}, log {one.log}, from version {one.since} on"


def _is_alike(one: EvidencePin, kind: str, log: LogKind, version: str) -> bool:
    same_line = line_of_version(one.since) == line_of_version(version)
    logged = (one.log is LogKind.NONE) == (log is LogKind.NONE)
    return one.kind == kind and same_line and logged


def _newer(pinned: LogKind, seen: LogKind) -> LogKind:
    """The newer generation of two logs: files of older versions do not lead back to the older."""
    return max(pinned, seen)


def _merged(old: Signer, seen: Signer) -> Signer:
    """A signer with all that is known of it: what was there stays, but for the project's path."""
    return replace(
        old,
        project=seen.project or old.project,
        project_id=old.project_id or seen.project_id,
        owner_id=old.owner_id or seen.owner_id,
        refs=old.refs or seen.refs,
        environment=old.environment or seen.environment,
        runner=old.runner or seen.runner,
        signs=tuple(sorted({*old.signs, *seen.signs})),
    )


def _described(signer: Signer) -> str:
    """A signer in one line, with all that is pinned of it."""
    parts = (
        ("issuer", signer.issuer), ("project id", signer.project_id), ("owner id", signer.owner_id),
        ("reusable workflow", signer.workflow), ("ref", " or ".join(signer.refs)),
        ("environment", signer.environment), ("runner", signer.runner),
    )  # fmt: skip
    told = [f"{name} {value}" for name, value in parts if value]
    return f"{signer.name}; {'; '.join(told)}"
