"""What goes into a document beside the record, and what one says; shared by all formats."""

from __future__ import annotations

from datetime import datetime

from sealane.core.advisory.listing import Listing
from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the advisory; `[advisory]` of `sealane.toml`.

    Attributes:
        name: Of the team or project, e.g. "Acme security team".
        namespace: A URL that is theirs, e.g. "https://acme.example".
        contact: How they are reached: an address or a URL; "" where they do not say.
        vendor: Who makes the product; the name where it is not told.
        category: CSAF's word for them, e.g. "vendor".
    """

    name: str
    namespace: str
    contact: str = ""
    vendor: str = ""
    category: str = "vendor"


@dataclass(frozen=True, slots=True)
class Rendering:
    """What besides the record goes into a document.

    Attributes:
        issuer: Who issues it.
        listings: The index of each package, predicted before the lift; formats that name each
            version take it from here, and from the record where a package has none.
        at: Date of the document, UTC.
        final: False for a draft.
        tlp: Traffic light: "CLEAR", "GREEN", "AMBER", "AMBER+STRICT" or "RED".
        engine: Version of sealane, which names itself as the generator.
        weaknesses: Known CWE ids and their names, for formats that write the name too.
        csaf_url: Where the folder with CSAF documents is read, e.g. "https://acme.example/csaf";
            "" where that is not known.
    """

    issuer: Issuer
    listings: tuple[Listing, ...]
    at: datetime
    final: bool
    tlp: str
    engine: str
    weaknesses: tuple[tuple[str, str], ...] = ()
    csaf_url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One rendered or published file: its format's name, its file name or path, its bytes."""

    format: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says besides the affected set, to be held against the record.

    Attributes:
        ids: Every identifier of the vulnerability and the advisory.
        vectors: CVSS vectors, as they stand there.
        ratings: Words and numbers for the severity, in lower case, e.g. "high" or "7.5".
        weaknesses: E.g. "CWE-79".
        fixed: Versions said to fix it, also in a sentence of ours that says what to upgrade to.
        projects: Projects it is about, as PEP 503 writes them; what is on no Python index stands as
            the document writes it.
    """

    ids: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    ratings: frozenset[str] = frozenset()
    weaknesses: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule of a format that a document breaks.

    Attributes:
        rule: The rule's own name, e.g. "6.1.1" of CSAF, "RNG:001" of OSV's linter, or "schema".
        place: Where in the document, as a JSON pointer: "/document/tracking/id".
        message: What is wrong, expected and actual.
        warns: True where the document is valid in spite of it.
    """

    rule: str
    place: str
    message: str
    warns: bool = False
