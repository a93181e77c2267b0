"""An optional rule on scores: what is fixed has none, or one that says nothing is left.

Spec: CSAF 2.0, section 6.2.19; CVSS 2.0 complete guide, 3.2.3 and 3.3; CVSS 3.0 and 3.1
specification, 7.3 (environmental equations).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from sealane.core.advisory.csaf.cvss_words import metrics_of
from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import Object, each, inner, text, texts, vulnerabilities

_IMPACTS = ("C", "I", "A")
_WEIGHTS = {
    "AV": {"L": "0.395", "A": "0.646", "N": "1.0"},
    "AC": {"H": "0.35", "M": "0.61", "L": "0.71"},
    "Au": {"M": "0.45", "S": "0.56", "N": "0.704"},
    "impact": {"N": "0", "P": "0.275", "C": "0.660"},
    "requirement": {"L": "0.5", "M": "1.0", "H": "1.51", "ND": "1.0"},
    "E": {"U": "0.85", "POC": "0.9", "F": "0.95", "H": "1.00", "ND": "1.00"},
    "RL": {"OF": "0.87", "TF": "0.90", "W": "0.95", "U": "1.00", "ND": "1.00"},
    "RC": {"UC": "0.90", "UR": "0.95", "C": "1.00", "ND": "1.00"},
    "CDP": {"N": "0", "L": "0.1", "LM": "0.3", "MH": "0.4", "H": "0.5", "ND": "0"},
    "TD": {"N": "0", "L": "0.25", "M": "0.75", "H": "1.00", "ND": "1.00"},
}


def _score_of_fixed(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        status = inner(vulnerability, "product_status")
        fixed = {*texts(status, "fixed"), *texts(status, "first_fixed")}
        for at, score in each(vulnerability, "scores", place):
            named = sorted(fixed.intersection(texts(score, "products")))
            for name in ("cvss_v2", "cvss_v3") if named else ():
                if name in score and _something_left(inner(score, name)):
                    yield (
                        f"{at}/{name}",
                        f"expected an environmental score of 0, as {named[0][:80]!r} is fixed",
                    )


def _something_left(rating: Object) -> bool:
    metrics = metrics_of(text(rating, "vectorString"))
    if text(rating, "version") == "2.0":
        return _environmental_2(metrics) != 0
    # Version 3 comes to 0 if, and only if, nothing is lost: each impact that is not modified is the
    # base metric. Even with a changed scope one low impact leaves more than the equation takes off.
    lost = (_modified(metrics, name) for name in _IMPACTS)
    return any(one != "N" for one in lost)


def _modified(metrics: dict[str, str], name: str) -> str:
    changed = metrics.get(f"M{name}", "X")
    # A vector without it breaks rule 6.1.8; here it counts as something.
    return metrics.get(name, "") if changed == "X" else changed


def _environmental_2(metrics: dict[str, str]) -> Decimal:
    """The environmental score of a vector of version 2, rounded to tenths.

    Rounding alone can make it 0, so that a question to single metrics would not do.
    """

    def weight(name: str, table: str = "") -> Decimal:
        weights = _WEIGHTS[table or name]
        # A base metric that is missing breaks rule 6.1.8; here it weighs as much as any.
        return Decimal(weights.get(metrics.get(name, "ND"), "1"))

    kept = Decimal(1)
    for name in _IMPACTS:
        kept *= 1 - weight(name, "impact") * weight(f"{name}R", "requirement")
    impact = min(Decimal(10), Decimal("10.41") * (1 - kept))
    ease = 20 * weight("AV") * weight("AC") * weight("Au")
    factor = Decimal("1.176") if impact else Decimal(0)
    base = _tenths((Decimal("0.6") * impact + Decimal("0.4") * ease - Decimal("1.5")) * factor)
    temporal = _tenths(base * weight("E") * weight("RL") * weight("RC"))
    # A weak attack on something of little worth comes out below 0, where no score is.
    return max(Decimal(0), _tenths((temporal + (10 - temporal) * weight("CDP")) * weight("TD")))


def _tenths(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)


RULES = (Rule("6.2.19", "CVSS for Fixed Products", Level.OPTIONAL, _score_of_fixed),)
