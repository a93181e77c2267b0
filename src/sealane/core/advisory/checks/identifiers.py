"""ADV02: identifiers are well-formed, none is a placeholder, and all documents have the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, noted, several, warned
from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.registry import format_named
from sealane.core.advisory.record_lint import lint
from sealane.core.model.verdict import Finding
from sealane.errors import InputError

_FORMS = {
    "CVE": r"CVE-[0-9]{4}-[0-9]{4,19}",
    "GHSA": r"GHSA(-[23456789cfghjmpqrvwx]{4}){3}",
    "PYSEC": r"PYSEC-[0-9]{4}-[0-9]+",
}
_OTHER = re.compile(r"[A-Z][A-Za-z0-9]*([:-][A-Za-z0-9._+:-]+)+", re.ASCII)
# Letters that stand for digits to come; "xxxx" alone is a part that a GHSA id can have by chance,
# and then its others are not.
_PLACEHOLDER = re.compile(
    r"(?!GHSA).*(XXX|TBD|TODO|PLACEHOLDER|UNASSIGNED|[?]).*|CVE-[0-9]{4}-0+|GHSA(-X{4}){3}",
    re.IGNORECASE | re.DOTALL,
)
_UNASSIGNED = "PYSEC-0000-"
_LINTED = ("REC:002", "REC:003", "REC:004")
# What names the advisory itself; the others name the vulnerability, and may leave the rest out.
_WHOLE = frozenset({"osv", "pypa", "csaf", "csaf-vex", "openvex", "markdown"})


class Identifiers:
    """Identifiers of the record and of its documents.

    Two CVE ids in one record only warn: aliases are other names of one vulnerability, and CVE has
    one name for one, but its records were merged and split before.
    """

    code: ClassVar[str] = "SL-ADV-002"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each identifier that cannot stand as it is, and each document that names others.

        REC:002, REC:003 and REC:004 of OSV's linter are among them.
        """
        record = case.record
        yield from self._well_formed(case)
        for fault in lint(record):
            if fault.rule in _LINTED:
                yield failed(self.code, f"record{fault.place}", f"rule {fault.rule}", fault.message)
        named = {one for one in (record.id, *record.aliases) if one.startswith("CVE-")}
        if len(named) > 1:
            yield warned(self.code, "record/aliases", "one CVE id", several(sorted(named)))
        for document in case.documents:
            yield from self._same(case, document, named)

    def _well_formed(self, case: Case) -> Iterator[Finding]:
        record = case.record
        for place, texts in (
            ("id", (record.id,)),
            ("aliases", record.aliases),
            ("upstream", record.upstream),
            ("related", record.related),
        ):
            for text in texts:
                where, shown = f"record/{place}", text[:60] or "nothing"
                form = _FORMS.get(text.partition("-")[0].upper())
                if text.startswith(_UNASSIGNED):
                    # The database wants new files named like this, and gives the id when it merges.
                    if case.stage is Stage.PUBLISHED:
                        told = "call the record by its CVE or GHSA id; the database gives its own"
                        yield failed(self.code, where, "an id that stays", shown, told)
                    else:
                        yield noted(self.code, where, f"{shown}: assigned once it is merged")
                elif _PLACEHOLDER.fullmatch(text):
                    yield failed(self.code, where, "an identifier that was reserved", shown)
                elif not (re.fullmatch(form, text) if form else _OTHER.fullmatch(text)):
                    yield failed(self.code, where, "one like CVE-2026-1234", shown)

    def _same(self, case: Case, document: Document, cves: set[str]) -> Iterator[Finding]:
        record, place = case.record, f"{document.format} {document.name}"
        try:
            said = format_named(document.format).said(document.content).ids
        except InputError as error:
            yield failed(self.code, place, f"a document of {document.format}", error.message)
            return
        own = {record.id, *record.aliases}
        if foreign := sorted(said - own - {*record.upstream, *record.related}):
            yield failed(self.code, place, several(sorted(own)), several(foreign))
        wanted = cves
        if document.format in _WHOLE:
            # One that is to be replaced names nothing, in whatever document it stands.
            wanted = {one for one in (record.id, *cves) if not one.startswith(_UNASSIGNED)}
        elif not any(one.startswith("CVE-") for one in said):
            wanted = set()  # A CNA container is sent to the record of its id, and has none itself.
        if lost := sorted(wanted - said):
            found = f"{several(sorted(said)) or 'none'}; without {several(lost)}"
            yield failed(self.code, place, several(sorted(own)), found)
