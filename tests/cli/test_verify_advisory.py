"""`sealane verify --advisory`: files that have to agree with an advisory."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.core.advisory.record import FixedFile, Provenance, Record
from sealane.core.advisory.record_render import render_record
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World
from support.records import digest_of, entry_of, record_of

WORLD = World()
SHA = sha256(ARTIFACT).hexdigest()
VERSION = "1.0"
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
advisory = true
"""


def answering(events: str, *digests: str) -> Record:
    """A record by which versions are affected, that lists files of the version at hand."""
    files = tuple(FixedFile("acme", VERSION, NAME, one) for one in digests)
    return record_of(
        entry_of(events=events, versions=()), provenance=Provenance(files=files) if files else None
    )


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a signed artifact, a policy, and the root of the world that signs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(WORLD.bundle()))
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    (tmp_path / "policy.toml").write_text(POLICY)
    return tmp_path


def verify(*arguments: str) -> int:
    return run(["verify", NAME, "--trust", "./root.json", "--policy", "policy.toml", *arguments])


@pytest.mark.parametrize(
    ("record", "code", "label"),
    [
        pytest.param(answering(f"0 <{VERSION}"), 0, "SL-AGR-001", id="fixed"),
        pytest.param(answering(f"0 <{VERSION}", SHA), 0, "SL-AGR-001", id="listed"),
        pytest.param(answering("0 <9"), 1, "SL-AGR-005", id="affected"),
        pytest.param(
            answering(f"0 <{VERSION}", digest_of("other")), 1, "SL-AGR-007", id="other-file"
        ),
        pytest.param(record_of(entry_of("other", "0 <9")), 1, "SL-AGR-004", id="other-package"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_release_has_to_agree_with_its_advisory(
    work: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    record: Record,
    code: int,
    label: str,
    jobs: str,
) -> None:
    content = render_record(record)
    (work / "advisory.json").write_bytes(content)
    assert verify("--advisory", "advisory.json", "-j", jobs) == code
    said = capsys.readouterr().out
    assert label in said
    assert f"advisory: PYSEC-2026-1, advisory.json (sha256:{sha256(content).hexdigest()})" in said


def test_agreement_makes_nothing_pass_that_nobody_signed(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "advisory.json").write_bytes(render_record(answering(f"0 <{VERSION}", SHA)))
    (work / f"{NAME}.sigstore.json").unlink()
    assert verify("--advisory", "advisory.json") == 3
    said = capsys.readouterr().out
    assert "SL-EV-001" in said
    assert "SL-AGR-001" in said


def test_a_file_does_not_answer_for_an_identifier(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "PYSEC-2026-1").write_bytes(render_record(answering(f"0 <{VERSION}", SHA)))
    assert verify("--advisory", "PYSEC-2026-1") == 2
    assert "write ./PYSEC-2026-1 for the file" in capsys.readouterr().err
    assert verify("--advisory", "./PYSEC-2026-1") == 0


def test_a_rule_that_wants_an_advisory_is_not_met_without_one(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify() == 3
    assert "SL-AGR-002 advisory-not-named" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--advisory", "PYSEC-2026-9"], 2, "add --online=osv", id="nobody-to-ask"),
        pytest.param(
            ["--advisory", "PYSEC-2026-9", "--online=osv"], 2, "--osv-url URL", id="no-service"
        ),
        pytest.param(["--osv-url", "https://osv.example.org"], 2, "asks nobody", id="url-alone"),
        pytest.param(["--online=forge"], 2, "not supported", id="other-service"),
        pytest.param(["--advisory", "missing.json"], 5, "missing.json", id="no-file"),
        pytest.param(["--advisory", "policy.toml"], 5, "not JSON", id="no-record"),
        pytest.param(
            ["--advisory", "advisory.json", "--format", "json=advisory.json"], 2, "advisory.json",
            id="report-over-it",
        ),
    ],
)  # fmt: skip
def test_an_advisory_that_cannot_be_asked_is_an_error(
    work: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    (work / "advisory.json").write_bytes(render_record(answering("0 <9")))
    assert verify(*arguments) == code
    assert said in capsys.readouterr().err
