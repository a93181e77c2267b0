"""Shipped policies on evidence that others really made, with only the names filled in."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.appraise.appraise import appraise
from sealane.appraise.collect import Case
from sealane.appraise.setup import make_setup
from sealane.cli.main import run
from sealane.core.attestation.sniff import sniff
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import code_of
from sealane.core.model.evidence import Evidence
from sealane.core.model.verdict import Outcome, Verdict
from sealane.io.stores.policies.load import load_policy
from sealane.io.stores.trust.choose import choose_roots
from support.vectors import PACK, ROOT, needs_pack

pytestmark = needs_pack
POLICIES = ROOT / "policies"
SDIST = PACK / "pep740" / "pypi_attestations-0.0.19.tar.gz"
GENERIC = PACK / "slsa" / "gha_generic__v2.1.0__binary-linux-amd64-workflow_dispatch.intoto.jsonl"
GENERIC_FILE = "sha256:376e7e01348585b6e6643bc6663146b9d525d9b41228bf180eaeb4d4a3706caa"
NPM = PACK / "npm" / "provenance-npm-test-cli-v02-prega.tgz.json"
NPM_CHANGED = PACK / "npm" / "provenance-npm-test-cli-v02-prega-invalidsigprov.tgz.json"
NPM_DIGEST = (
    "f2995e2565a1510c707850d8194f983b91fe61ec243c5551ad849c357273768b5f3a57e44b81cc0cd36a34b8"
    "b933322be871eea5b058202be807e24dc882811b"
)

GITHUB = {
    'project = "acme/hello-lane"': 'project = "trailofbits/pypi-attestations"',
    # That project has no deployment environment.
    'environment = "release"\n': "",
    "pkg:pypi/hello-lane": "pkg:pypi/pypi-attestations",
}
LEVEL_2 = {
    **GITHUB,
    "https://github.com/acme/hello-lane": "https://github.com/trailofbits/pypi-attestations",
}
GENERATOR = {
    'project = "acme/hello-lane"': 'project = "slsa-framework/example-package"',
    "release.yml": "verifier-e2e.all.workflow_dispatch.main.all.slsa3.yml",
    # The generator's own tests run for a branch, and what they make has no version.
    "refs/tags/v{pep440}": "refs/heads/main",
    "github.com/acme/hello-lane": "github.com/slsa-framework/example-package",
    "pkg:pypi/hello-lane": "sha256:*",
}
PACKAGE = {
    'project = "acme/hello-lane"': 'project = "laurentsimon/provenance-npm-test"',
    "refs/tags/v1.2.3": "refs/heads/main",
    "github.com/acme/hello-lane": "github.com/laurentsimon/provenance-npm-test",
    "pkg:npm/%40acme/hello-lane": "pkg:npm/%40laurentsimon/provenance-npm-test",
}


def filled_in(folder: Path, name: str, filled: Mapping[str, str]) -> Path:
    """A copy of a shipped policy in which names are replaced."""
    text = (POLICIES / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in filled.items():
        assert old in text, f"{name} does not say {old}"
        text = text.replace(old, new)
    policy = folder / f"{name}.toml"
    policy.write_text(text, encoding="utf-8")
    return policy


class Judge:
    """Runs `sealane verify` by a shipped policy in which names are replaced."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, name: str, filled: Mapping[str, str], *judged: object) -> tuple[int, str]:
        """Exit code, and what was printed."""
        policy = filled_in(self._folder, name, filled)
        code = run(["verify", *map(str, judged), "--policy", str(policy)])
        captured = self._capsys.readouterr()
        assert "internal error" not in captured.err
        return code, captured.out + captured.err


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    return Judge(tmp_path, capsys)


def sdist(folder: Path, *suffixes: str) -> Path:
    """The real file with some of the evidence beside it."""
    for name in (SDIST.name, *(f"{SDIST.name}{suffix}" for suffix in suffixes)):
        shutil.copyfile(SDIST.with_name(name), folder / name)
    return folder / SDIST.name


def test_a_real_release_passes_by_the_policy_for_github(judge: Judge, tmp_path: Path) -> None:
    code, out = judge("pypi-github", GITHUB, sdist(tmp_path, ".publish.attestation"))
    assert code == 0, out


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({'project = "acme/hello-lane"': 'project = "trailofbits/pypi-attestation"'}, "SL-ID-003"),
        ({"v{pep440}": "v0.0.20"}, "SL-ID-004"),
        ({'"release.yml"': '"ci.yml"'}, "SL-ID-005"),
        ({'environment = "release"\n': 'environment = "release" # as shipped\n'}, "SL-ID-006"),
        ({"actions.githubusercontent.com": "actions.githubusercontent.com/acme"}, "SL-ID-002"),
        ({"pkg:pypi/hello-lane": "pkg:pypi/pypi-attestations-2"}, "SL-POL-001"),
    ],
)
def test_a_real_release_of_others_fails_by_the_policy_for_github(
    judge: Judge, tmp_path: Path, changed: dict[str, str], finding: str
) -> None:
    filled = {**GITHUB, **changed}
    code, out = judge("pypi-github", filled, sdist(tmp_path, ".publish.attestation"))
    assert code == 1, out
    assert finding in out


