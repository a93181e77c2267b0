"""The JSON Schema accepts what the reader accepts, and no unknown key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sealane.core.policy.form import ByKey, ByKind, Key, Table
from sealane.core.policy.json_schema import schema_of
from sealane.core.policy.tables import INCLUDED, POLICY, SHAPES
from support.policies import CI, HEAD, PUBLISH, TEAM, parse, rule

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA = schema_of(SHAPES, POLICY, "policy")
SHIPPED = sorted((Path(__file__).parents[4] / "policies").glob("*.toml"))
WHOLE = """expires = 2027-06-30T00:00:00+02:00
not_before = 2026-01-01T00:00:00Z
default = "deny"
engine = "sealane"
no_rejected_evidence = true
[trust.public]
root = "embedded"
max_age_days = 180
[publisher.hub]
kind = "github"
issuer = "https://token.actions.githubusercontent.com/acme"
project = "acme/hello"
workflow = "release.yml"
ref = ["refs/tags/v{semver}"]
signer = { project = "acme/shared", workflow = "sign.yml", ref = "refs/tags/v1" }
[publisher.google]
kind = "google"
members = ["ann@example.org"]
[publisher.key]
kind = "key"
file = "keys/a.pem"
sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
end = 2027-01-01T00:00:00Z
[[rule]]
match = ["pkg:pypi/acme-*"]
mode = "warn"
continuity = { publisher = "pin", no_downgrade = "all", since = "1.4" }
require = [
  { predicate = ["publish", "slsa-provenance"], by = ["hub", "google"], threshold = 2 },
  { any = [
    { predicate = "vulns", by = "hub", scan = { worst = "low", allowed = ["CVE-2026-1"] } },
    { all = [{ predicate = "signature", by = "key" }], only_if = "lts" },
  ] },
  { predicate = "slsa-provenance", by = "hub", level = 3, when = '''
predicate.a == 1
''' },
  { predicate = "vsa", by = "hub", verifier = "urn:v", resource = "https://x.example/{name}" },
]
[[distrust]]
reason = "SEC-1"
digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
[[exemption]]
match = ["*-1.0*"]
code = "SL-PRE-001"
reason = "SEC-9"
expires = 2027-01-01T00:00:00Z
[condition.lts]
match = ["*lts*"]
"""


def as_json(text: str) -> object:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def validator(schema: Mapping[str, object]) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def errors(text: str) -> list[str]:
    return [error.message for error in validator(SCHEMA).iter_errors(as_json(text))]


def test_it_is_a_schema() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(schema_of(SHAPES, INCLUDED, "rules"))


@pytest.mark.parametrize("text", [WHOLE, CI + rule(), CI + TEAM + rule(PUBLISH, PUBLISH.replace(
    "publish", "signature").replace('"ci"', '["ci", "team"]'))])  # fmt: skip
def test_what_the_reader_accepts_is_accepted(text: str) -> None:
    assert parse(text).rules
    assert errors(HEAD + text) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_shipped_policies_are_accepted(file: Path) -> None:
    assert errors(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", WHOLE.splitlines())
def test_an_unknown_key_is_refused_in_every_table(line: str) -> None:
    if not line.startswith("[") and " = {" not in line:
        return
    wrong = (
        line + "\nwrong = 1" if line.startswith("[") else line.replace(" = {", " = { wrong = 1,", 1)
    )
    text = WHOLE.replace(line, wrong, 1)
    assert errors(HEAD + text) != []


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('id = "acme"', "id = 7"), ('id = "acme"', 'id = ""'), ('id = "acme"', 'id = "a b"'),
        ('id = "acme"\n', ""), ('mode = "warn"', 'mode = "warm"'),
        ("threshold = 2", "threshold = 0"),
        ("[trust.public]", '[trust."a b"]'), ('ref = ["refs', 'ref = [1, "refs'),
        ('reason = "SEC-1"\ndigest', 'reason = "SEC-1"\nstart = 2026-01-01T00:00:00Z\n#'),
        ('kind = "google"', 'kind = "gitlab"'), ('kind = "google"', 'kind = "other"'),
        ('"ann@example.org"', '".*@example.org"'), ('worst = "low"', 'worst = "bad"'),
        ("no_rejected_evidence = true", "no_rejected_evidence = 1"),
        ('"pkg:pypi/acme-*"', ""), ('"pkg:pypi/acme-*"', '" "'),
        ('"pkg:pypi/acme-*"', '"a", "a"'), ("2026-01-01T00:00:00Z", '"soon"'),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00"), ("2026-01-01T00:00:00Z", "2026-01-01"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(written: str, instead: str) -> None:
    text = HEAD + WHOLE
    assert written in text
    assert errors(text.replace(written, instead, 1)) != []


def test_an_included_file_has_a_schema_of_its_own() -> None:
    found = validator(schema_of(SHAPES, INCLUDED, "rules"))
    part = 'schema = "sealane.policy/1"\n' + rule()
    assert found.is_valid(as_json(part))
    assert not found.is_valid(as_json(part + "[trust.x]\n"))
    assert not found.is_valid(as_json('schema = "sealane.policy/1"\n'))


def test_every_key_says_what_it_means_and_what_holds_without_it() -> None:
    definitions = SCHEMA["$defs"]
    assert isinstance(definitions, dict)
    for name, shape in SHAPES.items():
        assert name in definitions
        if isinstance(shape, ByKey | ByKind):
            continue
        assert isinstance(shape, Table)
        for key in shape.keys:
            check_key(definitions[name], key)


def check_key(definition: object, key: Key) -> None:
    assert isinstance(definition, dict)
    told = definition["properties"][key.name]
    assert told["description"] == key.doc != ""
    assert told.get("default") == key.default
    assert (key.name in definition["required"]) is key.required
