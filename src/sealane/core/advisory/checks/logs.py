"""ADV25: no public log knew of the release before the lift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing
from sealane.core.advisory.checks.interface import Case
from sealane.core.model.moment import rfc3339
from sealane.core.model.verdict import Finding


class LoggedEarly:
    """Entries in public logs; whoever watches them reads of a release that is still secret."""

    code: ClassVar[str] = "SL-ADV-025"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each entry from before the lift; without entries, or without a lift, nobody knows."""
        if not case.seen.logged:
            yield missing(self.code, "public logs", "entries about the release", "none was seen",
                          "name the signed evidence of the files: --evidence FILE")  # fmt: skip
        elif case.lifted is None:
            hint = "say it: --lifted TIME"
            yield missing(self.code, "public logs", "the time of the lift", "nobody says it", hint)
        else:
            for at in sorted(case.seen.logged):
                if at < case.lifted:
                    told = f"not before the lift, {rfc3339(case.lifted)}"
                    yield failed(self.code, "public logs", told, rfc3339(at))
