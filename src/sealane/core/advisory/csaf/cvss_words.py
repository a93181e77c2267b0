"""How the members of a CVSS object, and the metrics of its vector, are called in each version.

Spec: FIRST, cvss-v2.0.json, cvss-v3.0.json, cvss-v3.1.json.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from sealane.core.model.values import dataclass

NOT_DEFINED: Final = "NOT_DEFINED"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: the member, its short name in a vector, and the word for each short value."""

    member: str
    short: str
    words: tuple[tuple[str, str], ...]


def _metrics(
    names: str, words: str, *, modified: bool = False, undefined: str = ""
) -> tuple[Metric, ...]:
    """Metrics with the same values.

    Args:
        names: Each as "member=short".
        words: Each as "short=WORD".
        modified: Whether to make the modified metrics of these instead.
        undefined: The short value that stands for one that is not defined; "" where there is none.
    """
    values = tuple((one.partition("=")[0], one.partition("=")[2]) for one in words.split())
    if undefined:
        values = (*values, (undefined, NOT_DEFINED))
    found = [one.partition("=") for one in names.split()]
    if modified:
        found = [(f"modified{name[0].upper()}{name[1:]}", "=", f"M{at}") for name, _, at in found]
    return tuple(Metric(name, at, values) for name, _, at in found)


_IMPACTS = "confidentialityImpact=C integrityImpact=I availabilityImpact=A"
_REQUIREMENTS = "confidentialityRequirement=CR integrityRequirement=IR availabilityRequirement=AR"
_FIXES = {
    "2.0": "OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE",
    "3": "O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE",
}
_LEVELS = "L=LOW M=MEDIUM H=HIGH"
_BASE_3 = (
    ("attackVector=AV", "N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL"),
    ("attackComplexity=AC", "L=LOW H=HIGH"),
    ("privilegesRequired=PR", "N=NONE L=LOW H=HIGH"),
    ("userInteraction=UI", "N=NONE R=REQUIRED"),
    ("scope=S", "U=UNCHANGED C=CHANGED"),
    (_IMPACTS, "N=NONE L=LOW H=HIGH"),
)
_VERSION_3: Final = (
    *(metric for names, words in _BASE_3 for metric in _metrics(names, words)),
    *_metrics(
        "exploitCodeMaturity=E",
        "U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH",
        undefined="X",
    ),
    *_metrics("remediationLevel=RL", _FIXES["3"], undefined="X"),
    *_metrics("reportConfidence=RC", "U=UNKNOWN R=REASONABLE C=CONFIRMED", undefined="X"),
    *_metrics(_REQUIREMENTS, _LEVELS, undefined="X"),
    *(
        metric
        for names, words in _BASE_3
        for metric in _metrics(names, words, modified=True, undefined="X")
    ),
)
_VERSION_2: Final = (
    *_metrics("accessVector=AV", "N=NETWORK A=ADJACENT_NETWORK L=LOCAL"),
    *_metrics("accessComplexity=AC", _LEVELS),
    *_metrics("authentication=Au", "M=MULTIPLE S=SINGLE N=NONE"),
    *_metrics(_IMPACTS, "N=NONE P=PARTIAL C=COMPLETE"),
    *_metrics(
        "exploitability=E",
        "U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH",
        undefined="ND",
    ),
    *_metrics("remediationLevel=RL", _FIXES["2.0"], undefined="ND"),
    *_metrics(
        "reportConfidence=RC", "UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED", undefined="ND"
    ),
    *_metrics(
        "collateralDamagePotential=CDP",
        "N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH",
        undefined="ND",
    ),
    *_metrics("targetDistribution=TD", f"N=NONE {_LEVELS}", undefined="ND"),
    *_metrics(_REQUIREMENTS, _LEVELS, undefined="ND"),
)
METRICS: Final[Mapping[str, tuple[Metric, ...]]] = {
    "2.0": _VERSION_2,
    "3.0": _VERSION_3,
    "3.1": _VERSION_3,
}


def metrics_of(vector: str) -> dict[str, str]:
    """The short values of a vector by short metric; of one that stands twice, the last."""
    parts = (one.partition(":") for one in vector.split("/"))
    return {name: value for name, _, value in parts if name != "CVSS"}


def is_vector_2(text: str) -> bool:
    """Whether it is formed as a vector of CVSS 2.0."""
    return _pattern("2.0").fullmatch(text) is not None


def is_vector_30(text: str) -> bool:
    """Whether it is formed as a vector of CVSS 3.0."""
    return _pattern("3.0").fullmatch(text) is not None


def is_vector_31(text: str) -> bool:
    """Whether it is formed as a vector of CVSS 3.1."""
    return _pattern("3.1").fullmatch(text) is not None


@cache
def _pattern(version: str) -> re.Pattern[str]:
    metrics = METRICS[version]
    one = "|".join(
        f"{metric.short}:(?:{'|'.join(value for value, _ in metric.words)})" for metric in metrics
    )
    head = "" if version == "2.0" else f"CVSS:{re.escape(version)}/"
    return re.compile(f"{head}(?:{one})(?:/(?:{one}))*")
