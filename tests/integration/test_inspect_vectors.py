"""Evidence that others made: all of it can be explained, and accepts the policy made of it."""

from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.core.attestation.mentions import bundles_in
from sealane.core.policy.identity import differences
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.suggest import suggest_policy
from sealane.core.report.inspection import render_inspection, render_inspection_json
from sealane.core.verify.inspection import inspect_evidence
from sealane.errors import EvidenceError
from support.pack import CASES, evidence_of
from support.vectors import PACK, needs_pack

pytestmark = needs_pack
ACCEPTED = [name for name, case in CASES.items() if case["expect"] == "accept"]
PEP740 = sorted((PACK / "pep740").glob("*.publish.attestation")) if PACK.is_dir() else []
# Those of the public instance whose file is in the pack beside them.
JUDGED = [
    one for one in PEP740 if one.with_name(one.name[: -len(".publish.attestation")]).is_file()
]
STAGING = {"rfc8785-0.1.2-py3-none-any.whl.publish.attestation"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_real_evidence_is_explained_without_a_problem(name: str) -> None:
    evidence = evidence_of(CASES[name])
    found = inspect_evidence(evidence.content, evidence.origin)
    assert len(found.pieces) == len(bundles_in(evidence))
    for piece in found.pieces:
        assert piece.problem == ""
        assert piece.signatures
        assert piece.by_key or (piece.certificate and not piece.certificate.problem)
    assert all(line.isprintable() for line in render_inspection([found]).splitlines())
    assert '"verified": false' in render_inspection_json([found])


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_policy_made_of_real_evidence_names_its_signer(name: str) -> None:
    evidence = evidence_of(CASES[name])
    found = inspect_evidence(evidence.content, evidence.origin)
    signers = [one.certificate.identity for one in found.pieces if one.certificate]
    try:
        policy = parse_policy(suggest_policy([found]).encode(), "suggestion", str)
    except EvidenceError:
        # A key names nobody.
        assert not signers
        return
    for signer in signers:
        assert signer is not None
        # No artifact is judged here, so a template has no version to be bound to.
        codes = {one.code for who in policy.publishers for one in differences(who, signer, None)}
        assert codes <= {"SL-ID-004", "SL-ID-010"}


@pytest.mark.parametrize("file", JUDGED, ids=lambda file: file.name)
def test_real_attestations_pass_under_the_policy_made_of_them(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["inspect", str(file), "--suggest-policy"]) == 0
    (tmp_path / "p.toml").write_text(capsys.readouterr().out)
    artifact = file.with_name(file.name.removesuffix(".publish.attestation"))
    staging = str(PACK / "roots" / "staging.trusted_root.json")
    root = staging if file.name in STAGING else "embedded"
    line = ["verify", str(artifact), "--policy", str(tmp_path / "p.toml"), "--trust", root]
    code = run(line)
    assert code == 0, capsys.readouterr().out
