"""The list of attestations that an npm registry hands out for one version of a package.

What it says beside a bundle, such as the predicate's type, nobody signed; the statement counts.

Spec: npm, "Provenance and attestations": the `attestations` resource of a package version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sealane.core.attestation.strict_json import as_list, as_object, parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

MOST_ATTESTATIONS = 100


def is_npm(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object has the member of a registry's list."""
    return isinstance(members.get("attestations"), list)


def bundles_in_npm(content: bytes) -> tuple[bytes, ...]:
    """Every Sigstore bundle of a list, JSON; empty where the list is.

    Raises:
        InputError: Not such a list, an entry without a bundle, or more than 100 entries.
    """
    members = parse_object(content, "npm attestations")
    listed = as_list(members.get("attestations"), "npm attestations: attestations")
    if len(listed) > MOST_ATTESTATIONS:
        raise InputError(
            f"npm attestations: more than {MOST_ATTESTATIONS} entries, got {len(listed)}"
        )
    return tuple(_bundle(one, f"npm attestations[{n}]") for n, one in enumerate(listed))


def _bundle(value: JsonValue, place: str) -> bytes:
    entry = as_object(value, place)
    return json.dumps(as_object(entry.get("bundle"), f"{place}: bundle")).encode()
