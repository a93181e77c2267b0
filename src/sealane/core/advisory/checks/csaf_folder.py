"""ADV19: the published CSAF folder agrees with itself and with the documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, noted, warned
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.csaf.folder_faults import tree_faults
from sealane.core.model.verdict import Finding

_FOLDER = "csaf-tree"


class CsafFolder:
    """The folder, as it is served."""

    code: ClassVar[str] = "SL-ADV-019"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = 15 * 60

    def findings(self, case: Case) -> Iterator[Finding]:
        """Digests, signatures and lists that do not agree, and documents that are not there."""
        files = case.seen.tree
        if files is None:
            if _FOLDER in case.outlets:
                hint = "name it: --csaf FOLDER, or --csaf URL and --online=csaf"
                yield missing(self.code, "CSAF folder", "its files", "it was not read", hint)
            else:
                yield noted(self.code, "CSAF folder", "it is not published as one")
            return
        for fault in tree_faults({one.path: one.content for one in files}):
            answer = warned if fault.warns else failed
            place = f"CSAF folder: {fault.place}"
            yield answer(self.code, place, f"rule {fault.rule}", fault.message)
        for document in case.documents:
            if document.format in ("csaf", "csaf-vex"):
                name = document.name.rpartition("/")[2]
                there = [one for one in files if one.path.rpartition("/")[2] == name]
                if not there:
                    yield failed(self.code, f"CSAF folder: {name}", "the document", "no such file")
                for one in there:
                    if one.content != document.content:
                        told = "the bytes of the document"
                        yield failed(self.code, f"CSAF folder: {one.path}", told, "others")
