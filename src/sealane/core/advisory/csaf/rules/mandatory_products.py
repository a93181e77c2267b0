"""Products and groups of them: defined once, referred to only where they are.

Spec: CSAF 2.0, sections 6.1.1 to 6.1.5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import (
    each,
    group_references,
    groups,
    inner,
    product_references,
    products,
    text,
)


def _undefined_products(csaf: Csaf) -> Iterator[Broken]:
    known = {text(product, "product_id") for _, product in products(csaf.document)}
    return _unknown(product_references(csaf.document), known, "product")


def _products_defined_twice(csaf: Csaf) -> Iterator[Broken]:
    found = products(csaf.document)
    return _twice((f"{place}/product_id", text(one, "product_id")) for place, one in found)


def _circles(csaf: Csaf) -> Iterator[Broken]:
    """Products that are defined by products that are, in the end, defined by themselves."""
    tree = inner(csaf.document, "product_tree")
    parts: dict[str, set[str]] = {}
    places = []
    for place, one in each(tree, "relationships", "/product_tree"):
        name = text(inner(one, "full_product_name"), "product_id")
        references = (text(one, "product_reference"), text(one, "relates_to_product_reference"))
        parts.setdefault(name, set()).update(references)
        places.append((f"{place}/full_product_name/product_id", name))
    stuck = _never_resolved(parts)
    for place, name in places:
        if name in stuck:
            yield place, f"the product {name[:80]!r} is, in the end, defined by itself"


def _never_resolved(parts: dict[str, set[str]]) -> set[str]:
    """Those that cannot be put together once everything they consist of has been."""
    users: dict[str, list[str]] = {}
    for name, consists in parts.items():
        for part in consists:
            users.setdefault(part, []).append(name)
    waiting = {name: len(consists) for name, consists in parts.items()}
    ready = [part for part in users if part not in parts]
    while ready:
        for user in users.get(ready.pop(), ()):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return {name for name, count in waiting.items() if count}


def _undefined_groups(csaf: Csaf) -> Iterator[Broken]:
    known = {text(group, "group_id") for _, group in groups(csaf.document)}
    return _unknown(group_references(csaf.document), known, "product group")


def _groups_defined_twice(csaf: Csaf) -> Iterator[Broken]:
    return _twice(
        (f"{place}/group_id", text(one, "group_id")) for place, one in groups(csaf.document)
    )


def _unknown(references: Iterable[Broken], known: set[str], kind: str) -> Iterator[Broken]:
    for place, name in references:
        if name not in known:
            yield place, f"expected a {kind} of the product tree, got {name[:80]!r}"


def _twice(defined: Iterable[Broken]) -> Iterator[Broken]:
    counts: Counter[str] = Counter()
    for place, name in defined:
        counts[name] += 1
        if counts[name] > 1:
            yield place, f"{name[:80]!r} is defined already"


RULES: Final = (
    Rule("6.1.1", "Missing Definition of Product ID", Level.MANDATORY, _undefined_products),
    Rule("6.1.2", "Multiple Definition of Product ID", Level.MANDATORY, _products_defined_twice),
    Rule("6.1.3", "Circular Definition of Product ID", Level.MANDATORY, _circles),
    Rule("6.1.4", "Missing Definition of Product Group ID", Level.MANDATORY, _undefined_groups),
    Rule(
        "6.1.5", "Multiple Definition of Product Group ID", Level.MANDATORY, _groups_defined_twice
    ),
)
