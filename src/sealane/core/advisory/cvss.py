"""What a CVSS vector comes to; the arithmetic is the library's, behind the extra [advisory].

Spec: CVSS 2.0 complete guide, 3.0 and 3.1 specification, 4.0 specification, "Vector String".
"""

from __future__ import annotations

import re

from sealane.core.model.values import dataclass
from sealane.errors import InputError, MissingExtraError

_TYPES = {"CVSS_V2": "", "CVSS_V3": "CVSS:3.", "CVSS_V4": "CVSS:4.0/"}
_WRITTEN = re.compile(r"(CVSS:[34]\.[01]/)?[A-Za-z]+:[A-Za-z]+(/[A-Za-z]+:[A-Za-z]+)*")
_BASE_4 = ("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA")
# Version 4 has an order, and readers may refuse another: "Vector String", section 7.
_ORDER_4 = (
    *_BASE_4,
    *("E", "CR", "IR", "AR", "MAV", "MAC", "MAT", "MPR", "MUI", "MVC", "MVI", "MVA", "MSC", "MSI"),
    *("MSA", "S", "AU", "R", "V", "RE", "U"),
)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a vector comes to.

    Attributes:
        version: "2.0", "3.0", "3.1" or "4.0".
        score: The base score, 0.0 to 10.0, with one digit after the point.
        severity: "NONE", "LOW", "MEDIUM", "HIGH" or "CRITICAL"; version 2 has the middle three.
    """

    version: str
    score: float
    severity: str


def rating_of(type: str, vector: str) -> Rating:  # noqa: A002 - OSV's word
    """The base score of a vector and its severity.

    Metrics of threat, time and environment may stand in a vector; the base score is without them.

    Args:
        type: OSV's word for the version: "CVSS_V2", "CVSS_V3" or "CVSS_V4".
        vector: E.g. "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".

    Raises:
        InputError: Another type; a vector of another version; a metric that is missing, unknown,
            written twice or, in version 4, out of order.
        MissingExtraError: The library is not installed.
    """
    if type not in _TYPES:
        raise InputError(
            f"severity: expected {', '.join(sorted(_TYPES))}, got {type[:40]!r}",
            hint="a rating that is no CVSS vector stands in database_specific.severity",
        )
    prefix = _TYPES[type]
    if not _WRITTEN.fullmatch(vector) or vector[: len(prefix)] != prefix:
        raise InputError(
            f"severity: expected a vector of {type}{f' ({prefix}...)' if prefix else ''}, "
            f"got {vector[:80]!r}",
            hint="take type and vector from one calculator",
        )
    try:
        import cvss  # type: ignore[import-untyped] # it has no types
    except ImportError as error:
        raise MissingExtraError("a CVSS rating", "advisory", "cvss") from error
    try:
        if type == "CVSS_V2":
            two = cvss.CVSS2(vector)
            return Rating("2.0", float(two.scores()[0]), two.severities()[0].upper())
        if type == "CVSS_V3":
            three = cvss.CVSS3(vector)
            score, severity = float(three.scores()[0]), three.severities()[0].upper()
            return Rating(vector[5:8], score, severity)
        cvss.CVSS4(vector)
        base = cvss.CVSS4(_base_4(vector))
        return Rating("4.0", float(base.scores()[0]), base.severities()[0].upper())
    except cvss.CVSSError as error:
        raise InputError(f"severity: {vector[:80]!r}: {error}") from error


def _base_4(vector: str) -> str:
    """The vector without what is no base metric; the library's score of all is another one."""
    metrics = vector.split("/")
    names = [one.partition(":")[0] for one in metrics[1:]]
    if names != [one for one in _ORDER_4 if one in names]:
        raise InputError(
            f"severity: {vector[:80]!r}: expected the metrics in the order of CVSS 4.0",
            hint="write them as the calculator does: AV, AC, AT, PR, UI, VC, ...",
        )
    return "/".join(metrics[: 1 + len(_BASE_4)])
