"""The official schemas, where they are to be had; not copied, and not fetched from anywhere."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError, validators
from jsonschema.protocols import Validator
from jsonschema_specifications import (  # type: ignore[import-untyped] # it has no types
    REGISTRY as META_SCHEMAS,
)
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SEALANE_SCHEMAS", ROOT.parent / "shared" / "schemas"))
ABSENT = f"no official schemas at {FOLDER}; set SEALANE_SCHEMAS"

needs_schemas = pytest.mark.skipif(not (FOLDER / "NOTICE.md").is_file(), reason=ABSENT)

FILES = {
    "osv": "osv/osv-schema.json",
    "csaf20": "csaf20/csaf_json_schema.json",
    "csaf20-errata": "csaf20/csaf_json_schema.errata01.json",
    "csaf20-provider": "csaf20/provider_json_schema.json",
    "csaf20-aggregator": "csaf20/aggregator_json_schema.json",
    "openvex": "openvex/openvex_json_schema_0.2.0.json",
    "cvss20": "first/cvss-v2.0.json",
    "cvss30": "first/cvss-v3.0.json",
    "cvss31": "first/cvss-v3.1.json",
    "cvss40": "first/cvss-v4.0.json",
}
# The schema of CVE Services comes with the client that publishes to them.
CVE = {
    "cve": "CVE_JSON_cnaPublishedContainer_5.1.1.json",
    "cve-rejected": "CVE_JSON_cnaRejectedContainer_5.1.1.json",
    "cve-record": "CVE_JSON_bundled_5.1.1.json",
}


@cache
def validator(name: str) -> Validator:
    """The validator of one schema, e.g. "osv", "csaf20", "csaf20-provider", "openvex", "cve".

    A reference to what is in no file of the folder is an error: nothing is fetched.
    """
    schema = _cve(CVE[name]) if name in CVE else _read(FOLDER / FILES[name])
    kind = Draft7Validator if "draft-07" in schema.get("$schema", "") else Draft202012Validator
    rules = {"multipleOf": _multiple_of}
    exact = validators.extend(kind, rules)  # type: ignore[no-untyped-call] # it has no types
    made: Validator = exact(schema, registry=_registry(), format_checker=kind.FORMAT_CHECKER)
    return made


def faults(name: str, document: dict[str, Any]) -> list[str]:
    """What a document breaks of a schema: place and message of each fault."""
    found = sorted(validator(name).iter_errors(document), key=lambda one: one.json_path)
    return [f"{one.json_path}: {one.message[:200]}" for one in found]


def _multiple_of(
    validator: Validator,
    factor: float,
    value: object,
    schema: object,  # the library's order
) -> Iterator[ValidationError]:
    """In decimals: by the library's own floats, a CVSS score of 6.3 is no multiple of 0.1."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and Decimal(str(value)) % Decimal(str(factor)):
        yield ValidationError(f"{value} is not a multiple of {factor}")


@cache
def _registry() -> Registry[Any]:
    resources_by_id = []
    for file in sorted(FOLDER.rglob("*.json")):
        schema = _read(file)
        address = schema.get("$id") or schema.get("id")
        # An erratum has the address of what it corrects; the first edition keeps it.
        if not address or "errata" in file.name:
            continue
        made = Resource.from_contents(schema, default_specification=DRAFT202012)
        # CVSS's files are referred to without the date that their own address ends in.
        resources_by_id += [(address, made), (address.partition("?")[0], made)]
    made_of: Registry[Any] = META_SCHEMAS.with_resources(resources_by_id)
    return made_of


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _cve(name: str) -> dict[str, Any]:
    with resources.as_file(resources.files("cvelib") / "schemas" / name) as file:
        return _read(file)
