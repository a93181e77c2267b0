"""ADV23: vulnerable releases are yanked, where the project wants it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, noted, several, unlisted
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.reach import subjects_of
from sealane.core.model.verdict import Finding


class Yanked:
    """Yanks of what is vulnerable; those of a fix are ADV07's."""

    code: ClassVar[str] = "SL-ADV-023"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """The vulnerable releases that have a file which is not yanked."""
        if not case.yanks:
            yield noted(self.code, "index", "the project does not yank vulnerable releases")
            return
        for reach, listing in subjects_of(case.record, case.listings):
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            affected = set(reach.affected(listing))
            left = [
                one.version
                for one in listing.releases
                if one.version in affected and not one.yanked
            ]
            if left:
                place = f"index of {reach.project} ({listing.origin})"
                yield failed(self.code, place, "yanked", f"not yanked: {several(left)}")
