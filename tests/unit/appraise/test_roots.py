"""Several trust roots are judged by one beside the other; they are never merged."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from sealane.appraise.appraise import judge
from sealane.appraise.collect import Case
from sealane.appraise.setup import Setup, make_setup
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import LogClass, Trust
from sealane.core.verify.interface import Demands
from sealane.errors import PolicyError, VerificationError
from sealane.io.stores.trust.load import TrustMaterial
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World

WORLDS = (World("acme"), World("other"))
FILE = Artifact(NAME, (Digest("sha256", sha256(ARTIFACT).hexdigest()),), len(ARTIFACT))


def material(world: World, *, sandbox: bool = False) -> TrustMaterial:
    root = world.root_json()
    return TrustMaterial(f"/{id(world)}.json", root, sha256(root).hexdigest(), sandbox=sandbox)


MATERIALS = tuple(material(world) for world in WORLDS)
FIRST, SECOND = (
    Trust(name, one.name, one.sha256)
    for name, one in zip(("first", "second"), MATERIALS, strict=True)
)
POLICY = replace(quick_policy(["gitlab:group/acme"]), trusts=(FIRST, SECOND))


def setup() -> Setup:
    return make_setup(POLICY, *MATERIALS)


def bundle(world: World, **wanted: object) -> bytes:
    return json.dumps(world.bundle(**wanted)).encode()


@pytest.mark.parametrize("number", [0, 1])
def test_evidence_holds_by_the_root_of_its_own_world(number: int) -> None:
    _, root = setup().prove(bundle(WORLDS[number]), FILE)
    assert root.names == (("first", "second")[number],)
    assert root.trust == str(MATERIALS[number])


def test_a_fact_says_by_which_root_it_was_proven() -> None:
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, bundle(WORLDS[1]), "x")
    verdict = judge(Case(FILE, (evidence,)), setup(), WORLDS[1].born)
    assert [fact.roots for fact in verdict.facts] == [("second",)]
    assert [fact.trust for fact in verdict.facts] == [str(MATERIALS[1])]


def test_a_certificate_of_one_world_with_the_log_of_another_holds_by_none() -> None:
    mixed = json.loads(bundle(WORLDS[0]))
    other = json.loads(bundle(WORLDS[1]))
    material = mixed["verificationMaterial"]
    material["tlogEntries"] = other["verificationMaterial"]["tlogEntries"]
    with pytest.raises(VerificationError):
        setup().prove(json.dumps(mixed).encode(), FILE)


@pytest.mark.parametrize("number", [0, 1])
def test_the_reason_is_that_of_the_root_which_knows_the_signer(number: int) -> None:
    with pytest.raises(VerificationError) as raised:
        setup().prove(bundle(WORLDS[number], log=()), FILE)
    assert raised.value.code == "SL-LOG-001"


def test_where_no_root_knows_the_signer_the_first_says_so() -> None:
    with pytest.raises(VerificationError) as raised:
        setup().prove(bundle(World("third")), FILE)
    assert raised.value.code == "SL-CRT-002"


def test_each_root_has_demands_of_its_own() -> None:
    loose = replace(SECOND, log=LogClass.NONE, demands=Demands(logs=0, key_logs=0))
    made = make_setup(replace(POLICY, trusts=(FIRST, loose)), *MATERIALS)
    assert made.prove(bundle(WORLDS[1], log=(), timestamps=1), FILE)
    with pytest.raises(VerificationError):
        made.prove(bundle(WORLDS[0], log=(), timestamps=1), FILE)


def test_less_is_demanded_only_of_the_root_that_the_policy_names() -> None:
    loose = replace(SECOND, log=LogClass.NONE, demands=Demands(logs=0, key_logs=0))
    with pytest.raises(PolicyError, match="second"):
        make_setup(replace(POLICY, trusts=(FIRST, loose)), MATERIALS[0], MATERIALS[0])


def test_in_a_rehearsal_one_root_stands_for_all() -> None:
    rehearsal = make_setup(POLICY, material(WORLDS[0], sandbox=True))
    _, root = rehearsal.prove(bundle(WORLDS[0]), FILE)
    assert root.names == ("first", "second")


def test_a_root_that_is_missing_is_no_smaller_policy() -> None:
    with pytest.raises(ValueError, match="shorter"):
        make_setup(POLICY, MATERIALS[0])
