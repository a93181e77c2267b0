"""The form of a CNA container, which is what CVE Services take.

What sealane neither writes nor reads (`cpeApplicability`, `taxonomyMappings`, ...) is known by its
name and not looked into; CVE Services do that.

Spec: CVE Record Format 5.1.1, CVE_JSON_cnaPublishedContainer_5.1.1.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.advisory.shape import Anything, Number, Row, Shape, Switch, Table, Text, Word
from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue

_ANY = Anything()
_OWN = re.compile(r"x_[^.]*")
_LANGUAGE = Text(
    pattern=re.compile("[A-Za-z]{2,4}([_-][A-Za-z]{4})?([_-]([A-Za-z]{2}|[0-9]{3}))?"),
    like='a language like "en"',
)
_ENGLISH = re.compile("en([_-][A-Za-z]{4})?([_-]([A-Za-z]{2}|[0-9]{3}))?")
_URI = Text(2048, re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"), "a URL")
_UUID = Text(
    pattern=re.compile(
        "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}"
    ),
    like="a UUID of version 4",
)
_TIME = Text(
    pattern=re.compile(
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}"
        r"(\.\d+)?(Z|[+-]\d{2}:\d{2})?",
        re.ASCII,
    ),
    like="a time like 2026-11-25T12:00:00Z",
)
_VERSION = Text(1024)
_STATUS = Word(("affected", "unaffected", "unknown"))
_MEDIA = Table(
    {"type": Text(256), "value": Text(16384)},
    {"base64": Switch()},
)
_DESCRIPTION = Table({"lang": _LANGUAGE, "value": Text(4096)}, {"supportingMedia": Row(_MEDIA)})
_TEXTS = Row(_DESCRIPTION)
_TAGS = (
    "broken-link customer-entitlement exploit government-resource issue-tracking mailing-list "
    "mitigation not-applicable patch permissions-required media-coverage product related "
    "release-notes signature technical-description third-party-advisory vendor-advisory vdb-entry"
)
_ROLES = (
    "finder", "reporter", "analyst", "coordinator", "remediation developer",
    "remediation reviewer", "remediation verifier", "tool", "sponsor", "other",
)  # fmt: skip

# What CVE calls a rating, and the version of its vector.
METRICS = {"cvssV2_0": "2.0", "cvssV3_0": "3.0", "cvssV3_1": "3.1", "cvssV4_0": "4.0"}
_NAMED = (("vendor", "product"), ("collectionURL", "packageName"))
_SEVERITIES = ("NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL")
# Every other member of a rating repeats what its vector says.
_METRIC_NAME = re.compile("[A-Za-z]+")


def _rating(version: str) -> Table:
    needed: dict[str, Shape] = {
        "version": Word((version,)),
        "vectorString": Text(512),
        "baseScore": Number(0, 10),
    }
    if version == "2.0":
        return Table(needed, {}, _METRIC_NAME)
    return Table(needed | {"baseSeverity": Word(_SEVERITIES)}, {}, _METRIC_NAME)


def _tag(words: str) -> Row:
    pattern = re.compile(f"x_.{{0,126}}|{words.replace(' ', '|')}")
    return Row(Text(128, pattern, f"one of {words.replace(' ', ', ')}"))


_REFERENCES = Row(
    Table({"url": _URI}, {"name": Text(512), "tags": _tag(_TAGS)}),
    most=512,
)
_PRODUCT = Table(
    {},
    {
        "vendor": Text(512),
        "product": Text(2048),
        "collectionURL": _URI,
        "packageName": Text(2048),
        "cpes": Row(Text(2048), least=0),
        "modules": Row(Text(4096), least=0),
        "programFiles": Row(Text(1024), least=0),
        "programRoutines": Row(Table({"name": Text(4096)}, {}), least=0),
        "platforms": Row(Text(1024, least=0)),
        "repo": _URI,
        "defaultStatus": _STATUS,
        "versions": Row(
            Table(
                {"version": _VERSION, "status": _STATUS},
                {
                    "versionType": Text(128),
                    "lessThan": _VERSION,
                    "lessThanOrEqual": _VERSION,
                    "changes": Row(Table({"at": _VERSION, "status": _STATUS}, {})),
                },
            )
        ),
    },
)
_WEAKNESS = Table(
    {"lang": _LANGUAGE, "description": Text(4096)},
    {
        "type": Text(128),
        "references": _REFERENCES,
        "cweId": Text(9, re.compile("CWE-[1-9][0-9]*"), "a CWE id like CWE-79"),
    },
)
_CREDIT = Table({"lang": _LANGUAGE, "value": Text(4096)}, {"user": _UUID, "type": Word(_ROLES)})
_PROVIDER = Table({"orgId": _UUID}, {"shortName": Text(32, least=2), "dateUpdated": _TIME})
_METRIC = Table(
    {},
    {
        **{name: _rating(version) for name, version in METRICS.items()},
        "format": Text(64),
        "scenarios": Row(Table({"lang": _LANGUAGE, "value": Text(4096)}, {})),
        "other": Table({"type": Text(128), "content": _ANY}, {}),
    },
)
_CONTAINER = Table(
    {
        "descriptions": _TEXTS,
        "affected": Row(_PRODUCT, unique=False),
        "references": _REFERENCES,
    },
    {
        # CVE Services take it from whoever is logged in; `cvelib` adds it where it is missing.
        "providerMetadata": _PROVIDER,
        "title": Text(256),
        "dateAssigned": _TIME,
        "datePublic": _TIME,
        "problemTypes": Row(Table({"descriptions": Row(_WEAKNESS)}, {})),
        "metrics": Row(_METRIC),
        "configurations": _TEXTS,
        "workarounds": _TEXTS,
        "solutions": _TEXTS,
        "exploits": _TEXTS,
        "impacts": _ANY,
        "timeline": Row(Table({"time": _TIME, "lang": _LANGUAGE, "value": Text(4096)}, {})),
        "credits": Row(_CREDIT),
        "source": Table({}, {}, re.compile(".*", re.DOTALL)),
        "tags": _tag("unsupported-when-assigned exclusively-hosted-service disputed"),
        "taxonomyMappings": _ANY,
        "cpeApplicability": _ANY,
    },
    _OWN,
)


def broken_form(container: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    """Each place of a container that has not the form of one, as a JSON pointer, and why.

    Members of a product that the format does not know (`packageURL`) are named as well: CVE
    Services take them, and no reader sees them.
    """
    found = list(_CONTAINER.broken(container, ""))
    yield from found
    if found:  # What follows takes the form for granted.
        return
    members = Members(container, "cve")
    if not any(_ENGLISH.fullmatch(one.text("lang")) for one in members.each("descriptions")):
        yield "/descriptions", "expected one in English, got none"
    for number, product in enumerate(members.each("affected")):
        place = f"/affected/{number}"
        if not any(all(map(product.has, names)) for names in _NAMED):
            yield place, "expected vendor and product, or collectionURL and packageName"
        if not (product.has("versions") or product.has("defaultStatus")):
            yield place, "expected versions or defaultStatus, got neither"
        for index, entry in enumerate(product.each_or_none("versions")):
            yield from _broken_entry(entry, f"{place}/versions/{index}")
    for number, metric in enumerate(members.each_or_none("metrics")):
        if not any(map(metric.has, ("other", *METRICS))):
            yield f"/metrics/{number}", f"expected one of {', '.join(METRICS)}, other; got none"
    if members.has("source") and not members.inner("source").names():
        yield "/source", "expected at least one member, got none"


def _broken_entry(entry: Members, place: str) -> Iterator[tuple[str, str]]:
    ends = sum(map(entry.has, ("lessThan", "lessThanOrEqual")))
    if ends == 2:
        yield place, "expected lessThan or lessThanOrEqual, got both"
    elif ends and not entry.has("versionType"):
        yield place, "expected a versionType: without one a range has no order"
    elif not ends and entry.has("changes"):
        yield place, "expected lessThan or lessThanOrEqual beside changes, got neither"
