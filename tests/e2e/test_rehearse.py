"""`sealane rehearse` releases a project and checks the result; each run is the whole journey."""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from support.repositories import commit_all

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

# A project that nobody here wrote. Its sdist, and the lock of its build backend.
IDNA = "3.20"
IDNA_SHA256 = "a7db850025b95ded1eae8a46181a1a6c56c92c96f0e2b005d9ff8dc0210cab44"
IDNA_BUILD_LOCK = """\
flit-core==4.2.0 \\
    --hash=sha256:2bee22dc8ba89c2e35b4e1ad575e596aac945c85672dd8f3cad21b629036e044 \\
    --hash=sha256:84e4e4d8fdd45ba2613800a3ebc6834de26d47ec9746efc3719f94181137b460
"""
IDNA_CONFIGURATION = """\
schema = "sealane.release/1"
project = { name = "idna" }
changelog = { style = "none" }
forge = { kind = "github", project = "kjd/idna" }
ci = { file = ".github/workflows/release.yml" }
tag = [{ pattern = "v{pep440}" }]
channel = [{ name = "index", kind = "pypi" }]
[[version.files]]
file = "idna/package_data.py"
regex = '__version__ = "([^"]+)"'
"""


def rehearse(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sealane", "rehearse", str(project), *options],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def test_the_example_is_released_and_verified(tmp_path: Path) -> None:
    result = rehearse(ROOT / "examples" / "hello-lane", "--keep", str(tmp_path / "kept"))
    assert result.returncode == 0, result.stderr
    assert "sandbox: hello-lane v0.1.0 was released and verified" in result.stdout
    assert "isolation namespaces" in result.stdout
    assert "passed, exit 0" in result.stdout
    assert result.stdout.count("refused, exit 1") == 2
    work = tmp_path / "kept" / "project" / ".sealane-work"
    names = sorted(path.name for path in (work / "dist").iterdir())
    assert names == ["hello_lane-0.1.0-py3-none-any.whl", "hello_lane-0.1.0.tar.gz"]
    kept = sorted(path.name for path in (work / "evidence").iterdir())
    assert kept == sorted(
        f"{name}.{kind}.attestation" for name in names for kind in ("publish", "slsa")
    )


def shape_of(text: str) -> str:
    """A summary without what differs between two runs: digests and seconds."""
    return re.sub(r"[0-9a-f]{12,}|\d+\.\d+ s", "…", re.sub(r" +", " ", text))


def test_a_rehearsal_prints_what_the_readme_shows_and_leaves_the_project_as_it_was() -> None:
    project = ROOT / "examples" / "hello-lane"
    before = sorted(path for path in project.rglob("*"))
    result = rehearse(project)
    assert result.returncode == 0, result.stderr
    assert sorted(path for path in project.rglob("*")) == before
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert shape_of(result.stdout) in shape_of(readme)


def unpack_idna(folder: Path) -> None:
    # pip has no way to fetch an sdist without asking its build backend for metadata.
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "idna",
        "--dest", str(folder), f"idna=={IDNA}",
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=300)
    sdist = folder / f"idna-{IDNA}.tar.gz"
    assert hashlib.sha256(sdist.read_bytes()).hexdigest() == IDNA_SHA256
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")


def test_a_project_nobody_here_wrote_is_released(tmp_path: Path) -> None:
    unpack_idna(tmp_path)
    project = tmp_path / f"idna-{IDNA}"
    (project / "PKG-INFO").unlink()
    (project / "requirements").mkdir()
    (project / "requirements" / "build.txt").write_text(IDNA_BUILD_LOCK)
    (project / "sealane.toml").write_text(IDNA_CONFIGURATION)
    workflow = project / ".github" / "workflows" / "release.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: { push: { tags: ['v*'] } }\n")
    commit_all(project, f"v{IDNA}")
    result = rehearse(project)
    assert result.returncode == 0, result.stderr
    assert f"sandbox: idna v{IDNA} was released and verified" in result.stdout
    assert f"idna-{IDNA}-py3-none-any.whl" in result.stdout


# Writes the moment of the build into the package: no two builds are the same.
RESTLESS_HOOK = """\
import pathlib, time
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        stamp = pathlib.Path(self.root, "src", "hello_lane", "stamp.py")
        stamp.write_text(f"BUILT = {time.time_ns()}\\n")
"""


def test_builds_that_differ_stop_the_lane_and_the_member_is_named(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "hello-lane", project)
    with (project / "pyproject.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n[tool.hatch.build.hooks.custom]\n")
    (project / "hatch_build.py").write_text(RESTLESS_HOOK)
    commit_all(project)
    result = rehearse(project)
    assert result.returncode == 12, result.stderr
    assert result.stdout == ""
    assert "hello_lane/stamp.py" in result.stderr
    assert "public: nothing outside the sandbox" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such-folder",), "there is no sealane.toml in it"),
        (("tests",), "there is no sealane.toml in it"),
        (("examples/hello-lane", "--keep", "src"), "not an empty folder"),
    ],
)
def test_what_cannot_be_rehearsed_is_a_usage_error(
    arguments: tuple[str, ...], message: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "sealane", "rehearse", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
