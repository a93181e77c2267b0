"""Ways through a CSAF document whose form is right: its products, groups and vulnerabilities.

Places are JSON pointers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from sealane.core.advisory.csaf.tables_vulnerability import STATUSES
from sealane.core.attestation.strict_json import as_list, as_object, as_text
from sealane.core.model.statement import JsonValue

Object: TypeAlias = Mapping[str, JsonValue]
# The members of a vulnerability whose items name products and groups of them.
NAMING = ("flags", "remediations", "threats")


def inner(members: Object, name: str) -> Object:
    """An object; one without members where there is none."""
    return as_object(members.get(name, {}), name)


def text(members: Object, name: str) -> str:
    """A text; "" where there is none."""
    return as_text(members.get(name, ""), name)


def texts(members: Object, name: str) -> tuple[str, ...]:
    """A list of texts; none where there is no list."""
    return tuple(as_text(one, name) for one in as_list(members.get(name, []), name))


def each(members: Object, name: str, place: str) -> Iterator[tuple[str, Object]]:
    """The objects of a list, each with its place; none where there is no list.

    Args:
        members: Where the list stands in.
        name: What it is called there.
        place: Place of `members`.
    """
    for number, one in enumerate(as_list(members.get(name, []), name)):
        yield f"{place}/{name}/{number}", as_object(one, name)


def vulnerabilities(document: Object) -> Iterator[tuple[str, Object]]:
    """Every vulnerability."""
    return each(document, "vulnerabilities", "")


def branches(document: Object) -> Iterator[tuple[str, Object]]:
    """Every branch of the product tree, at any depth, in the order of the document."""
    open_branches = [each(inner(document, "product_tree"), "branches", "/product_tree")]
    while open_branches:
        found = next(open_branches[-1], None)
        if found is None:
            open_branches.pop()
            continue
        yield found
        place, branch = found
        open_branches.append(each(branch, "branches", place))


def products(document: Object) -> Iterator[tuple[str, Object]]:
    """Every full product name: of the branches, of the list, of the relationships."""
    for place, branch in branches(document):
        if "product" in branch:
            yield f"{place}/product", inner(branch, "product")
    tree = inner(document, "product_tree")
    yield from each(tree, "full_product_names", "/product_tree")
    for place, relationship in each(tree, "relationships", "/product_tree"):
        yield f"{place}/full_product_name", inner(relationship, "full_product_name")


def groups(document: Object) -> Iterator[tuple[str, Object]]:
    """Every product group."""
    return each(inner(document, "product_tree"), "product_groups", "/product_tree")


def members_of_groups(document: Object) -> dict[str, tuple[str, ...]]:
    """The product ids of each group, by its id; of one that is defined twice, all of them."""
    found: dict[str, tuple[str, ...]] = {}
    for _, group in groups(document):
        name = text(group, "group_id")
        found[name] = (*found.get(name, ()), *texts(group, "product_ids"))
    return found


def product_references(document: Object) -> Iterator[tuple[str, str]]:
    """Every product id that refers to a product defined elsewhere, with its place."""
    for place, group in groups(document):
        yield from _placed(group, "product_ids", place)
    relationships = each(inner(document, "product_tree"), "relationships", "/product_tree")
    for place, relationship in relationships:
        for name in ("product_reference", "relates_to_product_reference"):
            yield f"{place}/{name}", text(relationship, name)
    for place, vulnerability in vulnerabilities(document):
        status = inner(vulnerability, "product_status")
        for name in STATUSES:
            yield from _placed(status, name, f"{place}/product_status")
        for at, score in each(vulnerability, "scores", place):
            yield from _placed(score, "products", at)
        for at, item in _naming(vulnerability, place):
            yield from _placed(item, "product_ids", at)


def group_references(document: Object) -> Iterator[tuple[str, str]]:
    """Every group id that refers to a group defined elsewhere, with its place."""
    for place, vulnerability in vulnerabilities(document):
        for at, item in _naming(vulnerability, place):
            yield from _placed(item, "group_ids", at)


def named_products(items: Iterable[Object], of_groups: Mapping[str, Iterable[str]]) -> set[str]:
    """The ids of all products that some items name, themselves or by a group."""
    found: set[str] = set()
    # Each group is opened once, however many items name it.
    named: set[str] = set()
    for item in items:
        found.update(texts(item, "product_ids"))
        named.update(texts(item, "group_ids"))
    for name in named:
        found.update(of_groups.get(name, ()))
    return found


def _naming(vulnerability: Object, place: str) -> Iterator[tuple[str, Object]]:
    for name in NAMING:
        yield from each(vulnerability, name, place)


def _placed(members: Object, name: str, place: str) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(texts(members, name)):
        yield f"{place}/{name}/{number}", one
