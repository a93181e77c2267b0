"""ADV14 and ADV15: the severity and the weakness are readable, and the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, several, warned
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.cvss import Rating, rating_of
from sealane.core.advisory.documents import Document, Said
from sealane.core.advisory.formats.registry import format_named
from sealane.core.model.verdict import Finding
from sealane.errors import InputError

_WORDS = frozenset({"none", "low", "medium", "high", "critical"})
# Words of other scales for the same: GitHub says moderate.
_SAME = {"moderate": "medium"}
# Formats that have a place for every vector; CSAF 2.0 has none for CVSS 4, a forge one for one.
_WHOLE = frozenset({"osv", "pypa"})


class SeverityAgrees:
    """CVSS vectors, and what is said beside them.

    A record without any vector only warns: nine of ten real ones have none, and leave it to others.
    """

    code: ClassVar[str] = "SL-ADV-014"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each vector that cannot be read, and each score or word that another one contradicts.

        1. Ratings stand at the top or at the packages, never both (OSV).
        2. Each vector parses.
        3. The record's own word is what a vector comes to.
        4. Documents have no other vector, and no score or word that comes from none.
        """
        record = case.record
        inner = [one for entry in record.affected for one in entry.severity]
        if record.severity and inner:  # 1
            yield failed(self.code, "record/severity", "at the top or at the packages", "both")
        ratings: list[Rating] = []
        for one in (*record.severity, *inner):  # 2
            try:
                ratings.append(rating_of(one.type, one.score))
            except InputError as error:
                yield failed(self.code, "record/severity", "a CVSS vector", error.message)
        if not record.severity and not inner:
            yield warned(self.code, "record/severity", "a CVSS vector", "none",
                         "rate it; without a vector others will")  # fmt: skip
        words = {one.severity.lower() for one in ratings}
        if record.rating and _word(record.rating) not in (words or _WORDS):  # 3
            place = "record/database_specific/severity"
            told = several(sorted(words or _WORDS))
            yield failed(self.code, place, told, record.rating[:40])
        vectors = {one.score for one in (*record.severity, *inner)}
        known = words | {_word(record.rating)} | {f"{one.score:g}" for one in ratings}
        for document in case.documents:  # 4
            yield from self._document(document, vectors, known)

    def _document(
        self, document: Document, vectors: set[str], known: set[str]
    ) -> Iterator[Finding]:
        place = f"{document.format} {document.name}"
        try:
            said = _said(document)
        except InputError as error:
            yield failed(self.code, place, f"a document of {document.format}", error.message)
            return
        if foreign := sorted(said.vectors - vectors):
            yield failed(self.code, place, several(sorted(vectors)) or "none", several(foreign))
        if document.format in _WHOLE and (lost := sorted(vectors - said.vectors)):
            yield failed(self.code, place, several(lost), several(sorted(said.vectors)) or "none")
        other = sorted(text for text in said.ratings if _word(text) not in known)
        if other:
            yield failed(self.code, place, several(sorted(known - {""})) or "none", several(other))


class WeaknessKnown:
    """CWE ids. A record without any only warns: OSV has no member of its own for them."""

    code: ClassVar[str] = "SL-ADV-015"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each weakness that is not among those that may be used, and each that only one has."""
        named = case.record.weaknesses
        known = dict(case.weaknesses)
        if named and not known:
            yield missing(self.code, "list of weaknesses", several(named), "no list is at hand")
        place = "record/database_specific/cwe_ids"
        for text in named if known else ():
            if text not in known:
                told = text[:40] or "nothing"
                yield failed(self.code, place, "a weakness of the list, like CWE-79", told)
            elif text in case.unmappable:
                yield failed(self.code, place, "a weakness that may be used", text)
        if not named:
            yield warned(self.code, place, "a weakness", "none")
        for document in case.documents:
            place = f"{document.format} {document.name}"
            try:
                foreign = sorted(_said(document).weaknesses - {*named})
            except InputError as error:
                told = f"a document of {document.format}"
                yield failed(self.code, place, told, error.message)
            else:
                if foreign:
                    yield failed(self.code, place, several(named) or "none", several(foreign))


def _said(document: Document) -> Said:
    return format_named(document.format).said(document.content)


def _word(text: str) -> str:
    """A word or score as all formats write it: lower case, GitHub's word as CVSS', 7.0 as 7."""
    lower = text.lower()
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]", lower):
        return f"{float(lower):g}"
    return _SAME.get(lower, lower)
