"""Cases for the checks of an advisory: one that holds in all of them, and ways to change it."""

from datetime import timedelta
from functools import cache
from typing import Any

from sealane.core.advisory.checks.interface import (
    Case,
    Seen,
    SeenAnswer,
    SeenAudit,
    SeenCve,
    SeenFile,
    SeenFix,
    SeenReference,
    Stage,
)
from sealane.core.advisory.checks.registry import CHECKS
from sealane.core.advisory.csaf.provider import Provider
from sealane.core.advisory.csaf.tree import with_document
from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.registry import FORMATS
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import probes_of, projects_of, reach_of
from sealane.core.advisory.record import Affected, FixedFile, Provenance, Record
from sealane.core.advisory.record_render import render_record
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from support.manifests import manifest_of_files
from support.records import AT, entry_of, files_of, listed, record_of
from support.renderings import ISSUER, rendering_of

LATER = AT + timedelta(hours=1)
INDEX = ("1.0", "1.1", "1.2rc1", "1.2", "1.3", "2.0", "2.0.post1", "2.1", "2.2")
EVENTS = "0 <1.2 2.0 <2.1"
VERSIONS = ("1.0", "1.1", "1.2rc1", "2.0", "2.0.post1")
FIXES = ("1.2", "2.1")
SERIES = ("1", "2")
WEAKNESSES = (("CWE-78", "OS Command Injection"), ("CWE-79", "Cross-site Scripting"))
COMMIT = "a" * 40
BASE = "https://acme.example/csaf/"
PROVIDER = Provider(ISSUER, BASE)


def manifest_of(version: str, project: str = "acme") -> ReleaseManifest:
    """The release manifest of a version whose files `listed` has."""
    files = {one.name: one.name.encode() for one in files_of(project, version)}
    return manifest_of_files(project, version, files)


def fixed_files(*versions: str, project: str = "acme") -> tuple[FixedFile, ...]:
    """The files of versions, as a record lists them."""
    return tuple(
        FixedFile(project, version, one.name, one.sha256)
        for version in versions
        for one in files_of(project, version)
    )


def acme(
    events: str = EVENTS,
    versions: tuple[str, ...] = VERSIONS,
    **changes: Any,  # noqa: ANN401 - any field
) -> Record:
    """A record about two series of one package, and everything that belongs to it."""
    return of_entries(entry_of("acme", events, versions), **changes)


def of_entries(*entries: Affected, **changes: Any) -> Record:  # noqa: ANN401 - any field
    """The same record with entries of its own, which may be none."""
    provenance = Provenance(files=fixed_files(*FIXES))
    return record_of(**{"affected": entries, "provenance": provenance, **changes})


def documents_of(record: Record, *listings: Listing, final: bool = True) -> tuple[Document, ...]:
    """The record in every format, in the order of `FORMATS`; a draft is kept, and says so."""
    light = "CLEAR" if final else "AMBER"
    rendering = rendering_of(
        *listings, final=final, tlp=light, weaknesses=WEAKNESSES, csaf_url=BASE
    )
    return tuple(one.render(record, rendering) for one in FORMATS.values())


def folder_of(*documents: Document) -> tuple[SeenFile, ...]:
    """The published folder with those documents that are CSAF."""
    files: dict[str, bytes] = {}
    for one in documents:
        if one.format in ("csaf", "csaf-vex"):
            files = with_document(files, one.content, PROVIDER, AT)
    return tuple(SeenFile(path, content) for path, content in files.items())


def announcement_of(record: Record) -> str:
    """A text that announces what the record says."""
    names = ", ".join((record.id, *record.aliases))
    fixed = " and ".join(
        text for project in projects_of(record) for text in reach_of(record, project).fixed
    )
    return f"{names}: {record.summary}. Upgrade to {fixed}.\n"


def seen_of(record: Record, *listings: Listing) -> Seen:
    """A world in which everything is as the record says."""
    ids = (record.id, *record.aliases)
    probes = [
        (probe, reach_of(record, listing.project).fixed)
        for listing in listings
        for probe in probes_of(reach_of(record, listing.project), listing)
    ]
    documents = documents_of(record, *listings)
    container = next(one.content for one in documents if one.format == "cve")
    return Seen(
        references=tuple(SeenReference(one.url, 200) for one in record.references),
        fixes=(SeenFix(COMMIT, ("main",), ("v1.2", "v2.1")),),
        tree=folder_of(*documents),
        cve=SeenCve("CVE-2026-10001", "PUBLISHED", container),
        asked_cve=True,
        osv=tuple(
            SeenAnswer(probe.project, probe.version, ids if probe.vulnerable else ())
            for probe, _ in probes
        ),
        audits=tuple(
            SeenAudit(
                service, probe.project, probe.version,
                ids if probe.vulnerable else (), fixed if probe.vulnerable else (),
            )
            for service in ("index", "osv")
            for probe, fixed in probes
        ),
        announcement=announcement_of(record),
        logged=(AT,),
    )  # fmt: skip


def published(**changes: Any) -> Case:  # noqa: ANN401 - any field
    """A published advisory that everything agrees with, but for what is changed."""
    return replace(_agreeing(), **changes)


@cache
def _agreeing() -> Case:
    record, listing = acme(), listed("acme", INDEX, yanked=VERSIONS)
    return Case(
        record,
        render_record(record),
        Stage.PUBLISHED,
        LATER,
        (listing,),
        tuple(manifest_of(version) for version in FIXES),
        documents_of(record, listing),
        SERIES,
        frozenset({"csaf-tree", "cve", "osv-git"}),
        yanks=True,
        lifted=AT,
        weaknesses=WEAKNESSES,
        seen=seen_of(record, listing),
    )


def draft(**changes: Any) -> Case:  # noqa: ANN401 - any field
    """The same as a draft, before anything is public; the index is a predicted one."""
    listing = listed("acme", INDEX)
    at_first = {
        "stage": Stage.DRAFT,
        "listings": (listing,),
        "documents": documents_of(acme(), listing, final=False),
        "lifted": None,
        "seen": Seen(),
    }
    return published(**{**at_first, **changes})


def saying(case: Case, record: Record) -> Case:
    """The case with another record, and its bytes; everything else stays as it is."""
    return replace(case, record=record, content=render_record(record))


def asked(code: str, case: Case) -> tuple[Finding, ...]:
    """What one check finds."""
    check = next(one for one in CHECKS if one.code == f"SL-ADV-{code[-2:]:0>3}")
    return tuple(check.findings(case))


def outcomes(code: str, case: Case) -> list[Outcome]:
    """How one check answers; nothing where everything holds."""
    return [one.outcome for one in asked(code, case)]


def failures(code: str, case: Case) -> str:
    """Places, expected and actual values of what fails; "" where nothing does."""
    return _told(asked(code, case), Outcome.FAIL)


def lacks(code: str, case: Case) -> str:
    """The same of what is missing."""
    return _told(asked(code, case), Outcome.MISSING)


def warnings(code: str, case: Case) -> str:
    """The same of what only warns."""
    return _told(asked(code, case), Outcome.WARN)


def _told(findings: tuple[Finding, ...], outcome: Outcome) -> str:
    lines = []
    for one in findings:
        if one.outcome is outcome:
            assert one.place
            assert one.actual
            assert one.expected
            assert one.hint
            lines.append(f"{one.place}: expected {one.expected}, got {one.actual}")
    return "\n".join(lines)
