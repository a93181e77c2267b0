"""A managed key counts where it is trusted in advance, and at its time."""

from datetime import datetime, timedelta

import pytest

from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import ALWAYS, Window
from sealane.core.verify.reason import Reason
from support.judged import (
    ENTRY,
    MATERIAL,
    SECOND,
    WORLD,
    artifact_of,
    at,
    edited,
    engine_of,
    flipped,
    prove,
    reason_of,
    trusted,
)
from support.maker.keys import key_named

RIGHT, WRONG = key_named("release"), key_named("another release")
UNLOGGED = Demands(key_logs=0)
AT = WORLD.at


def test_the_right_key_counts_among_others() -> None:
    keys = [trusted(WRONG), trusted(key_named("release", "rsa2048")), trusted(RIGHT)]
    proven = prove(WORLD.bundle(managed=RIGHT), engine_of(keys=keys))
    assert proven.signer == trusted(RIGHT).identity


def test_a_wrong_key_does_not() -> None:
    judge = engine_of(keys=[trusted(WRONG)])
    assert reason_of(WORLD.bundle(managed=RIGHT), judge) == Reason.SIGNATURE_INVALID
    assert reason_of(WORLD.bundle(managed=RIGHT, kind="message"), judge) == (
        Reason.SIGNATURE_INVALID
    )


@pytest.mark.parametrize("hint", ["", "release", "sha256:00"])
def test_what_a_bundle_says_of_its_key_decides_nothing(hint: str) -> None:
    bundle = WORLD.bundle(managed=RIGHT, hint=hint)
    prove(bundle, engine_of(keys=[trusted(RIGHT)]))
    assert reason_of(bundle, engine_of(keys=[trusted(WRONG)])) == Reason.SIGNATURE_INVALID
    assert reason_of(bundle, engine_of()) == Reason.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("window", "holds"),
    [
        (ALWAYS, True),
        (Window(AT, AT), True),
        (Window(AT + SECOND, None), False),
        (Window(None, AT - SECOND), False),
    ],
    ids=["always", "this-second", "a-second-early", "a-second-late"],
)
def test_a_key_counts_in_its_window(window: Window, *, holds: bool) -> None:
    judge = engine_of(keys=[trusted(RIGHT, window)])
    bundle = WORLD.bundle(managed=RIGHT)
    if holds:
        assert prove(bundle, judge).signed_at == AT
    else:
        assert reason_of(bundle, judge) == Reason.KEY_OUTSIDE_WINDOW


@pytest.mark.parametrize("end", [AT - timedelta(days=1), AT + timedelta(days=1)])
def test_a_retired_key_needs_a_time(end: datetime) -> None:
    window = Window(None, end)
    judge = engine_of(keys=[trusted(RIGHT, window)], demands=UNLOGGED)
    assert reason_of(WORLD.bundle(managed=RIGHT, log=()), judge) == Reason.KEY_OUTSIDE_WINDOW
    assert reason_of(WORLD.bundle(managed=RIGHT, log="v2"), judge) == Reason.KEY_OUTSIDE_WINDOW


def test_a_key_that_was_never_retired_needs_none() -> None:
    window = Window(AT - timedelta(days=1), None)
    judge = engine_of(keys=[trusted(RIGHT, window)], demands=UNLOGGED)
    assert prove(WORLD.bundle(managed=RIGHT, log=()), judge).signed_at is None


def test_ed25519_signs_an_envelope() -> None:
    key = key_named("release", "ed25519")
    prove(WORLD.bundle(managed=key), engine_of(keys=[trusted(key)]))


@pytest.mark.parametrize("log", ["v1", "v2"])
def test_ed25519_over_a_file_is_refused_visibly(log: str) -> None:
    """It signs the file itself, of which the verifier has the digest only."""
    key = key_named("release", "ed25519")
    judge = engine_of(keys=[trusted(key)])
    bundle = WORLD.bundle(managed=key, kind="message", log=log)
    assert reason_of(bundle, judge) == Reason.KEY_UNSUPPORTED
    del bundle["messageSignature"]["messageDigest"]
    assert reason_of(bundle, judge) == Reason.KEY_UNSUPPORTED


