"""For every reason there is a bundle that is refused for exactly that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import Window
from sealane.core.verify.reason import Reason
from support.judged import (
    CERTIFICATE,
    CHECKPOINT,
    ENGINE,
    ENTRY,
    FILE,
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
    raw,
    reason_of,
    trusted,
    without,
)
from support.maker.bodies import b64
from support.maker.keys import key_named
from support.maker.leaf import LeafShape
from support.maker.world import World, add_timestamp

OTHER = World("other")
KEY = key_named("release")
LATER = WORLD.at + timedelta(hours=1)
# What is refused, and where it is not the usual one, by which engine and for which file.
Made = tuple[Json | bytes, SealaneEngine, Artifact]


def _made(bundle: Json | bytes, engine: SealaneEngine = ENGINE, artifact: Artifact = FILE) -> Made:
    return bundle, engine, artifact


def _closed(which: str, **plan: object) -> Made:
    """Something signed a second after a window closed."""
    world = World(windows={which: (WORLD.born, WORLD.at - SECOND)})
    return _made(world.bundle(**plan), engine_of(world))


def _twice(path: str, **plan: object) -> Json:
    return edited(WORLD.bundle(**plan), path, lambda listed: [*listed, listed[0]])


def _stamped_by_another() -> Json:
    bundle = WORLD.bundle(log="v2")
    return edited(bundle, STAMP, b64(OTHER.stamp(b"another signature")))


def _foreign_entry(world: World) -> Json:
    return edited(WORLD.bundle(), ENTRY, at(world.bundle(), ENTRY))


def _two_signatures() -> Json:
    return edited(WORLD.bundle(), "dsseEnvelope.signatures", lambda listed: listed * 2)


def _ed25519_file() -> Made:
    key = key_named("release", "ed25519")
    return _made(WORLD.bundle(managed=key, kind="message"), engine_of(keys=[trusted(key)]))


TABLE: list[tuple[Reason, str, Callable[[], Made | Json | bytes]]] = [
    (Reason.UNREADABLE, "no-json", lambda: b"{"),
    (Reason.UNREADABLE, "empty", lambda: b""),
    (Reason.UNREADABLE, "no-signature", lambda: without(WORLD.bundle(), "dsseEnvelope")),
    (
        Reason.UNREADABLE,
        "log-time-after-all-years",
        lambda: edited(WORLD.bundle(), f"{ENTRY}.integratedTime", "9" * 18),
    ),
    (
        Reason.VERSION_UNKNOWN,
        "0.4",
        lambda: edited(
            WORLD.bundle(), "mediaType", "application/vnd.dev.sigstore.bundle.v0.4+json"
        ),
    ),
    (Reason.VERSION_UNKNOWN, "nonsense", lambda: edited(WORLD.bundle(), "mediaType", "x")),
    (
        Reason.FORM_INVALID,
        "chain-in-0.3",
        lambda: edited(WORLD.bundle(version=2), "mediaType", at(WORLD.bundle(), "mediaType")),
    ),
    (
        Reason.FORM_INVALID,
        "single-in-0.1",
        lambda: edited(WORLD.bundle(), "mediaType", at(WORLD.bundle(version=1), "mediaType")),
    ),
    (
        Reason.KEY_MATERIAL_MISSING,
        "none",
        lambda: without(WORLD.bundle(), f"{MATERIAL}.certificate"),
    ),
    (
        Reason.KEY_MATERIAL_MISSING,
        "empty-chain",
        lambda: edited(
            WORLD.bundle(version=1), f"{MATERIAL}.x509CertificateChain.certificates", []
        ),
    ),
    (Reason.SIGNATURE_COUNT, "two", _two_signatures),
    (
        Reason.SIGNATURE_COUNT,
        "none",
        lambda: edited(WORLD.bundle(), "dsseEnvelope.signatures", []),
    ),
    (
        Reason.SIGNATURE_INVALID,
        "payload",
        lambda: edited(WORLD.bundle(), PAYLOAD, flipped()),
    ),
    (
        Reason.SIGNATURE_INVALID,
        "payload-type",
        lambda: edited(WORLD.bundle(), "dsseEnvelope.payloadType", "text/plain"),
    ),
    (
        Reason.SIGNATURE_INVALID,
        "signature",
        lambda: edited(WORLD.bundle(), SIGNATURE, flipped(-1)),
    ),
    (
        Reason.DIGEST_UNKNOWN,
        "sha384",
        lambda: _made(
            WORLD.bundle(kind="message", leaf=WORLD.leaf(key=key_named("larger", "p384"))),
            ENGINE,
            artifact_of(b"acme 1.0", "sha256"),
        ),
    ),
    (
        Reason.OTHER_ARTIFACT,
        "file",
        lambda: _made(WORLD.bundle(kind="message"), ENGINE, artifact_of(b"acme 1.1")),
    ),
    (Reason.KEY_UNKNOWN, "none-trusted", lambda: WORLD.bundle(managed=KEY)),
    (Reason.KEY_UNKNOWN, "hint", lambda: WORLD.bundle(managed=KEY, hint="x")),
    (Reason.KEY_UNSUPPORTED, "ed25519-over-a-file", _ed25519_file),
    (
        Reason.KEY_UNSUPPORTED,
        "curve",
        lambda: WORLD.bundle(leaf=WORLD.leaf(key=key_named("odd", "k256"))),
    ),
    (
        Reason.KEY_OUTSIDE_WINDOW,
        "retired",
        lambda: _made(
            WORLD.bundle(managed=KEY),
            engine_of(keys=[trusted(KEY, Window(None, WORLD.at - SECOND))]),
        ),
    ),
    (
        Reason.CERTIFICATE_UNREADABLE,
        "garbage",
        lambda: edited(WORLD.bundle(), CERTIFICATE, b64(b"certificate")),
    ),
    (Reason.CERTIFICATE_UNTRUSTED, "other-world", OTHER.bundle),
    (
        Reason.CERTIFICATE_UNTRUSTED,
        "one-bit",
        lambda: edited(WORLD.bundle(), CERTIFICATE, flipped(-1)),
    ),
    (
        Reason.CERTIFICATE_PROFILE,
        "no-purpose",
        lambda: WORLD.bundle(leaf=WORLD.leaf(shape=LeafShape(purposes=()))),
    ),
    (Reason.AUTHORITY_OUTSIDE_WINDOW, "retired", lambda: _closed("ca")),
    (Reason.SCT_MISSING, "none", lambda: WORLD.bundle(leaf=WORLD.leaf(cts=()))),
    (
        Reason.SCT_INVALID,
        "over-other-bytes",
        lambda: WORLD.bundle(leaf=WORLD.leaf(shape=LeafShape(broken_promise=True))),
    ),
    (Reason.SCT_OUTSIDE_WINDOW, "retired", lambda: _closed("ct")),
    (Reason.TIME_MISSING, "second-log-alone", lambda: WORLD.bundle(log="v2", timestamps=0)),
    (Reason.TIME_MISSING, "no-promise", lambda: WORLD.bundle(promise=False)),
    (
        Reason.TIME_OUTSIDE_CERTIFICATE,
        "expired",
        lambda: WORLD.bundle(leaf=WORLD.leaf(), at=LATER),
    ),
    (
        Reason.TIME_OUTSIDE_CERTIFICATE,
        "time-stamp-after-expiry",
        lambda: WORLD.bundle(leaf=WORLD.leaf(), log="v2", at=LATER),
    ),
    (Reason.TIMESTAMP_INVALID, "over-other-bytes", _stamped_by_another),
    (
        Reason.TIMESTAMP_DUPLICATE,
        "twice",
        lambda: _twice(f"{MATERIAL}.timestampVerificationData.rfc3161Timestamps", log="v2"),
    ),
    (Reason.TIMESTAMP_COUNT, "33", lambda: WORLD.bundle(timestamps=33)),
    (Reason.TIMESTAMP_OUTSIDE_WINDOW, "retired", lambda: _closed("tsa", log="v2")),
    (Reason.ENTRY_MISSING, "none", lambda: WORLD.bundle(log=(), timestamps=1)),
    (Reason.ENTRY_DUPLICATE, "twice", lambda: _twice(f"{MATERIAL}.tlogEntries")),
    (
        Reason.ENTRY_KIND_UNKNOWN,
        "claimed",
        lambda: edited(WORLD.bundle(), f"{ENTRY}.kindVersion.kind", "rpm"),
    ),
    (Reason.ENTRY_MISMATCH, "other-bundle", lambda: _foreign_entry(WORLD)),
    (Reason.LOG_UNKNOWN, "other-world", lambda: _foreign_entry(OTHER)),
    (Reason.LOG_OUTSIDE_WINDOW, "first", lambda: _closed("log1")),
    (Reason.LOG_OUTSIDE_WINDOW, "second", lambda: _closed("log2", log="v2")),
    (Reason.PROMISE_INVALID, "one-bit", lambda: edited(WORLD.bundle(), PROMISE, flipped(-1))),
    (
        Reason.PROMISE_INVALID,
        "other-time",
        lambda: edited(WORLD.bundle(), f"{ENTRY}.integratedTime", added(1)),
    ),
    (Reason.PROOF_MISSING, "promise-alone", lambda: WORLD.bundle(version=1, proof=False)),
    (
        Reason.PROOF_MISSING,
        "neither",
        lambda: WORLD.bundle(promise=False, proof=False, timestamps=1),
    ),
    (
        Reason.PROOF_INVALID,
        "hash",
        lambda: edited(WORLD.bundle(), f"{PROOF}.hashes.3", flipped()),
    ),
    (
        Reason.CHECKPOINT_MISSING,
        "none",
        lambda: without(WORLD.bundle(), f"{PROOF}.checkpoint"),
    ),
    (
        Reason.CHECKPOINT_INVALID,
        "empty-lines",
        lambda: edited(WORLD.bundle(), CHECKPOINT, lambda text: text.replace("\n\n", "\n\n\n")),
    ),
]


@pytest.mark.parametrize(
    ("reason", "make"),
    [pytest.param(reason, make, id=f"{reason.name}-{name}") for reason, name, make in TABLE],
)
def test_a_bundle_is_refused_for_exactly_its_defect(
    reason: Reason, make: Callable[[], Made | Json | bytes]
) -> None:
    made = make()
    assert reason_of(*(made if isinstance(made, tuple) else _made(made))) == reason


def test_every_reason_has_a_bundle_that_is_refused_for_it() -> None:
    assert {reason for reason, _, _ in TABLE} == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_can_be_done(reason: Reason) -> None:
    assert code_of(reason).hint


def test_too_few_logs_are_told_with_their_number() -> None:
    judge = engine_of(demands=Demands(logs=2))
    assert reason_of(WORLD.bundle(), judge) == Reason.ENTRY_MISSING


def test_a_time_stamp_after_the_certificates_end_is_refused_though_the_log_was_in_time() -> None:
    bundle = WORLD.bundle()
    add_timestamp(bundle, WORLD.stamp(raw(bundle, SIGNATURE), LATER))
    assert reason_of(bundle) == Reason.TIME_OUTSIDE_CERTIFICATE
