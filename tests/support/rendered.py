"""Records of every kind, and what they are rendered with, for those who judge documents."""

from datetime import timedelta

from sealane.core.advisory.documents import Issuer, Rendering
from sealane.core.advisory.record import (
    Credit,
    FixedFile,
    Provenance,
    Record,
    Reference,
    Revision,
    Severity,
)
from sealane.core.model.values import replace
from support.records import AT, V3, V4, digest_of, entry_of, listed, record_of

V2 = "AV:N/AC:L/Au:N/C:P/I:N/A:N"
_COMMANDS = "Special Elements used in an OS Command ('OS Command Injection')"
_SCRIPTS = "Input During Web Page Generation ('Cross-site Scripting')"
WEAKNESSES = (
    ("CWE-78", f"Improper Neutralization of {_COMMANDS}"),
    ("CWE-79", f"Improper Neutralization of {_SCRIPTS}"),
)
# Addresses that may answer: those of `example` never do, and rule 6.3.6 says so.
ISSUER = Issuer(
    "Acme security team", "https://www.example.com", "security@example.com", "Acme", "vendor"
)
RENDERING = Rendering(
    ISSUER,
    (listed("acme", ["0.9", "1.0", "1.1", "1.2rc1", "1.2", "1.3", "2.0", "2.1", "1!0.1"]),),
    AT,
    final=True,
    tlp="CLEAR",
    engine="1.0",
    weaknesses=WEAKNESSES,
    csaf_url="https://www.example.com/csaf",
)
LINKS = (
    Reference("ADVISORY", "https://www.example.com/advisories/1"),
    Reference("FIX", "https://www.example.com/acme/commit/" + "a" * 40),
    Reference("NEWS", "https://www.example.com/news"),
)
SERIES = entry_of(events="1.0 <1.2 2.0 <2.1", versions=["1.0", "1.1", "1.2rc1", "2.0"])
PLAIN = record_of(SERIES, references=LINKS)
WHEEL = "acme-1.2-py3-none-any.whl"
REVISIONS = (
    Revision("1", AT - timedelta(days=2), "First published."),
    Revision("2", AT, "A version was forgotten."),
)

# What each is, its record, and how it is rendered. No CSAF rule, mandatory or not, is broken by
# those without a mark.
RECORDS: dict[str, tuple[Record, Rendering]] = {
    "plain": (PLAIN, RENDERING),
    "rated-by-three": (
        replace(
            PLAIN,
            severity=(
                Severity("CVSS_V2", V2), Severity("CVSS_V3", V3), Severity("CVSS_V4", V4),
                Severity("CVSS_V3", V3.replace("C:H", "C:L")), Severity("Ubuntu", "high"),
            ),
        ),
        RENDERING,
    ),
    "revised": (
        replace(
            PLAIN,
            provenance=Provenance(
                files=(FixedFile("Acme", "1.2", WHEEL, digest_of(WHEEL)),),
                unaffected=("1.3",),
                revisions=REVISIONS,
            ),
        ),
        RENDERING,
    ),
    "two-projects": (
        record_of(
            entry_of("acme", "0 <=1.1", ["0.9", "1.0"]),
            entry_of("acme-core", "", ["3.0", "3.1"]),
            entry_of("acme-tools", "5.0", ["5.0"]),
            references=LINKS,
            credits=(Credit("Jo", "", ("https://www.example.com/jo", "jo@example.com")),),
            weaknesses=("CWE-78", "CWE-79"),
        ),
        replace(
            RENDERING,
            listings=(*RENDERING.listings, listed("acme-core", ["2.9", "3.0", "3.1", "3.2"])),
        ),
    ),
    "rehearsed": (replace(PLAIN, provenance=Provenance(sandbox=True)), RENDERING),
    "withdrawn": (replace(PLAIN, withdrawn=AT + timedelta(days=1)), RENDERING),
}  # fmt: skip
# Valid all the same, but not without a warning.
WARNED: dict[str, tuple[Record, Rendering]] = {
    "draft": (
        replace(PLAIN, published=None),
        replace(RENDERING, final=False, tlp="AMBER+STRICT", csaf_url=""),
    ),
    "bare": (
        record_of(
            entry_of(),
            summary="", details="", aliases=(), severity=(), references=(), credits=(),
            weaknesses=("CWE-78", "CWE-1000000"), rating="",
        ),
        replace(
            RENDERING,
            issuer=Issuer("Acme", "https://www.example.com"), listings=(), weaknesses=(),
            csaf_url="", tlp="GREEN",
        ),
    ),
}  # fmt: skip
