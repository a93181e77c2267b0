"""Which document goes where, in which order, and whether anything may go at all; touches nothing.

What refuses a publication, all before anything is sent:
1. The examination did not pass, is of another advisory, or of other documents than these.
2. It was held against a sandbox, and the outlets are real.
3. The moment has not come.
4. A document breaks its format's rules.
5. An outlet has no document, or two of one format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.registry import format_named
from sealane.core.model.examination import Examination
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Outcome
from sealane.errors import EmbargoError, InputError, UsageError
from sealane.io.outlets.interface import Outlet

# What others copy from goes last: an advisory database is filled from the first two, and a merge
# request is the one that can be withdrawn.
_ORDER = ("ghsa", "cve", "csaf-tree", "osv-git")


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published.

    Attributes:
        advisory: Id of the record.
        documents: Everything rendered from it.
        examination: What the checks say of exactly these documents.
        command: The command that does it again, for whoever reads of a failure.
        not_before: The moment of the lift, UTC; None where there is no embargo.
        weaknesses: Known CWE ids and their names.
        sandbox: Whether the outlets are a sandbox's.
        record: SHA-256 of the record whose identifiers the outlets go by, lower-case hex.
    """

    advisory: str
    documents: tuple[Document, ...]
    examination: Examination
    command: str
    not_before: datetime | None
    weaknesses: Mapping[str, str]
    sandbox: bool
    record: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One document, and the outlet it goes to."""

    outlet: Outlet
    document: Document

    @property
    def sha256(self) -> str:
        """Of the document, lower-case hex."""
        return hashlib.sha256(self.document.content).hexdigest()


def assign(outlets: Sequence[Outlet], documents: Iterable[Document]) -> tuple[Assignment, ...]:
    """Which document goes where, in the order in which they become public.

    Raises:
        UsageError: There is no outlet, two have one name, or one has nothing to publish or two
            documents of one format.
    """
    names = [outlet.name for outlet in outlets]
    if not names or len(set(names)) != len(names):
        raise UsageError(
            "publish: expected outlets with different names, got "
            + (", ".join(names) if names else "none"),
            hint="name them in [advisory] of sealane.toml",
        )
    by_format: dict[str, list[Document]] = {}
    for document in documents:
        by_format.setdefault(document.format, []).append(document)
    return tuple(
        Assignment(outlet, document)
        for outlet in sorted(outlets, key=_rank)
        for document in _for(outlet, by_format)
    )


def _rank(outlet: Outlet) -> tuple[int, str]:
    return _ORDER.index(outlet.kind), outlet.name


def _for(outlet: Outlet, by_format: Mapping[str, list[Document]]) -> tuple[Document, ...]:
    found = [by_format[name] for name in outlet.formats if name in by_format]
    if not found or any(len(documents) != 1 for documents in found):
        raise UsageError(
            f"outlet {outlet.name}: expected one document of each of its formats, "
            f"{' or '.join(outlet.formats)}, got {sum(map(len, found))}",
            hint="render the record anew, into an empty folder",
        )
    return tuple(documents[0] for documents in found)


def check_publishable(
    publication: Publication, assignments: Iterable[Assignment], at: datetime
) -> None:
    """Refuse what must not be published, or not yet; the numbers are those above.

    Args:
        publication: What is to be published.
        assignments: The documents that would go out.
        at: Now, UTC.

    Raises:
        UsageError: It was not examined with success.
        EmbargoError: The moment has not come.
        InputError: A document breaks its format's rules.
    """
    _check_examined(publication, tuple(assignments))  # 1, 2
    if publication.not_before is not None and at < publication.not_before:  # 3
        raise EmbargoError(
            f"advisory {publication.advisory}: not before {rfc3339(publication.not_before)}; it is "
            f"{rfc3339(at.replace(microsecond=0))}",
            hint="the embargo holds until then; nothing was sent",
        )
    for one in assignments:  # 4
        check_document(one.document, publication.weaknesses)


def check_document(document: Document, weaknesses: Mapping[str, str]) -> None:
    """Refuse a document that breaks a rule of its format; warnings do not count.

    Raises:
        InputError: It does, or is not a document of it.
        UsageError: There is no such format.
    """
    name = document.name.rpartition("/")[2]
    faults = format_named(document.format).faults(document.content, name, weaknesses)
    broken = [fault for fault in faults if not fault.warns]
    if broken:
        first = broken[0]
        raise InputError(
            f"{document.name}: {first.rule}: {first.place}: {first.message}"
            + (f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""),
            hint="nothing was sent; sealane advisory validate shows all of them",
        )


def _check_examined(publication: Publication, assignments: tuple[Assignment, ...]) -> None:
    examination = publication.examination
    if examination.outcome is not Outcome.PASS:
        raise UsageError(
            f"advisory {publication.advisory}: its examination did not pass "
            f"({examination.outcome.value})",
            hint="nothing was sent; see what sealane advisory agree says, and correct it",
        )
    if examination.subject != publication.advisory:
        raise UsageError(
            f"advisory {publication.advisory}: the examination is of {examination.subject}",
            hint="examine this one; nothing was sent",
        )
    # Its identifiers say whose entries are written to: those that were examined, and no others.
    if examination.sha256 != publication.record:
        raise UsageError(
            f"advisory {publication.advisory}: sha256 {publication.record} was not examined",
            hint="the record was changed since; examine it again; nothing was sent",
        )
    known = {examination.sha256, *(basis.sha256 for basis in examination.based_on)}
    for one in assignments:
        if one.sha256 not in known:
            raise UsageError(
                f"{one.document.name}: sha256 {one.sha256} was not examined",
                hint="it was rendered or changed since; examine it again; nothing was sent",
            )
    if examination.sandbox and not publication.sandbox:
        raise UsageError(
            f"advisory {publication.advisory}: it was held against a sandbox only",
            hint="examine it against the real index; nothing was sent",
        )
