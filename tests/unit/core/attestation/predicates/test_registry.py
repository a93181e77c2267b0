"""Every type of predicate: found by exact URI, strict on what is required, tolerant of the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates import openvex, publish, release_manifest
from sealane.core.attestation.predicates.interface import PredicateType, family
from sealane.core.attestation.predicates.registry import SIGNATURE, by_uri, names, types
from sealane.errors import InputError
from support.predicates import URIS, good

# What each type needs, as paths through its right predicate.
REQUIRED = {
    "slsa-provenance": (
        "builder", "runDetails", "buildDefinition", "buildType", "runDetails.builder",
    ),
    "vsa": (
        "verifier", "verifier.id", "resourceUri", "policy", "policy.uri", "verificationResult",
        "verifiedLevels", "inputAttestations.0.digest",
    ),
    "svr": ("verifier", "verifier.id", "verifier.policies", "timeCreated", "properties"),
    "release": ("purl",),
    "link": ("name", "materials.0.name", "materials.0.digest"),
    "test-result": ("result", "configuration"),
    "vulns": (
        "scanner", "scanner.uri", "scanner.db", "scanner.db.lastUpdate", "scanner.result",
        "scanner.result.0.severity", "scanner.result.0.severity.0.method",
        "metadata", "metadata.scanStartedOn", "metadata.scanFinishedOn",
    ),
    "reference": (
        "attester", "attester.id", "references", "references.0.downloadLocation",
        "references.0.mediaType",
    ),
    "scai": ("attributes", "attributes.0.attribute"),
    "runtime-trace": (
        "monitor", "monitor.type", "monitoredProcess", "monitoredProcess.hostID",
        "monitoredProcess.type", "monitoredProcess.event", "monitorLog", "monitorLog.network",
    ),
    "sbom-spdx": ("SPDXID", "spdxVersion", "@context", "@graph", "@graph.0.spdxId"),
    "sbom-cyclonedx": ("bomFormat", "specVersion"),
    "cosign-vuln": ("scanner", "scanner.result", "metadata", "metadata.scanStartedOn"),
    "cosign-custom": ("Data",),
    "openvex": ("@context", "@id", "author", "timestamp", "statements", "statements.0.status"),
    "npm-publish": ("name", "version", "registry"),
}  # fmt: skip
# Ours, or empty by its specification: nothing unknown is passed over.
OPEN = {("cosign-vuln", "scanner.result"), ("cosign-custom", "Data")}  # a value of any type
CLOSED = (publish.PREDICATE, release_manifest.PREDICATE)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


def check(uri: str, predicate: dict[str, Any]) -> object:
    kind = by_uri(uri)
    assert kind is not None
    return kind.check(predicate)


def holder(whole: dict[str, Any], path: str) -> tuple[Any, Any]:
    predicate: Any = whole
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        predicate = predicate[part]
    return predicate, last


def required() -> list[tuple[str, str, object]]:
    found: list[tuple[str, str, object]] = []
    for uri in URIS:
        kind = by_uri(uri)
        assert kind is not None
        for path in REQUIRED.get(kind.name, ()):
            try:
                inner, last = holder(good(uri), path)
                inner[last]
            except (KeyError, TypeError):
                continue  # a member of another version of the type
            wrong = () if (kind.name, path) in OPEN else (7, [7])
            found += [(uri, path, value) for value in ("absent", None, *wrong)]
    return found


@pytest.mark.parametrize("uri", URIS)
def test_a_right_predicate_is_read(uri: str) -> None:
    check(uri, good(uri))


@pytest.mark.parametrize("uri", [uri for uri in URIS if uri not in CLOSED])
def test_an_unknown_member_is_passed_over(uri: str) -> None:
    assert check(uri, good(uri) | {"https://example.org/ext": {"a": [1]}}) is not False


@pytest.mark.parametrize(("uri", "path", "value"), required())
def test_a_required_member_that_is_missing_or_wrong_is_refused(
    uri: str, path: str, value: object
) -> None:
    predicate = good(uri)
    inner, last = holder(predicate, path)
    if value == "absent":
        del inner[last]
    else:
        inner[last] = value
    with pytest.raises(InputError):
        check(uri, predicate)


def test_every_type_that_policies_can_require_has_what_it_requires_tested() -> None:
    unconditional = {SIGNATURE, "publish", "release-manifest", "cosign-sign"}
    assert set(REQUIRED) | unconditional == set(names())


@pytest.mark.parametrize("kind", types(), ids=lambda kind: kind.uris[0])
def test_a_type_is_found_by_its_exact_uri_alone(kind: PredicateType) -> None:
    for uri in kind.uris:
        assert by_uri(uri) is kind
        for other in (f"{uri}x", f"{uri}/", f"{uri}/v9", uri.upper(), f" {uri}", uri + "?a"):
            assert by_uri(other) is None
    host = kind.uris[0].split("/")[2]
    assert by_uri(f"https://{host}/") is None


def test_no_uri_stands_for_two_types() -> None:
    uris = [uri for kind in types() for uri in kind.uris]
    assert len(set(uris)) == len(uris)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("https://slsa.dev/provenance/v0.2", "slsa-provenance"),
        ("https://in-toto.io/Provenance/v0.1", "slsa-provenance"),
        ("https://in-toto.io/Link/v1", "link"),
        ("https://spdx.dev/Document", "sbom-spdx"),
        ("https://spdx.dev/Document/v2.3", "sbom-spdx"),
        ("https://cyclonedx.org/bom", "sbom-cyclonedx"),
        ("https://cyclonedx.org/bom/v1.4", "sbom-cyclonedx"),
        ("https://in-toto.io/attestation/svr/v0.1", "svr"),
        ("https://openvex.dev/ns", "openvex"),
        ("https://carabiner.dev/ampel/resultset/v0", "ampel-resultset"),
    ],
)
def test_versions_of_a_family_have_one_name(uri: str, name: str) -> None:
    kind = by_uri(uri)
    assert kind is not None
    assert kind.name == name


def test_a_type_of_which_only_the_name_is_known_cannot_be_required() -> None:
    assert {"ampel-resultset", "witness-policy"}.isdisjoint(names())
    assert len(set(names())) == len(names())


def test_a_family_is_its_uri_and_the_listed_versions() -> None:
    assert family("https://x", "1", "2") == ("https://x", "https://x/v1", "https://x/v2")


@pytest.mark.parametrize(
    "changed",
    [{"@context": "https://example.org"}, {"statements": []}, {"statements": [{"status": "ok"}]}],
)
def test_a_vex_document_of_another_kind_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check(openvex.PREDICATE, good(openvex.PREDICATE) | changed)


@given(st.sampled_from(URIS), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_no_predicate_raises_anything_else(uri: str, predicate: dict[str, Any]) -> None:
    try:
        check(uri, predicate)
    except InputError:
        return


@given(st.sampled_from(URIS), st.data())
def test_no_changed_predicate_raises_anything_else(uri: str, data: st.DataObject) -> None:
    predicate = good(uri)
    inner: Any = predicate
    while isinstance(inner, (dict, list)) and inner:
        keys = sorted(inner) if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from(list(keys)))
        if data.draw(st.booleans()) or not isinstance(inner[key], (dict, list)):
            inner[key] = data.draw(JSON)
            break
        inner = inner[key]
    try:
        check(uri, predicate)
    except InputError:
        return
