"""A plain envelope is proven by the keys that are trusted, each once, and by nothing else."""

from datetime import UTC, datetime

import pytest

from sealane.core.attestation.envelope import PAYLOAD_TYPE, Envelope, pre_authentication_encoding
from sealane.core.verify.dsse import prove_envelope
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import KEY_ISSUER, TrustedKey, Window, spki_of
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from support.maker.keys import PrivateKey, key_named, sign

PAYLOAD = b'{"a": 1}'
NO_LOG = Demands(key_logs=0)
KINDS = ("p256", "p384", "ed25519", "rsa2048")


def private(name: str, kind: str = "p256") -> PrivateKey:
    return key_named(f"dsse {name}", kind)


def trusted(name: str, kind: str = "p256", window: Window | None = None) -> TrustedKey:
    return TrustedKey(name, spki_of(private(name, kind).public_key()), "", window or Window())


def enveloped(*signers: str, kind: str = "p256", payload: bytes = PAYLOAD) -> Envelope:
    signed = pre_authentication_encoding(PAYLOAD_TYPE, PAYLOAD)
    signatures = tuple((name, sign(private(name, kind), signed)) for name in signers)
    return Envelope(PAYLOAD_TYPE, payload, signatures)


def refused(envelope: Envelope, *keys: TrustedKey, demands: Demands = NO_LOG) -> str:
    with pytest.raises(VerificationError) as raised:
        prove_envelope(envelope, keys, demands)
    assert raised.value.hint
    return raised.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_trusted_key_proves_the_payload(kind: str) -> None:
    key = trusted("a", kind)
    (proven,) = prove_envelope(enveloped("a", kind=kind), [key], NO_LOG)
    assert (proven.payload_type, proven.payload) == (PAYLOAD_TYPE, PAYLOAD)
    assert (proven.signer.issuer, proven.signer.subject) == (KEY_ISSUER, f"sha256:{key.digest}")
    assert (proven.signed_at, proven.log_index, proven.certificate) == (None, None, "")


def test_each_key_counts_once_however_often_it_signed() -> None:
    keys = [trusted("a"), trusted("b"), trusted("c"), trusted("a")]
    proven = prove_envelope(enveloped("a", "a", "b", "stranger"), keys, NO_LOG)
    assert [one.signer for one in proven] == [trusted("a").identity, trusted("b").identity]


def test_key_ids_are_hints_only() -> None:
    ((_, signature),) = enveloped("a").signatures
    renamed = Envelope(PAYLOAD_TYPE, PAYLOAD, (("b", signature),))
    (proven,) = prove_envelope(renamed, [trusted("b"), trusted("a")], NO_LOG)
    assert proven.signer == trusted("a").identity


@pytest.mark.parametrize(
    ("envelope", "keys", "code"),
    [
        (enveloped("a"), [trusted("b")], Reason.SIGNATURE_INVALID),
        (enveloped("a"), [], Reason.KEY_UNKNOWN),
        (enveloped("a", payload=b'{"a": 2}'), [trusted("a")], Reason.SIGNATURE_INVALID),
        (enveloped("a"), [TrustedKey("broken", b"\x30\x00")], Reason.SIGNATURE_INVALID),
        (Envelope(PAYLOAD_TYPE, PAYLOAD, ()), [trusted("a")], Reason.SIGNATURE_INVALID),
        (
            Envelope("text/plain", PAYLOAD, enveloped("a").signatures),
            [trusted("a")], Reason.SIGNATURE_INVALID,
        ),
    ],
)  # fmt: skip
def test_what_no_trusted_key_signed_is_refused(
    envelope: Envelope, keys: list[TrustedKey], code: str
) -> None:
    assert refused(envelope, *keys) == code


@pytest.mark.parametrize("demands", [Demands(), Demands(key_logs=0, timestamps=1)])
def test_an_envelope_has_no_log_and_no_time_to_offer(demands: Demands) -> None:
    assert refused(enveloped("a"), trusted("a"), demands=demands) == Reason.ENTRY_MISSING


def test_a_key_that_ends_proves_nothing_without_a_time() -> None:
    ended = trusted("a", window=Window(end=datetime(2999, 1, 1, tzinfo=UTC)))
    assert refused(enveloped("a"), ended) == Reason.KEY_OUTSIDE_WINDOW
    (proven,) = prove_envelope(enveloped("a", "b"), [ended, trusted("b")], NO_LOG)
    assert proven.signer == trusted("b").identity
