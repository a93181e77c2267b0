"""What a profile asks for beside what every document has.

Spec: CSAF 2.0, section 4 and sections 6.1.27.1 to 6.1.27.11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import (
    Object,
    each,
    inner,
    members_of_groups,
    named_products,
    text,
    texts,
    vulnerabilities,
)

_INCIDENT = "csaf_security_incident_response"
_INFORMATIONAL = "csaf_informational_advisory"
_ADVISORY = "csaf_security_advisory"
_VEX = "csaf_vex"
_NOTES = frozenset(("description", "details", "general", "summary"))
_VEX_STATUS = ("fixed", "known_affected", "known_not_affected", "under_investigation")

_Question: TypeAlias = Callable[[Csaf], Iterator[Broken]]


def _document_notes(csaf: Csaf) -> Iterator[Broken]:
    notes = each(inner(csaf.document, "document"), "notes", "/document")
    if not any(text(note, "category") in _NOTES for _, note in notes):
        yield "/document", f"expected a note of the category {', '.join(sorted(_NOTES))}, got none"


def _document_references(csaf: Csaf) -> Iterator[Broken]:
    references = each(inner(csaf.document, "document"), "references", "/document")
    # The schema's default for a reference without a category is "external".
    if not any(text(one, "category") in {"", "external"} for _, one in references):
        yield "/document", "expected a reference of the category external, got none"


def _no_vulnerabilities(csaf: Csaf) -> Iterator[Broken]:
    if "vulnerabilities" in csaf.document:
        yield "/vulnerabilities", "expected none, as the profile has none"


def _product_tree(csaf: Csaf) -> Iterator[Broken]:
    if "product_tree" not in csaf.document:
        yield "", "product_tree is missing"


def _vulnerability_notes(csaf: Csaf) -> Iterator[Broken]:
    return _each_has(csaf, ("notes",))


def _product_status(csaf: Csaf) -> Iterator[Broken]:
    return _each_has(csaf, ("product_status",))


def _vex_product_status(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        status = inner(vulnerability, "product_status")
        if not any(name in status for name in _VEX_STATUS):
            yield (
                f"{place}/product_status" if status else place,
                f"expected a product status of {', '.join(_VEX_STATUS)}, got none",
            )


def _vulnerability_id(csaf: Csaf) -> Iterator[Broken]:
    return _each_has(csaf, ("cve", "ids"))


def _impact_statement(csaf: Csaf) -> Iterator[Broken]:
    def impacts(vulnerability: Object) -> Iterator[Object]:
        yield from (one for _, one in each(vulnerability, "flags", ""))
        for _, one in each(vulnerability, "threats", ""):
            if text(one, "category") == "impact":
                yield one

    return _each_named(csaf, "known_not_affected", impacts, "a flag or a threat of category impact")


def _action_statement(csaf: Csaf) -> Iterator[Broken]:
    def actions(vulnerability: Object) -> Iterator[Object]:
        yield from (one for _, one in each(vulnerability, "remediations", ""))

    return _each_named(csaf, "known_affected", actions, "a remediation")


def _some_vulnerabilities(csaf: Csaf) -> Iterator[Broken]:
    if "vulnerabilities" not in csaf.document:
        yield "", "vulnerabilities is missing"


def _each_has(csaf: Csaf, names: tuple[str, ...]) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        if not any(name in vulnerability for name in names):
            yield place, f"{' and '.join(names)}: missing"


def _each_named(
    csaf: Csaf, status: str, items: Callable[[Object], Iterator[Object]], expected: str
) -> Iterator[Broken]:
    """Products of a status that no such item names, itself or by a group."""
    of_groups = members_of_groups(csaf.document)
    for place, vulnerability in vulnerabilities(csaf.document):
        named = named_products(items(vulnerability), of_groups)
        listed = texts(inner(vulnerability, "product_status"), status)
        for number, product in enumerate(listed):
            if product not in named:
                yield (
                    f"{place}/product_status/{status}/{number}",
                    f"expected {expected} for the product {product[:80]!r}, got none",
                )


def _rule(number: str, title: str, profiles: tuple[str, ...], question: _Question) -> Rule:
    """A rule that is asked in some profiles only."""

    def broken(csaf: Csaf) -> Iterator[Broken]:
        category = text(inner(csaf.document, "document"), "category")
        if category in profiles:
            for place, message in question(csaf):
                yield place, f"{category}: {message}"

    return Rule(f"6.1.27.{number}", title, Level.MANDATORY, broken)


_GENERAL = (_INCIDENT, _INFORMATIONAL)
_SECURITY = (_ADVISORY, _VEX)
RULES: Final = (
    _rule("1", "Document Notes", _GENERAL, _document_notes),
    _rule("2", "Document References", _GENERAL, _document_references),
    _rule("3", "Vulnerabilities", (_INFORMATIONAL,), _no_vulnerabilities),
    _rule("4", "Product Tree", _SECURITY, _product_tree),
    _rule("5", "Vulnerability Notes", _SECURITY, _vulnerability_notes),
    _rule("6", "Product Status", (_ADVISORY,), _product_status),
    _rule("7", "VEX Product Status", (_VEX,), _vex_product_status),
    _rule("8", "Vulnerability ID", (_VEX,), _vulnerability_id),
    _rule("9", "Impact Statement", (_VEX,), _impact_statement),
    _rule("10", "Action Statement", (_VEX,), _action_statement),
    _rule("11", "Vulnerabilities", _SECURITY, _some_vulnerabilities),
)
