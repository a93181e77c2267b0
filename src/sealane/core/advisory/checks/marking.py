"""ADV18: documents are marked for the stage they are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, noted
from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.verdict import Finding
from sealane.errors import InputError

_CSAF = ("csaf", "csaf-vex")
_FOLDER = "csaf-tree"
# CSAF 2.0 has the words of the traffic light 1.0, where CLEAR was WHITE.
_PUBLIC = ("WHITE", "CLEAR")


class TrafficLight:
    """Status and traffic light of CSAF documents, the only ones that have either."""

    code: ClassVar[str] = "SL-ADV-018"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each document of a draft that may be passed on, and each public one that may not.

        A draft without a traffic light fails: nobody is told to keep it. One that is to be public
        and has none fails too: CSAF 2.0 leaves it open what then holds.
        """
        found = [one for one in case.documents if one.format in _CSAF]
        if not found and _FOLDER in case.outlets:
            yield missing(self.code, "documents", "a CSAF document", "none")
        elif not found:
            yield noted(self.code, "documents", "no format with a traffic light is among them")
        for document in found:
            place = f"{document.format} {document.name}"
            try:
                status, label = _marks(document.content, place)
            except InputError as error:
                yield failed(self.code, place, "status and traffic light", error.message)
                continue
            if case.stage is Stage.DRAFT:
                if status != "draft":
                    yield failed(self.code, f"{place}: status", "draft", status[:40])
                if label in ("", *_PUBLIC):
                    told = "a label that keeps it, e.g. AMBER"
                    yield failed(self.code, f"{place}: traffic light", told, label or "none")
            else:
                if status != "final":
                    yield failed(self.code, f"{place}: status", "final", status[:40])
                if label not in _PUBLIC:
                    yield failed(self.code, f"{place}: traffic light", "WHITE", label or "none")


def _marks(content: bytes, place: str) -> tuple[str, str]:
    """Status and label; "" for a label that is not there."""
    document = Members(parse_object(content, place), place).inner("document")
    light = document.inner_or_empty("distribution").inner_or_empty("tlp")
    return document.inner("tracking").text("status"), light.text_or_empty("label")[:40]
