"""The second opinion on bundles that others made: the right answer, or a listed deviation."""

import json
from functools import cache

import pytest

from sealane.core.attestation.mentions import bundles_in
from sealane.errors import InputError, VerificationError
from sealane.io.adapters.sigstore_check import SigstoreEngine
from support.pack import (
    CASES,
    PRODUCTION,
    STAGING,
    Case,
    artifact_of,
    evidence_of,
    prove_case,
    variant_of,
)  # fmt: skip
from support.vectors import PACK, manifest, needs_pack

# Good bundles that the library of this engine refuses; the reasons stand in the library.
DEVIATIONS = {
    "D1": "a log entry of kind intoto 0.0.2 is not read",
    "D2": "a v0.1 bundle without an inclusion proof is not read",
    "D3": "a bundle signed with a managed key is not read",
}
DEVIATING = {
    "js/bundleV01-dsse-no-proof.sigstore": "D2",
    "js/bundleV01-full-cert-chain.sigstore": "D2",
    "js/bundleV01-intoto-no-proof.sigstore": "D2",
    "js/bundleV01-intoto-with-proof.sigstore": "D1",
    "js/bundleV02-intoto.sigstore": "D1",
    "js/bundleV03-intoto.sigstore": "D1",
    "go/bundle-provenance.json": "D2",
    "go/sigstore.js@2.0.0-provenance.sigstore.json": "D1",
    "go/dsse.sigstore.json": "D2",
    "go/npm-publish-key": "D3",
    "slsa/gha_delegator/v1.9.0/binary-linux-amd64-push-v14.2.build.slsa": "D1",
    "slsa/gha_maven/v1.9.0/binary-linux-amd64-workflow_dispatch.build.slsa": "D1",
    "slsa/gha_container-based/v1.9.0/binary-linux-amd64-push-v13.0.30.intoto.build.slsa": "D1",
    "npm/provenance-npm-test-cli-v02-prega/publish": "D3",
    "npm/provenance-npm-test-cli-v02-prega/prov": "D2",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigprov/publish": "D3",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigpub/prov": "D2",
}
# Why each bad bundle has to be refused. Those of D2 are refused before the defect is reached: they
# prove nothing yet, and are listed so that nobody counts them.
REASONS = {
    "sp/bundle_cve_2022_36056.txt": "inconsistent with other materials",
    "sp/bundle_invalid_version.txt": "not a Sigstore bundle",
    "sp/bundle_no_cert_v1.txt": "expected non-empty certificate chain",
    "sp/bundle_no_log_entry.txt": "expected exactly one log entry",
    "sp/bundle_no_checkpoint.txt": "with checkpoint",
    "sp/Python-3.12.5.tgz": "with checkpoint",
    "sp/bundle_v3_no_signed_time.txt": "no signed time",
    "sp/tsa/bundle.txt.late_timestamp.sigstore": "certificate chain",
    "sp/tsa/bundle.duplicate.sigstore": "duplicate timestamp",
    "sp/tsa/bundle.many_timestamp.sigstore": "at most 32 timestamps",
}
UNREACHED = {
    "go/dsse-2sigs.sigstore.json",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigprov/prov",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigpub/publish",
}


@cache
def engine(root: str) -> SigstoreEngine:
    return SigstoreEngine((PACK / root).read_bytes())


GOOD = [one for one in CASES.values() if one["expect"] == "accept" and one["id"] not in DEVIATING]


@needs_pack
@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["id"])
def test_a_good_bundle_is_proven(case: Case) -> None:
    prove_case(engine(case["trust_root"]), case)


@needs_pack
@pytest.mark.parametrize("name", DEVIATING)
def test_a_listed_deviation_is_a_refusal_of_a_good_bundle(name: str) -> None:
    assert CASES[name]["expect"] == "accept"
    assert DEVIATING[name] in DEVIATIONS
    with pytest.raises((VerificationError, InputError)):
        prove_case(engine(CASES[name]["trust_root"]), CASES[name])


@needs_pack
@pytest.mark.parametrize("name", REASONS)
def test_a_bad_bundle_is_refused_for_its_defect(name: str) -> None:
    assert CASES[name]["expect"] == "reject"
    with pytest.raises((VerificationError, InputError)) as raised:
        prove_case(engine(CASES[name]["trust_root"]), CASES[name])
    assert REASONS[name] in raised.value.message


@needs_pack
@pytest.mark.parametrize("name", sorted(UNREACHED))
def test_a_bad_bundle_of_an_unread_form_is_refused(name: str) -> None:
    with pytest.raises((VerificationError, InputError)):
        prove_case(engine(CASES[name]["trust_root"]), CASES[name])


@needs_pack
def test_every_case_of_the_pack_is_in_one_table() -> None:
    refused = {name for name, case in CASES.items() if case["expect"] == "reject"}
    assert refused == REASONS.keys() | UNREACHED
    assert len(GOOD) + len(DEVIATING) + len(refused) == len(CASES) == 54


@needs_pack
@pytest.mark.parametrize("variant", ["wrong-digest", "wrong-root", "wrong-san", "wrong-issuer"])
def test_every_derived_variant_of_a_good_bundle_is_refused(variant: str) -> None:
    listed = manifest()["derived_variants"]["cases"]
    names = [one["of"] for one in listed if one["variant"] == variant]
    good = {case["id"] for case in GOOD}
    tried = [name for name in names if name in good]
    assert len(tried) == len(GOOD)
    for name in tried:
        case = CASES[name]
        changed = variant_of(case, variant)
        root = changed.pop("root", case["trust_root"])
        with pytest.raises(VerificationError):
            prove_case(engine(root), case, **changed)


