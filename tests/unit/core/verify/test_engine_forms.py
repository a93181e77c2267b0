"""Every form of evidence that is read is proven, for whoever signed it and when."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import KEY_ISSUER
from support.judged import ENGINE, FILE, WORLD, artifact_of, at, edited, engine_of, prove, trusted
from support.maker.bodies import DSSE, HASHEDREKORD_1, HASHEDREKORD_2, INTOTO
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.content import ARTIFACT, PAYLOAD_TYPE
from support.maker.keys import key_named

FORMS: dict[str, dict[str, Any]] = {
    "envelope": {},
    "file": {"kind": "message"},
    "envelope-in-intoto": {"entry": INTOTO},
    "envelope-in-dsse": {"entry": DSSE},
    "envelope-in-hashedrekord-2": {"entry": HASHEDREKORD_2},
    "file-in-hashedrekord-1": {"kind": "message", "entry": HASHEDREKORD_1},
    "file-in-hashedrekord-2": {"kind": "message", "entry": HASHEDREKORD_2},
    "version-0.1": {"version": 1},
    "version-0.1-whole-chain": {"version": 1, "chain": 3},
    "version-0.2": {"version": 2},
    "version-0.2-file": {"version": 2, "kind": "message", "chain": 2},
    "promise-and-time-stamp": {"timestamps": 1},
    "proof-and-time-stamp": {"promise": False, "timestamps": 1},
    "second-log": {"log": "v2"},
    "second-log-file": {"log": "v2", "kind": "message"},
    "second-log-promises": {"log": "v2", "promise": True, "timestamps": 0},
    "both-logs": {"log": ("v1", "v2")},
    "one-entry-tree": {"size": 1},
    "uneven-tree": {"size": 1025},
    "large-tree": {"size": 2**62 + 12345},
    "32-time-stamps": {"timestamps": 32},
    "github": {"identity": "github"},
    "email": {"identity": "email"},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_proven(form: str) -> None:
    plan = FORMS[form]
    proven = prove(WORLD.bundle(**plan))
    identity = plan.get("identity", "gitlab")
    assert (proven.signer.subject, proven.signer.issuer) == (SUBJECTS[identity], ISSUERS[identity])
    assert proven.signed_at == WORLD.at
    assert (proven.payload is None) == (plan.get("kind") == "message")
    assert proven.payload_type == (None if proven.payload is None else PAYLOAD_TYPE)
    assert len(proven.certificate) == 64
    assert proven.notes == ()


def test_both_spellings_of_version_three_are_the_same() -> None:
    bundle = WORLD.bundle()
    spelt = edited(bundle, "mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.3")
    assert prove(spelt) == prove(bundle)


MANAGED = ("p256", "p384", "p521", "ed25519", "rsa2048", "rsa3072")


@pytest.mark.parametrize(
    ("kind", "what", "log"),
    [
        (kind, what, log)
        for kind, what, log in product(MANAGED, ("dsse", "message"), ("v1", "v2"))
        # It signs the message itself, not a digest: test_engine_managed.py.
        if kind != "ed25519" or (what, log) == ("dsse", "v1")
    ],
)
@pytest.mark.parametrize("version", [1, 3])
def test_every_kind_of_managed_key_is_proven(kind: str, what: str, log: str, version: int) -> None:
    key = key_named("release", kind)
    trust = trusted(key)
    bundle = WORLD.bundle(managed=key, kind=what, version=version, log=log, hint="a name")
    proven = prove(bundle, engine_of(keys=[trust]))
    assert proven.signer == trust.identity
    assert (proven.signer.issuer, proven.certificate) == (KEY_ISSUER, "")
    assert proven.signed_at == (WORLD.at if log == "v1" else None)


@pytest.mark.parametrize(("kind", "algorithm"), [("p384", "sha384"), ("p521", "sha512")])
@pytest.mark.parametrize("log", ["v1", "v2"])
def test_a_certificate_for_a_larger_key_signs_a_larger_digest(
    kind: str, algorithm: str, log: str
) -> None:
    leaf = WORLD.leaf(key=key_named("larger", kind))
    bundle = WORLD.bundle(kind="message", leaf=leaf, log=log)
    assert prove(bundle, artifact=artifact_of(ARTIFACT, algorithm)).signed_at == WORLD.at
    assert prove(WORLD.bundle(leaf=leaf, log=log)).signed_at == WORLD.at


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("what", ["dsse", "message"])
def test_an_rsa_key_signs_each_digest(algorithm: str, what: str) -> None:
    key = key_named("release", "rsa2048")
    bundle = WORLD.bundle(managed=key, kind=what, algorithm=algorithm)
    prove(bundle, engine_of(keys=[trusted(key)]))


def test_an_rsa_key_pads_as_its_details_say() -> None:
    key = key_named("release", "rsa2048")
    pss = engine_of(keys=[trusted(key, details="PKIX_RSA_PSS_2048_SHA256")])
    prove(WORLD.bundle(managed=key, pss=True), pss)
    prove(WORLD.bundle(managed=key, kind="message", pss=True), pss)


def test_a_file_without_a_digest_in_the_bundle_is_signed_over_what_the_key_implies() -> None:
    bundle = WORLD.bundle(kind="message")
    del bundle["messageSignature"]["messageDigest"]
    prove(bundle)


def test_a_promise_alone_is_enough_where_that_is_demanded() -> None:
    bundle = WORLD.bundle(version=1, proof=False)
    proven = prove(bundle, engine_of(demands=Demands(promise_alone=True)))
    index = int(at(bundle, "verificationMaterial.tlogEntries.0.logIndex"))
    assert (proven.signed_at, proven.log_index) == (WORLD.at, index)


def test_no_log_is_needed_where_none_is_demanded() -> None:
    bundle = WORLD.bundle(log=(), timestamps=1)
    proven = prove(bundle, engine_of(demands=Demands(logs=0)))
    assert (proven.signed_at, proven.log_index) == (WORLD.at, None)


def test_a_managed_key_needs_no_time_where_no_log_is_demanded() -> None:
    key = key_named("release")
    judge = engine_of(keys=[trusted(key)], demands=Demands(key_logs=0))
    proven = prove(WORLD.bundle(managed=key, log=()), judge)
    assert (proven.signed_at, proven.log_index) == (None, None)


def test_the_time_is_the_logs_before_a_time_stamps() -> None:
    leaf = WORLD.leaf()
    bundle = WORLD.bundle(leaf=leaf)
    late = WORLD.bundle(leaf=leaf, log="v2", at=WORLD.at + timedelta(seconds=9))
    assert prove(bundle).signed_at == WORLD.at
    assert prove(late).signed_at == WORLD.at + timedelta(seconds=9)


def test_the_index_is_the_logs_own_where_it_promised_and_else_the_proofs() -> None:
    promised, proven = WORLD.bundle(), WORLD.bundle(promise=False, timestamps=1)
    entry = "verificationMaterial.tlogEntries.0"
    assert prove(promised).log_index == int(at(promised, f"{entry}.logIndex"))
    assert prove(proven).log_index == int(at(proven, f"{entry}.inclusionProof.logIndex"))


def test_what_nobody_signed_of_an_index_is_not_reported() -> None:
    bundle = WORLD.bundle(log="v2")
    entry = "verificationMaterial.tlogEntries.0"
    lying = edited(bundle, f"{entry}.logIndex", "1")
    assert prove(lying).log_index == int(at(bundle, f"{entry}.inclusionProof.logIndex"))


def test_the_engine_has_a_name_for_policies() -> None:
    assert ENGINE.name == "sealane"


def test_a_leaf_may_be_shared_by_many_files() -> None:
    leaf = WORLD.leaf()
    found = [prove(WORLD.bundle(leaf=leaf)) for _ in range(3)]
    assert len({one.certificate for one in found}) == 1
    # Identities are compared by thousands of facts; equal ones are one object.
    assert found[0].signer is found[2].signer
    assert prove(WORLD.bundle(), artifact=FILE).certificate != found[0].certificate
