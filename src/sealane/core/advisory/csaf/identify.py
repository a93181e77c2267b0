"""Which project and which version each product of a CSAF document is.

By its package URL; without one by the branches above it. A product of whose project nothing is told
may be any, so that a statement about it leaves open what is affected.

Spec: CSAF 2.0, sections 3.1.2 and 3.1.3.3.4; package URL specification; VERS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from packaging.version import Version

from sealane.core.advisory.csaf.vers import Vers, parse_vers
from sealane.core.advisory.csaf.walk import Object, branches, inner, products, text
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_PURL = re.compile(r"pkg:/*([A-Za-z][A-Za-z0-9.+-]*)/+([^@?#]+)(?:@([^?#]+))?([?#].*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Product:
    """What one product is; either a version or a range, for a project of a Python index.

    Attributes:
        project: Name as PEP 503 writes it; "" for what is on no Python index.
        version: One version; None where it is a range.
        range: A range of versions; None where it is one version.
        written: The version as the document writes it; "" where it is a range.
    """

    project: str
    version: Version | None = None
    range: Vers | None = None
    written: str = ""

    def holds(self, version: Version) -> bool:
        """Whether a version of its project is in its range."""
        return self.range is not None and self.range.holds(version)


def identify(document: Object, project: str) -> dict[str, Product]:
    """Every product whose project can be told, by its id.

    Args:
        document: Its form is right.
        project: Whose products have to be told to the version; "" for none.

    Raises:
        InputError: A product is of the project, and which version it is cannot be told.
    """
    above: dict[str, Mapping[str, str]] = {}
    for place, branch in branches(document):
        parent = above.get(place.rpartition("/branches/")[0], {})
        above[place] = {**parent, text(branch, "category"): text(branch, "name")}
    found = {}
    for place, product in products(document):
        # What two products make together is neither of them.
        if place.startswith("/product_tree/relationships/"):
            continue
        path = above.get(place.removesuffix("/product"), {})
        purl = text(inner(product, "product_identification_helper"), "purl")
        named = _named(purl, path)
        if named is None:
            continue
        try:
            told = _told(named, purl, path, f"csaf: {place}")
        except InputError:
            if named == project:
                raise
            told = Product(named)
        found[text(product, "product_id")] = told
    return found


def _named(purl: str, path: Mapping[str, str]) -> str | None:
    """The project of a product; "" for what is on no Python index, None for nobody knows what."""
    if purl:
        parts = _PURL.fullmatch(purl)
        if parts is None:
            return None
        return normal_name(unquote(parts[2])) if parts[1].lower() == "pypi" else ""
    return normal_name(path["product_name"]) if "product_name" in path else None


def _told(named: str, purl: str, path: Mapping[str, str], place: str) -> Product:
    parts = _PURL.fullmatch(purl)
    if parts is not None and parts[4]:
        raise InputError(
            f"{place}: {purl[:80]!r}: expected no qualifiers",
            hint="they make it a part of what the version is",
        )
    versions = [unquote(parts[3])] if parts is not None and parts[3] else []
    if "product_version" in path:
        versions.append(path["product_version"])
    ranges = [path["product_version_range"]] if "product_version_range" in path else []
    if bool(versions) == bool(ranges):
        what = "both a version and a range" if versions else "neither"
        raise InputError(
            f"{place}: expected a version or a range of {named[:80]!r}, got {what}",
            hint="name one product for each version",
        )
    if ranges:
        return Product(named, range=parse_vers(ranges[0], place))
    parsed = {_version(one, place) for one in versions}
    if len(parsed) > 1:
        raise InputError(f"{place}: its package URL and its branch name different versions")
    return Product(named, parsed.pop(), written=versions[0])


def _version(written: str, place: str) -> Version:
    try:
        return Version(written)
    except ValueError as error:
        raise InputError(f"{place}: expected a PEP 440 version, got {written[:40]!r}") from error
