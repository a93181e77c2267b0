"""ADV21 and ADV22: who asks about a release is told the truth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, missing, several, unlisted
from sealane.core.advisory.checks.interface import Case, SeenAudit
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.reach import Probe, Reach, probes_of, subjects_of
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding

_SERVICES = ("index", "osv")
_TWO_DAYS_S = 48 * 3600  # the feeds are filled by timers, one after the other


class OsvAnswer:
    """What an OSV service answers."""

    code: ClassVar[str] = "SL-ADV-021"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = _TWO_DAYS_S

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each version that it gets wrong, of the last affected and the fixed of each interval.

        A withdrawn record may be named for none. A version that was not asked about is missing.
        """
        answers = {(one.package, one.version): frozenset(one.ids) for one in case.seen.osv or ()}
        yield from _unasked(self.code, case)
        for _, probe in _questions(case):
            place = f"OSV service: {probe.project} {probe.version}"
            found = answers.get((probe.project, probe.version))
            if found is None:
                hint = "let it be asked: --online=index,osv"
                yield missing(self.code, place, "an answer", "nobody asked", hint)
            else:
                yield from _flagged(self.code, place, case, probe, found)


class AuditAnswer:
    """What `pip-audit` says, by the index and by an OSV service."""

    code: ClassVar[str] = "SL-ADV-022"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = _TWO_DAYS_S

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each version that it gets wrong, by either service, and each fix that it shows wrongly.

        The fix of the version's own series is right, and so are all fixes of the record together,
        which is what it shows of one range. A version that was not asked about is missing.
        """
        audits = {(one.service, one.package, one.version): one for one in case.seen.audits or ()}
        yield from _unasked(self.code, case)
        for reach, probe in _questions(case):
            for service in _SERVICES:
                place = f"pip-audit by {service}: {probe.project} {probe.version}"
                found = audits.get((service, probe.project, probe.version))
                if found is None:
                    hint = "let it be asked: --online=index,osv,pip-audit"
                    yield missing(self.code, place, "an answer", "nobody asked", hint)
                    continue
                wrong = tuple(_flagged(self.code, place, case, probe, found.ids))
                yield from wrong
                if probe.vulnerable and not wrong:
                    yield from self._fixes(place, reach, probe, found)

    def _fixes(self, place: str, reach: Reach, probe: Probe, found: SeenAudit) -> Iterator[Finding]:
        shown = {version_or_none(text) for text in found.fixes}
        every: set[Version | None] = {*reach.fixes}
        if shown not in (every, {Version(probe.fix)} if probe.fix else every):
            told = f"fix {probe.fix}" if probe.fix else several(reach.fixed) or "no fix"
            yield failed(self.code, place, told, f"fix {several(found.fixes) or 'none'}")


def _questions(case: Case) -> Iterator[tuple[Reach, Probe]]:
    """What has to be asked; a withdrawn record may be named for no version."""
    withdrawn = case.record.withdrawn is not None and case.record.withdrawn <= case.at
    for reach, listing in subjects_of(case.record, case.listings):
        for probe in probes_of(reach, listing) if listing else ():
            yield reach, replace(probe, vulnerable=probe.vulnerable and not withdrawn)


def _unasked(code: str, case: Case) -> Iterator[Finding]:
    """What of the record there is nothing to ask about."""
    for reach, listing in subjects_of(case.record, case.listings):
        if listing is None:
            yield unlisted(code, reach.project)
        elif not any(probe.vulnerable for probe in probes_of(reach, listing)):
            place = f"index of {reach.project}"
            yield missing(code, place, "a vulnerable version to ask about", "none")


def _flagged(
    code: str, place: str, case: Case, probe: Probe, found: Collection[str]
) -> Iterator[Finding]:
    own = {case.record.id, *case.record.aliases}
    if probe.vulnerable and own.isdisjoint(found):
        told = several(sorted(found)) or "no advisory"
        yield failed(code, place, f"one of {several(sorted(own))}", told)
    if not probe.vulnerable and not own.isdisjoint(found):
        yield failed(code, place, "no advisory of ours", several(sorted(own.intersection(found))))
