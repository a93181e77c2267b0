"""CVSS: of the right form, computed right, one a version and product.

Spec: CSAF 2.0, sections 6.1.7 to 6.1.10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sealane.core.advisory.csaf.cvss_words import METRICS, NOT_DEFINED, metrics_of
from sealane.core.advisory.csaf.form import cvss_faults
from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.scores import Computed, computed
from sealane.core.advisory.csaf.walk import Object, each, inner, text, texts, vulnerabilities
from sealane.errors import InputError

_MEMBERS = ("cvss_v2", "cvss_v3")


def _same_version(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        scored: dict[tuple[str, str], str] = {}
        for at, score in each(vulnerability, "scores", place):
            versions = [text(inner(score, one), "version") for one in _MEMBERS if one in score]
            for number, product in enumerate(texts(score, "products")):
                for version in versions:
                    first = scored.setdefault((product, version), at)
                    if first != at:
                        yield (
                            f"{at}/products/{number}",
                            f"the product {product[:80]!r} has a CVSS {version} score at {first}",
                        )


def _form(csaf: Csaf) -> Iterator[Broken]:
    for place, _, member, cvss in _objects(csaf):
        yield from cvss_faults(dict(cvss), member, place)


def _computation(csaf: Csaf) -> Iterator[Broken]:
    for place, version, _, cvss in _objects(csaf):
        vector = text(cvss, "vectorString")
        try:
            found = computed(version, vector)
        except InputError as error:
            yield f"{place}/vectorString", f"expected a vector that can be computed: {error}"
            continue
        yield from _differences(place, cvss, found)


def _differences(place: str, cvss: Object, found: Computed) -> Iterator[Broken]:
    kinds = {"base": found.base, "temporal": found.temporal, "environmental": found.environmental}
    for kind, (score, severity) in kinds.items():
        written = cvss.get(f"{kind}Score", score)
        if written != score:
            yield f"{place}/{kind}Score", f"expected {score} by the vector, got {written}"
        # Version 2 has no severities; a member of that name means nothing there.
        word = cvss.get(f"{kind}Severity", severity)
        if severity and word != severity:
            yield f"{place}/{kind}Severity", f"expected {severity} by the vector, got {word}"


def _contradictions(csaf: Csaf) -> Iterator[Broken]:
    for place, version, _, cvss in _objects(csaf):
        metrics = metrics_of(text(cvss, "vectorString"))
        for metric in METRICS[version]:
            if metric.member not in cvss:
                continue
            words = dict(metric.words)
            expected = words.get(metrics.get(metric.short, ""), NOT_DEFINED)
            if (actual := text(cvss, metric.member)) != expected:
                yield (
                    f"{place}/{metric.member}",
                    f"expected {expected} by the vector ({metric.short}), got {actual}",
                )


def _objects(csaf: Csaf) -> Iterator[tuple[str, str, str, Object]]:
    """Every CVSS object: its place, its version, the member it stands at, and itself."""
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, score in each(vulnerability, "scores", place):
            for member in _MEMBERS:
                if member in score:
                    cvss = inner(score, member)
                    yield f"{at}/{member}", text(cvss, "version"), member, cvss


RULES: Final = (
    Rule("6.1.7", "Multiple Scores with Same Version per Product", Level.MANDATORY, _same_version),
    Rule("6.1.8", "Invalid CVSS", Level.MANDATORY, _form),
    Rule("6.1.9", "Invalid CVSS Computation", Level.MANDATORY, _computation),
    Rule("6.1.10", "Inconsistent CVSS", Level.MANDATORY, _contradictions),
)