def test_ed25519_in_a_log_of_digests_is_refused() -> None:
    key = key_named("release", "ed25519")
    bundle = WORLD.bundle(managed=key, log="v2")
    assert reason_of(bundle, engine_of(keys=[trusted(key)])) == Reason.ENTRY_MISMATCH


def test_an_rsa_key_does_not_pad_in_another_way_than_it_says() -> None:
    key = key_named("release", "rsa2048")
    plain, pss = (
        engine_of(keys=[trusted(key, details=f"PKIX_RSA_{name}_2048_SHA256")])
        for name in ("PKCS1V15", "PSS")
    )
    assert reason_of(WORLD.bundle(managed=key), pss) == Reason.SIGNATURE_INVALID
    assert reason_of(WORLD.bundle(managed=key, pss=True), plain) == Reason.SIGNATURE_INVALID
    prove(WORLD.bundle(managed=key), plain)


def test_a_digest_that_the_details_do_not_allow_is_refused() -> None:
    key = key_named("release", "rsa2048")
    judge = engine_of(keys=[trusted(key, details="PKIX_RSA_PKCS1V15_2048_SHA256")])
    bundle = WORLD.bundle(managed=key, kind="message", algorithm="sha512")
    assert reason_of(bundle, judge) == Reason.KEY_UNSUPPORTED


@pytest.mark.parametrize("details", ["PKIX_ED25519", "nonsense", "PKIX_ECDSA_P384_SHA_384"])
def test_details_of_another_kind_of_key_are_refused(details: str) -> None:
    judge = engine_of(keys=[trusted(RIGHT, details=details)])
    assert reason_of(WORLD.bundle(managed=RIGHT), judge) == Reason.KEY_UNSUPPORTED


def test_a_small_or_odd_key_is_refused() -> None:
    for kind in ("rsa1024", "k256"):
        key = key_named("weak", kind)
        bundle = WORLD.bundle(managed=key)
        assert reason_of(bundle, engine_of(keys=[trusted(key)])) == Reason.KEY_UNSUPPORTED


def test_a_file_signed_by_a_key_is_this_file() -> None:
    judge = engine_of(keys=[trusted(RIGHT)])
    bundle = WORLD.bundle(managed=RIGHT, kind="message")
    assert reason_of(bundle, judge, artifact_of(b"acme 1.1")) == Reason.OTHER_ARTIFACT
    del bundle["messageSignature"]["messageDigest"]
    assert reason_of(bundle, judge, artifact_of(b"acme 1.1")) == Reason.SIGNATURE_INVALID


def test_an_entry_by_another_trusted_key_is_refused() -> None:
    keys = [trusted(RIGHT), trusted(WRONG)]
    bundle, other = (WORLD.bundle(managed=key) for key in (RIGHT, WRONG))
    swapped = edited(bundle, ENTRY, at(other, ENTRY))
    assert reason_of(swapped, engine_of(keys=keys)) == Reason.ENTRY_MISMATCH


def test_a_trusted_key_does_not_vouch_for_a_certificates_bundle() -> None:
    """Nor is a bundle with a certificate tried against keys."""
    leaf = WORLD.leaf(key=RIGHT, cts=())
    judge = engine_of(keys=[trusted(RIGHT)])
    assert reason_of(WORLD.bundle(leaf=leaf), judge) == Reason.SCT_MISSING


def test_a_key_beside_a_certificate_is_not_read() -> None:
    bundle = WORLD.bundle()
    both = edited(bundle, MATERIAL, lambda held: {**held, "publicKey": {"hint": "x"}})
    assert reason_of(both, engine_of(keys=[trusted(RIGHT)])) == Reason.UNREADABLE


def test_the_log_of_a_keys_signature_is_looked_at_like_any() -> None:
    judge = engine_of(keys=[trusted(RIGHT)])
    bundle = WORLD.bundle(managed=RIGHT)
    proof = f"{ENTRY}.inclusionProof.rootHash"
    assert reason_of(edited(bundle, proof, flipped()), judge) == Reason.PROOF_INVALID
    assert reason_of(WORLD.bundle(managed=RIGHT, log=()), judge) == Reason.ENTRY_MISSING
