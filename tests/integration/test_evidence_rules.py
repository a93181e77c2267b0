"""What evidence and trust must never do, end to end: prove, ask the policy, give a verdict.

What is not here has its test elsewhere: empty and blank evidence, evidence of another file and
another instance of the same path in `test_verify_tampering` and `test_verify_attacks`; expired
policies in `tests/unit/appraise`; caches in `tests/unit/io/stores`.
"""

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509

from sealane.appraise.appraise import appraise
from sealane.appraise.collect import Case
from sealane.appraise.setup import Setup
from sealane.core.attestation.envelope import Envelope, pre_authentication_encoding
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.quick import exact_policy, quick_policy
from sealane.core.policy.schema import Policy
from sealane.core.verify.dsse import prove_envelope
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import TrustedKey, spki_of
from sealane.errors import PolicyError
from sealane.io.stores.trust.load import TrustMaterial, load_trust
from sealane.sandbox import der
from support.maker.claims import ARC, CLAIMS
from support.maker.content import ARTIFACT, NAME, PAYLOAD_TYPE, statement_about
from support.maker.hosted import attestation_of
from support.maker.keys import key_named, new_key, sign
from support.maker.leaf import LeafShape
from support.maker.world import AT, World

Json = dict[str, Any]
WORLD = World()
FILE = Artifact(
    NAME,
    (Digest("sha256", hashlib.sha256(ARTIFACT).hexdigest()),),
    len(ARTIFACT),
    "pkg:pypi/acme@1.0",
    "1.0",
)
PUBLISHER = "gitlab+https://gitlab.example.org/group/acme"
POLICY = quick_policy([PUBLISHER])


@cache
def embedded() -> TrustMaterial:
    return load_trust(None, sandbox=None)


def judged(
    *found: Json | bytes,
    form: EvidenceForm = EvidenceForm.SIGSTORE_BUNDLE,
    policy: Policy = POLICY,
    root: bytes | None = None,
) -> Verdict:
    """The verdict on the file, judged by the world's root."""
    contents = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in found]
    evidence = tuple(Evidence(form, one, f"e{number}") for number, one in enumerate(contents))
    trust = replace(embedded(), root=root or WORLD.root_json(), name="world")
    (verdict,) = appraise([Case(FILE, evidence)], Setup(policy, trust), AT).verdicts
    return verdict


def codes(verdict: Verdict, outcome: Outcome = Outcome.FAIL) -> list[str]:
    return [one.code.split()[0] for one in verdict.findings if one.outcome is outcome]


def publish_statement() -> Json:
    return {**statement_about(ARTIFACT), "predicateType": PUBLISH_V1, "predicate": {}}


def provenance(publisher: Json, *attestations: Json) -> Json:
    bundles = [{"publisher": publisher, "attestations": list(attestations)}]
    return {"version": 1, "attestation_bundles": bundles}


def test_what_the_world_makes_passes() -> None:
    assert judged(WORLD.bundle()).outcome is Outcome.PASS


@pytest.mark.parametrize("kind", ["Frobnicator", "", 7, None, "GitHub"])
def test_an_unknown_kind_of_publisher_is_a_claim_and_decides_nothing(kind: object) -> None:
    made = attestation_of(WORLD.bundle(statement=publish_statement()))
    found = provenance({"kind": kind, "repository": "group/acme"}, made)
    form = EvidenceForm.PEP740_PROVENANCE
    assert judged(found, form=form).outcome is Outcome.PASS
    others = quick_policy(["gitlab+https://gitlab.example.org/group/other"])
    assert codes(judged(found, form=form, policy=others)) == ["SL-ID-003"]


def test_evidence_that_was_deleted_from_a_file_of_lines_is_missed() -> None:
    publish, source = WORLD.bundle(statement=publish_statement()), WORLD.bundle()
    policy = policy_with(
        '{ predicate = "publish", by = "ci" }, { predicate = "slsa-provenance", by = "ci" }'
    )
    form = EvidenceForm.BUNDLE_LINES
    both = b"\n".join(json.dumps(one).encode() for one in (publish, source))
    assert judged(both, form=form, policy=policy).outcome is Outcome.PASS
    for line in both.split(b"\n"):
        verdict = judged(line, form=form, policy=policy)
        assert verdict.outcome is Outcome.MISSING
        assert codes(verdict, Outcome.MISSING) == ["SL-PRE-001"]
    assert judged(b"\n", form=form, policy=policy).outcome is Outcome.MISSING
    assert judged(policy=policy).outcome is Outcome.MISSING


