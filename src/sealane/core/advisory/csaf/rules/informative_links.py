"""Informative rules on links: those that no reader can follow.

Both rules want each link to be asked for, which a check without a network cannot do. What is said
here is sure without asking: an address for special use leads nowhere, or to another place for each
reader. Whether the others answer is asked by the check on references (SL-ADV-016).

Spec: CSAF 2.0, sections 6.3.6 and 6.3.7; RFC 2606 and 6761 (example, invalid, localhost, test),
RFC 6762 (local); "internal" as reserved by ICANN, 2024; RFC 6890 (addresses).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import (
    Object,
    each,
    inner,
    products,
    text,
    texts,
    vulnerabilities,
)

_NOWHERE = frozenset({"example", "internal", "invalid", "local", "localhost", "test"})


def _external(csaf: Csaf) -> Iterator[Broken]:
    for place, url in _links(csaf):
        yield from _unreachable(place, url)
    for place, reference in _references(csaf):
        if text(reference, "category") != "self":
            yield from _unreachable(f"{place}/url", text(reference, "url"))


def _own(csaf: Csaf) -> Iterator[Broken]:
    for place, reference in _references(csaf):
        if text(reference, "category") == "self":
            yield from _unreachable(f"{place}/url", text(reference, "url"))


def _references(csaf: Csaf) -> Iterator[tuple[str, Object]]:
    yield from each(inner(csaf.document, "document"), "references", "/document")
    for place, vulnerability in vulnerabilities(csaf.document):
        yield from each(vulnerability, "references", place)


def _links(csaf: Csaf) -> Iterator[tuple[str, str]]:
    """Every link besides the references."""
    document = inner(csaf.document, "document")
    yield from _acknowledged(document, "/document")
    severity = inner(document, "aggregate_severity")
    tlp = inner(inner(document, "distribution"), "tlp")
    yield from _one(severity, "namespace", "/document/aggregate_severity")
    yield from _one(tlp, "url", "/document/distribution/tlp")
    yield from _one(inner(document, "publisher"), "namespace", "/document/publisher")
    for place, product in products(csaf.document):
        helper = inner(product, "product_identification_helper")
        at = f"{place}/product_identification_helper"
        for number, url in enumerate(texts(helper, "sbom_urls")):
            yield f"{at}/sbom_urls/{number}", url
        for uri_at, named in each(helper, "x_generic_uris", at):
            yield from _one(named, "namespace", uri_at)
            yield from _one(named, "uri", uri_at)
    for place, vulnerability in vulnerabilities(csaf.document):
        yield from _acknowledged(vulnerability, place)
        for at, remediation in each(vulnerability, "remediations", place):
            yield from _one(remediation, "url", at)


def _acknowledged(members: Object, place: str) -> Iterator[tuple[str, str]]:
    for at, thanks in each(members, "acknowledgments", place):
        for number, url in enumerate(texts(thanks, "urls")):
            yield f"{at}/urls/{number}", url


def _one(members: Object, name: str, place: str) -> Iterator[tuple[str, str]]:
    if name in members:
        yield f"{place}/{name}", text(members, name)


def _unreachable(place: str, url: str) -> Iterator[Broken]:
    host = _host(url)
    if host is not None and not _may_answer(host):
        yield place, f"expected an address that answers, got {url[:200]!r}"


def _host(url: str) -> str | None:
    """The host that a link is asked of; None where no web server is, as for "urn:..."."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if parts.scheme in ("http", "https") else None


def _may_answer(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        # A name without a dot is one of the reader's own network.
        return "." in host and host.rpartition(".")[2] not in _NOWHERE


RULES = (
    Rule(
        "6.3.6",
        "Use of non-self referencing URLs Failing to Resolve",
        Level.INFORMATIVE,
        _external,
    ),
    Rule("6.3.7", "Use of self referencing URLs Failing to Resolve", Level.INFORMATIVE, _own),
)
