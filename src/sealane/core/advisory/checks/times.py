"""ADV17: the times of the record agree with each other, with the clock, and with the lift."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from sealane.core.advisory.answers import failed, noted, warned
from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.moment import rfc3339
from sealane.core.model.verdict import Finding

_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", re.ASCII
)
_MEMBERS = ("published", "modified", "withdrawn")


class Times:
    """Times. A published record that does not say since when only warns: readers take `modified`.

    So does one that is withdrawn, for that may be meant; but nothing reports it any more. A draft
    that is withdrawn fails.
    """

    code: ClassVar[str] = "SL-ADV-017"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each time that cannot be.

        1. They are written with day, time and "Z"; `pip-audit` ends in a traceback at others.
        2. `published` ≤ `modified` ≤ now, and no revision is later, or before an earlier one.
        3. `published` is not before the lift.
        4. `withdrawn` is after `published`, and only of what was published.

        Raises:
            InputError: The content is no JSON object; ADV01 says so.
        """
        record = case.record
        members = parse_object(case.content, "record")
        for name in _MEMBERS:  # 1
            text = members.get(name)
            if text is not None and not (isinstance(text, str) and _WRITTEN.fullmatch(text)):
                told = "one like 2026-11-25T12:00:00Z"
                yield failed(self.code, f"record/{name}", told, str(text)[:40])
        now = f"not after {rfc3339(case.at)}, when it is checked"
        yield from self._after("modified", record.modified, case.at, now)  # 2
        if record.published is not None:
            modified = f"not after {rfc3339(record.modified)}, when it was modified"
            yield from self._after("published", record.published, record.modified, modified)
            yield from self._after("published", record.published, case.at, now)
        earlier = None
        for one in record.provenance.revisions if record.provenance else ():
            yield from self._after(f"revision {one.number}", one.at, case.at, now)
            if earlier is not None and one.at < earlier:
                told = f"not before {rfc3339(earlier)}, the revision before it"
                yield failed(self.code, f"record: revision {one.number}", told, rfc3339(one.at))
            earlier = one.at
        if case.stage is Stage.PUBLISHED:  # 3
            yield from self._lift(case)
        if record.withdrawn is not None:  # 4
            yield from self._withdrawn(case, record.withdrawn)

    def _after(self, name: str, at: datetime, most: datetime, told: str) -> Iterator[Finding]:
        if at > most:
            yield failed(self.code, f"record/{name}", told, rfc3339(at))

    def _lift(self, case: Case) -> Iterator[Finding]:
        published = case.record.published
        if published is None:
            yield warned(self.code, "record/published", "a time", "none")
        if case.lifted is None:
            yield noted(self.code, "record/published", "nobody says when the lift was")
        elif (published or case.record.modified) < case.lifted:
            told = f"not before the lift, {rfc3339(case.lifted)}"
            shown = rfc3339(published or case.record.modified)
            yield failed(self.code, "record/published", told, shown)

    def _withdrawn(self, case: Case, withdrawn: datetime) -> Iterator[Finding]:
        place, told = "record/withdrawn", rfc3339(withdrawn)
        published = case.record.published
        if case.stage is Stage.DRAFT:
            yield failed(self.code, place, "a draft that warns somebody", told)
        elif withdrawn > case.at or (published is not None and withdrawn < published):
            yield failed(self.code, place, "a time after it was published, and before now", told)
        else:
            yield warned(self.code, place, "an advisory that is reported", f"withdrawn {told}")
