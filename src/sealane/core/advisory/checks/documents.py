"""ADV13: every document means the same set of versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, several, unlisted
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.documents import Document
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.formats.registry import format_named
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import listing_for, projects_of
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import parse_record
from sealane.core.advisory.record_yaml import parse_record_yaml
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding
from sealane.core.release.affected import fixed_versions, which_are_affected
from sealane.errors import InputError

# What each outlet takes; of the documents of a CSAF folder, ADV18 and ADV19 ask.
_TAKES: Mapping[str, str] = MappingProxyType({"cve": "cve", "ghsa": "ghsa", "osv-git": "pypa"})


class FormatsAgree:
    """The affected set of every document, read as its consumers read it, and what fixes it."""

    code: ClassVar[str] = "SL-ADV-013"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each document that says something else than the record does.

        1. Nothing to compare is no agreement: without documents, without one for an outlet that it
           is published by, or without an index, it is missing. A record that is withdrawn is not
           told everywhere.
        2. A document means the versions of each index that the record means.
        3. It is about no other project, and names no other fix: whoever reads that upgrades to it.
        4. What is a record itself says all that the record says.
        """
        yield from self._lacking(case)  # 1
        projects = projects_of(case.record)
        for project in projects:
            listing = listing_for(case.listings, project)
            if listing is None:
                yield unlisted(self.code, project)
                continue
            said = which_are_affected(case.record.advisory, project, listing.versions, case.at)
            unsure = [text for text, answer in said.items() if answer is None]
            if unsure:
                place = f"record: {project}"
                yield failed(self.code, place, "affected or not", f"open: {several(unsure)}")
                continue
            wanted = frozenset(text for text, answer in said.items() if answer)
            for document in case.documents:
                yield from self._compare(document, listing, wanted)  # 2
        for document in case.documents:
            yield from self._besides(case.record, document)  # 3, 4

    def _lacking(self, case: Case) -> Iterator[Finding]:
        hint = "render the record, or name the folder of its documents"
        if not case.documents:
            yield missing(self.code, "documents", "one at least", "none", hint)
        there = {one.format for one in case.documents}
        wanted = {_TAKES[one] for one in case.outlets if one in _TAKES} - there
        if case.documents and case.record.withdrawn is None and wanted:
            told = f"one for each outlet: {several(sorted(wanted))}"
            yield missing(self.code, "documents", told, several(sorted(there)), hint)
        if not projects_of(case.record):
            yield missing(self.code, "record/affected", "a package to compare", "none")

    def _compare(
        self, document: Document, listing: Listing, wanted: frozenset[str]
    ) -> Iterator[Finding]:
        place = f"{document.format} {document.name}: {listing.project}"
        try:
            form = format_named(document.format)
            found = form.affected(document.content, listing.project, listing.versions)
        except InputError as error:
            yield failed(self.code, place, "a document that tells it", error.message, error.hint)
            return
        order, too_many, too_few = listing.versions, found - wanted, wanted - found
        if more := [text for text in order if text in too_many]:
            yield failed(self.code, place, f"not affected: {several(more)}", "affected")
        if less := [text for text in order if text in too_few]:
            yield failed(self.code, place, f"affected: {several(less)}", "not affected")

    def _besides(self, record: Record, document: Document) -> Iterator[Finding]:
        place = f"{document.format} {document.name}"
        try:
            said = format_named(document.format).said(document.content)
            differs = _differs(record, document)
        except InputError as error:
            yield failed(self.code, place, "a document that tells it", error.message, error.hint)
            return
        projects = projects_of(record)
        if foreign := sorted(said.projects - set(projects)):
            told = f"of {several(projects) or 'nothing'}"
            yield failed(self.code, place, told, f"of {several(foreign)}")
        fixes = [text for one in record.affected for text in fixed_versions(one.about)]
        known = {version_or_none(text) for text in fixes} - {None}
        if wrong := sorted(text for text in said.fixed if version_or_none(text) not in known):
            told = f"fixed in {several(fixes) or 'nothing'}"
            yield failed(self.code, place, told, f"fixed in {several(wrong)}")
        if differs:
            hint = "it is of another revision, or was changed by hand; render it again"
            yield failed(self.code, place, "what the record says", f"others: {differs}", hint)


def _differs(record: Record, document: Document) -> str:
    """The members in which a document that is a record is another; "" where there are none.

    Identifiers are ADV02's; a database gives one of its own.

    Raises:
        InputError: It is no record.
    """
    parsers = {"osv": parse_record, "pypa": parse_record_yaml}
    if document.format not in parsers:
        return ""
    theirs = parsers[document.format](document.content)
    same = replace(
        theirs, id=record.id, aliases=record.aliases, schema_version=record.schema_version
    )
    names = [one for one in Record.__slots__ if getattr(same, one) != getattr(record, one)]
    return ", ".join(names)
