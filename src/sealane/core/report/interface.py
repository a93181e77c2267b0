"""What a form of report is."""

from __future__ import annotations

from collections.abc import Callable

from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Appraisal


@dataclass(frozen=True, slots=True)
class ReportForm:
    """One way to show an appraisal.

    Attributes:
        name: What `--format` calls it.
        render: The whole report, ending in a line end.
    """

    name: str
    render: Callable[[Appraisal], str]
