"""Holds what was proven of an artifact against what is pinned of its package.

Read this first. For each rule that asks for continuity, and for everything where pins were named:
1. The package has a pin. Where a rule asks for one, a missing pin is missing evidence; where only a
   file of pins was named, this is the first use, and policy or publisher decide alone.
2. Versions before the one that rule or pin name are not asked.
3. Somebody who is pinned signed; else everything in which the nearest one differs is named.
4. Each kind of evidence that earlier versions of the line had is there, by a signer who made that
   kind before, and in a log if it was in one.
5. A difference may be exempted, for a reason and until a day.

No answer is a pass: pins add demands to those of a policy, and take none away.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from packaging.version import Version

from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.model.fact import Fact
from sealane.core.model.shown import quoted
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import REFUSING, finding, in_mode, is_about
from sealane.core.policy.pins import (
    EvidencePin,
    LogKind,
    Pin,
    Pins,
    Signer,
    line_of_version,
    package_of,
)
from sealane.core.policy.pins_claims import kind_of_evidence, log_of, seen_signer
from sealane.core.policy.pins_compare import LOG_LOST, LOST, Change, changes, distance
from sealane.core.policy.schema import Continuity, Downgrade, Mode, Policy

_HELD, _MISSING = "SL-PIN-001", "SL-PIN-002"
_LOG_MOVED, _STRANGER, _NOT_ASKED = "SL-PIN-017", "SL-PIN-019", "SL-PIN-020"
_NO_EVIDENCE = "SL-EV-001"


@dataclass(frozen=True, slots=True)
class Match:
    """A fact, and the pinned signer that is nearest to whoever signed it.

    Attributes:
        fact: What was proven.
        signer: The nearest signer.
        changes: In which it differs; harmless ones, or none, for the signer itself.
    """

    fact: Fact
    signer: Signer
    changes: tuple[Change, ...]

    def held(self, accepted: Container[str] = ()) -> bool:
        """Whether it is that signer who signed.

        Args:
            accepted: Codes of differences that are exempted.
        """
        return all(one.harmless or one.code in accepted for one in self.changes)


@dataclass(frozen=True, slots=True)
class _Ask:
    continuity: Continuity
    mode: Mode
    by_rule: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """What is held against the pins.

    Attributes:
        artifact: What is judged.
        facts: What was proven about it.
        at: When, aware, UTC.
        shows: The command that shows what changed.
    """

    artifact: Artifact
    facts: tuple[Fact, ...]
    at: datetime
    shows: str


_BY_FLAG = _Ask(Continuity(), Mode.ENFORCE, by_rule=False)


def check_pins(
    pins: Pins | None,
    policy: Policy | None,
    artifact: Artifact,
    facts: Sequence[Fact],
    *,
    at: datetime,
    path: str,
) -> tuple[Finding, ...]:
    """The answers of the pins on one artifact; none of them ever makes an artifact pass.

    Args:
        pins: What is pinned; None where no file was named.
        policy: Whose rules may ask for continuity; None where nobody was named to trust.
        artifact: What is judged.
        facts: What was proven about it.
        at: When, aware, UTC.
        path: How a command line names the artifact, for hints.
    """
    origin = "" if pins is None else pins.origin
    shows = f"sealane pins diff {quoted(path)} --pins {quoted(origin)}"
    case = _Case(artifact, tuple(facts), at, shows)
    found = [one for ask in _asks(pins, policy, artifact) for one in _answers(ask, pins, case)]
    return tuple(dict.fromkeys(found))


def nearest(signers: Sequence[Signer], artifact: Artifact, fact: Fact) -> Match:
    """The pinned signer that is nearest to whoever signed a fact.

    Args:
        signers: At least one.
        artifact: What the fact is about.
        fact: What was proven.
    """
    seen = seen_signer(fact)
    compared = (
        Match(fact, one, changes(one, seen, artifact.version, fact.signed_at)) for one in signers
    )
    # Of two who are equally near, the one who has not been replaced is the one to be told of.
    return min(
        compared,
        key=lambda one: (distance(one.changes), one.signer.until is not None, len(one.changes)),
    )


def other_makers(signers: Sequence[Signer], signer: Signer, kind: str) -> tuple[str, ...]:
    """Whose evidence of a kind is, where a signer has never made it; none where nobody has."""
    if kind in signer.signs:
        return ()
    return tuple(one.name for one in signers if kind in one.signs and one.until is None)


def demanded(
    evidence: Sequence[EvidencePin], version: str | None, within: Downgrade
) -> dict[str, tuple[EvidencePin, ...]]:
    """What a version has to have of each kind, for what earlier ones of its line had.

    Args:
        evidence: What is pinned of the package's.
        version: PEP 440; None where it is not known: then every line's demands hold.
        within: Which versions are in its line.
    """
    found: dict[str, list[EvidencePin]] = {}
    for one in evidence:
        if version is None or _precedes(one, version, within):
            found.setdefault(one.kind, []).append(one)
    return {kind: tuple(listed) for kind, listed in found.items()}


def _asks(pins: Pins | None, policy: Policy | None, artifact: Artifact) -> tuple[_Ask, ...]:
    """What is asked of the pins: by rules, and by whoever named the file."""
    rules = policy.rules if policy is not None else ()
    by_rule = dict.fromkeys(
        _Ask(rule.continuity, rule.mode, by_rule=True)
        for rule in rules
        if rule.continuity is not None and is_about(rule, artifact)
    )
    # An included rule only demands more: it does not stand for whoever named the file.
    enforced = any(
        rule.continuity is not None and rule.mode is Mode.ENFORCE and not rule.added
        for rule in rules
        if is_about(rule, artifact)
    )
    return tuple(by_rule) if pins is None or enforced else (*by_rule, _BY_FLAG)


def _answers(ask: _Ask, pins: Pins | None, case: _Case) -> Iterator[Finding]:
    pin = pins.of(package_of(case.artifact)) if pins is not None else None
    if pins is None or pin is None:
        yield in_mode(_unpinned(ask, pins, case), ask.mode)  # 1
        return
    for start in (ask.continuity.since, pin.since):
        version = case.artifact.version
        if start and version is not None and Version(version) < Version(start):
            yield _note(_NOT_ASKED, case, f"from version {start} on", f"version {version}")  # 2
            return
    found = tuple(_differences(ask, pin, case))
    if not any(one.outcome in REFUSING for one in found):
        names = ", ".join(one.name for one in pin.signers if one.until is None)
        yield _note(_HELD, case, pin.purl, f"as pinned: {names or pin.purl}")
    yield from (in_mode(_exempted(pin, one, case), ask.mode) for one in found)


def _differences(ask: _Ask, pin: Pin, case: _Case) -> Iterator[Finding]:
    matched = [_own(pin, nearest(pin.signers, case.artifact, fact)) for fact in case.facts]
    accepted = [one.code for one in pin.exempted(case.artifact.version, case.at)]
    held = [one for one in matched if one.held(accepted)]
    usable = held if ask.continuity.publisher else matched
    if ask.continuity.publisher and matched:  # 3
        yield from _signers(matched, held, accepted, case)
        if not held:
            # What strangers made is not worth comparing.
            return
    within = ask.continuity.no_downgrade
    demands = {} if within is None else demanded(pin.evidence, case.artifact.version, within)
    if ask.continuity.publisher and not case.facts and not demands:
        yield finding(
            _NO_EVIDENCE, Outcome.MISSING, case.artifact.name, f"evidence by {pin.signers[0].name}"
        )
    for kind, earlier in demands.items():  # 4
        of_kind = [one for one in usable if kind_of_evidence(one.fact) == kind]
        if ask.continuity.publisher:
            of_kind = [one for one in of_kind if kind in one.signer.signs]
        yield from _evidence(kind, earlier, [one.fact for one in of_kind], case)


def _own(pin: Pin, match: Match) -> Match:
    """A match, which differs too where a kind of evidence is not that signer's to make.

    Else whoever once tested a package could stand for its pipeline.
    """
    kind = kind_of_evidence(match.fact)
    others = other_makers(pin.signers, match.signer, kind)
    if not others:
        return match
    change = Change(LOST, f"signer of {kind}", " or ".join(others), match.signer.name)
    return replace(match, changes=(*match.changes, change))


def _signers(
    matched: Sequence[Match], held: Sequence[Match], accepted: Container[str], case: _Case
) -> Iterator[Finding]:
    if not held:
        closest = min(matched, key=lambda one: distance(one.changes))
        yield from (_changed(closest.fact, change, case) for change in closest.changes)
        return
    for one in matched:
        if one.held(accepted):
            yield from (_changed(one.fact, change, case) for change in one.changes)
        else:
            said = f"{one.fact.signer.subject} ({one.fact.signer.issuer})"
            origin = one.fact.evidence.origin
            yield finding(_STRANGER, Outcome.NOTE, origin, "a pinned signer", said)


def _evidence(
    kind: str, earlier: Sequence[EvidencePin], facts: Sequence[Fact], case: _Case
) -> Iterator[Finding]:
    """Whether evidence of a kind is as strong as that of earlier versions."""
    name, first = case.artifact.name, earlier[0].since
    if not facts:
        there = ", ".join(sorted({kind_of_evidence(one) for one in case.facts})) or "no evidence"
        expected = f"{kind} by one of its pinned signers, as since version {first}"
        yield _refused(LOST, name, expected, there, case)
        return
    logs = [one.log for one in earlier if one.log is not LogKind.NONE]
    used = [log_of(one) for one in facts]
    if logs and all(one is LogKind.NONE for one in used):
        yield _refused(LOG_LOST, name, f"{kind} in a log, as before", "in none", case)
    elif logs and not {LogKind.SOME, *logs} & set(used) and LogKind.SOME not in logs:
        moved = ", ".join(sorted({f"Rekor {one}" for one in used if one is not LogKind.NONE}))
        before = ", ".join(sorted({f"Rekor {one}" for one in logs}))
        yield _note(_LOG_MOVED, case, f"{kind} in {before}", moved)


def _precedes(earlier: EvidencePin, version: str, within: Downgrade) -> bool:
    """Whether a version comes after the first that had some evidence, and in its line."""
    if Version(version) < Version(earlier.since):
        return False
    match within:
        case Downgrade.ALL:
            return True
        case Downgrade.SAME_MAJOR:
            return line_of_version(version) == line_of_version(earlier.since)
        case _:
            assert_never(within)


def _unpinned(ask: _Ask, pins: Pins | None, case: _Case) -> Finding:
    package = package_of(case.artifact)
    expected = f"a pin of {package or 'its package'}"
    hint = ""
    if pins is None:
        actual, hint = "no file of pins was named", "name the file of pins with --pins"
    elif not package:
        actual = "its name tells no package"
    else:
        actual = f"first use: nothing is pinned in {pins.origin}; sealane pins update pins it"
    outcome = Outcome.MISSING if ask.by_rule else Outcome.NOTE
    return finding(_MISSING, outcome, case.artifact.name, expected, actual, hint=hint)


def _exempted(pin: Pin, found: Finding, case: _Case) -> Finding:  # 5
    if found.outcome not in REFUSING:
        return found
    for one in pin.exempted(case.artifact.version, case.at):
        if code_of(found.code).code == one.code:
            said = f"{found.actual}; accepted until {one.expires.isoformat()}: {one.reason}"
            return replace(found, outcome=Outcome.NOTE, actual=said)
    return found


def _changed(fact: Fact, change: Change, case: _Case) -> Finding:
    place = f"{fact.evidence.origin}: {change.name}"
    if change.harmless:
        return finding(change.code, Outcome.NOTE, place, change.pinned, change.actual)
    return _refused(change.code, place, change.pinned, change.actual, case)


def _refused(code: str, place: str, expected: str, actual: str, case: _Case) -> Finding:
    """A failure, with the command that shows it: none is named that would accept it."""
    hint = f"{code_of(code).hint}; what changed: {case.shows}"
    return finding(code, Outcome.FAIL, place, expected, actual, hint=hint)


def _note(code: str, case: _Case, expected: str, actual: str) -> Finding:
    return finding(code, Outcome.NOTE, case.artifact.name, expected, actual)
