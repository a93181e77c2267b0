"""The engine is the one that the policy names, with its keys and its demands."""

import json
import pickle
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sealane.appraise.setup import Setup, make_setup
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.policy.people import KeyPublisher
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import EngineName, LogClass, Policy, Trust
from sealane.core.verify.both import BothEngines
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import KEY_ISSUER
from sealane.errors import (
    ExitCode,
    MissingExtraError,
    PolicyError,
    TrustError,
    VerificationError,
)
from sealane.io.adapters.sigstore_check import SigstoreEngine
from sealane.io.stores.policies.keys import load_keys
from sealane.io.stores.trust.load import TrustMaterial, load_trust
from support.maker.content import ARTIFACT
from support.maker.keys import new_key
from support.maker.world import World
from support.signing import pem_of

WORLD = World()
ROOT = WORLD.root_json()
TRUST = TrustMaterial("/own/root.json", ROOT, sha256(ROOT).hexdigest(), sandbox=False)
FILE = Artifact("acme-1.0.whl", (Digest("sha256", sha256(ARTIFACT).hexdigest()),), len(ARTIFACT))
POLICY = quick_policy(["gitlab:a/b"])
KEY = new_key()
OWN = Trust("own", "/own/root.json", TRUST.sha256)
NO_LOG = replace(OWN, log=LogClass.NONE, demands=Demands(logs=0, key_logs=0))


def bundle(**wanted: object) -> bytes:
    return json.dumps(WORLD.bundle(**wanted)).encode()


@pytest.fixture
def by_key(tmp_path: Path) -> Policy:
    assert isinstance(KEY, ec.EllipticCurvePrivateKey)
    (tmp_path / "a.pem").write_bytes(pem_of(KEY.public_key()))
    return load_keys(quick_policy([f"key:{tmp_path / 'a.pem'}"]))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (EngineName.SEALANE, SealaneEngine),
        (EngineName.SIGSTORE, SigstoreEngine),
        (EngineName.BOTH, BothEngines),
    ],
)
def test_the_policy_names_the_engine(name: EngineName, kind: type) -> None:
    setup = make_setup(replace(POLICY, engine=name), TRUST)
    assert isinstance(setup.roots[0].engine, kind)
    assert setup.roots[0].engine.name == name
    assert setup.roots[0].engine is setup.roots[0].engine
    assert setup.roots[0].engine.prove(bundle(), FILE).log_index is not None


def test_without_a_policy_it_is_our_own_with_the_usual_demands() -> None:
    setup = make_setup(None, TRUST)
    assert isinstance(setup.roots[0].engine, SealaneEngine)
    assert (setup.demands, setup.keys, setup.certificates) == (Demands(), (), ())
    with pytest.raises(VerificationError, match="too few log entries"):
        setup.roots[0].engine.prove(bundle(log=()), FILE)


def test_only_sigstore_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore", None)
    assert make_setup(POLICY, TRUST).roots[0].engine
    for name in (EngineName.SIGSTORE, EngineName.BOTH):
        with pytest.raises(MissingExtraError, match=r"\[sigstore\]") as raised:
            make_setup(replace(POLICY, engine=name), TRUST)
        assert raised.value.exit_code == ExitCode.USAGE


def test_a_key_that_was_named_needs_no_log_and_a_certificate_does(by_key: Policy) -> None:
    setup = make_setup(by_key, TRUST)
    proven = setup.roots[0].engine.prove(bundle(managed=KEY, log=(), timestamps=0), FILE)
    assert proven.signer.issuer == KEY_ISSUER
    assert setup.keys == by_key.keys
    with pytest.raises(VerificationError) as raised:
        setup.roots[0].engine.prove(bundle(log=()), FILE)
    assert raised.value.code == "SL-LOG-001"


def test_a_log_entry_of_a_named_key_has_to_hold(by_key: Policy) -> None:
    engine = make_setup(by_key, TRUST).roots[0].engine
    logged = WORLD.bundle(managed=KEY)
    assert engine.prove(json.dumps(logged).encode(), FILE).log_index is not None
    entry = logged["verificationMaterial"]["tlogEntries"][0]
    entry["inclusionProof"]["hashes"] = entry["inclusionProof"]["hashes"][::-1]
    with pytest.raises(VerificationError) as raised:
        engine.prove(json.dumps(logged).encode(), FILE)
    assert raised.value.code == "SL-LOG-009"


def test_a_key_of_nobody_is_refused(by_key: Policy) -> None:
    content = bundle(managed=new_key(), log=(), timestamps=0)
    for policy in (by_key, POLICY):
        with pytest.raises(VerificationError):
            make_setup(replace(policy, rootless_demands=Demands(key_logs=0)), TRUST).roots[
                0
            ].engine.prove(content, FILE)


def test_a_key_needs_a_log_unless_the_policy_says_otherwise(by_key: Policy) -> None:
    content = bundle(managed=KEY, log=(), timestamps=0)
    with pytest.raises(VerificationError) as raised:
        make_setup(replace(by_key, trusts=(OWN,)), TRUST).roots[0].engine.prove(content, FILE)
    assert raised.value.code == "SL-LOG-001"
    nowhere = load_trust("none", sandbox=None)
    policy = replace(by_key, trusts=(replace(NO_LOG, root="none", sha256=None),))
    assert (
        make_setup(policy, nowhere).roots[0].engine.prove(content, FILE).signer.issuer == KEY_ISSUER
    )