def policy_with(requirements: str, **changed: str) -> Policy:
    """A policy with one publisher, fields of which may be changed."""
    fields = {
        "issuer": "https://gitlab.example.org",
        "project": "group/acme",
        "config": ".gitlab-ci.yml",
        "ref": "refs/tags/v{pep440}",
        **changed,
    }
    lines = [f'{name} = "{value}"' for name, value in fields.items()]
    table = "\n".join(["[publisher.ci]", 'kind = "gitlab"', *lines])
    rule = f'[[rule]]\nmatch = ["*"]\nrequire = [{requirements}]'
    text = f'schema = "sealane.policy/1"\nid = "acme"\n{table}\n{rule}\n'
    return parse_policy(text.encode(), "policy.toml", lambda path: path)


ANY = '{ predicate = "slsa-provenance", by = "ci" }'


@pytest.mark.parametrize("pattern", [".*", "*", "group/.*", "(group)/acme", "group/[a-z]+"])
@pytest.mark.parametrize("field", ["issuer", "project", "config", "ref"])
def test_a_pattern_in_a_field_of_a_policy_matches_nobody(field: str, pattern: str) -> None:
    value = f"refs/tags/{pattern}" if field == "ref" else pattern
    try:
        policy = policy_with(ANY, **{field: value})
    except PolicyError:
        return
    assert judged(WORLD.bundle(), policy=policy).outcome is Outcome.FAIL


@pytest.mark.parametrize("field", ["issuer", "project", "ref"])
def test_the_pattern_that_matches_everything_is_refused(field: str) -> None:
    with pytest.raises(PolicyError):
        policy_with(ANY, **{field: "refs/tags/.*" if field == "ref" else ".*"})


def test_a_pattern_is_no_subject() -> None:
    issuer = "https://gitlab.example.org"
    subject = CLAIMS["gitlab"][9]
    assert judged(WORLD.bundle(), policy=exact_policy(subject, issuer)).outcome is Outcome.PASS
    for pattern in (".*", "https://.*", subject.replace(".", "\\."), f"^{subject}$"):
        verdict = judged(WORLD.bundle(), policy=exact_policy(pattern, issuer))
        assert codes(verdict) == ["SL-ID-009"], pattern


def certified(**changed: str) -> Json:
    """A bundle by a pipeline with other claims, by their number: `_9="…"`."""
    claims = {**CLAIMS["gitlab"], **{int(name[1:]): text for name, text in changed.items()}}
    extensions = [
        x509.UnrecognizedExtension(
            x509.ObjectIdentifier(f"{ARC}{number}"), der.encode(0x0C, text.encode())
        )
        for number, text in claims.items()
    ]
    # The subject is who signs, as the authority writes it.
    subject = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(claims[9])])
    shape = LeafShape(claims=extensions, subject=subject)
    return WORLD.bundle(leaf=WORLD.leaf(shape=shape))


def test_a_pipeline_that_another_project_lends_is_neither_projects() -> None:
    """Who asked is `build config`, who signed is `build signer`: both have to be the project's."""
    assert judged(certified()).outcome is Outcome.PASS
    lent = "https://gitlab.example.org/group/shared//release.yml@refs/tags/v1.0"
    verdict = judged(certified(_9=lent))
    assert codes(verdict) == ["SL-ID-003"]
    lender = quick_policy(["gitlab+https://gitlab.example.org/group/shared"])
    assert codes(judged(certified(_9=lent), policy=lender)) == ["SL-ID-003"]
    called = judged(certified(_18=lent))
    assert codes(called) == ["SL-ID-003"]