def test_without_the_right_statement_a_real_release_is_missing_evidence(
    judge: Judge, tmp_path: Path
) -> None:
    code, out = judge("pypi-github", GITHUB, sdist(tmp_path, ".slsa.attestation"))
    assert code == 3, out
    assert "SL-PRE-001" in out


def test_real_provenance_reaches_level_2(judge: Judge, tmp_path: Path) -> None:
    file = sdist(tmp_path, ".slsa.attestation")
    filled = {key: new for key, new in LEVEL_2.items() if not key.startswith("environment")}
    code, out = judge("slsa-level-2", filled, file)
    assert code == 0, out
    assert "SLSA build level 2: " in out


def test_real_provenance_of_the_generator_reaches_level_3(judge: Judge) -> None:
    code, out = judge("slsa-level-3-generator", GENERATOR, GENERIC_FILE, "--evidence", GENERIC)
    assert code == 0, out
    assert "SLSA build level 3: " in out


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"refs/tags/v2.1.0": "refs/tags/v2.0.0"}, "SL-ID-005"),
        ({"generator_generic_slsa3.yml": "builder_go_slsa3.yml"}, "SL-ID-005"),
        ({"slsa-framework/slsa-github-generator": "mallory/slsa-github-generator"}, "SL-ID-003"),
        ({'project = "acme/hello-lane"': 'project = "mallory/example-package"'}, "SL-ID-003"),
        ({"refs/tags/v{pep440}": "refs/tags/v1.0"}, "SL-ID-004"),
        ({"github.com/acme/hello-lane": "github.com/mallory/example-package"}, "SL-REQ-005"),
        ({"yml@refs/tags/v2.1.0": "yml@refs/tags/v2.0.0"}, "SL-REQ-006"),
    ],
)
def test_real_provenance_of_others_fails_by_the_policy_for_the_generator(
    judge: Judge, changed: dict[str, str], finding: str
) -> None:
    # What is changed comes first: it may be a part of what is filled in.
    filled = {**changed, **{key: new for key, new in GENERATOR.items() if key not in changed}}
    code, out = judge("slsa-level-3-generator", filled, GENERIC_FILE, "--evidence", GENERIC)
    assert code == 1, out
    assert finding in out


def npm_verdict(folder: Path, filled: Mapping[str, str], evidence: Path = NPM) -> Verdict:
    """The verdict on the package whose tarball only npm's registry has; its digest is known."""
    policy = load_policy(filled_in(folder, "npm-provenance", filled))
    (root,) = choose_roots(policy, None, None, {})
    purl = "pkg:npm/%40laurentsimon/provenance-npm-test@1.0.3"
    artifact = Artifact("provenance-npm-test.tgz", (Digest("sha512", NPM_DIGEST),), purl=purl)
    content = evidence.read_bytes()
    found = Evidence(sniff(content, evidence.name), content, evidence.name)
    setup = make_setup(policy, root)
    return appraise([Case(artifact, (found,))], setup, datetime(2026, 11, 1, tzinfo=UTC)).verdicts[
        0
    ]


def codes(verdict: Verdict) -> set[str]:
    return {code_of(one.code).code for one in verdict.findings}


def test_a_real_npm_package_passes_by_the_policy_for_npm(tmp_path: Path) -> None:
    verdict = npm_verdict(tmp_path, PACKAGE)
    assert verdict.outcome is Outcome.PASS, verdict.findings


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({'project = "acme/hello-lane"': 'project = "laurentsimon/other"'}, "SL-ID-003"),
        ({"refs/tags/v1.2.3": "refs/tags/v1.0.3"}, "SL-ID-004"),
        ({'"release.yml"': '"publish.yml"'}, "SL-ID-005"),
        ({"github.com/acme/hello-lane": "github.com/laurentsimon/other"}, "SL-REQ-005"),
        ({"pkg:npm/%40acme/hello-lane": "pkg:npm/provenance-npm-test"}, "SL-POL-001"),
    ],
)
def test_a_real_npm_package_of_others_fails_by_the_policy_for_npm(
    tmp_path: Path, changed: dict[str, str], finding: str
) -> None:
    verdict = npm_verdict(tmp_path, {**PACKAGE, **changed})
    assert verdict.outcome is Outcome.FAIL
    assert finding in codes(verdict)


def test_npm_provenance_that_was_changed_after_signing_fails(tmp_path: Path) -> None:
    verdict = npm_verdict(tmp_path, PACKAGE, NPM_CHANGED)
    assert verdict.outcome is Outcome.FAIL
    assert not verdict.facts
