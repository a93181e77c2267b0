"""What a CSAF document says, read alone, as a scanner reads it that knows no record.

What it leaves open about a project is refused rather than guessed: a product that may be any
project's, one that is made of two others, a version under investigation, or two statements that
contradict each other.

Spec: CSAF 2.0, sections 3.2.2 and 3.2.3.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from packaging.version import Version

from sealane.core.advisory.csaf.form import form_faults
from sealane.core.advisory.csaf.identify import Product, identify
from sealane.core.advisory.csaf.vulnerability import RATINGS_TITLE, WEAKNESSES_TITLE
from sealane.core.advisory.csaf.walk import Object, each, inner, text, texts, vulnerabilities
from sealane.core.advisory.documents import Said
from sealane.core.advisory.range_text import upgrades_in
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_WEAKNESS = re.compile("CWE-[0-9]+")
_RATED = re.compile(r"(\S+) \(([0-9.]+) ([A-Z]+)\)")
_AFFECTED = ("first_affected", "known_affected", "last_affected")
_NOT_AFFECTED = ("first_fixed", "fixed", "known_not_affected")
_UNCLEAR = ("under_investigation",)


def parse_csaf(content: bytes) -> dict[str, JsonValue]:
    """A document whose form is right.

    Raises:
        InputError: Not JSON, or not of the form of a CSAF 2.0 document.
    """
    document = parse_object(content, "csaf")
    for fault in form_faults(document):
        raise InputError(
            f"csaf: {fault.place or '/'}: {fault.message}",
            hint="`sealane advisory validate` names everything that is wrong",
        )
    return document


def affected_by(document: Object, project: str, versions: Collection[str]) -> frozenset[str]:
    """Those of the versions that a document says are affected.

    1. Find out which product is which version.
    2. Of each vulnerability, put together what is said of each version. A version that nothing is
       said about is not said to be affected.
    3. One vulnerability that affects it is enough.

    Args:
        document: Its form is right.
        project: Name as PEP 503 writes it.
        versions: PEP 440 normal forms.

    Raises:
        InputError: It leaves open what is affected.
    """
    known = identify(document, project)  # 1
    asked = {Version(one): one for one in versions}
    found: set[str] = set()
    for place, vulnerability in vulnerabilities(document):  # 2
        status = inner(vulnerability, "product_status")
        at = f"csaf: {place}/product_status"

        def named(names: tuple[str, ...], status: Object = status, at: str = at) -> frozenset[str]:
            return _named(_products(status, names, known, at), project, asked)

        affected = named(_AFFECTED)
        if both := affected & named(_NOT_AFFECTED):
            raise InputError(f"{at}: {project} {min(both)} is affected, and it is not")
        if unclear := named(_UNCLEAR):
            raise InputError(f"{at}: {project} {min(unclear)} is under investigation")
        found |= affected  # 3
    return frozenset(found)


def _products(
    status: Object, names: tuple[str, ...], known: Mapping[str, Product], at: str
) -> Iterator[Product]:
    for name in names:
        for number, product_id in enumerate(texts(status, name)):
            if product_id not in known:
                raise InputError(
                    f"{at}/{name}/{number}: {product_id[:80]!r} may be any project",
                    hint="give each product a package URL",
                )
            yield known[product_id]


def _named(
    products: Iterator[Product], project: str, asked: Mapping[Version, str]
) -> frozenset[str]:
    """The versions that some products are."""
    found: set[str] = set()
    for product in products:
        if product.project != project:
            continue
        if product.version is not None:  # Looked up: there may be thousands of either.
            found.update(asked[one] for one in (product.version,) if one in asked)
        else:
            found.update(text for one, text in asked.items() if product.holds(one))
    return frozenset(found)


def said_by(document: Object) -> Said:
    """What else a document says; its form is right."""
    head = inner(document, "document")
    tracking = inner(head, "tracking")
    ids = set(texts(tracking, "aliases"))
    # The VEX document of an advisory has an id that is none of the advisory's.
    if text(head, "category") != "csaf_vex":
        ids.add(text(tracking, "id"))
    ratings = {text(inner(head, "aggregate_severity"), "text").lower()}
    vectors, weaknesses, fixed = set[str](), set[str](), set[str]()
    known = identify(document, "")
    for place, vulnerability in vulnerabilities(document):
        ids.add(text(vulnerability, "cve"))
        ids.update(text(one, "text") for _, one in each(vulnerability, "ids", place))
        for vector, number, word in _ratings(vulnerability, place):
            vectors.add(vector)
            ratings.update((number, word))
        weaknesses.update(_weaknesses(vulnerability, place))
        status = inner(vulnerability, "product_status")
        named = texts(status, "first_fixed") or texts(status, "fixed")
        fixed.update(known[one].written for one in named if one in known)
        for _, remedy in each(vulnerability, "remediations", place):
            fixed |= upgrades_in(text(remedy, "details"))
    # What is on no Python index is called by its id in the document.
    projects = {one.project or product_id for product_id, one in known.items()}
    said = (ids, vectors, ratings, weaknesses, fixed, projects)
    return Said(*(frozenset(one - {""}) for one in said))


def _ratings(vulnerability: Object, place: str) -> Iterator[tuple[str, str, str]]:
    """Each vector, and the number and the word for it, in lower case."""
    for _, score in each(vulnerability, "scores", place):
        for name in ("cvss_v2", "cvss_v3"):
            if name in score:
                rating = inner(score, name)
                number = f"{float(str(rating['baseScore'])):.1f}"
                yield text(rating, "vectorString"), number, text(rating, "baseSeverity").lower()
    for vector, number, word in _RATED.findall(_note(vulnerability, RATINGS_TITLE, place)):
        yield vector, number, word.lower()


def _weaknesses(vulnerability: Object, place: str) -> Iterator[str]:
    yield text(inner(vulnerability, "cwe"), "id")
    yield from _WEAKNESS.findall(_note(vulnerability, WEAKNESSES_TITLE, place))


def _note(vulnerability: Object, title: str, place: str) -> str:
    """The text of the notes with a title; "" where there are none."""
    notes = each(vulnerability, "notes", place)
    return "\n".join(text(one, "text") for _, one in notes if text(one, "title") == title)
