"""What each command loads: a module more costs every start, and is no accident."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World

# The same way in as the console script's; the last line tells what was loaded on the way.
_SCRIPT = """
import atexit, os, sys
before = set(sys.modules)
tell = lambda: print("LOADED", *sorted(set(sys.modules) - before), flush=True)
leave = os._exit
os._exit = lambda code: (tell(), leave(code))
atexit.register(tell)
from sealane.__main__ import main
main()
"""
_POLICY = f"""schema = "sealane.policy/1"
id = "imports"

[publisher.ci]
kind = "gitlab"
issuer = "{ISSUERS["gitlab"]}"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{{pep440}}"

[[rule]]
match = ["pkg:pypi/acme"]
require = [{{ predicate = "slsa-provenance", by = "ci" }}]
"""
# Packages of others, and of the standard library those that take long or start something.
HEAVY = {
    "annotated_types", "asyncio", "cryptography", "html", "http", "in_toto", "logging",
    "multiprocessing", "packaging", "pydantic", "pydantic_core", "requests", "rfc3161_client",
    "rich", "securesystemslib", "sigstore", "sqlite3", "ssl", "subprocess", "tempfile", "tomllib",
    "tuf", "twine", "urllib3", "xml", "zipfile",
}  # fmt: skip
_QUICK = {"cryptography", "packaging"}
_BINARY = {"_cffi_backend", "_openssl"}

_START = {"": "errors", "cli": "main", "core.model": "shown"}
_VERIFY = {
    "appraise": "appraise batch collect complete ending prove roots setup",
    "cli": "asked output",
    "cli.commands": "verify",
    "core.attestation": "algorithms bundle envelope members mentions pep740 sniff statement "
    "strict_json",
    "core.attestation.predicates": "interface provenance publish registry",
    "core.model": "artifact code codes codes_advisory codes_agreement codes_pins codes_policy "
    "codes_proof codes_summary ending evidence fact identity late statement values "
    "verdict",
    "core.policy": "answers engines evaluate identity needs people quick refs requirement schema",
    "core.release": "version",
    "core.report": "interface registry text",
    "core.verify": "about body broken certificate chain check checkpoint der dsse extensions form "
    "interface issued keys leaf log managed merkle naming profile promise reason root root_age "
    "root_file sct signature subject times timestamp",
    "io.adapters": "clock files state",
    "io.evidence": "interface sidecar",
    "io.inputs": "paths",
    "io.stores": "interface",
    "io.stores.trust": "choose files interface load packaged resolve stored",
}
# A wheel is looked into for bills of materials.
_WHEEL = {
    "appraise": "enclosed",
    "core.archives": "limits member zip",
    "core.attestation": "sbom",
    "io.evidence": "inside_wheel",
}
_BY_POLICY = {
    "core.policy": "about demands exemptions form including key_file lint parse publishers reading "
    "refuser rules tables tables_publishers tables_rules windows",
    "core.release": "lines",
    "io.stores.policies": "keys load",
}


def loaded(*arguments: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-I", "-c", _SCRIPT, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return set(result.stdout.rsplit("LOADED", 1)[1].split())


def own(*rooms: dict[str, str]) -> set[str]:
    """Modules in rooms, and the rooms themselves."""
    found = {"sealane", "sealane.__main__"}
    for room in rooms:
        for name, modules in room.items():
            parts = ["sealane", *name.split(".")] if name else ["sealane"]
            found |= {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
            found |= {".".join((*parts, module)) for module in modules.split()}
    return found


def check(found: set[str], modules: set[str], packages: set[str]) -> None:
    ours = {name for name in found if name.partition(".")[0] == "sealane"}
    assert ours - modules == set(), "loaded without being on the list"
    assert modules - ours == set(), "on the list without being loaded: take it off"
    top = {name.partition(".")[0] for name in found - ours}
    foreign = {
        name for name in top - set(sys.stdlib_module_names) if not name.startswith("_sysconfigdata")
    }
    assert foreign - packages == set(), "a package that this command may not load"
    assert top & HEAVY - packages == set(), "heavy"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A file with a bundle beside it, a trust root and a policy."""
    world = World()
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(world.bundle()))
    (tmp_path / "root.json").write_bytes(world.root_json())
    (tmp_path / "policy.toml").write_text(_POLICY)
    return tmp_path


def verify(place: Path, *judged_by: str) -> set[str]:
    return loaded("verify", str(place / NAME), "--trust", str(place / "root.json"), *judged_by)


def test_the_version_is_answered_before_anything_is_loaded() -> None:
    found = loaded("--version")
    check(found, own(), set())
    assert len(found) < 10


def test_help_loads_no_command() -> None:
    check(loaded("--help"), own(_START), {"click"})


def test_quick_mode_offline_loads_the_verifier_and_nothing_else(place: Path) -> None:
    named = ["--cert-identity", SUBJECTS["gitlab"], "--cert-oidc-issuer", ISSUERS["gitlab"]]
    check(verify(place, *named), own(_START, _VERIFY, _WHEEL), {"click", *_QUICK, *_BINARY})


def test_a_policy_file_adds_what_reads_it(place: Path) -> None:
    found = verify(place, "--policy", str(place / "policy.toml"))
    packages = {"click", *_QUICK, *_BINARY, "tomllib"}
    check(found, own(_START, _VERIFY, _WHEEL, _BY_POLICY), packages)


def test_a_module_that_is_not_on_the_list_is_noticed() -> None:
    with pytest.raises(AssertionError, match="without being on the list"):
        check({"sealane", "sealane.__main__", "sealane.lane"}, own(), set())
    with pytest.raises(AssertionError, match="may not load"):
        check({"sealane", "sealane.__main__", "yaml.loader"}, own(), set())
    with pytest.raises(AssertionError, match="heavy"):
        check({"sealane", "sealane.__main__", "asyncio"}, own(), set())
