"""All formats, and which of them a document has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sealane.core.advisory.formats.csaf import Csaf
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.core.advisory.formats.cve import Cve
from sealane.core.advisory.formats.ghsa import Ghsa
from sealane.core.advisory.formats.interface import Format
from sealane.core.advisory.formats.markdown import Markdown
from sealane.core.advisory.formats.openvex import OpenVex
from sealane.core.advisory.formats.osv import Osv
from sealane.core.advisory.formats.pypa import Pypa
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import UsageError

_MEMBERS: tuple[Format, ...] = (
    Osv(),
    Pypa(),
    Cve(),
    Csaf(),
    CsafVex(),
    OpenVex(),
    Ghsa(),
    Markdown(),
)
FORMATS: Mapping[str, Format] = {one.name: one for one in _MEMBERS}

_ENDINGS = {".md": "markdown", ".yaml": "pypa", ".yml": "pypa"}
_Members = Mapping[str, JsonValue]
# By what only documents of the format have; the first that fits.
_SIGNS: tuple[tuple[str, Callable[[_Members], bool]], ...] = (
    ("openvex", lambda found: "@context" in found and "statements" in found),
    ("csaf-vex", lambda found: _category(found) == "csaf_vex"),
    ("csaf", lambda found: bool(_category(found))),
    ("cve", lambda found: "containers" in found or {"affected", "descriptions"} <= found.keys()),
    ("osv", lambda found: {"id", "modified"} <= found.keys()),
    ("ghsa", lambda found: {"summary", "vulnerabilities"} <= found.keys()),
)


def format_named(name: str) -> Format:
    """The format of that name, e.g. "csaf".

    Raises:
        UsageError: There is none.
    """
    if name not in FORMATS:
        raise UsageError(
            f"format: expected one of {', '.join(FORMATS)}, got {name[:40]!r}",
            hint="sealane advisory render --help",
        )
    return FORMATS[name]


def format_of(content: bytes, name: str) -> Format | None:
    """The format that a document has, by the ending of its name, then by what is in it.

    Args:
        content: The document.
        name: Its file name; "" where it has none.

    Returns:
        None where it is JSON of something else.

    Raises:
        InputError: Neither named like YAML or Markdown, nor a JSON object.
    """
    for ending, found in _ENDINGS.items():
        if name.lower().endswith(ending):
            return FORMATS[found]
    if content.startswith(b"# "):
        return FORMATS["markdown"]
    members = parse_object(content, f"document {name[-80:]!r}")
    return next((FORMATS[found] for found, has_sign in _SIGNS if has_sign(members)), None)


def _category(found: _Members) -> str:
    document = found.get("document")
    category = document.get("category") if isinstance(document, dict) else None
    return category if isinstance(category, str) else ""
