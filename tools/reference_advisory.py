"""The pages of the reference on advisories: formats, outlets, checks; see tools/reference.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sealane.core.advisory.checks.interface import Check
from sealane.core.advisory.checks.registry import CHECKS
from sealane.core.advisory.documents import Issuer, Rendering
from sealane.core.advisory.draft import package_entry
from sealane.core.advisory.formats.registry import FORMATS
from sealane.core.advisory.listing import ListedFile, ListedRelease, Listing
from sealane.core.advisory.record import SCHEMA_VERSION, Record, Reference
from sealane.core.model.codes import code_of
from sealane.io.outlets.csaf_tree import CsafTreeOutlet
from sealane.io.outlets.cve import CveOutlet
from sealane.io.outlets.ghsa import GhsaOutlet
from sealane.io.outlets.osv_git import OsvGitOutlet
from sealane.io.outlets.registry import settings_of

NOTICE = "<!-- written by tools/reference.py: change the code, then run `make docs` -->"
# In the order in which they become public.
OUTLETS = (GhsaOutlet, CveOutlet, CsafTreeOutlet, OsvGitOutlet)
# Told once, for all outlets, below [advisory].
TOLD_ONCE = ("publisher", "namespace", "contact", "category")
AT = datetime(2026, 11, 25, tzinfo=UTC)
FORMATS_OPENING = f"""\
The record is OSV {SCHEMA_VERSION}. `sealane advisory render` makes the other documents of it, and
`sealane advisory validate` holds each against the rules of its own format.
[What each can say](../explanation/advisories.md#what-each-format-can-say) is told elsewhere."""
OUTLETS_OPENING = """\
Where `sealane advisory publish` sends documents, in this order. Keys are those of
[`[[advisory.outlet]]`](configuration.md); those in brackets may be left out."""
CHECKS_OPENING = """\
What `sealane advisory check` and `sealane advisory agree` ask, in this order. Each code has a page
with an example. `--without CODE` leaves a check out, and the report says so.

*Asked of* says whether a draft is asked as well. A check with a deadline is *missing* (exit code 3)
until then, counted from `--lifted`, and untrue (1) afterwards."""


def formats_page() -> str:
    """All formats with the names of their files, and all outlets with what they take."""
    parts = [NOTICE, "# Formats and outlets of advisories", "", FORMATS_OPENING, ""]
    parts += ["| `--as` | format | file, of PYSEC-2026-1 |", "|---|---|---|"]
    parts += list(_format_rows())
    parts += ["", "## Outlets", "", OUTLETS_OPENING, ""]
    parts += ["| `kind` | takes | can be taken back | keys |", "|---|---|---|---|"]
    for outlet in OUTLETS:
        needed, more = settings_of(outlet.kind)
        told = [*needed, *(f"[{one}]" for one in more)]
        keys = ", ".join(one for one in told if one.strip("[]") not in TOLD_ONCE)
        back = "yes" if outlet.reversible else "no"
        takes = ", ".join(f"`{one}`" for one in outlet.formats)
        parts.append(f"| `{outlet.kind}` | {takes} | {back} | {keys} |")
    return "\n".join([*parts, ""])


def checks_page() -> str:
    """All checks, with what a finding of each means."""
    parts = [NOTICE, "# Checks of advisories", "", CHECKS_OPENING, ""]
    parts += ["| | code | what it finds | asked of | deadline |", "|---|---|---|---|---|"]
    parts += [_check_row(check) for check in CHECKS]
    return "\n".join([*parts, ""])


def _format_rows() -> Iterator[str]:
    record = Record(
        "PYSEC-2026-1", AT, AT, schema_version=SCHEMA_VERSION,
        summary="An example", details="None.",
        affected=(package_entry("acme", (("introduced", "0"), ("fixed", "1.2"))),),
        references=(Reference("ADVISORY", "https://acme.example/advisories/1"),),
    )  # fmt: skip
    release = ListedRelease("1.2", (ListedFile("acme-1.2.tar.gz", "9b" * 32),))
    rendering = Rendering(
        Issuer("Acme", "https://acme.example"), (Listing("acme", (release,), "an example"),),
        AT, final=True, tlp="CLEAR", engine="0",
    )  # fmt: skip
    for name, one in FORMATS.items():
        yield f"| `{name}` | {one.title} | `{one.render(record, rendering).name}` |"


def _check_row(check: Check) -> str:
    code = code_of(check.code)
    number = f"ADV{int(code.code[-3:]):02}"
    link = f"[`{code.label}`](findings/{code.code}.md)"
    asked = "published ones" if check.published else "drafts too"
    return f"| {number} | {link} | {code.meaning} | {asked} | {_span(check.deadline_s)} |"


def _span(seconds: int) -> str:
    """How long, in the largest unit that fits: "15 min", "48 h"; "" for no time."""
    if not seconds:
        return ""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min"
