"""Nothing of a bundle that anybody signed can be changed, and nothing can be lent to another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from sealane.sandbox.note import NoteSigner
from support.judged import (
    BODY,
    CERTIFICATE,
    CHECKPOINT,
    ENGINE,
    ENTRY,
    MATERIAL,
    PAYLOAD,
    PROMISE,
    PROOF,
    SECOND,
    SIGNATURE,
    STAMP,
    WORLD,
    Json,
    added,
    artifact_of,
    at,
    edited,
    engine_of,
    flipped,
    prove,
    raw,
    reason_of,
    trusted,
    without,
)
from support.maker.bodies import DSSE, HASHEDREKORD_1, HASHEDREKORD_2, INTOTO, b64
from support.maker.keys import PrivateKey, key_named, sign
from support.maker.logs import Log, proof_of
from support.maker.tree import placed
from support.maker.world import World, add_timestamp

ALL_BITS = (0, 77, 200, -1)
MESSAGE = "messageSignature"


@pytest.mark.parametrize("bit", ALL_BITS)
@pytest.mark.parametrize(
    ("path", "plan", "reasons"),
    [
        (PAYLOAD, {}, {Reason.SIGNATURE_INVALID}),
        (SIGNATURE, {}, {Reason.SIGNATURE_INVALID}),
        (SIGNATURE, {"log": "v2"}, {Reason.TIMESTAMP_INVALID}),
        (f"{MESSAGE}.signature", {"kind": "message"}, {Reason.SIGNATURE_INVALID}),
        (f"{MESSAGE}.messageDigest.digest", {"kind": "message"}, {Reason.OTHER_ARTIFACT}),
        (
            CERTIFICATE,
            {},
            {
                Reason.CERTIFICATE_UNREADABLE,
                Reason.CERTIFICATE_UNTRUSTED,
                Reason.CERTIFICATE_PROFILE,
            },
        ),
        (BODY, {}, {Reason.PROMISE_INVALID}),
        (BODY, {"log": "v2"}, {Reason.PROOF_INVALID}),
        (f"{ENTRY}.logId.keyId", {}, {Reason.LOG_UNKNOWN}),
        (PROMISE, {}, {Reason.PROMISE_INVALID}),
        (f"{PROOF}.hashes.0", {}, {Reason.PROOF_INVALID}),
        (f"{PROOF}.hashes.9", {}, {Reason.PROOF_INVALID}),
        (f"{PROOF}.rootHash", {}, {Reason.PROOF_INVALID}),
    ],
)
def test_no_bit_can_be_changed(
    path: str, plan: dict[str, Any], reasons: set[Reason], bit: int
) -> None:
    assert reason_of(edited(WORLD.bundle(**plan), path, flipped(bit))) in reasons


@pytest.mark.parametrize("number", range(0, 3600, 67))
def test_no_bit_of_a_time_stamp_can_be_changed_to_another_time(number: int) -> None:
    bundle = WORLD.bundle(log="v2")
    changed = edited(bundle, STAMP, flipped(number))
    # Not everything in a response is signed; whatever still holds says the same time.
    found = ""
    try:
        assert prove(changed).signed_at == WORLD.at
    except VerificationError as error:
        found = error.code
    assert found in {"", Reason.TIMESTAMP_INVALID}


@pytest.mark.parametrize(
    ("path", "change", "reason"),
    [
        (f"{ENTRY}.integratedTime", added(-1), Reason.PROMISE_INVALID),
        (f"{ENTRY}.integratedTime", added(1), Reason.PROMISE_INVALID),
        (f"{ENTRY}.logIndex", added(1), Reason.PROMISE_INVALID),
        (f"{ENTRY}.logIndex", added(-1), Reason.PROMISE_INVALID),
        (f"{PROOF}.treeSize", added(1), Reason.PROOF_INVALID),
        (f"{PROOF}.treeSize", added(-1), Reason.PROOF_INVALID),
        (f"{PROOF}.treeSize", "0", Reason.PROOF_INVALID),
        (f"{PROOF}.logIndex", "1024", Reason.PROOF_INVALID),
        (f"{PROOF}.hashes", lambda hashes: hashes[1:], Reason.PROOF_INVALID),
        (f"{PROOF}.hashes", lambda hashes: hashes[:-1], Reason.PROOF_INVALID),
        (f"{PROOF}.hashes", lambda hashes: hashes[::-1], Reason.PROOF_INVALID),
        (f"{PROOF}.hashes", lambda hashes: [*hashes, hashes[0]], Reason.PROOF_INVALID),
        (f"{PROOF}.hashes", [], Reason.PROOF_INVALID),
        (f"{ENTRY}.kindVersion.version", "0.0.2", Reason.ENTRY_KIND_UNKNOWN),
        (f"{ENTRY}.kindVersion.kind", "hashedrekord", Reason.ENTRY_KIND_UNKNOWN),
    ],
)
def test_no_number_of_an_entry_can_be_changed(path: str, change: object, reason: Reason) -> None:
    assert reason_of(edited(WORLD.bundle(), path, change)) == reason


def test_the_position_in_the_proof_cannot_be_changed() -> None:
    bundle = WORLD.bundle()
    here = int(at(bundle, f"{PROOF}.logIndex"))
    moved = edited(bundle, f"{PROOF}.logIndex", str(here ^ 1))
    assert reason_of(moved) == Reason.PROOF_INVALID


KINDS = [
    pytest.param({"kind": "message", "entry": HASHEDREKORD_1}, id="hashedrekord-1"),
    pytest.param({"kind": "message", "entry": HASHEDREKORD_2}, id="hashedrekord-2"),
    pytest.param({"entry": HASHEDREKORD_2}, id="envelope-in-hashedrekord-2"),
    pytest.param({"entry": DSSE}, id="dsse"),
    pytest.param({"entry": INTOTO}, id="intoto"),
]


@pytest.mark.parametrize("plan", KINDS)
@pytest.mark.parametrize("log", ["v1", "v2"])
def test_an_entry_lends_its_time_to_no_other_signature(plan: dict[str, Any], log: str) -> None:
    """CVE-2022-36056: promise, proof and signature hold, each about something else."""
    leaf = WORLD.leaf()
    bundle, other = (
        WORLD.bundle(leaf=leaf, content=content, log=log, **plan) for content in (b"one", b"two")
    )
    swapped = edited(bundle, ENTRY, at(other, ENTRY))
    assert prove(bundle, artifact=artifact_of(b"one")).log_index is not None
    assert reason_of(swapped, artifact=artifact_of(b"one")) == Reason.ENTRY_MISMATCH


@pytest.mark.parametrize("plan", KINDS)
def test_an_entry_about_the_same_content_by_another_signature_is_refused(
    plan: dict[str, Any],
) -> None:
    leaf = WORLD.leaf()
    bundle, other = WORLD.bundle(leaf=leaf, **plan), WORLD.bundle(leaf=leaf, **plan)
    assert reason_of(edited(bundle, ENTRY, at(other, ENTRY))) == Reason.ENTRY_MISMATCH


@pytest.mark.parametrize("plan", KINDS)
def test_an_entry_about_the_same_signature_by_another_certificate_is_refused(
    plan: dict[str, Any],
) -> None:
    """Two certificates for one key: the log has to have seen the one that is shown."""
    key = key_named("twice certified")
    bundle = WORLD.bundle(leaf=WORLD.leaf(key=key), **plan)
    shown = edited(bundle, CERTIFICATE, b64(WORLD.leaf("github", key=key).der))
    assert reason_of(shown) == Reason.ENTRY_MISMATCH


@pytest.mark.parametrize("plan", KINDS)
def test_an_entry_by_a_key_is_none_for_its_certificate(plan: dict[str, Any]) -> None:
    key = key_named("twice certified")
    leaf = WORLD.leaf(key=key)
    keyed = WORLD.bundle(managed=key, **plan)
    shown = without(edited(keyed, f"{MATERIAL}.certificate", {"rawBytes": b64(leaf.der)}),
                    f"{MATERIAL}.publicKey")  # fmt: skip
    assert prove(keyed, engine_of(keys=[trusted(key)])).log_index is not None
    assert reason_of(shown) == Reason.ENTRY_MISMATCH


def test_the_second_of_two_entries_is_looked_at_as_closely() -> None:
    bundle, other = WORLD.bundle(log=("v1", "v2")), WORLD.bundle(log=("v1", "v2"))
    second = f"{MATERIAL}.tlogEntries.1"
    assert reason_of(edited(bundle, second, at(other, second))) == Reason.ENTRY_MISMATCH
    proof = f"{second}.inclusionProof.rootHash"
    assert reason_of(edited(bundle, proof, flipped())) == Reason.PROOF_INVALID


def test_a_promise_about_another_entry_is_refused() -> None:
    bundle, other = WORLD.bundle(), WORLD.bundle()
    assert reason_of(edited(bundle, PROMISE, at(other, PROMISE))) == Reason.PROMISE_INVALID


def test_a_promise_is_refused_though_the_proof_would_do() -> None:
    bundle = WORLD.bundle(log="v2")
    promised = edited(bundle, f"{ENTRY}.inclusionPromise", {"signedEntryTimestamp": b64(b"x")})
    assert reason_of(promised) == Reason.PROMISE_INVALID


def test_a_broken_proof_is_not_made_up_for_by_a_promise() -> None:
    judge = engine_of(demands=Demands(promise_alone=True))
    bundle = edited(WORLD.bundle(), f"{PROOF}.rootHash", flipped())
    assert reason_of(bundle, judge) == Reason.PROOF_INVALID


def test_the_time_of_a_promise_is_no_time_without_the_promise() -> None:
    bundle = without(WORLD.bundle(), f"{ENTRY}.inclusionPromise")
    assert reason_of(bundle) == Reason.TIME_MISSING


def test_a_promise_without_a_time_proves_no_time() -> None:
    bundle = WORLD.bundle(log="v2", timestamps=0)
    log = WORLD.log("v2")
    # A log that tells no times writes zero, and may sign that.
    promised = (
        f'{{"body":"{at(bundle, BODY)}","integratedTime":0,'
        f'"logID":"{log.log_id.hex()}","logIndex":{at(bundle, f"{ENTRY}.logIndex")}}}'
    )
    made = {"signedEntryTimestamp": b64(sign(log.key, promised.encode()))}
    untimed = edited(bundle, f"{ENTRY}.inclusionPromise", made)
    assert reason_of(untimed) == Reason.TIME_MISSING
    add_timestamp(untimed, WORLD.stamp(raw(untimed, SIGNATURE)))
    assert prove(untimed).signed_at == WORLD.at


def _tree(log: Log, bundle: Json, note: Callable[[int, bytes], str]) -> Json:
    """A bundle with a new tree around its entry, and a checkpoint of one's own."""
    proof = placed(raw(bundle, BODY), 5, 900)
    made = edited(bundle, PROOF, proof_of(log, proof))
    return edited(made, CHECKPOINT, note(proof.size, proof.root))


