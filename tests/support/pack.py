"""The third-party bundle cases, judged by whichever engine a test wants."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from sealane.core.attestation.mentions import bundles_in
from sealane.core.attestation.sniff import sniff
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.policy.identity import differences
from sealane.core.policy.people import ExactPublisher
from sealane.core.verify.about import fact_about
from sealane.core.verify.interface import Engine, Proven
from sealane.core.verify.keys import KEY_ISSUER, TrustedKey, spki_of
from sealane.errors import VerificationError
from support.vectors import PACK, manifest

Case = dict[str, Any]
CASES: dict[str, Case] = {case["id"]: case for case in manifest()["bundle_cases"]}
PRODUCTION = "roots/production.trusted_root.json"
STAGING = "roots/staging.trusted_root.json"


def evidence_of(case: Case) -> Evidence:
    """The evidence of a case, as `sealane verify` would read it."""
    content = (PACK / case["bundle"]).read_bytes()
    if case["kind"].startswith("npm-"):
        # The registry's list holds npm's own publish attestation and the provenance.
        is_wanted = case["kind"] == "npm-provenance"
        content = json.dumps(
            next(
                one["bundle"]
                for one in json.loads(content)["attestations"]
                if ("slsa.dev/provenance" in one["predicateType"]) == is_wanted
            )
        ).encode()
    name = case["bundle"]
    if case["id"] == "sp/bundle_invalid_version.txt":
        # No name and no content makes this a bundle; an API's caller may say so all the same.
        return Evidence(EvidenceForm.SIGSTORE_BUNDLE, content, name)
    return Evidence(sniff(content, name), content, name)


def artifact_of(case: Case) -> Artifact:
    """The artifact: its file where the pack has it, else the digest alone."""
    digests = tuple(Digest(*pair) for pair in case["digest"].items())
    if case["artifact"] is None:
        return Artifact(str(digests[0]), digests)
    file = PACK / case["artifact"]
    content = file.read_bytes()
    computed = [
        Digest(name, hashlib.new(name, content).hexdigest()) for name in ("sha256", "sha512")
    ]
    assert digests[0] in computed, "the pack's manifest and its files disagree"
    return Artifact(file.name, tuple(computed), len(content))


def keys_of(case: Case) -> tuple[TrustedKey, ...]:
    """The managed key that a case names."""
    name = case["identity"].get("public_key")
    if name is None:
        return ()
    key = load_pem_public_key((PACK / name).read_bytes())
    return (TrustedKey("the case's key", spki_of(key)),)


def prove_case(engine: Engine, case: Case, **changed: str | Artifact) -> list[Proven]:
    """Everything `sealane verify` does with the bundles of a case, for its exact identity.

    Raises:
        VerificationError, InputError: One does not hold, or is by somebody else.
    """
    artifact = changed.get("artifact") or artifact_of(case)
    assert isinstance(artifact, Artifact)
    evidence = evidence_of(case)
    proven = [engine.prove(bundle, artifact) for bundle, _ in bundles_in(evidence)]
    for one in proven:
        fact_about(one, artifact, evidence=evidence, trust="root")
        _check_signer(case, one, changed)
    assert proven
    return proven


def _check_signer(case: Case, proven: Proven, changed: dict[str, Any]) -> None:
    keys = keys_of(case)
    if keys:
        assert (proven.signer.issuer, proven.certificate) == (KEY_ISSUER, "")
        assert proven.signer == keys[0].identity
        return
    issuer = changed.get("issuer") or case["identity"]["issuer"]
    san = changed.get("san") or case["identity"]["san"]
    if issuer is None:
        return
    found = differences(ExactPublisher("x", issuer, san), proven.signer, None)
    if found:
        raise VerificationError(found[0].code, f"{found[0].place}: {found[0].actual}")


def variant_of(case: Case, variant: str) -> dict[str, Any]:
    """What the manifest's variant of a case changes; "root" is for the engine."""
    match variant:
        case "wrong-digest":
            ((algorithm, value),) = case["digest"].items()
            wrong = Digest(algorithm, value[:-1] + f"{int(value[-1], 16) ^ 1:x}")
            return {"artifact": Artifact(str(wrong), (wrong,))}
        case "wrong-root":
            return {"root": STAGING if case["trust_root"] == PRODUCTION else PRODUCTION}
        case "wrong-san":
            return {"san": case["identity"]["san"] + "x"}
        case _:
            return {"issuer": "https://issuer.invalid"}
