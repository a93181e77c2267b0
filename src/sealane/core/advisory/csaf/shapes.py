"""What may stand at a place of a CSAF document.

Members that no table knows may stand anywhere: the schema of CSAF 2.0 forbids none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sealane.core.advisory.shape import ANY, Row, Shape, Table
from sealane.core.model.statement import JsonValue


def many(item: Shape, least: int = 1, *, distinct: bool = False) -> Row:
    """A list of one kind: at least so many of them, each only once where they are distinct."""
    return Row(item, least, distinct)


def table(
    members: Collection[tuple[str, Shape]],
    required: Collection[str] = (),
    least: int = 0,
    most: int = 0,
) -> Table:
    """An object.

    Args:
        members: What may stand at each name.
        required: Names that have to be there.
        least: How many members it has at least, known or not.
        most: How many at most; 0 for any number.
    """

    def count(value: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
        if len(value) < least:
            yield place, f"expected {least} members or more, got {len(value)}"
        if most and len(value) > most:
            yield place, f"expected {most} members or less, got {len(value)}"

    return Table(
        {name: shape for name, shape in members if name in required},
        {name: shape for name, shape in members if name not in required},
        ANY,
        count,
    )
