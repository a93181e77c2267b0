"""ADV20: the CVE record is published and says what was rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, noted, several
from sealane.core.advisory.checks.interface import Case
from sealane.core.attestation.strict_json import as_object, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Finding
from sealane.errors import InputError

_OUTLET = "cve"
# What CVE Services writes into every container that it takes.
_THEIRS = frozenset({"providerMetadata"})


class CveRecord:
    """The CVE record."""

    code: ClassVar[str] = "SL-ADV-020"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = 15 * 60

    def findings(self, case: Case) -> Iterator[Finding]:
        """What CVE Services have that the project did not send, or do not have yet.

        1. Asked are projects that publish CVE records themselves; for others somebody else does.
        2. The record is known, by an id of ours, and published.
        3. Member by member it is the container that was rendered, where the project sent one.
        """
        seen, ours = case.seen.cve, _OUTLET in case.outlets
        named = [one for one in (case.record.id, *case.record.aliases) if one.startswith("CVE-")]
        if seen is None and not case.seen.asked_cve:  # 1
            if ours:
                hint = "let them be asked: --online=cve"
                yield missing(self.code, "CVE Services", "the record", "nobody asked", hint)
            else:
                yield noted(self.code, "CVE Services", "the project publishes no CVE records")
            return
        if seen is None:  # 2
            yield failed(self.code, "CVE Services", several(named) or "a CVE id", "no such record")
            return
        place = f"CVE record {seen.id[:40]}"
        if seen.id not in named:
            yield failed(self.code, place, several(named) or "a CVE id", seen.id[:40])
        if seen.state != "PUBLISHED":
            yield failed(self.code, place, "PUBLISHED", seen.state[:40] or "nothing")
        elif ours:
            yield from self._same(case, place, seen.content)  # 3

    def _same(self, case: Case, place: str, content: bytes) -> Iterator[Finding]:
        rendered = [one for one in case.documents if one.format == _OUTLET]
        if not rendered:
            yield missing(self.code, place, "the container that was rendered", "none is at hand")
        for document in rendered:
            try:
                wanted = _container(document.content, document.name)
                found = _container(content, place)
            except InputError as error:
                yield failed(self.code, place, "a CNA container", error.message)
                continue
            for name in sorted((wanted.keys() | found.keys()) - _THEIRS):
                if wanted.get(name) != found.get(name):
                    where = f"{place}: {name[:60]}"
                    yield failed(self.code, where, f"as in {document.name}", "something else")


def _container(content: bytes, place: str) -> Mapping[str, JsonValue]:
    """The members of a CNA container, whether it stands alone or in the envelope it is sent in."""
    members = parse_object(content, place)
    if "cnaContainer" in members:
        return as_object(members["cnaContainer"], f"{place}: cnaContainer")
    return members
