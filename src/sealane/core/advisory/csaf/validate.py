"""Holds a CSAF document against its form, its rules, and the rule of its file name.

Spec: CSAF 2.0, sections 5.1 and 6; section 9.1.14, "CSAF basic validator".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sealane.core.advisory.csaf.file_name import csaf_file_name
from sealane.core.advisory.csaf.form import form_faults
from sealane.core.advisory.csaf.rules.interface import Csaf, Level, Speller
from sealane.core.advisory.csaf.rules.registry import RULES
from sealane.core.advisory.csaf.walk import Object, inner, text
from sealane.core.advisory.documents import Fault
from sealane.core.attestation.strict_json import as_object, parse_json


def csaf_faults(
    content: bytes, name: str, weaknesses: Mapping[str, str], speller: Speller | None = None
) -> tuple[Fault, ...]:
    """What a document breaks; it is valid where all of it only warns.

    1. What is not JSON is no document.
    2. Rules read a document whose form is right: of another one they would say what is untrue, so
       its form is all that is told. A broken CVSS object breaks rule 6.1.8.
    3. Every rule is asked, in the order of the specification.
    4. The file name, where there is one, follows the document's id.

    Args:
        content: The document, JSON in UTF-8.
        name: Its file name, without folders; "" where it has none yet.
        weaknesses: Known CWE ids and their names.
        speller: Dictionaries for rule 6.3.8; without any, that rule is not asked.

    Raises:
        InputError: Not JSON, or JSON that two readers may read differently.
        MissingExtraError: It has CVSS scores, and what computes them is not installed.
    """
    document = parse_json(content, name or "csaf")  # 1
    if broken := form_faults(document):  # 2
        return broken
    csaf = Csaf(as_object(document, "csaf"), weaknesses, speller)
    return (*_rule_faults(csaf), *_name_faults(csaf.document, name))


def _rule_faults(csaf: Csaf) -> Iterator[Fault]:
    for rule in RULES:  # 3
        warns = rule.level is not Level.MANDATORY
        for place, message in rule.broken(csaf):
            yield Fault(rule.number, place, message, warns)


def _name_faults(document: Object, name: str) -> Iterator[Fault]:
    expected = csaf_file_name(text(inner(inner(document, "document"), "tracking"), "id"))  # 4
    if name and name != expected:
        yield Fault(
            "file-name", "/document/tracking/id", f"expected {expected[:200]!r}, got {name[:200]!r}"
        )
