"""What CVE Services take as a container, by the schemas in the client library's package.

Spec: CVE Record Format 5.1.1.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.errors import InputError

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

_MOST_FAULTS = 20
_FILES = {
    "published": "CVE_JSON_cnaPublishedContainer_*.json",
    "rejected": "CVE_JSON_cnaRejectedContainer_*.json",
}


def container_faults(container: object, kind: str) -> list[str]:
    """What is wrong with a CNA container, one line a fault; none for a good one.

    Args:
        container: As it was sent.
        kind: "published" or "rejected".

    Raises:
        InputError: The client library, which has the schemas, is missing.
    """
    errors = _validator(kind).iter_errors(container)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors][:_MOST_FAULTS]


@cache
def _validator(kind: str) -> Draft7Validator:
    spec = importlib.util.find_spec("cvelib")
    if spec is None or spec.origin is None or importlib.util.find_spec("jsonschema") is None:
        raise InputError("cve: 'cvelib' is not installed", hint="install sealane[cve]")
    found = sorted((Path(spec.origin).parent / "schemas").glob(_FILES[kind]))
    if not found:
        raise InputError(f"cve: 'cvelib' has no schema {_FILES[kind]!r}")
    from jsonschema import Draft7Validator
    from referencing import Registry

    # An empty registry: nothing is ever looked up anywhere else.
    return Draft7Validator(json.loads(found[-1].read_bytes()), registry=Registry())
