"""The PEP 740 publish attestation: this file was published by this publisher, and no more.

Spec: PyPA specifications, index-hosted attestations.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# An identifier that looks like an address; nothing is ever fetched from it.
PUBLISH_V1 = "https://docs.pypi.org/attestations/publish/v1"
PREDICATE = PUBLISH_V1


def parse_publish(predicate: Mapping[str, JsonValue]) -> None:
    """Check a publish predicate, which has to be empty.

    Raises:
        InputError: It says something; what it says would be nobody's promise.
    """
    if predicate:
        names = ", ".join(sorted(predicate))[:80]
        raise InputError(f"publish predicate: expected nothing, got {names}")