def _signed_by(origin: str, name: str, hint: bytes, key: PrivateKey) -> Callable[[int, bytes], str]:
    return NoteSigner(origin, name, hint, lambda text: sign(key, text)).checkpoint


STRANGER = key_named("a stranger")


def _with_witness(log: Log) -> Callable[[int, bytes], str]:
    def note(size: int, root: bytes) -> str:
        theirs = _signed_by(log.origin, "witness", b"hint", STRANGER)(size, root)
        return log.checkpoint(size, root) + theirs.rpartition("\n\n")[2]

    return note


@pytest.mark.parametrize("which", ["v1", "v2"])
def test_a_checkpoint_holds_with_witnesses_beside_the_log(which: str) -> None:
    log = WORLD.log(which)
    bundle = _tree(log, WORLD.bundle(log=which), _with_witness(log))
    assert prove(bundle).log_index is not None


@pytest.mark.parametrize("which", ["v1", "v2"])
@pytest.mark.parametrize(
    ("note", "reason"),
    [
        pytest.param(
            lambda log: _signed_by(log.origin, log.name, log.log_id[:4], STRANGER),
            Reason.CHECKPOINT_INVALID,
            id="right-hint-wrong-key",
        ),
        pytest.param(
            lambda log: _signed_by(log.origin, "witness", b"hint", STRANGER),
            Reason.CHECKPOINT_INVALID,
            id="a-witness-alone",
        ),
        pytest.param(
            lambda log: _signed_by(log.origin, "witness", log.log_id[:4], log.key),
            Reason.CHECKPOINT_INVALID,
            id="another-name",
        ),
        pytest.param(
            lambda log: _signed_by("other.invalid", log.name, log.log_id[:4], log.key),
            Reason.CHECKPOINT_INVALID,
            id="another-origin",
        ),
        pytest.param(
            lambda log: _signed_by(log.origin, log.name, b"hint", log.key),
            Reason.CHECKPOINT_INVALID,
            id="another-hint",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size + 1, root),
            Reason.PROOF_INVALID,
            id="another-size",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size, root[::-1]),
            Reason.PROOF_INVALID,
            id="another-root",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size, root).replace("\n", "\r\n"),
            Reason.CHECKPOINT_INVALID,
            id="crlf",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size, root).replace("\n\n", "\n\n\n"),
            Reason.CHECKPOINT_INVALID,
            id="two-blank-lines",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size, root).rstrip("\n"),
            Reason.CHECKPOINT_INVALID,
            id="no-last-line-feed",
        ),
        pytest.param(
            lambda log: lambda size, root: log.checkpoint(size, root).replace("\n\n", "\nx\n\n"),
            Reason.CHECKPOINT_INVALID,
            id="a-line-that-was-not-signed",
        ),
    ],
)
def test_a_checkpoint_is_the_logs_own_over_this_tree(
    which: str, note: Callable[[Log], Callable[[int, bytes], str]], reason: Reason
) -> None:
    log = WORLD.log(which)
    assert reason_of(_tree(log, WORLD.bundle(log=which), note(log))) == reason


