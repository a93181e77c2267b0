"""All rules of CSAF 2.0 by their numbers, in the order of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sealane.core.advisory.csaf.rules import (
    informative_links,
    informative_products,
    informative_spelling,
    informative_vulnerabilities,
    mandatory_cvss,
    mandatory_document,
    mandatory_history,
    mandatory_identification,
    mandatory_products,
    mandatory_profiles,
    mandatory_status,
    mandatory_vulnerability,
    optional_document,
    optional_languages,
    optional_products,
    optional_scores,
)
from sealane.core.advisory.csaf.rules.interface import Rule
from sealane.errors import UsageError

_FAMILIES = (
    mandatory_cvss.RULES,
    mandatory_document.RULES,
    mandatory_history.RULES,
    mandatory_identification.RULES,
    mandatory_products.RULES,
    mandatory_profiles.RULES,
    mandatory_status.RULES,
    mandatory_vulnerability.RULES,
    optional_document.RULES,
    optional_languages.RULES,
    optional_products.RULES,
    optional_scores.RULES,
    informative_links.RULES,
    informative_products.RULES,
    informative_spelling.RULES,
    informative_vulnerabilities.RULES,
)


def _section(rule: Rule) -> tuple[int, ...]:
    return tuple(int(part) for part in rule.number.split("."))


RULES: Final = tuple(sorted((rule for rules in _FAMILIES for rule in rules), key=_section))
_BY_NUMBER: Mapping[str, Rule] = MappingProxyType({rule.number: rule for rule in RULES})


def rule_named(number: str) -> Rule:
    """The rule of a number, e.g. "6.1.27.3".

    Raises:
        UsageError: There is none.
    """
    if number not in _BY_NUMBER:
        raise UsageError(
            f"CSAF: no rule {number[:40]!r}",
            hint=f"they go from {RULES[0].number} to {RULES[-1].number}",
        )
    return _BY_NUMBER[number]
