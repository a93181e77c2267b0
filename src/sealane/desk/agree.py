"""Holds an advisory against the files: before the lift as they will be, afterwards as they are.

1. Look at the world, as far as it was asked to.
2. For a draft, add the files of the release manifests to the index as it is now.
3. Make the documents that were not handed in, and ask every check.
4. Where somebody waits: look again at what is not there yet, until it is or patience ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.documents import Document, Rendering
from sealane.core.advisory.listing import Listing
from sealane.core.model.examination import Examination
from sealane.core.model.values import dataclass, replace
from sealane.core.model.verdict import Basis, Finding, Outcome
from sealane.desk.ask import About, Ask, Kind, Means, Observed
from sealane.desk.looks import basis_of
from sealane.desk.manifests import LoadedManifest
from sealane.desk.observe import observe
from sealane.desk.record import LoadedRecord, render_each
from sealane.errors import InputError
from sealane.io.adapters import clock

if TYPE_CHECKING:
    from sealane.core.attestation.predicates.release_manifest import ReleaseManifest

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 120.0
# No check asks the rest of a draft, and whoever was asked would learn of it before the lift.
_OF_A_DRAFT = frozenset({Kind.INDEX, Kind.ANNOUNCEMENT})
# What a check's answer comes from, and may therefore change when it is looked at again.
_FROM: Mapping[int, Kind] = MappingProxyType(
    {
        **dict.fromkeys((6, 7, 9, 10, 23), Kind.INDEX),
        19: Kind.TREE,
        20: Kind.CVE,
        21: Kind.OSV,
        22: Kind.AUDITS,
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is held against the files, and what it is held against that lies on the disk.

    Attributes:
        record: The record.
        manifests: Release manifests of the releases that fix it, as they were found.
        documents: Documents of the other formats, as they were published; where none is handed
            in they are made from the record.
        rendering: With what they are made, its listings left empty; None to make none.
        formats: Names of the formats to make; all where none is named.
        listings: Saved listings, for packages whose index is not asked.
    """

    record: LoadedRecord
    manifests: tuple[LoadedManifest, ...] = ()
    documents: tuple[Document, ...] = ()
    rendering: Rendering | None = None
    formats: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the project says of its advisories.

    Attributes:
        supported: Series that get fixes, e.g. "1.4"; () where it does not say.
        outlets: Kinds of outlets the advisory is published by, e.g. "csaf-tree".
        yanks: Whether vulnerable releases have to be yanked.
        lifted: When it became public, UTC; None for a draft.
        weaknesses: Known CWE ids and their names.
        unmappable: Those of them that may not be used.
        left_out: Codes that are not asked, e.g. "SL-ADV-021".
        sandbox: Whether the world is a sandbox.
    """

    supported: tuple[str, ...] = ()
    outlets: frozenset[str] = frozenset()
    yanks: bool = False
    lifted: datetime | None = None
    weaknesses: tuple[tuple[str, str], ...] = ()
    unmappable: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody waits for what is not there yet.

    Attributes:
        wait_s: Seconds from the first answer on; 0 for one look.
        pause: Waits for so many seconds.
        say: Shows one line of progress.
    """

    wait_s: float
    pause: Callable[[float], None]
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Held:
    """Findings, and what they are based on."""

    findings: tuple[Finding, ...]
    based_on: tuple[Basis, ...]
    at: datetime


def agree(
    subject: Subject,
    stage: Stage,
    terms: Terms,
    ask: Ask,
    means: Means,
    *,
    patience: Patience | None = None,
) -> Examination:
    """Whether an advisory says of the files what they are.

    Args:
        subject: The advisory, and what was handed in with it.
        stage: Draft or published.
        terms: What the project says.
        ask: What of the world may be asked; of a draft only what is no secret's business.
        means: With what.
        patience: How long to wait; None for one look.

    Raises:
        UsageError: Something is asked for that cannot be asked; a program of it is not installed;
            there is no format of a name.
        InputError: A local file that was named cannot be read; files of a rehearsal are shown as
            those of the world; a code is to be left out that is none.
        TrustError: The trust root that was named cannot be read.
    """
    _check_rehearsal(subject, terms)
    about = _about(subject, terms)
    kinds = ask.kinds if stage is Stage.PUBLISHED else ask.kinds & _OF_A_DRAFT
    start = Observed(listings=subject.listings)
    now = observe(about, ask, means, kinds=kinds, before=start)  # 1
    held = _held(subject, stage, terms, now)  # 2, 3
    if patience is not None:
        until = held.at + timedelta(seconds=patience.wait_s)
        step = FIRST_PAUSE_S
        while (again := _worth_another_look(held.findings, now) & kinds) and held.at < until:  # 4
            left = (until - held.at).total_seconds()
            patience.say(f"waiting for {_named(held.findings, again)}, {left:.0f} s at most")
            patience.pause(min(step, left))
            step = min(step * 2, LONGEST_PAUSE_S)
            now = observe(about, ask, means, kinds=again, before=now)
            held = _held(subject, stage, terms, now)
    asked = means.web.hosts if means.web is not None else ()
    return Examination(
        subject=subject.record.record.id,
        place=subject.record.place,
        sha256=subject.record.sha256,
        findings=held.findings,
        based_on=held.based_on,
        at=held.at,
        stage=stage.value,
        hosts=tuple(dict.fromkeys((*asked, *now.hosts))),
        sandbox=terms.sandbox,
        notes=tuple(f"{kind.value}: {note}" for kind, note in now.notes),
    )


