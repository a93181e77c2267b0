"""One kind of finding."""

from __future__ import annotations

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Attributes:
        code: The stable code, e.g. "SL-ID-004".
        name: Its name, e.g. "ref-mismatch".
        meaning: What it says, one sentence.
        hint: What to do about it.
    """

    code: str
    name: str
    meaning: str
    hint: str

    @property
    def label(self) -> str:
        """Code and name, e.g. "SL-ID-004 ref-mismatch"."""
        return f"{self.code} {self.name}"
