"""The form check of CVE refuses whatever the official schema refuses, and more."""

import json
from typing import Any

import pytest

from sealane.core.advisory.cve_shape import broken_form
from sealane.core.advisory.formats.cve import Cve
from sealane.core.advisory.record import Severity
from support.records import V3, V4, record_of
from support.renderings import PROVIDER, mutations, rendering_of
from support.schemas import faults, needs_schemas, validator

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
# Only what the official schema does not look for, because it allows any other member there.
MORE = "the format knows no such member"
TIME = "2026-11-01T12:00:00Z"
TEXT = {"lang": "en", "value": "x"}


def whole() -> dict[str, Any]:
    """A container with a member of every kind that is looked into."""
    record = record_of(
        severity=(Severity("CVSS_V2", V2), Severity("CVSS_V3", V3), Severity("CVSS_V4", V4))
    )
    made: dict[str, Any] = json.loads(Cve().render(record, rendering_of()).content)
    made["affected"][0] |= {
        "modules": ["acme"],
        "programFiles": ["a.py"],
        "programRoutines": [{"name": "f"}],
        "platforms": ["x86"],
        "repo": "https://acme.example/acme",
    }
    made["affected"][0]["versions"] = [
        {"version": "1.0", "status": "affected"},
        {"version": "1.0", "status": "affected", "versionType": "python"},
        {
            "version": "1.0", "status": "affected", "versionType": "python", "lessThan": "2.0",
            "changes": [{"at": "1.5", "status": "unaffected"}],
        },
        {
            "version": "1.0", "status": "unknown", "versionType": "python",
            "lessThanOrEqual": "2.0",
        },
    ]  # fmt: skip
    made["metrics"][0] |= {"format": "CVSS", "scenarios": [TEXT]}
    made["references"][0]["name"] = "x"
    return made | {
        "providerMetadata": {**PROVIDER, "shortName": "acme", "dateUpdated": TIME},
        "dateAssigned": TIME,
        "timeline": [{"time": TIME, **TEXT}],
        "tags": ["disputed"],
        "workarounds": [TEXT],
    }


@needs_schemas
def test_a_whole_container_passes_both() -> None:
    assert faults("cve", whole()) == []
    assert list(broken_form(whole())) == []


# Values that fit where they are put, so that what goes together is tried as well.
FITTING = ("1.0", "affected")
NAMED = {"vendor": "a", "product": "b"}
ONE = {"version": "1", "status": "affected"}
ENTRY = {**ONE, "versionType": "python", "lessThan": "2", "lessThanOrEqual": "2"}


@needs_schemas
def test_whatever_the_official_schema_refuses_is_refused_and_little_more() -> None:
    official = validator("cve")
    passed, refused, more = [], 0, set()
    for what, changed in mutations(whole(), FITTING):
        found = list(broken_form(changed))
        if official.is_valid(changed):
            more |= {why for _, why in found}
            continue
        refused += 1
        if not found and not _told_elsewhere(what, changed):
            passed.append(what)
    assert passed == []
    assert refused > 1000
    # Addresses are looked at here, where the official schema has only the name of their format.
    assert {one for one in more if "a URL" not in one} == {MORE}


def _told_elsewhere(what: str, changed: dict[str, Any]) -> bool:
    """Who publishes is added by the client; scores are held against their vectors by `faults`."""
    if "providerMetadata" not in changed:
        return True
    return "cvssV" in what and bool(Cve().faults(json.dumps(changed).encode(), "", {}))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"vendor": "a"}, "/affected/0", id="no-name"),
        pytest.param({"vendor": "a", "product": "b"}, "/affected/0", id="no-versions"),
        pytest.param({**NAMED, "versions": [ENTRY]}, "/affected/0/versions/0", id="two-ends"),
        pytest.param(
            {**NAMED, "versions": [{**ONE, "lessThan": "2"}]}, "/affected/0/versions/0", id="type"
        ),
        pytest.param(
            {**NAMED, "versions": [{**ONE, "changes": [{"at": "2", "status": "affected"}]}]},
            "/affected/0/versions/0",
            id="changes-of-one-version",
        ),
        pytest.param({"packageName": "b", "versions": [TEXT]}, "/affected/0/versions/0", id="form"),
    ],
)
def test_a_product_has_a_name_and_versions(change: dict[str, Any], place: str) -> None:
    found = [at for at, _ in broken_form(whole() | {"affected": [change]})]
    assert place in found
