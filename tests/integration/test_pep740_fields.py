"""Every real PEP 740 file of the pack: it passes for its publisher, and for nothing near it.

Policies cannot say Google's and CircleCI's fields yet: those go by the certificate's exact subject
and issuer, in which the fields stand.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from random import Random

import pytest

from sealane.appraise.appraise import appraise
from sealane.appraise.collect import Case as Judged
from sealane.appraise.setup import make_setup
from sealane.core.attestation.pep740 import is_attestation
from sealane.core.model.evidence import Evidence
from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.policy.quick import exact_policy, quick_policy
from sealane.core.policy.schema import Policy
from sealane.core.verify.naming import purl_and_version
from sealane.io.stores.trust.load import TrustMaterial, load_trust
from support.alter import Mutation, mutations
from support.pack import CASES, STAGING, Case, artifact_of, evidence_of
from support.vectors import needs_pack

AT = datetime(2026, 6, 1, tzinfo=UTC)
Fields = Mapping[str, str]
HOSTED = [case for case in CASES.values() if case["kind"].startswith("pep740-")]
GOOGLE = "https://accounts.google.com"
CIRCLE = "https://oidc.circleci.com"


@cache
def trust(*, staging: bool) -> TrustMaterial:
    return load_trust("staging" if staging else None, sandbox=None)


def judged(case: Case, policy: Policy, evidence: Evidence | None = None) -> Verdict:
    """What `sealane verify` says of a file of the pack, or of other evidence about it."""
    artifact = artifact_of(case)
    purl, version = purl_and_version(artifact.name)
    found = replace(artifact, purl=purl, version=version)
    setup = make_setup(policy, trust(staging=case["trust_root"] == STAGING))
    (verdict,) = appraise([Judged(found, (evidence or evidence_of(case),))], setup, AT).verdicts
    return verdict


def fields_of(case: Case) -> Fields:
    """What the index says of a publisher, and what its form leaves to be said: ref, or issuer."""
    more = {
        "GitHub": {"ref": "refs/tags/v{pep440}"},
        "GitLab": {"ref": "refs/heads/main"},
        "Google": {"issuer": GOOGLE},
        "CircleCI": {"issuer": CIRCLE},
        "email": {},
    }
    return {**case["publisher"], **more[case["publisher"]["kind"]]}


def policy_of(fields: Fields) -> Policy:
    """The policy that asks for exactly these fields."""
    match fields["kind"]:
        case "GitHub":
            where = f"{fields['repository']}/{fields['workflow']}"
            return quick_policy([f"github:{where}@{fields['ref']}"])
        case "GitLab":
            where = f"{fields['repository']}//{fields.get('workflow_filepath', 'x.yml')}"
            return quick_policy([f"gitlab:{where}@{fields['ref']}"])
        case "email":
            return quick_policy([f"email:{fields['email']},{fields['issuer']}"])
        case "Google":
            return exact_policy(fields["email"], fields["issuer"])
        case _:
            project, pipeline = fields["project_id"], fields["pipeline_definition_id"]
            subject = f"https://circleci.com/api/v2/projects/{project}"
            subject += f"/pipeline-definitions/{pipeline}"
            return exact_policy(subject, fields["issuer"])


# The finding for each field, and the text that stands in it in place of the field's value.
NAMED = {
    "kind": ("SL-ID-002", "issuer"),
    "issuer": ("SL-ID-002", "issuer"),
    "repository": ("SL-ID-003", "source repository uri"),
    "workflow": ("SL-ID-005", "build config uri"),
    "workflow_filepath": ("SL-ID-005", "build config uri"),
    "ref": ("SL-ID-004", "source repository ref"),
    "email": ("SL-ID-009", "subject"),
    "project_id": ("SL-ID-009", "subject"),
    "pipeline_definition_id": ("SL-ID-009", "subject"),
}
CHANGED_KIND = {"GitHub": "GitLab"}


def changed_fields(fields: Fields) -> Iterator[tuple[str, str, Fields]]:
    """A publisher with each single field changed: its name, its new value, and all of them."""
    for name, value in fields.items():
        if name == "kind":
            new = CHANGED_KIND.get(value)
        elif name == "issuer":
            new = "https://issuer.example.org"
        elif name == "ref":
            new = "refs/tags/v99.0"
        else:
            # Near it: one character more, in front, where no suffix can be cut off.
            new = f"x{value}"
        if new is not None:
            yield name, new, {**fields, name: new}


@needs_pack
def test_all_real_files_are_tried() -> None:
    assert len(HOSTED) == 13
    assert {case["publisher"]["kind"] for case in HOSTED} == {
        "GitHub", "GitLab", "Google", "CircleCI", "email",
    }  # fmt: skip


@needs_pack
@pytest.mark.parametrize("case", HOSTED, ids=lambda case: case["id"])
def test_a_real_file_passes_for_its_publisher(case: Case) -> None:
    verdict = judged(case, policy_of(fields_of(case)))
    assert verdict.outcome is Outcome.PASS, verdict.findings


@needs_pack
@pytest.mark.parametrize("case", HOSTED, ids=lambda case: case["id"])
def test_each_field_of_the_publisher_that_differs_is_named_with_both_values(case: Case) -> None:
    tried = list(changed_fields(fields_of(case)))
    assert len(tried) >= 2
    for name, new, fields in tried:
        verdict = judged(case, policy_of(fields))
        assert verdict.outcome is Outcome.FAIL, name
        code, place = NAMED[name]
        found = [one for one in verdict.findings if one.code.startswith(code)]
        assert found, (name, [one.code for one in verdict.findings])
        assert place in found[0].place
        assert found[0].actual not in {"", found[0].expected}
        if name != "kind":
            assert new in found[0].expected, (name, found[0].expected)
        assert found[0].hint


ENTRY = ("verification_material", "transparency_entries", 0)
PROOF = (*ENTRY, "inclusionProof")
CERTIFICATE = {"SL-CRT-001", "SL-CRT-002", "SL-CRT-003"}
# Which change is made to each member, and the finding that has to name it.
OF_MEMBER: dict[tuple[str | int, ...], tuple[str, set[str]]] = {
    ("version",): ("one more", {"SL-SIG-002"}),
    ("verification_material", "certificate"): ("a bit flipped", CERTIFICATE),
    (*ENTRY, "logIndex"): ("one more", {"SL-LOG-007"}),
    (*ENTRY, "logId", "keyId"): ("a bit flipped", {"SL-LOG-005"}),
    (*ENTRY, "kindVersion", "kind"): ("longer", {"SL-LOG-003"}),
    (*ENTRY, "kindVersion", "version"): ("longer", {"SL-LOG-003"}),
    (*ENTRY, "integratedTime"): ("one more", {"SL-LOG-007"}),
    (*ENTRY, "inclusionPromise", "signedEntryTimestamp"): ("a bit flipped", {"SL-LOG-007"}),
    (*PROOF, "logIndex"): ("one less", {"SL-LOG-009"}),
    (*PROOF, "rootHash"): ("a bit flipped", {"SL-LOG-009"}),
    (*PROOF, "treeSize"): ("one more", {"SL-LOG-009"}),
    (*PROOF, "hashes", 0): ("a bit flipped", {"SL-LOG-009"}),
    (*PROOF, "checkpoint", "envelope"): ("a letter changed", {"SL-LOG-011"}),
    (*ENTRY, "canonicalizedBody"): ("a bit flipped", {"SL-LOG-007"}),
    ("envelope", "statement"): ("a bit flipped", {"SL-SIG-004"}),
    ("envelope", "signature"): ("a bit flipped", {"SL-SIG-004"}),
}
# What a member that is missing is taken for, where it is not simply unreadable.
MISSING = {
    (*ENTRY, "logIndex"): "SL-LOG-007",  # zero
    (*ENTRY, "integratedTime"): "SL-TIM-001",
    (*ENTRY, "inclusionPromise"): "SL-TIM-001",
    ENTRY: "SL-LOG-001",
    PROOF: "SL-LOG-008",
    (*PROOF, "logIndex"): "SL-LOG-009",
    (*PROOF, "treeSize"): "SL-LOG-009",
    (*PROOF, "hashes"): "SL-LOG-009",
    (*PROOF, "checkpoint"): "SL-LOG-010",
    (*PROOF, "checkpoint", "envelope"): "SL-LOG-010",
}


def attestations() -> list[tuple[Case, Evidence]]:
    """Every real attestation that is a file of its own."""
    pairs = [(case, evidence_of(case)) for case in HOSTED]
    return [(case, one) for case, one in pairs if is_attestation(json.loads(one.content))]


of_each_attestation = pytest.mark.parametrize(
    ("case", "evidence"), attestations(), ids=[case["id"] for case, _ in attestations()]
)


def refused(case: Case, evidence: Evidence, change: Mutation) -> Verdict:
    """The verdict on a file with a changed attestation, by the policy of its publisher."""
    altered = replace(evidence, content=change.content)
    verdict = judged(case, policy_of(fields_of(case)), altered)
    assert verdict.outcome is Outcome.FAIL, str(change)
    assert verdict.facts == ()
    return verdict


@needs_pack
@of_each_attestation
def test_each_member_of_an_attestation_that_differs_is_named(
    case: Case, evidence: Evidence
) -> None:
    document = json.loads(evidence.content)
    tried = set()
    for change in mutations(document, Random(case["id"]), 0):
        wanted, codes = OF_MEMBER.get(change.path, ("", set[str]()))
        if change.what != wanted:
            continue
        (found,) = refused(case, evidence, change).findings
        assert found.code.split()[0] in codes, f"{change}: {found}"
        # What is wrong, and what would not be.
        assert found.place.startswith(evidence.origin)
        assert found.hint
        tried.add(change.path)
    assert tried == OF_MEMBER.keys()


@needs_pack
@of_each_attestation
def test_each_member_of_an_attestation_that_is_missing_is_named(
    case: Case, evidence: Evidence
) -> None:
    document = json.loads(evidence.content)
    for change in mutations(document, Random(case["id"]), 0):
        hash_of_many = change.path[:-1] == (*PROOF, "hashes")
        if change.what != "dropped" or not change.path or hash_of_many:
            continue
        missing = MISSING.get(change.path, "SL-SIG-002")
        (found,) = refused(case, evidence, change).findings
        assert found.code.split()[0] == missing, f"{change}: {found}"
        if missing == "SL-SIG-002":
            assert str(change.path[-1]) in f"{found.place} {found.actual}", f"{change}: {found}"
