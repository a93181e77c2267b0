"""The page of the reference that lists the rules of CSAF; written by tools/reference.py."""

from __future__ import annotations

from itertools import groupby

from sealane.core.advisory.csaf.rules.interface import Level
from sealane.core.advisory.csaf.rules.registry import RULES

NOTICE = "<!-- written by tools/reference.py: change the code, then run `make docs` -->"
LEVELS = {
    Level.MANDATORY: (
        "Mandatory",
        "A document that breaks one is invalid, and is not published.",
    ),
    Level.OPTIONAL: (
        "Optional",
        "A document that breaks one is valid; the report warns, and somebody should look at it.",
    ),
    Level.INFORMATIVE: (
        "Informative",
        "A document that breaks one is valid; the report tells what could be better.",
    ),
}
OPENING = """\
What `sealane advisory validate` asks of a CSAF 2.0 document. The numbers are the sections of the
specification."""
FORM = """\
Beside them a document is held against three things that are no rules of section 6:

- JSON: not UTF-8, a key that stands twice, or a number that is none is an error, and nothing else
  is looked at.
- `schema`: its form, as the official schema asks for it, with times and URIs checked. Rules read
  only a document whose form is right. What is wrong inside of a CVSS object is told as `6.1.8`.
- `file-name`: the name of its file is the document's id in lower case, each run of characters other
  than letters of ASCII, digits, `+` and `-` as one underscore, and `.json`.
"""


def csaf_rules_page() -> str:
    """All rules of CSAF 2.0, by level."""
    parts = [NOTICE, "# Rules of CSAF", "", OPENING, "", FORM]
    for level, rules in groupby(RULES, key=lambda rule: rule.level):
        title, meaning = LEVELS[level]
        parts += [f"## {title}", "", meaning, "", "| rule | title |", "|---|---|"]
        parts += [f"| {rule.number} | {rule.title} |" for rule in rules]
        parts += [""]
    return "\n".join(parts)
