"""Types of other verifiers that are known by name, so that a report can say what was there.

What they mean is their makers' business: nothing of them is read, and no policy can require them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.model.statement import JsonValue

AMPEL_RESULTSET = "https://carabiner.dev/ampel/resultset/v0"
WITNESS_POLICY = "https://witness.testifysec.com/policy/v0.1"


def leave_unread(predicate: Mapping[str, JsonValue]) -> int:
    """How many members there are; none of them is looked at."""
    return len(predicate)