WINDOWS = [("tlogs", "publicKey"), ("ctlogs", "publicKey"), ("certificateAuthorities", None)]


@needs_pack
@pytest.mark.parametrize(("room", "holder"), WINDOWS, ids=[room for room, _ in WINDOWS])
@pytest.mark.parametrize(
    ("end", "held"), [("2021-01-01T00:00:00Z", False), ("2099-01-01T00:00:00Z", True)]
)
def test_retired_trust_material_proves_nothing_signed_after_its_end(
    room: str, holder: str | None, end: str, held: bool
) -> None:
    case = CASES["pep740/pypi_attestations-0.0.19.tar.gz.publish.attestation"]
    root = json.loads((PACK / PRODUCTION).read_bytes())
    for entry in root[room]:
        (entry[holder] if holder else entry)["validFor"] = {
            "start": "2020-01-01T00:00:00Z",
            "end": end,
        }
    ((bundle, _),) = bundles_in(evidence_of(case))
    judge = SigstoreEngine(json.dumps(root).encode())
    if held:
        assert judge.prove(bundle, artifact_of(case)).log_index is not None
        return
    with pytest.raises(VerificationError) as raised:
        judge.prove(bundle, artifact_of(case))
    assert raised.value.code in {"SL-SIG-001", "SL-SIG-003"}


@needs_pack
def test_a_time_under_its_protobuf_name_is_not_overseen() -> None:
    case = CASES["pep740/pypi_attestations-0.0.19.tar.gz.publish.attestation"]
    ((bundle, _),) = bundles_in(evidence_of(case))
    document = json.loads(bundle)
    entry = document["verificationMaterial"]["tlogEntries"][0]
    # The library takes both names; windows would be judged by a time nobody proved.
    entry["integrated_time"] = entry.pop("integratedTime")
    with pytest.raises(VerificationError) as raised:
        engine(PRODUCTION).prove(json.dumps(document).encode(), artifact_of(case))
    assert raised.value.code == "SL-SIG-002"


def stamped(*extra: dict[str, str], first: bool = True) -> bytes:
    """A bundle of Rekor v2, whose only time is a timestamp, with more timestamps."""
    case = CASES["sp/staging-rekor-v2.txt"]
    document = json.loads((PACK / case["bundle"]).read_bytes())
    data = document["verificationMaterial"]["timestampVerificationData"]
    own = data["rfc3161Timestamps"]
    data["rfc3161Timestamps"] = [*own, *extra] if first else [*extra, *own]
    return json.dumps(document).encode()


def foreign_timestamp() -> dict[str, str]:
    case = CASES["sp/tsa/bundle.txt.sigstore"]
    material = json.loads((PACK / case["bundle"]).read_bytes())["verificationMaterial"]
    found: dict[str, str] = material["timestampVerificationData"]["rfc3161Timestamps"][0]
    return found


@needs_pack
@pytest.mark.parametrize("first", [True, False])
def test_the_time_of_a_timestamp_that_does_not_hold_decides_nothing(*, first: bool) -> None:
    artifact = artifact_of(CASES["sp/staging-rekor-v2.txt"])
    alone = engine(STAGING).prove(stamped(), artifact)
    both = engine(STAGING).prove(stamped(foreign_timestamp(), first=first), artifact)
    assert both.signed_at == alone.signed_at


@needs_pack
def test_a_timestamp_twice_is_refused() -> None:
    case = CASES["sp/staging-rekor-v2.txt"]
    own = json.loads(stamped())["verificationMaterial"]["timestampVerificationData"]
    with pytest.raises(VerificationError, match="duplicate timestamp"):
        engine(STAGING).prove(stamped(*own["rfc3161Timestamps"]), artifact_of(case))


@needs_pack
def test_a_foreign_timestamp_cannot_bring_retired_material_back() -> None:
    case = CASES["sp/staging-rekor-v2.txt"]
    root = json.loads((PACK / STAGING).read_bytes())
    artifact = artifact_of(case)
    signed = engine(STAGING).prove(stamped(), artifact).signed_at
    assert signed is not None
    foreign = stamped(foreign_timestamp())
    for log in root["tlogs"]:
        # Retired before the proven time, and valid at the time of the one that proves nothing.
        log["publicKey"]["validFor"] = {
            "start": "2020-01-01T00:00:00Z",
            "end": signed.replace(year=signed.year - 1).isoformat(),
        }
    judge = SigstoreEngine(json.dumps(root).encode())
    with pytest.raises(VerificationError):
        judge.prove(foreign, artifact)


@needs_pack
@pytest.mark.parametrize("value", ["AA==", "", "MAA="])
def test_a_timestamp_that_is_none_is_refused(value: str) -> None:
    artifact = artifact_of(CASES["sp/staging-rekor-v2.txt"])
    document = json.loads(stamped())
    data = document["verificationMaterial"]["timestampVerificationData"]
    data["rfc3161Timestamps"] = [{"signedTimestamp": value}]
    with pytest.raises(VerificationError):
        engine(STAGING).prove(json.dumps(document).encode(), artifact)
