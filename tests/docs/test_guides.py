"""The commands of the guides for users do what the guides say, in their order."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from sealane.core.advisory.record_render import render_record
from sealane.core.attestation.predicates import publish
from sealane.sandbox import der
from support.documents import commands_in
from support.maker.claims import ARC, CLAIMS
from support.maker.content import statement_about
from support.maker.leaf import LeafShape
from support.maker.world import World
from support.records import entry_of, record_of

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
WORLD = World("guides")
FILES = ("hello_lane-0.1.0-py3-none-any.whl", "hello_lane-0.1.0.tar.gz")
PIPELINE = "https://gitlab.com/acme/hello-lane//.gitlab-ci.yml@refs/tags/v0.1.0"
SAID = {
    8: "https://gitlab.com", 9: PIPELINE, 12: "https://gitlab.com/acme/hello-lane",
    14: "refs/tags/v0.1.0", 16: "https://gitlab.com/acme", 18: PIPELINE,
    21: "https://gitlab.com/acme/hello-lane/-/jobs/991",
    24: "project_path:acme/hello-lane:ref_type:tag:ref:v0.1.0",
}  # fmt: skip
# The reader trusts the public instance; who signs here is of a world of the test's own.
WRAPPER = """#!{python}
import sys
from sealane.cli.main import run
words = sys.argv[1:]
sys.exit(run([*words, "--trust", {root!r}] if words[0] == "verify" else words))
"""


def bundle(name: str) -> str:
    """A publish attestation for a file, by the project's pipeline."""
    content = name.encode()
    claims = [
        x509.UnrecognizedExtension(
            x509.ObjectIdentifier(f"{ARC}{number}"), der.encode(12, text.encode())
        )
        for number, text in {**CLAIMS["gitlab"], **SAID}.items()
    ]
    subject = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(PIPELINE)])
    leaf = WORLD.leaf(shape=LeafShape(subject=subject, claims=claims))
    statement = {
        **statement_about(content, name),
        "predicateType": publish.PREDICATE,
        "predicate": {},
    }
    return json.dumps(WORLD.bundle(content=content, leaf=leaf, statement=statement))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as the reader of a guide has it after a download."""
    work = tmp_path / "work"
    (work / "dist").mkdir(parents=True)
    (work / "evidence").mkdir()
    for name in FILES:
        (work / "dist" / name).write_bytes(name.encode())
        (work / "dist" / f"{name}.sigstore.json").write_text(bundle(name))
    (work / FILES[1]).write_bytes(FILES[1].encode())
    (work / "evidence" / "hello.json").write_text(bundle(FILES[1]))
    (policy,) = re.findall(
        r"^```toml\n(.*?)^```$",
        (GUIDES / "write-a-policy.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    (work / "hello.policy.toml").write_text(policy)
    entry = entry_of("hello-lane", "0 <0.1.0", ("0.0.9",))
    (work / "CVE-2026-10001.json").write_bytes(render_record(record_of(entry, id="CVE-2026-10001")))
    root = tmp_path / "root.json"
    root.write_bytes(WORLD.root_json())
    tool = tmp_path / "bin" / "sealane"
    tool.parent.mkdir()
    tool.write_text(WRAPPER.format(python=sys.executable, root=str(root)))
    tool.chmod(0o755)
    return work


def run_commands(page: str, place: Path) -> str:
    """Run a guide's commands as one script; what they said."""
    commands = commands_in(GUIDES / page)
    assert len(commands) >= 5
    environment = {
        "PATH": f"{place.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(place.parent), "XDG_STATE_HOME": str(place.parent / "state"), "LANG": "C.UTF-8",
    }  # fmt: skip
    result = subprocess.run(
        ["bash", "-c", "\n".join(["set -e", *commands])],
        cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_verify_a_download_works_as_written(place: Path) -> None:
    said = run_commands("verify-a-download.md", place)
    assert re.findall(r"^exit code (\d)$", said, re.MULTILINE) == ["3", "1", "1"]
    assert said.count("2 artifacts: 2 passed") == 5
    assert said.count("SL-AGR-005 still-affected") == 2
    assert said.count("1 artifact: 1 passed") == 1
    assert "\nUNVERIFIED: nothing above was checked" in said
    assert "So it failed." in said


def test_write_a_policy_works_as_written(place: Path) -> None:
    said = run_commands("write-a-policy.md", place)
    assert re.findall(r"^exit code (\d)$", said, re.MULTILINE) == ["1", "3", "3"]
    assert said.count("2 artifacts: 2 passed") == 3
    assert "SL-AGR-002 advisory-not-named" in said
    assert "sealane policy allow" in said
    assert 'project = "acme/hello-lane"' in said, "the draft"


def test_the_draft_accepts_what_it_was_made_of(place: Path) -> None:
    run_commands("write-a-policy.md", place)
    draft = (place / "draft.toml").read_text(encoding="utf-8")
    assert draft.startswith("# UNVERIFIED")
    tool = str(place.parent / "bin" / "sealane")
    line = [tool, "verify", "dist", "--policy", "draft.toml"]
    result = subprocess.run(line, cwd=place, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
