"""What goes into a document beside the record, and what CVE Services add to a container."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from sealane.core.advisory.documents import Issuer, Rendering
from sealane.core.advisory.listing import Listing
from sealane.core.model.values import replace
from support.records import AT

ISSUER = Issuer("Acme security team", "https://acme.example", "security@acme.example", "Acme")
PROVIDER = {"orgId": "12345678-1234-4123-8123-123456789012"}


def rendering_of(*listings: Listing, **changes: Any) -> Rendering:  # noqa: ANN401 - any field
    """A final, public document of Acme's; its listings, and what else is to be different."""
    made = Rendering(ISSUER, listings, AT, final=True, tlp="CLEAR", engine="1.0")
    return replace(made, **changes)


def mutations(document: Any, extra: Iterable[Any] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """A JSON document with one member lost, renamed, or another value, for each place in it.

    Args:
        document: An object or a list.
        extra: Values that are put in each place beside those of every type.
    """
    values = (None, True, -1, 11, 0.5, "", "x", "a" * 40_000, [], {}, ["x"], {"x": 1}, *extra)
    for path in _paths(document):
        for value in values:
            yield f"{path} is {str(value)[:20]!r}", _changed(document, path, value)
        *above, last = path
        holder = _at(document, above)
        if isinstance(holder, dict):
            lost = deepcopy(document)
            _at(lost, above)[f"{last}s"] = _at(lost, above).pop(last)
            yield f"{path} has another name", lost
            lost = deepcopy(document)
            del _at(lost, above)[last]
            yield f"{path} is lost", lost
        elif isinstance(holder, list):
            twice = deepcopy(document)
            _at(twice, above).append(deepcopy(holder[last]))
            yield f"{path} is there twice", twice


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    if path:
        yield path
    if not isinstance(value, dict | list):
        return
    for name, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _paths(one, (*path, name))


def _changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401
    changed = deepcopy(document)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _at(document: Any, path: Iterable[Any]) -> Any:  # noqa: ANN401
    for step in path:
        document = document[step]
    return document
