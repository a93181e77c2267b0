"""One right predicate of every type that is known, by its URI."""

import copy
from typing import Any

from sealane.core.attestation.predicates import (
    cosign,
    foreign,
    link,
    npm_publish,
    openvex,
    provenance,
    publish,
    reference,
    release,
    release_manifest,
    runtime_trace,
    scai,
    svr,
    test_result,
    vsa,
    vulns,
)

SHA = "a" * 64
TIME = "2026-11-25T12:00:00Z"
LATER = "2026-11-25T12:05:00.5+00:00"
DIGEST = {"sha256": SHA}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "components": [
        {"name": "a", "components": [{"name": "b"}, {"name": "c", "components": [{}]}]},
        {"name": "d"},
    ],
}
SPDX_2 = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "documentNamespace": "https://example.org/sbom/1",
    "packages": [{}, {}],
}
SPDX_3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "SpdxDocument", "spdxId": "https://example.org/doc"},
        {"type": "software_Package"},
        {"@type": "software_Package"},
        {"type": "Person"},
        {},
    ],
}
SCAN: dict[str, Any] = {
    "scanner": {
        "uri": "pkg:github/acme/scanner",
        "version": "1",
        "db": {"lastUpdate": TIME},
        "result": [{"id": "CVE-2026-1", "severity": [{"method": "nvd", "score": "5.2"}]}],
    },
    "metadata": {"scanStartedOn": TIME, "scanFinishedOn": LATER},
}
MANIFEST = {
    "schema": release_manifest.SCHEMA,
    "project": "p",
    "packages": [],
    "tag": "v1",
    "tagObject": "1" * 40,
    "commit": "1" * 40,
    "tree": "1" * 40,
    "epoch": 1,
    "configuration": SHA,
    "changelog": "",
    "locks": [],
    "records": [],
    "isolation": "none",
    "artifacts": [{"name": "f", "size": 1, "sha256": SHA, "sha512": "b" * 128, "blake2b_256": SHA}],
    "attestations": [],
    "channels": [],
    "sandbox": False,
    "tools": {},
    "slsa": {"buildLevel": 2, "reason": ""},
}
_GOOD: dict[str, dict[str, Any]] = {
    publish.PREDICATE: {},
    provenance.PREDICATE: {
        "buildDefinition": {
            "buildType": "https://example.org/build/v1",
            "externalParameters": {"ref": "main"},
            "internalParameters": {"x": 1},
            "resolvedDependencies": [{"uri": "git+https://example.org/x", "digest": DIGEST}],
        },
        "runDetails": {"builder": {"id": "https://example.org/b"}, "metadata": {}},
    },
    provenance.PREDICATE_V02: {
        "builder": {"id": "https://example.org/b"},
        "buildType": "https://example.org/build/v0",
        "invocation": {
            "configSource": {"uri": "git+https://example.org/x", "entryPoint": "x.yml"},
            "parameters": {"a": 1},
            "environment": {"os": "linux"},
        },
        "buildConfig": {"steps": []},
        "metadata": {"buildInvocationId": "7"},
        "materials": [{"uri": "git+https://example.org/x", "digest": {"sha1": "b" * 40}}],
    },
    provenance.PREDICATE_V01: {
        "builder": {"id": "https://example.org/b"},
        "recipe": {"type": "https://example.org/r", "entryPoint": "x", "arguments": {"a": 1}},
        "metadata": {"buildInvocationId": "7"},
        "materials": [{"uri": "u", "digest": {"sha1": "b" * 40}}],
    },
    release_manifest.PREDICATE: MANIFEST,
    vsa.PREDICATE: {
        "verifier": {"id": "https://example.org/v", "version": {"sealane": "1"}},
        "timeVerified": TIME,
        "resourceUri": "pkg:pypi/x@1",
        "policy": {"uri": "https://example.org/p", "digest": DIGEST},
        "inputAttestations": [{"uri": "x", "digest": DIGEST}],
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_UNEVALUATED", "ACME_OK"],
        "dependencyLevels": {"SLSA_BUILD_LEVEL_2": 3},
        "slsaVersion": "1.2",
    },
    svr.PREDICATE: {
        "verifier": {"id": "https://example.org/v", "policies": [{"uri": "p", "digest": DIGEST}]},
        "timeCreated": TIME,
        "properties": ["ACME_OK"],
    },
    svr.PREDICATE_V01: {
        "verifier": {"id": "https://example.org/v", "policy": {"uri": "p", "digest": DIGEST}},
        "timeCreated": TIME,
        "properties": ["ACME_OK"],
    },
    release.PREDICATE: {"purl": "pkg:pypi/x@1.0", "releaseId": "7"},
    release.PREDICATE_V02: {"purl": "pkg:npm/@acme/x@1.0?a=b#c", "packageId": "7"},
    link.PREDICATE: {
        "name": "package",
        "command": ["tar"],
        "materials": [{"name": "foo.py", "digest": DIGEST}],
        "byproducts": {"return-value": 0},
        "environment": {},
    },
    link.OLD[0]: {"name": "package", "command": "tar", "materials": {"foo.py": DIGEST}},
    test_result.PREDICATE: {
        "result": "WARNED",
        "configuration": [{"name": "ci.yml"}, {"uri": "u"}],
        "url": "https://example.org/run",
        "passedTests": ["a"],
        "warnedTests": ["b"],
        "failedTests": [],
    },
    vulns.PREDICATE: SCAN,
    vulns.PREDICATE_V01: {
        **SCAN,
        "scanner": {
            **SCAN["scanner"],
            "result": [{"vulnerability": SCAN["scanner"]["result"][0]}],
        },
    },
    reference.PREDICATE: {
        "attester": {"id": "https://example.org/a"},
        "references": [
            {"downloadLocation": "https://example.org/s", "mediaType": "x/y", "digest": DIGEST}
        ],
    },
    scai.PREDICATE: {
        "attributes": [{"attribute": "REPRODUCIBLE", "target": {}, "conditions": {}}],
        "producer": {"name": "gcc"},
    },
    runtime_trace.PREDICATE: {
        "monitor": {"type": "https://example.org/m"},
        "monitoredProcess": {"hostID": "h", "type": "t", "event": "e"},
        "monitorLog": {"network": [{}]},
    },
    "https://spdx.dev/Document/v2.3": SPDX_2,
    "https://spdx.dev/Document/v3": SPDX_3,
    "https://cyclonedx.org/bom": CYCLONEDX,
    cosign.SIGN: {"anything": 1},
    cosign.VULN: {
        "scanner": {"uri": "u", "result": {}},
        "metadata": {"scanStartedOn": TIME, "scanFinishedOn": LATER},
    },
    cosign.CUSTOM: {"Data": "text", "Timestamp": TIME},
    openvex.PREDICATE: {
        "@context": openvex.PREDICATE,
        "@id": "https://example.org/vex",
        "author": "acme",
        "timestamp": TIME,
        "statements": [{"status": "not_affected"}],
    },
    npm_publish.PREDICATE: {"name": "x", "version": "1", "registry": "https://example.org"},
    foreign.AMPEL_RESULTSET: {"anything": 1},
    foreign.WITNESS_POLICY: {},
}
URIS = tuple(_GOOD)


def good(uri: str) -> dict[str, Any]:
    """A right predicate of a type, free to be changed."""
    return copy.deepcopy(_GOOD[uri])
