"""All predicate types that are known; policies can ask for those that are understood.

A type is found by its exact URI. Families list their versions one by one, for a prefix would also
take in whatever somebody publishes tomorrow under it.
"""

from __future__ import annotations

from functools import cache

from sealane.core.attestation.predicates import provenance, publish
from sealane.core.attestation.predicates.interface import PredicateType

_PROVENANCE = "slsa-provenance"
# What nearly every release has. The modules of all other types are imported when one of those is
# met, or asked for by name: together they would take a tenth of the time one file needs.
_USUAL = (
    PredicateType("publish", (publish.PREDICATE,), publish.parse_publish),
    PredicateType(_PROVENANCE, (provenance.PREDICATE,), provenance.parse_provenance),
    PredicateType(_PROVENANCE, (provenance.PREDICATE_V02,), provenance.parse_provenance_v02),
    PredicateType(_PROVENANCE, (provenance.PREDICATE_V01,), provenance.parse_provenance_v01),
)


@cache
def types() -> tuple[PredicateType, ...]:
    """Every type that is known."""
    return (*_USUAL, *_about_releases(), *_about_contents(), *_of_others())


def _about_releases() -> tuple[PredicateType, ...]:
    from sealane.core.attestation.predicates import (
        link,
        release,
        release_manifest,
        svr,
        test_result,
        vsa,
    )

    releases = (release.PREDICATE, release.PREDICATE_V02)
    manifest = (release_manifest.PREDICATE,)
    return (
        PredicateType("release-manifest", manifest, release_manifest.parse_release_manifest),
        PredicateType("vsa", (vsa.PREDICATE,), vsa.check_vsa),
        PredicateType("svr", (svr.PREDICATE,), svr.parse_svr),
        PredicateType("svr", (svr.PREDICATE_V01,), svr.parse_svr_v01),
        PredicateType("release", releases, release.parse_release),
        PredicateType("link", (link.PREDICATE,), link.parse_link),
        PredicateType("link", link.OLD, link.parse_old_link),
        PredicateType("test-result", (test_result.PREDICATE,), test_result.check_test_result),
    )


def _about_contents() -> tuple[PredicateType, ...]:
    from sealane.core.attestation.predicates import (
        cyclonedx,
        reference,
        runtime_trace,
        scai,
        spdx,
        vulns,
    )

    traces = (runtime_trace.PREDICATE, runtime_trace.PREDICATE_V02)
    return (
        PredicateType("vulns", (vulns.PREDICATE,), vulns.parse_scan),
        PredicateType("vulns", (vulns.PREDICATE_V01,), vulns.parse_scan_v01),
        PredicateType("reference", (reference.PREDICATE,), reference.parse_reference),
        PredicateType("scai", (scai.PREDICATE, *scai.OLD), scai.parse_scai),
        PredicateType("runtime-trace", traces, runtime_trace.parse_trace),
        PredicateType("sbom-spdx", spdx.URIS, spdx.parse_spdx),
        PredicateType("sbom-cyclonedx", cyclonedx.URIS, cyclonedx.parse_cyclonedx),
    )


def _of_others() -> tuple[PredicateType, ...]:
    from sealane.core.attestation.predicates import cosign, foreign, npm_publish, openvex

    unread = foreign.leave_unread
    return (
        PredicateType("cosign-sign", (cosign.SIGN,), cosign.parse_sign),
        PredicateType("cosign-vuln", (cosign.VULN,), cosign.parse_vuln),
        PredicateType("cosign-custom", (cosign.CUSTOM,), cosign.parse_custom),
        PredicateType("openvex", (openvex.PREDICATE, openvex.FAMILY), openvex.parse_vex),
        PredicateType("npm-publish", (npm_publish.PREDICATE,), npm_publish.parse_npm_publish),
        PredicateType("ampel-resultset", (foreign.AMPEL_RESULTSET,), unread, understood=False),
        PredicateType("witness-policy", (foreign.WITNESS_POLICY,), unread, understood=False),
    )


# A requirement may also ask for any signature over the file itself.
SIGNATURE = "signature"

_USUAL_BY_URI = {uri: kind for kind in _USUAL for uri in kind.uris}


def names() -> tuple[str, ...]:
    """Every name a requirement may use, each once."""
    known = (kind.name for kind in types() if kind.understood)
    return (SIGNATURE, *dict.fromkeys(known))


def is_name(name: str) -> bool:
    """Whether a requirement may use a name."""
    return name == SIGNATURE or any(name == kind.name for kind in _USUAL) or name in names()


def by_uri(uri: str) -> PredicateType | None:
    """The type that a URI names; None for one nobody registered."""
    return _USUAL_BY_URI.get(uri) or _by_uri().get(uri)


@cache
def _by_uri() -> dict[str, PredicateType]:
    return {uri: kind for kind in types() for uri in kind.uris}
