"""Changes a bundle the way somebody would who looks for a hole: its tree, and bits in its bytes."""

import base64
import binascii
import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Path = tuple[str | int, ...]
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 2**63, 10**400, "", "0", "-1", "1" * 19, "AA==", "\ud800",
    "\0", "é", [], {}, [None], [[]], {"": None}, "SHA2_512", "x" * 70_000,
]  # fmt: skip


def paths(value: Any, above: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """Every place of a document but the document itself."""
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in members:
        yield (*above, name)
        yield from paths(inner, (*above, name))


def _holder(document: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    for name in path[:-1]:
        document = document[name]
    return document


def _flipped(value: Any, bit: int) -> Any:  # noqa: ANN401 - JSON
    """Text in base64 with one bit of its bytes flipped; all else one character changed."""
    if not isinstance(value, str) or not value:
        return "x"
    try:
        content = bytearray(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        place = bit % len(value)
        return value[:place] + chr(bit % 0x300) + value[place + 1 :]
    if content:
        content[bit // 8 % len(content)] ^= 1 << bit % 8
    return base64.b64encode(content).decode()


@st.composite
def mutated(draw: st.DrawFn, bundles: list[Json]) -> Json:
    """One of some bundles, changed in one to three places."""
    document: Json = copy.deepcopy(draw(st.sampled_from(bundles)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(document))
        if not places:
            break
        path = draw(st.sampled_from(places))
        # A place of a list is a number, one of an object a name.
        holder: Any = _holder(document, path)
        name = path[-1]
        match draw(st.sampled_from(["flip", "flip", "drop", "retype", "double", "swap"])):
            case "flip":
                holder[name] = _flipped(holder[name], draw(st.integers(0, 20_000)))
            case "drop":
                del holder[name]
            case "retype":
                holder[name] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "double" if isinstance(holder, list):
                holder.insert(0, copy.deepcopy(holder[int(name)]))
            case "double":
                holder[f"{name}{draw(st.sampled_from(['', '2', '_x']))}"] = holder[name]
            case _:
                # Of another bundle, where that has such a place; else of another place.
                donor = draw(st.sampled_from(bundles))
                other = draw(st.sampled_from([path, *paths(donor)]))
                found = _found(donor, other)
                if found is not None:
                    holder[name] = copy.deepcopy(found)
    return document


def _found(document: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    for name in path:
        try:
            document = document[name]
        except (LookupError, TypeError):
            return None
    return document
