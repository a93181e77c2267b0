"""Two verifiers have to accept the same bundle, and to find the same in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.identity import Identity
from sealane.core.verify.both import BothEngines
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands, Engine, Proven
from sealane.core.verify.keys import TrustedKey, spki_of
from sealane.core.verify.root import parse_root
from sealane.errors import VerificationError
from sealane.io.adapters.sigstore_check import SigstoreEngine
from support.maker.content import ARTIFACT
from support.maker.keys import new_key
from support.maker.world import World

WORLD = World()
ROOT = WORLD.root_json()
FILE = Artifact("acme-1.0.whl", (Digest("sha256", sha256(ARTIFACT).hexdigest()),), len(ARTIFACT))
KEY = new_key()
LENIENT = Demands(promise_alone=True)


def own(demands: Demands = LENIENT) -> SealaneEngine:
    trusted = TrustedKey("ann", spki_of(KEY.public_key()))
    return SealaneEngine(parse_root(ROOT), (trusted,), demands)


def bundle(**wanted: object) -> bytes:
    return json.dumps(WORLD.bundle(**wanted)).encode()


def refused(engines: BothEngines, content: bytes, artifact: Artifact = FILE) -> VerificationError:
    with pytest.raises(VerificationError) as raised:
        engines.prove(content, artifact)
    return raised.value


BOTH = BothEngines(own(), SigstoreEngine(ROOT))
USUAL = bundle()


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({}, id="envelope"),
        pytest.param({"kind": "message"}, id="file"),
        pytest.param({"timestamps": 1}, id="with-a-time-stamp"),
        pytest.param({"log": "v2"}, id="second-log"),
        pytest.param({"kind": "message", "log": "v2"}, id="file-in-the-second-log"),
        pytest.param({"version": 2}, id="version-0.2"),
        pytest.param({"identity": "email"}, id="a-person"),
    ],
)
def test_what_both_accept_is_proven_as_ours(wanted: dict[str, object]) -> None:
    content = bundle(**wanted)
    ours = own().prove(content, FILE)
    assert BOTH.prove(content, FILE) == replace(
        ours, notes=(*ours.notes, "sigstore found the same")
    )


def test_what_ours_refuses_is_refused_as_ours_says_it() -> None:
    error = refused(BOTH, USUAL[:-1])
    assert error.code == "SL-SIG-002"
    assert refused(BOTH, bundle(log=())).code == "SL-LOG-001"


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"managed": KEY}, id="managed-key"),
        pytest.param({"log": ("v1", "v2")}, id="two-logs"),
        pytest.param({"version": 1, "proof": False}, id="a-promise-alone"),
        pytest.param({"version": 2, "entry": ("intoto", "0.0.2")}, id="an-entry-of-kind-intoto"),
    ],
)
def test_a_form_that_the_second_cannot_read_is_refused(wanted: dict[str, object]) -> None:
    content = bundle(**wanted)
    assert own().prove(content, FILE)
    error = refused(BOTH, content)
    assert error.code == "SL-SIG-001"
    assert error.message == "sigstore does not accept what sealane does"
    assert (error.expected, error.actual[:6]) == ("a bundle that both accept", "SL-SIG")
    assert error.hint


def test_the_second_has_to_know_the_root_too() -> None:
    stranger = SigstoreEngine(World("other").root_json())
    assert refused(BothEngines(own(), stranger), USUAL).code == "SL-SIG-001"
    assert refused(BothEngines(SealaneEngine(parse_root(World("other").root_json())),
                               SigstoreEngine(ROOT)), USUAL).code.startswith("SL-")  # fmt: skip


def test_a_file_whose_digest_the_second_needs_and_nobody_computed_is_refused() -> None:
    long = Artifact("x", (Digest("sha512", "a" * 128),))
    error = refused(BothEngines(_Wide(own()), SigstoreEngine(ROOT)), bundle(kind="message"), long)
    assert "SL-SIG-005: the signature is over the sha256 digest of the file" in error.actual
    # An envelope names its subjects itself.
    assert BOTH.prove(USUAL, long)


@dataclass
class _Wide:
    """Ours, that is always told of the right file."""

    engine: Engine
    name: str = "sealane"

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        assert artifact is not FILE
        return self.engine.prove(bundle, FILE)


@dataclass
class _Otherwise:
    """A verifier that accepts what the library accepts, and finds one thing otherwise."""

    change: Callable[[Proven], Proven]
    name: str = "other"

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        return self.change(SigstoreEngine(ROOT).prove(bundle, artifact))


@pytest.mark.parametrize(
    ("change", "name", "actual"),
    [
        pytest.param(lambda one: replace(one, certificate="a" * 64), "certificate",
                     f"certificate sha256:{'a' * 64}", id="certificate"),
        pytest.param(lambda one: replace(one, certificate=""), "certificate",
                     "certificate sha256:none", id="no-certificate"),
        pytest.param(lambda one: replace(one, payload=one.payload + b" "), "payload",
                     "payload sha256:", id="payload"),
        pytest.param(lambda one: replace(one, payload=None), "payload", "payload sha256:none",
                     id="no-payload"),
        pytest.param(lambda one: replace(one, payload_type=None), "payload type",
                     "payload type none", id="payload-type"),
        pytest.param(lambda one: replace(one, log_index=one.log_index + 1), "log index",
                     "log index ", id="log-index"),
        pytest.param(lambda one: replace(one, log_index=None), "log index", "log index none",
                     id="no-log-index"),
        pytest.param(lambda one: replace(one, signer=replace(one.signer, subject="x")),
                     "subject", "subject x", id="subject"),
        pytest.param(lambda one: replace(one, signer=replace(one.signer, issuer="x")),
                     "issuer", "issuer x", id="issuer"),
        pytest.param(lambda one: replace(one, signer=Identity("i", "s"), certificate="b"),
                     "certificate, issuer, subject",
                     "certificate sha256:b, issuer i, subject s", id="several"),
    ],
)  # fmt: skip
def test_what_they_do_not_agree_on_is_named(
    change: Callable[[Proven], Proven], name: str, actual: str
) -> None:
    error = refused(BothEngines(own(), _Otherwise(change)), USUAL)
    assert error.code == "SL-SIG-001"
    assert error.message == f"sealane and other do not agree on: {name}"
    assert error.actual.startswith(actual)
    assert error.expected != error.actual
    assert error.hint


def test_no_log_index_is_not_the_first() -> None:
    first = _Otherwise(lambda one: replace(one, log_index=0))
    none = _Otherwise(lambda one: replace(one, log_index=None))
    assert "log index" in refused(BothEngines(first, none), USUAL).message
    assert BothEngines(none, none).prove(USUAL, FILE).log_index is None
