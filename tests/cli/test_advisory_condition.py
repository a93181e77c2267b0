"""What depends on a signed advisory is required until it is known that it is not."""

import json
from pathlib import Path

import pytest

from sealane.cli.main import run
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World

WORLD = World()
POLICY = """schema = "sealane.policy/1"
id = "acme"

[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.example.org"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"

[publisher.team]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org"]

[condition.affected]
match = ["pkg:pypi/acme"]
advisory = "advisory.json"
by = "team"

[[rule]]
match = ["pkg:pypi/acme"]
require = [
  { predicate = "slsa-provenance", by = "ci" },
  { predicate = "test-result", by = "team", only_if = "affected" },
]
"""


def record(fixed: str) -> bytes:
    """An advisory by which versions before one are affected."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    entry = {
        "package": {"ecosystem": "PyPI", "name": "acme"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return json.dumps({"id": "ACME-1", "affected": [entry]}).encode()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a signed artifact, a policy, and the root of the world that signs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(WORLD.bundle()))
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    (tmp_path / "policy.toml").write_text(POLICY)
    return tmp_path


def advise(work: Path, content: bytes, signer: str | None) -> None:
    (work / "advisory.json").write_bytes(content)
    if signer:
        bundle = WORLD.bundle(kind="message", content=content, identity=signer)
        (work / "advisory.json.sigstore.json").write_text(json.dumps(bundle))


@pytest.mark.parametrize(
    ("fixed", "signer", "code", "told"),
    [
        pytest.param("0.1", "email", 0, "", id="not-affected"),
        pytest.param("99", "email", 3, "", id="affected"),
        pytest.param("0.1", None, 3, "not proven", id="nobody-signed"),
        pytest.param("0.1", "gitlab", 3, "not proven", id="somebody-else-signed"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_depends_on_an_advisory(
    work: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    fixed: str,
    signer: str | None,
    code: int,
    told: str,
    jobs: str,
) -> None:
    advise(work, record(fixed), signer)
    line = ["verify", NAME, "--trust", "./root.json", "--policy", "policy.toml", "-j", jobs]
    assert run(line) == code
    said = capsys.readouterr().out
    assert ("note: condition 'affected': advisory" in said) == bool(told)
    assert told in said
    assert ("SL-PRE-001" in said) == (code == 3)


def test_without_the_record_everything_is_required(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["verify", NAME, "--trust", "./root.json", "--policy", "policy.toml"]
    assert run(line) == 3
    assert "so what depends on it is required" in capsys.readouterr().out
