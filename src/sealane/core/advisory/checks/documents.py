"""ADV13: every document means the same set of versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, several, unlisted
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.registry import format_named
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import listing_for, projects_of
from sealane.core.model.verdict import Finding
from sealane.core.release.affected import is_affected
from sealane.errors import InputError


class FormatsAgree:
    """The affected set of every document, read as its consumers read it."""

    code: ClassVar[str] = "SL-ADV-013"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each document that means other versions of an index than the record does.

        Nothing to compare is no agreement: without documents, or without an index, it is missing.
        """
        if not case.documents:
            hint = "render the record, or name the folder of its documents"
            yield missing(self.code, "documents", "one at least", "none", hint)
        projects = projects_of(case.record)
        if not projects:
            yield missing(self.code, "record/affected", "a package to compare", "none")
        for project in projects:
            listing = listing_for(case.listings, project)
            if listing is None:
                yield unlisted(self.code, project)
                continue
            said = {text: self._by_record(case, project, text) for text in listing.versions}
            unsure = [text for text, answer in said.items() if answer is None]
            if unsure:
                place = f"record: {project}"
                yield failed(self.code, place, "affected or not", f"open: {several(unsure)}")
                continue
            wanted = frozenset(text for text, answer in said.items() if answer)
            for document in case.documents:
                yield from self._compare(document, listing, wanted)

    def _by_record(self, case: Case, project: str, version: str) -> bool | None:
        purl = f"pkg:pypi/{project}@{version}"
        return is_affected(case.record.advisory, purl, version, case.at)

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
        order = listing.versions
        if more := [text for text in order if text in found - wanted]:
            yield failed(self.code, place, f"not affected: {several(more)}", "affected")
        if less := [text for text in order if text in wanted - found]:
            yield failed(self.code, place, f"affected: {several(less)}", "not affected")