def test_a_checkpoint_of_another_tree_of_the_same_log_is_refused() -> None:
    bundle, other = WORLD.bundle(), WORLD.bundle()
    swapped = edited(bundle, CHECKPOINT, at(other, CHECKPOINT))
    assert reason_of(swapped) == Reason.PROOF_INVALID
    # Neither is a whole proof about another entry.
    assert reason_of(edited(bundle, PROOF, at(other, PROOF))) == Reason.PROOF_INVALID


def test_a_tree_that_the_bundle_made_up_is_refused() -> None:
    bundle = edited(WORLD.bundle(), PROOF, at(World("other").bundle(), PROOF))
    assert reason_of(bundle) == Reason.CHECKPOINT_INVALID


def test_a_root_of_another_instance_proves_nothing() -> None:
    other = engine_of(World("other"))
    assert reason_of(WORLD.bundle(), other) == Reason.CERTIFICATE_UNTRUSTED
    assert reason_of(WORLD.bundle(log="v2"), other) == Reason.TIMESTAMP_INVALID
    mixed = WORLD.root()
    mixed["tlogs"] = World("other").root()["tlogs"]
    assert reason_of(WORLD.bundle(), engine_of(root=mixed)) == Reason.LOG_UNKNOWN


def test_an_empty_root_proves_nothing() -> None:
    assert reason_of(WORLD.bundle(), engine_of(root={})) == Reason.CERTIFICATE_UNTRUSTED
    key = key_named("release")
    judge = engine_of(root={}, keys=[trusted(key)])
    assert reason_of(WORLD.bundle(managed=key), judge) == Reason.LOG_UNKNOWN


def test_a_log_whose_id_another_key_took_over_is_refused() -> None:
    root = WORLD.root()
    root["tlogs"][0]["publicKey"] = World("other").root()["tlogs"][0]["publicKey"]
    assert reason_of(WORLD.bundle(), engine_of(root=root)) == Reason.PROMISE_INVALID


def test_a_time_in_another_entrys_name_is_no_time() -> None:
    """An hour later the certificate is gone; the entry of a signature in time does not help."""
    leaf = WORLD.leaf()
    early = WORLD.bundle(leaf=leaf)
    late = WORLD.bundle(leaf=leaf, at=WORLD.at + timedelta(hours=1))
    assert reason_of(late) == Reason.TIME_OUTSIDE_CERTIFICATE
    assert reason_of(edited(late, ENTRY, at(early, ENTRY))) == Reason.ENTRY_MISMATCH
    moment = at(early, f"{ENTRY}.integratedTime")
    backdated = edited(late, f"{ENTRY}.integratedTime", moment)
    assert reason_of(backdated, ENGINE) == Reason.PROMISE_INVALID


def test_seconds_are_whole() -> None:
    late = World(at=WORLD.at + SECOND / 2)
    assert prove(late.bundle(), engine_of(late)).signed_at == WORLD.at
