"""The most likely mistakes of a newcomer end with the command that helps; whole transcripts."""

import json
import re
from pathlib import Path

import pytest

from sealane.cli.main import run
from support.maker.claims import SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World

WORLD = World()
ROOT = ("--trust", "./root.json")
EVIL = "https://x.example.org/$(id)<script>alert(1)</script>"
WHO = "gitlab+https://gitlab.example.org/group/acme"
POLICY = """schema = "sealane.policy/1"
id = "acme"

[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.example.org"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"

[[rule]]
match = ["pkg:pypi/acme"]
require = [{ predicate = "slsa-provenance", by = "ci" }]
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an artifact, and the root of the world that signs."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (folder / NAME).write_bytes(ARTIFACT)
    (folder / "root.json").write_bytes(WORLD.root_json())
    return folder


def signed(work: Path) -> None:
    (work / f"{NAME}.sigstore.json").write_text(json.dumps(WORLD.bundle()))


def transcript(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code, and all that was said; digests and paths as they are everywhere."""
    code = run(arguments)
    captured = capsys.readouterr()
    said = re.sub(r"[0-9a-f]{64}", "DIGEST", captured.out + captured.err)
    # The root is a file of the test's own, and a newcomer's is not.
    said = re.sub(r"note: the age of trust root .*\n", "", said)
    return code, re.sub(r"\S*/here/", "", said)


def test_no_evidence_beside_the_file(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = transcript(capsys, "verify", NAME, *ROOT, "--publisher", WHO)
    assert code == 3
    assert (
        said
        == f"""\
judged by policy: quick, --publisher {WHO} (sha256:DIGEST); trust root: ./root.json (sha256:DIGEST)
MISSING  {NAME}  sha256:DIGEST
  MISSING SL-EV-001 evidence-missing
          at: {NAME}
    expected: signature or publish or slsa-provenance or release-manifest
      actual: no proven evidence
        hint: ask its publisher for attestations, then name them: sealane verify FILE --evidence \
PATH; or let the index be asked: sealane verify FILE --online=index
1 artifact: 0 passed, 0 failed, 1 without enough evidence
"""
    )


def test_what_that_hint_says_helps(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "elsewhere").mkdir()
    (work / "elsewhere" / "e.json").write_text(json.dumps(WORLD.bundle()))
    line = ("verify", NAME, *ROOT, "--publisher", WHO)
    assert transcript(capsys, *line)[0] == 3
    assert transcript(capsys, *line, "--evidence", "elsewhere")[0] == 0


def test_nobody_named_to_trust(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed(work)
    code, said = transcript(capsys, "verify", NAME, *ROOT)
    assert code == 3
    subject = SUBJECTS["gitlab"]
    assert f"    --cert-identity {subject}\n" in said, "what is proven is shown, to be compared"
    assert "\n    source repository uri: https://gitlab.example.org/group/acme\n" in said
    assert (
        f"""
  MISSING SL-ID-011 nobody-named
          at: {NAME}.sigstore.json
    expected: a publisher that you name
      actual: {subject} (https://gitlab.example.org)
        hint: compare the claims with the project's own page, then say whom you trust: sealane \
verify FILE --publisher gitlab:group/project, or github:owner/repository
"""
        in said
    )
    assert transcript(capsys, "verify", NAME, *ROOT, "--publisher", WHO)[0] == 0


def test_a_policy_that_is_not_yet_allowed(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed(work)
    (work / "sealane.policy.toml").write_text(POLICY)
    code, said = transcript(capsys, "verify", NAME, *ROOT)
    assert code == 3
    assert "sealane policy allow" in said.splitlines()[-2]
    assert transcript(capsys, "policy", "allow")[0] == 0
    code, said = transcript(capsys, "verify", NAME, *ROOT)
    assert code == 0, said
    assert "judged by policy: acme" in said


def test_a_policy_that_was_changed_since(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed(work)
    (work / "sealane.policy.toml").write_text(POLICY)
    assert transcript(capsys, "policy", "allow")[0] == 0
    (work / "sealane.policy.toml").write_text(POLICY.replace("group/acme", "group/other"))
    code, said = transcript(capsys, "verify", NAME, *ROOT)
    assert code == 3
    assert "allow it again" in said.splitlines()[-2]


def test_somebody_else_signed_and_nothing_says_how_to_pass(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed(work)
    named = "gitlab+https://gitlab.example.org/group/other"
    code, said = transcript(capsys, "verify", NAME, *ROOT, "--publisher", named, "--explain")
    assert code == 1
    after = said.split("\n", 1)[1]
    assert not re.search(r"--(publisher|cert-identity|cert-oidc-issuer|policy)", after)
    assert "sealane verify" not in after
    assert "Found by the policy: SL-ID-003 project-mismatch." in after
    assert "So it failed." in after.splitlines()[-1]


def test_a_verdict_is_explained_step_by_step(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed(work)
    code, said = transcript(capsys, "verify", NAME, *ROOT, "--publisher", WHO, "--explain")
    assert code == 0
    plain = said.split("\n\n", 1)[1]
    assert re.findall(r"^    (\d)\. ", plain, re.MULTILINE) == [str(n) for n in range(1, 10)]
    assert plain.splitlines()[-1] == "  So it passed: all that is required holds."


def test_a_missing_file_is_explained(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = transcript(capsys, "verify", NAME, *ROOT, "--publisher", WHO, "--explain")
    assert code == 3
    assert "What it means: Nothing vouches for this file." in said


def test_no_name_of_a_stranger_is_obeyed_in_an_explanation(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "x\x1b[31m\n$(id) <script>alert(1)<script>-1.0.tar.gz"
    (work / evil).write_bytes(ARTIFACT)
    (work / f"{evil}.sigstore.json").write_text(json.dumps(WORLD.bundle(identity=EVIL)))
    code, said = transcript(capsys, "verify", evil, *ROOT, "--publisher", WHO, "--explain")
    assert code == 1
    assert all(line.isprintable() for line in said.splitlines())
    assert not any(line.lstrip().startswith("$(id)") for line in said.splitlines())
    assert "SL-ID-002" in said


def test_an_explanation_and_another_report_do_not_mix(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed(work)
    line = ("verify", NAME, *ROOT, "--publisher", WHO, "--explain")
    code, said = transcript(capsys, *line, "--format", "json")
    assert code == 2
    assert "--format FORM=FILE" in said
    code, said = transcript(capsys, *line, "--format", "json=r.json")
    assert code == 0
    assert said.lstrip("\n").startswith("in plain words")
    assert json.loads((work / "r.json").read_text())["passed"]
