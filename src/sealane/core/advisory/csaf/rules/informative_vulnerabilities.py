"""Informative rules on vulnerabilities: what a reader would like to be told of each.

Spec: CSAF 2.0, sections 6.3.1 to 6.3.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import each, inner, text, vulnerabilities


def _only_version_2(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, score in each(vulnerability, "scores", place):
            if "cvss_v2" in score and "cvss_v3" not in score:
                yield at, "expected cvss_v3 too, got cvss_v2 alone"


def _version_3_0(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, score in each(vulnerability, "scores", place):
            if text(inner(score, "cvss_v3"), "version") == "3.0":
                yield f"{at}/cvss_v3/version", "expected 3.1, got 3.0"


def _missing_cve(csaf: Csaf) -> Iterator[Broken]:
    return _missing(csaf, "cve")


def _missing_cwe(csaf: Csaf) -> Iterator[Broken]:
    return _missing(csaf, "cwe")


def _missing(csaf: Csaf, name: str) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        if name not in vulnerability:
            yield place, f"expected {name}, found none"


RULES = (
    Rule(
        "6.3.1",
        "Use of CVSS v2 as the only Scoring System",
        Level.INFORMATIVE,
        _only_version_2,
    ),
    Rule("6.3.2", "Use of CVSS v3.0", Level.INFORMATIVE, _version_3_0),
    Rule("6.3.3", "Missing CVE", Level.INFORMATIVE, _missing_cve),
    Rule("6.3.4", "Missing CWE", Level.INFORMATIVE, _missing_cwe),
)