def test_without_a_root_no_certificate_and_no_log_holds(by_key: Policy) -> None:
    nowhere = load_trust("none", sandbox=None)
    policy = replace(by_key, trusts=(replace(NO_LOG, root="none", sha256=None),))
    engine = make_setup(policy, nowhere).roots[0].engine
    for content in (bundle(), bundle(log=(), timestamps=1), bundle(managed=KEY)):
        with pytest.raises(VerificationError):
            engine.prove(content, FILE)


def test_a_log_can_be_left_out_of_an_own_world_and_a_time_cannot() -> None:
    engine = make_setup(replace(POLICY, trusts=(NO_LOG,)), TRUST).roots[0].engine
    assert engine.prove(bundle(log=(), timestamps=1), FILE).log_index is None
    with pytest.raises(VerificationError) as raised:
        engine.prove(bundle(log=(), timestamps=0), FILE)
    assert raised.value.code == "SL-TIM-001"


@pytest.mark.parametrize(
    "demands",
    [
        Demands(logs=0), Demands(key_logs=0), Demands(scts=0), Demands(logs=0, key_logs=0),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("named", "trust"),
    [
        pytest.param(OWN, replace(TRUST, sha256="a" * 64), id="other-bytes"),
        pytest.param(replace(OWN, root="acme", sha256=None), TRUST, id="other-name"),
        pytest.param(OWN, load_trust(None, sandbox=None), id="the-public-root"),
    ],
)
def test_less_is_demanded_of_the_policys_own_root_alone(
    demands: Demands, named: Trust, trust: TrustMaterial
) -> None:
    policy = replace(POLICY, trusts=(replace(named, demands=demands),))
    with pytest.raises(PolicyError, match=r"trust\.own: it demands less") as raised:
        make_setup(policy, trust)
    assert (raised.value.exit_code, bool(raised.value.hint)) == (ExitCode.INPUT, True)
    assert make_setup(replace(POLICY, trusts=(named,)), trust)
    # A rehearsal proves nothing about the world, and is stamped.
    assert make_setup(policy, replace(trust, sandbox=True))


def test_the_public_root_stays_public_under_another_name() -> None:
    public = load_trust(None, sandbox=None)
    named = replace(NO_LOG, root="/own/copy.json", sha256=public.sha256)
    with pytest.raises(PolicyError, match="it demands less"):
        make_setup(replace(POLICY, trusts=(named,)), replace(public, name="/own/copy.json"))


def test_what_its_engine_cannot_judge_is_refused(by_key: Policy) -> None:
    for name in (EngineName.SIGSTORE, EngineName.BOTH):
        with pytest.raises(PolicyError, match="does not judge signatures by keys") as raised:
            make_setup(replace(by_key, engine=name), TRUST)
        assert raised.value.exit_code == ExitCode.INPUT
    lower = replace(POLICY, engine=EngineName.SIGSTORE, trusts=(NO_LOG,))
    with pytest.raises(PolicyError, match=r"trust\.own: .*the usual thresholds only"):
        make_setup(lower, TRUST)


@pytest.mark.parametrize("root", [b"", b"[]", b'{"tlogs": 1}'])
def test_a_root_that_cannot_be_read_is_found_before_anything_is_judged(root: bytes) -> None:
    with pytest.raises(TrustError, match=r"trust root '/own/root\.json'") as raised:
        make_setup(POLICY, replace(TRUST, root=root))
    assert raised.value.exit_code == ExitCode.TRUST


def test_a_worker_gets_the_values_and_makes_an_engine_of_its_own(by_key: Policy) -> None:
    setup = make_setup(by_key, TRUST)
    sent = pickle.dumps(setup)
    assert b"SealaneEngine" not in sent
    copy = pickle.loads(sent)
    assert isinstance(copy, Setup)
    assert copy == setup
    assert copy.keys == setup.keys
    assert copy.roots[0].engine is not setup.roots[0].engine
    content = bundle(managed=KEY, log=(), timestamps=0)
    assert copy.roots[0].engine.prove(content, FILE) == setup.roots[0].engine.prove(content, FILE)


def test_another_policy_gets_another_engine(by_key: Policy) -> None:
    setup = make_setup(by_key, TRUST)
    content = bundle(managed=KEY, log=(), timestamps=0)
    assert setup.roots[0].engine.prove(content, FILE)
    with pytest.raises(VerificationError):
        replace(setup, policy=POLICY).roots[0].engine.prove(content, FILE)


def test_a_publisher_whose_key_was_not_loaded_gives_no_key(by_key: Policy) -> None:
    bare = by_key.with_publishers(
        {one: replace(one, keys=()) for one in by_key.publishers if isinstance(one, KeyPublisher)}
    )
    with pytest.raises(VerificationError) as raised:
        make_setup(bare, TRUST).roots[0].engine.prove(
            bundle(managed=KEY, log=(), timestamps=0), FILE
        )
    assert raised.value.code == "SL-KEY-001"
