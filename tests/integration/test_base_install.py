"""Without extras `verify` works offline, and everything else says which extra it needs."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from support.deprived import run_deprived
from support.forms import ARMOURED
from support.signed_files import WHO, WORLD, signed

ROOT = Path(__file__).parents[2]
# A distribution's name, where a module is called otherwise.
_MODULES = {"pyjwt": "jwt"}
_WITHOUT = """
import sys
names = set(sys.argv.pop(1).split(","))
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in names:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
from sealane.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def extras() -> set[str]:
    """The modules of every extra, as far as the base does not bring them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = {Requirement(one).name for one in project["dependencies"]}
    listed = [
        Requirement(one).name for part in project["optional-dependencies"].values() for one in part
    ]
    found = set(listed) - base - {"sealane"}
    return {_MODULES.get(name, name.replace("-", "_")) for name in found} | {"urllib3"}


def bare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_deprived(_WITHOUT, folder, ",".join(sorted(extras())), *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    signed(tmp_path, "f-1.0.tar.gz")
    signed(tmp_path, "g-1.0.tar.gz", log="v2")
    return tmp_path


VERIFY = ("verify", "f-1.0.tar.gz", "g-1.0.tar.gz", "--trust", "./root.json", *WHO)


def test_verify_works_offline_with_the_base_alone(folder: Path) -> None:
    found = bare(folder, *VERIFY)
    assert (found.returncode, "2 passed" in found.stdout) == (0, True), found.stderr


def test_an_openpgp_signature_is_told_though_nobody_can_read_it(folder: Path) -> None:
    (folder / "f-1.0.tar.gz.asc").write_bytes(ARMOURED)
    found = bare(folder, *VERIFY)
    assert (found.returncode, "sealane[pgp]" in found.stdout) == (0, True), found


POLICY = """schema = "sealane.policy/1"
id = "acme"
engine = "both"
[publisher.ci]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org"]
[[rule]]
match = ["*"]
require = [{ predicate = "signature", by = "ci" }]
"""


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        ((*VERIFY, "--online=index"), "online"),
        ((*VERIFY, "--online=index", "--index-url", "https://127.0.0.1:9/simple/"), "online"),
        (("verify", "f-1.0.tar.gz", "--policy", "p.toml"), "sigstore"),
        (("trust", "update"), "sigstore"),
        (("sandbox", "up", "--dir", "s"), "sandbox"),
        (("x-conformance", "sign-bundle", "--identity-token", "x", "--bundle", "b", "p.toml"),
         "sigstore"),
    ],
)  # fmt: skip
def test_what_needs_an_extra_says_how_to_get_it(
    folder: Path, arguments: tuple[str, ...], extra: str
) -> None:
    (folder / "p.toml").write_text(POLICY)
    found = bare(folder, *arguments)
    assert (found.returncode, f"pip install 'sealane[{extra}]'" in found.stderr) == (2, True), found
    assert found.stdout == ""


def test_what_does_not_need_one_runs(folder: Path) -> None:
    (folder / "p.toml").write_text(POLICY.replace('engine = "both"\n', ""))
    for line in (("trust", "show"), ("policy", "check", "p.toml"), ("--help",)):
        assert bare(folder, *line).returncode == 0, line