def _check_rehearsal(subject: Subject, terms: Terms) -> None:
    """Refuse files that only a sandbox ever had as files of the world.

    Raises:
        InputError: A manifest, or what the record was drafted from, is a rehearsal's.
    """
    found = [
        f"release manifest {one.manifest.tag}" for one in subject.manifests if one.manifest.sandbox
    ]
    provenance = subject.record.record.provenance
    if provenance is not None and provenance.sandbox:
        found.append(f"advisory {subject.record.record.id}: database_specific")
    if found and not terms.sandbox:
        raise InputError(
            f"{found[0]}: expected files of the world, got a rehearsal's",
            hint="use the manifests of the real release, or name the sandbox",
        )


def _about(subject: Subject, terms: Terms) -> About:
    record = subject.record.record
    files = {one.sha256 for each in subject.manifests for one in each.manifest.artifacts}
    if record.provenance is not None:
        files |= {one.sha256 for one in record.provenance.files}
    return About(record, frozenset(files), terms.lifted)


def _held(subject: Subject, stage: Stage, terms: Terms, now: Observed) -> _Held:
    """The answers of all checks on what was seen."""
    from sealane.core.advisory.examine import examine

    at = clock.now()
    manifests = tuple(one.manifest for one in subject.manifests)
    listings, conflicts = now.listings, list[Finding]()
    if stage is Stage.DRAFT:
        listings, conflicts = _predicted(now.listings, manifests)
    documents, unsaid = _documents(subject, listings)
    case = Case(
        record=subject.record.record,
        content=subject.record.content,
        stage=stage,
        at=at,
        listings=listings,
        manifests=manifests,
        documents=documents,
        supported=terms.supported,
        outlets=terms.outlets,
        yanks=terms.yanks,
        lifted=terms.lifted,
        weaknesses=terms.weaknesses,
        unmappable=terms.unmappable,
        left_out=terms.left_out,
        seen=now.seen,
    )
    findings = (*examine(case), *conflicts, *unsaid)
    return _Held(findings, _based_on(subject, now, listings, documents), at)


def _documents(
    subject: Subject, listings: tuple[Listing, ...]
) -> tuple[tuple[Document, ...], list[Finding]]:
    """The documents that were handed in, or else made, and what cannot be made."""
    from sealane.core.advisory.answers import missing

    if subject.documents or subject.rendering is None:
        return subject.documents, []
    rendering = replace(subject.rendering, listings=listings)
    made = render_each(subject.record.record, rendering, subject.formats)
    expected = "a document that says what the record says"
    hint = "say in the record what the format needs"
    unsaid = [missing("SL-ADV-013", name, expected, reason, hint) for name, reason in made.refused]
    return made.documents, unsaid


def _predicted(
    listings: Sequence[Listing], manifests: Sequence[ReleaseManifest]
) -> tuple[tuple[Listing, ...], list[Finding]]:
    """The index as it will be, and what of the manifests can never get there.

    A project whose index was not seen is not predicted from its manifests alone: all its older
    versions would be missing, and nobody would know.
    """
    from sealane.core.advisory.answers import failed
    from sealane.core.advisory.predict import predict

    found: list[Listing] = []
    conflicts: list[Finding] = []
    for listing in listings:
        try:
            found.append(predict(listing, manifests))
        except InputError as error:
            found.append(listing)
            expected = "files of the manifests that are new to the index, or there already"
            conflicts.append(
                failed("SL-ADV-007", listing.project, expected, error.message, error.hint)
            )
    return tuple(found), conflicts


def _based_on(
    subject: Subject, now: Observed, listings: Sequence[Listing], documents: Sequence[Document]
) -> tuple[Basis, ...]:
    """Everything that was looked at, each once, with its digest."""
    made = not subject.documents
    found = [
        *(one.basis for one in subject.manifests),
        *(one for _, one in now.based_on),
        *(basis_of(one) for one in listings),
        *(
            Basis(
                "document, made from the record" if made else "document",
                one.name,
                hashlib.sha256(one.content).hexdigest(),
            )
            for one in documents
        ),
    ]
    return tuple(dict.fromkeys(found))


def _worth_another_look(findings: Collection[Finding], now: Observed) -> frozenset[Kind]:
    """What the answers that do not hold come from."""
    kinds = {_FROM[number] for one in _open(findings) if (number := _number(one)) in _FROM}
    if any(_number(one) == 16 for one in _open(findings)):
        kinds |= {Kind.REFERENCES, Kind.FIXES}
    if kinds & {Kind.OSV, Kind.AUDITS} and not now.listings:
        kinds.add(Kind.INDEX)
    return frozenset(kinds)


def _open(findings: Collection[Finding]) -> list[Finding]:
    return [one for one in findings if one.outcome in (Outcome.FAIL, Outcome.MISSING)]


def _number(finding: Finding) -> int:
    """The number of the check, e.g. 21 for "SL-ADV-021 osv-answer"."""
    return int(finding.code.partition(" ")[0].rpartition("-")[2])


def _named(findings: Collection[Finding], again: Collection[Kind]) -> str:
    """What does not hold and is looked at again; waiting makes nothing else right."""
    links = {Kind.REFERENCES, Kind.FIXES}.intersection(again)
    awaited = [
        one.code
        for one in _open(findings)
        if _FROM.get(_number(one)) in again or (_number(one) == 16 and links)
    ]
    return ", ".join(dict.fromkeys(awaited))
