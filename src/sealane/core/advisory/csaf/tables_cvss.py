"""The form of the CVSS objects in a CSAF document.

Spec: CSAF 2.0, section 3.2.3.13; FIRST, cvss-v2.0.json, cvss-v3.0.json, cvss-v3.1.json.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sealane.core.advisory.csaf.cvss_words import METRICS, is_vector_2, is_vector_30, is_vector_31
from sealane.core.advisory.csaf.shapes import table
from sealane.core.advisory.shape import ByMember, Number, Shape, Table, Word, Written

_SEVERITY = Word(("NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"))
_SCORES = ("baseScore", "temporalScore", "environmentalScore")
_SEVERITIES = ("baseSeverity", "temporalSeverity", "environmentalSeverity")


def _table(version: str, fits: Callable[[str], bool]) -> Table:
    rated = version != "2.0"
    members: list[tuple[str, Shape]] = [
        ("version", Word((version,))),
        ("vectorString", Written(f"a vector of CVSS {version}", fits)),
        *((name, Number(0, 10)) for name in _SCORES),
        *((name, _SEVERITY) for name in _SEVERITIES if rated),
    ]
    members += [
        (metric.member, Word(tuple(word for _, word in metric.words)))
        for metric in METRICS[version]
    ]
    required = ("version", "vectorString", "baseScore", *(("baseSeverity",) if rated else ()))
    return table(tuple(members), required)


CVSS_2: Final = _table("2.0", is_vector_2)
CVSS_3: Final = ByMember(
    "version", {"3.0": _table("3.0", is_vector_30), "3.1": _table("3.1", is_vector_31)}
)