def test_an_entry_of_a_log_without_times_needs_a_time_stamp() -> None:
    assert judged(WORLD.bundle(log="v2")).outcome is Outcome.PASS
    bare = WORLD.bundle(log="v2", timestamps=0)
    assert codes(judged(bare)) == ["SL-TIM-001"]
    # A time that the log only writes, and nobody signed, is none.
    bare["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = str(int(AT.timestamp()))
    assert codes(judged(bare)) == ["SL-TIM-001"]


DAY = timedelta(days=1)
WINDOWS = {
    "log1": ("SL-LOG-006", {}),
    "ct": ("SL-SCT-003", {}),
    "ca": ("SL-CRT-004", {}),
    "tsa": ("SL-TIM-006", {"log": "v2"}),
}


@pytest.mark.parametrize("which", WINDOWS)
@pytest.mark.parametrize(("start", "end", "held"), [(-9, 9, True), (-9, -1, False), (1, 9, False)])
def test_what_was_not_valid_at_the_time_proves_nothing(
    which: str, start: int, end: int, *, held: bool
) -> None:
    code, plan = WINDOWS[which]
    world = World(windows={which: (AT + start * DAY, AT + end * DAY)})
    verdict = judged(WORLD.bundle(**plan), root=world.root_json())
    assert verdict.outcome is (Outcome.PASS if held else Outcome.FAIL)
    assert codes(verdict) == ([] if held else [code])


def test_whoever_signs_an_envelope_twice_counts_once() -> None:
    payload = json.dumps(statement_about(ARTIFACT)).encode()
    signed = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    one, other = key_named("one"), key_named("other")
    trusted = [TrustedKey("one", spki_of(one.public_key()))]
    # The same key under two names, and two signatures of it that differ: still one signer.
    trusted.append(replace(trusted[0], name="one again"))
    trusted.append(TrustedKey("other", spki_of(other.public_key())))
    demands = Demands(key_logs=0)

    def signers(*signatures: bytes) -> int:
        listed = tuple((str(number), made) for number, made in enumerate(signatures))
        proven = prove_envelope(Envelope(PAYLOAD_TYPE, payload, listed), trusted, demands)
        assert len({found.signer for found in proven}) == len(proven)
        return len(proven)

    first, second = sign(one, signed), sign(one, signed)
    assert first != second
    assert signers(first) == signers(first, first) == signers(first, second) == 1
    assert signers(first, sign(new_key(), signed)) == 1
    assert signers(first, sign(other, signed)) == signers(second, first, sign(other, signed)) == 2


def findings() -> list[Sequence[Finding]]:
    """Every set of outcomes that findings can have."""
    kinds = [Finding("SL-REQ-001", outcome) for outcome in Outcome]
    return [some for size in range(len(kinds) + 1) for some in itertools.combinations(kinds, size)]


def test_no_verdict_passes_without_a_fact() -> None:
    passing = judged(WORLD.bundle())
    for some in findings():
        bare = Verdict(FILE, tuple(some))
        assert bare.outcome is not Outcome.PASS
        assert replace(passing, facts=(), findings=tuple(some)).outcome is not Outcome.PASS
    assert replace(passing, facts=()).outcome is Outcome.MISSING
    assert replace(passing, findings=()).outcome is Outcome.MISSING
    for changed in ("outcome", "facts", "findings"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(passing, changed, Outcome.PASS)


def test_a_fact_of_another_artifact_makes_no_verdict_pass() -> None:
    passing = judged(WORLD.bundle())
    other = replace(FILE, digests=(Digest("sha256", "0" * 64),))
    assert replace(passing, artifact=other).outcome is not Outcome.PASS


def test_a_verdict_has_no_truth_value() -> None:
    for verdict in (judged(WORLD.bundle()), judged(), Verdict(FILE, ())):
        with pytest.raises(TypeError, match="no truth value"):
            bool(verdict)
        with pytest.raises(TypeError, match="no truth value"):
            assert not verdict


def test_an_expired_policy_judges_nothing() -> None:
    expired = replace(POLICY, expires=datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC))
    with pytest.raises(PolicyError, match="expired"):
        judged(WORLD.bundle(), policy=expired)
    current = replace(expired, expires=AT + DAY)
    assert judged(WORLD.bundle(), policy=current).outcome is Outcome.PASS
