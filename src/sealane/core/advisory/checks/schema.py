"""ADV01: the record and every document made from it have the form of their format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, warned
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.documents import Fault
from sealane.core.advisory.formats.registry import format_named
from sealane.core.advisory.record_schema import schema_faults
from sealane.core.model.verdict import Finding
from sealane.errors import InputError

# Of the linter's checks these are asked under codes of their own: ADV02, ADV03, ADV05 and ADV09.
_ELSEWHERE = re.compile("(REC|RNG|PKG):.*")
_READABLE = re.compile(r"1(\.[0-9]+){0,2}")


class Schema:
    """Rules of the formats.

    A rule that only warns in its format warns here. SCH:001 of OSV's linter is among them.
    """

    code: ClassVar[str] = "SL-ADV-001"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each rule that the record, or a document, breaks.

        1. The version of the schema: readers pass over a record of another major version, and
           say nothing (`pip-audit` reports nothing and exits 0).
        2. The record by OSV's schema.
        3. Each document by the rules of its format.
        """
        version = case.record.schema_version
        if version and not _READABLE.fullmatch(version):  # 1
            place, hint = "record/schema_version", "readers of 1.x do not report it at all"
            yield failed(self.code, place, "1.x.y", version[:40], hint)
        try:  # 2
            found = schema_faults(case.content)
        except InputError as error:
            yield failed(self.code, "record", "an OSV record", error.message)
        else:
            yield from self._told("record", found)
        for document in case.documents:  # 3
            place = f"{document.format} {document.name}"
            try:
                form = format_named(document.format)
                name = document.name.rpartition("/")[2]
                faults = form.faults(document.content, name, dict(case.weaknesses))
            except InputError as error:
                yield failed(self.code, place, f"a document of {document.format}", error.message)
            else:
                yield from self._told(place, faults)

    def _told(self, document: str, faults: Iterable[Fault]) -> Iterator[Finding]:
        for fault in faults:
            if not _ELSEWHERE.fullmatch(fault.rule):
                answer = warned if fault.warns else failed
                place = f"{document}{fault.place}"
                yield answer(self.code, place, f"rule {fault.rule}", fault.message)
