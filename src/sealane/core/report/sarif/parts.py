"""What every SARIF log of ours is made of: its rules, its messages, its relative references.

Everything in it is ASCII, and what strangers wrote is escaped: a viewer that makes links of
`[text](target)`, or fills in `{0}`, finds neither in it.

Spec: SARIF 2.1.0 with errata 01 (OASIS).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from sealane import __version__
from sealane.core.model.code import Code
from sealane.core.model.shown import LONGEST, shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Basis, Finding, Outcome

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Where a rule is explained, within the documentation. It stands in `help` and in `properties`:
# SARIF's helpUri has to be absolute (section 3.49.12), and the project names no host of its own.
_PAGES = "docs/reference/findings"
# Section 3.27.10: whatever is not of kind "fail" has the level "none".
LEVELS = {
    Outcome.PASS: ("pass", "none"),
    Outcome.FAIL: ("fail", "error"),
    Outcome.MISSING: ("fail", "error"),
    Outcome.WARN: ("fail", "warning"),
    Outcome.NOTE: ("fail", "note"),
}
# The names of the IANA registry of hash functions; section 3.24.11.
HASHES = {"sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}


def render_log(run: Mapping[str, JsonValue]) -> str:
    """A SARIF log of one run."""
    log: dict[str, JsonValue] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [dict(run)]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def basis(based_on: Sequence[Basis]) -> JsonValue:
    """What was judged by."""
    return [
        {"kind": shown(one.kind), "name": shown(one.name), "sha256": shown(one.sha256)}
        for one in based_on
    ]


def driver(rules: Sequence[Code]) -> JsonValue:
    """The tool, with the rules it found something by."""
    return {
        "name": "sealane",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(one) for one in rules],
    }


def _rule(code: Code) -> JsonValue:
    page = f"{_PAGES}/{code.code}.md"
    return {
        "id": code.code,
        "name": code.name,
        "shortDescription": {"text": message(code.meaning)},
        "fullDescription": {"text": message(f"{code.label}: {code.meaning}")},
        "help": {"text": message(f"What to do: {code.hint}. More on it: {page}")},
        "defaultConfiguration": {"level": "error"},
        "properties": {"page": page},
    }


def uri(name: str) -> str:
    """A file's name as a relative reference of one segment; RFC 3986, section 4.2.

    A colon is encoded too, lest what stands before it be a scheme.
    """
    if name in {"", ".", ".."}:
        # These would name a folder; written out they are a name like any other.
        return quote(f"name-{len(name)}")
    return quote(name[:LONGEST].encode("utf-8", "surrogatepass"), safe="")


def message(text: str) -> str:
    """A text without a link, a placeholder or an invisible character; sections 3.11.5, 3.11.6."""
    plain = "".join(shown(text[start : start + LONGEST]) for start in range(0, len(text), LONGEST))
    braced = plain.replace("{", "{{").replace("}", "}}")
    return re.sub(r"(\\*)([\[\]])", r"\1\1\\\2", braced)


def told(subject: str, finding: Finding) -> str:
    """A finding on a subject as one sentence."""
    parts = (("expected", finding.expected), ("actual", finding.actual), ("at", finding.place))
    said = "; ".join(f"{word} {shown(text)}" for word, text in parts if text)
    return ": ".join(part for part in (f"{shown(subject)}: {finding.code}", said) if part)
