"""What a CVSS vector comes to, with time and environment; the arithmetic is the library's.

Spec: CVSS 2.0 complete guide; CVSS 3.0 and 3.1 specification.
"""

from __future__ import annotations

from sealane.core.model.values import dataclass
from sealane.errors import InputError, MissingExtraError


@dataclass(frozen=True, slots=True)
class Computed:
    """The three scores of a vector, each with its severity in capitals; "" in version 2.

    A score whose metrics do not stand in the vector is the one before it.
    """

    base: tuple[float, str]
    temporal: tuple[float, str]
    environmental: tuple[float, str]


def computed(version: str, vector: str) -> Computed:
    """What a vector comes to.

    Args:
        version: "2.0", "3.0" or "3.1".
        vector: A vector of it whose form is right.

    Raises:
        InputError: A base metric is missing, or a metric stands twice.
        MissingExtraError: The library is not installed.
    """
    try:
        import cvss  # type: ignore[import-untyped] # it has no types
    except ImportError as error:
        raise MissingExtraError("a CVSS score", "advisory", "cvss") from error
    try:
        if version == "2.0":
            base, temporal, environmental = cvss.CVSS2(vector).scores()
            temporal = base if temporal is None else temporal
            environmental = temporal if environmental is None else environmental
            return Computed((base, ""), (temporal, ""), (environmental, ""))
        found = cvss.CVSS3(vector)
    except cvss.CVSSError as error:
        raise InputError(f"{vector[:80]!r}: {error}") from error
    rated = zip(found.scores(), found.severities(), strict=True)
    base_3, temporal_3, environmental_3 = ((score, word.upper()) for score, word in rated)
    return Computed(base_3, temporal_3, environmental_3)
