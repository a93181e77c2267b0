"""Our own engine against every bundle of the pack: the right answer, and for the right reason."""

import json
from functools import cache

import pytest

from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import parse_root
from sealane.errors import InputError, VerificationError
from support.pack import CASES, PRODUCTION, STAGING, Case, keys_of, prove_case, variant_of
from support.vectors import PACK, manifest, needs_pack

# Why each bad bundle has to be refused; where a bundle has two defects, either may be found first.
REASONS = {
    "sp/bundle_cve_2022_36056.txt": {Reason.ENTRY_MISMATCH},
    "sp/bundle_invalid_version.txt": {Reason.VERSION_UNKNOWN},
    "sp/bundle_no_cert_v1.txt": {Reason.KEY_MATERIAL_MISSING},
    "sp/bundle_no_log_entry.txt": {Reason.ENTRY_MISSING},
    "sp/bundle_no_checkpoint.txt": {Reason.CHECKPOINT_MISSING},
    "sp/Python-3.12.5.tgz": {Reason.CHECKPOINT_MISSING},
    "sp/bundle_v3_no_signed_time.txt": {Reason.TIME_MISSING},
    # Its certificate is of an authority that this root does not hold either.
    "sp/tsa/bundle.txt.late_timestamp.sigstore": {
        Reason.TIME_OUTSIDE_CERTIFICATE,
        Reason.CERTIFICATE_UNTRUSTED,
    },
    "sp/tsa/bundle.duplicate.sigstore": {Reason.TIMESTAMP_DUPLICATE},
    "sp/tsa/bundle.many_timestamp.sigstore": {Reason.TIMESTAMP_COUNT},
    "go/dsse-2sigs.sigstore.json": {Reason.SIGNATURE_COUNT},
    "npm/provenance-npm-test-cli-v02-prega-invalidsigprov/prov": {Reason.SIGNATURE_INVALID},
    "npm/provenance-npm-test-cli-v02-prega-invalidsigpub/publish": {Reason.SIGNATURE_INVALID},
}
GOOD = [case for case in CASES.values() if case["expect"] == "accept"]
# What has to refuse each derived variant, so that none is refused before its defect is reached.
OF_VARIANT = {
    "wrong-digest": {"SL-SUB-001"},
    "wrong-root": {"SL-LOG-005", "SL-CRT-002", "SL-TIM-003"},
    "wrong-san": {"SL-ID-009"},
    "wrong-issuer": {"SL-ID-002"},
}
# Bundles that only a policy which says so accepts: a promise alone, as npm's history has it.
PROMISE_ALONE = {
    "js/bundleV01-dsse-no-proof.sigstore",
    "js/bundleV01-full-cert-chain.sigstore",
    "js/bundleV01-intoto-no-proof.sigstore",
    "go/bundle-provenance.json",
    "go/dsse.sigstore.json",
    "go/npm-publish-key",
    "npm/provenance-npm-test-cli-v02-prega/publish",
    "npm/provenance-npm-test-cli-v02-prega/prov",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigprov/publish",
    "npm/provenance-npm-test-cli-v02-prega-invalidsigpub/prov",
}


@cache
def _root(name: str) -> bytes:
    return (PACK / name).read_bytes()


def engine(case: Case, root: str = "", *, promise_alone: bool = True) -> SealaneEngine:
    parsed = parse_root(_root(root or case["trust_root"]))
    return SealaneEngine(parsed, keys_of(case), Demands(promise_alone=promise_alone))


@needs_pack
@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["id"])
def test_every_good_bundle_is_proven(case: Case) -> None:
    prove_case(engine(case), case)


@needs_pack
@pytest.mark.parametrize("name", REASONS)
def test_every_bad_bundle_is_refused_for_its_defect(name: str) -> None:
    assert CASES[name]["expect"] == "reject"
    with pytest.raises((VerificationError, InputError)) as raised:
        prove_case(engine(CASES[name]), CASES[name])
    assert isinstance(raised.value, VerificationError), raised.value.message
    assert raised.value.code in REASONS[name]


@needs_pack
def test_every_case_of_the_pack_is_in_one_table() -> None:
    assert {name for name, case in CASES.items() if case["expect"] == "reject"} == REASONS.keys()
    assert (len(GOOD), len(REASONS)) == (41, 13)


VARIANTS = manifest()["derived_variants"]["cases"]


@needs_pack
@pytest.mark.parametrize("variant", OF_VARIANT)
def test_every_derived_variant_is_refused_for_what_was_changed(variant: str) -> None:
    named = [one["of"] for one in VARIANTS if one["variant"] == variant]
    assert named
    for name in named:
        case = CASES[name]
        changed = variant_of(case, variant)
        root = changed.pop("root", "")
        with pytest.raises(VerificationError) as raised:
            prove_case(engine(case, root), case, **changed)
        assert raised.value.code in OF_VARIANT[variant], (name, raised.value.message)


@needs_pack
def test_all_variants_of_the_pack_are_tried() -> None:
    assert len(VARIANTS) == 158
    assert {one["variant"] for one in VARIANTS} == OF_VARIANT.keys()


@needs_pack
@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["id"])
def test_a_promise_alone_is_enough_only_where_that_is_said(case: Case) -> None:
    strict = engine(case, promise_alone=False)
    if case["id"] not in PROMISE_ALONE:
        prove_case(strict, case)
        return
    with pytest.raises(VerificationError) as raised:
        prove_case(strict, case)
    assert raised.value.code == Reason.PROOF_MISSING


WINDOWS = {
    "tlogs": ("publicKey", Reason.LOG_OUTSIDE_WINDOW),
    "ctlogs": ("publicKey", Reason.SCT_OUTSIDE_WINDOW),
    "certificateAuthorities": (None, Reason.AUTHORITY_OUTSIDE_WINDOW),
    "timestampAuthorities": (None, Reason.TIMESTAMP_OUTSIDE_WINDOW),
}


@needs_pack
@pytest.mark.parametrize("room", WINDOWS)
@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", False),
        ("2098-01-01T00:00:00Z", "2099-01-01T00:00:00Z", False),
        ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", True),
    ],
    ids=["retired-before", "valid-after", "valid"],
)
def test_trust_material_proves_nothing_that_was_signed_outside_its_window(
    room: str, start: str, end: str, *, held: bool
) -> None:
    stamped = room == "timestampAuthorities"
    case = CASES[
        "sp/staging-rekor-v2.txt"
        if stamped
        else "pep740/pypi_attestations-0.0.19.tar.gz.publish.attestation"
    ]
    root = json.loads(_root(STAGING if stamped else PRODUCTION))
    holder, reason = WINDOWS[room]
    for entry in root[room]:
        (entry[holder] if holder else entry)["validFor"] = {"start": start, "end": end}
    judge = SealaneEngine(parse_root(json.dumps(root).encode()))
    if held:
        prove_case(judge, case)
        return
    with pytest.raises(VerificationError) as raised:
        prove_case(judge, case)
    assert raised.value.code == reason
