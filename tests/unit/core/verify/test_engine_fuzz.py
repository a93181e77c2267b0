"""Whatever comes in, a refusal comes out, or what was signed and no more."""

import json
import warnings
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.utils import CryptographyDeprecationWarning
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sealane.core.model.codes import code_of
from sealane.core.verify.interface import Demands, Proven
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from sealane.sandbox import der
from support.judged import CERTIFICATE, ENGINE, FILE, MATERIAL, WORLD, edited, engine_of, trusted
from support.maker.bodies import HASHEDREKORD_2, INTOTO, b64
from support.maker.keys import key_named
from support.mutate import mutated

KEY = key_named("release")
LATE = WORLD.at + timedelta(seconds=5)
BUNDLES = [
    WORLD.bundle(), WORLD.bundle(log="v2"), WORLD.bundle(log=("v1", "v2"), timestamps=2),
    WORLD.bundle(kind="message", at=LATE), WORLD.bundle(kind="message", log="v2"),
    WORLD.bundle(version=1, chain=3), WORLD.bundle(version=2, entry=INTOTO, identity="email"),
    WORLD.bundle(managed=KEY, hint="x"), WORLD.bundle(managed=KEY, entry=HASHEDREKORD_2),
    WORLD.bundle(version=1, proof=False, identity="github"),
]  # fmt: skip
JUDGE = engine_of(keys=[trusted(KEY)], demands=Demands(promise_alone=True))
pytestmark = pytest.mark.filterwarnings(
    # A certificate with the number zero, which a later version of the library refuses to read.
    "ignore::cryptography.utils.CryptographyDeprecationWarning"
)


def judged(content: bytes) -> Proven | None:
    """What was proven, if anything; all but a refusal goes on."""
    try:
        return JUDGE.prove(content, FILE)
    except VerificationError as error:
        # A finding has a code that the reference explains, whatever went wrong.
        code = code_of(error.code)
    assert code.hint
    return None


def facts(proven: Proven) -> tuple[Any, ...]:
    return proven.signer, proven.payload_type, proven.payload, proven.certificate


SIGNED = {facts(JUDGE.prove(json.dumps(one).encode(), FILE)) for one in BUNDLES}
TIMES = {WORLD.at, LATE}


@given(mutated(BUNDLES))
@settings(max_examples=600)
def test_a_changed_bundle_proves_nothing_that_was_not_signed(bundle: dict[str, Any]) -> None:
    proven = judged(json.dumps(bundle).encode())
    if proven is None:
        return
    assert facts(proven) in SIGNED
    # A managed key may be without a time; a certificate never is.
    assert proven.signed_at in TIMES or (proven.signed_at is None and not proven.certificate)


@given(st.binary(max_size=300))
@example(b"")
@example(b"[" * 100_000)
@example(b'{"a":' * 5000)
@example(b"1" * 5000)
@example(b'{"mediaType": 1e999}')
@example(json.dumps(BUNDLES[0]).encode("utf-16"))
@example(b"\xef\xbb\xbf" + json.dumps(BUNDLES[0]).encode())
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    assert judged(content) is None


@given(st.integers(0, 1_000_000), st.integers(0, 255))
def test_no_byte_of_a_bundle_raises_anything_else(place: int, value: int) -> None:
    content = bytearray(json.dumps(BUNDLES[2]).encode())
    content[place % len(content)] = value
    proven = judged(bytes(content))
    assert proven is None or facts(proven) in SIGNED


LEAF = WORLD.leaf()


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=3))
@settings(max_examples=400)
def test_no_certificate_raises_anything_else_though_its_authority_signed_it(
    changes: list[tuple[int, int]],
) -> None:
    """Even an authority that signs nonsense ends no run."""
    _, content, _ = der.decode(LEAF.der)
    (tag, body), algorithm, _ = der.elements(content)
    made = bytearray(der.encode(tag, body))
    for place, value in changes:
        made[place % len(made)] = value
    signature = WORLD.authority().key.sign(bytes(made), ec.ECDSA(hashes.SHA384()))
    whole = bytes(made) + der.encode(*algorithm) + der.encode(3, b"\0" + signature)
    bundle = edited(BUNDLES[0], CERTIFICATE, b64(der.encode(der.SEQUENCE, whole)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        assert judged(json.dumps(bundle).encode()) is None


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\ud800\ud800"])
@pytest.mark.parametrize(
    "path",
    [
        "mediaType",
        "dsseEnvelope.payloadType",
        f"{MATERIAL}.tlogEntries.0.kindVersion.kind",
        f"{MATERIAL}.tlogEntries.0.kindVersion.version",
        f"{MATERIAL}.tlogEntries.0.inclusionProof.checkpoint.envelope",
    ],
)
def test_half_a_surrogate_pair_is_no_text(path: str, text: str) -> None:
    """JSON can escape it, nothing can encode it, and nobody can have signed it."""
    with pytest.raises(VerificationError) as raised:
        ENGINE.prove(json.dumps(edited(BUNDLES[0], path, text)).encode(), FILE)
    assert raised.value.code == Reason.UNREADABLE
