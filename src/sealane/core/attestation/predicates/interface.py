"""What a module about one predicate type has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

# A member of our own in summaries: they are of a rehearsal. Specifications want a URI as its name.
SANDBOX = "https://gitlab.com/sealane/sealane/attestations/sandbox/v1"


@dataclass(frozen=True, slots=True)
class PredicateType:
    """One type of predicate.

    Attributes:
        name: The short name that policies use, e.g. "publish"; older versions of a type that are
            written in another way stand under the same name.
        uris: Type URIs it goes by, the one that is written first.
        check: Reads the predicate; raises `InputError` for one that is not of the type, or that
            itself says that the artifact failed.
        understood: Whether what it says is read. A policy cannot require a type of which only the
            name is known: nobody here would notice that it says no.
    """

    name: str
    uris: tuple[str, ...]
    check: Callable[[Mapping[str, JsonValue]], object]
    understood: bool = True


def family(base: str, *versions: str) -> tuple[str, ...]:
    """The URIs of a family of types: its own, and that of each version that is listed.

    Args:
        base: The family's URI.
        versions: Versions without "v", e.g. "1.6".
    """
    return (base, *(f"{base}/v{version}" for version in versions))
