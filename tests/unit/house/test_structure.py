"""Rooms, docstrings and imports are what the design says."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src" / "sealane"
# What each command line may not load; verify needs its own list once it is asked for a file.
LIGHT = ("--version", "--help")
HEAVY = ("requests", "pydantic", "sigstore", "rich", "cryptography", "twine", "asyncio")


def source_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_import_rules_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_no_room_is_empty() -> None:
    folders = {file.parent for file in source_files()}
    for folder in folders:
        modules = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
        rooms = [child for child in folder.iterdir() if (child / "__init__.py").is_file()]
        assert modules or rooms, f"{folder} is an empty room"
        assert (folder / "__init__.py").is_file(), f"{folder} has no __init__.py"


@pytest.mark.parametrize("file", source_files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_init_files_hold_a_docstring_and_nothing_else(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{file} does not say what it holds"
    if file.name == "__init__.py" and file.parent != SOURCE:
        assert len(tree.body) == 1


@pytest.mark.parametrize("flag", LIGHT)
def test_a_light_command_loads_nothing_heavy(flag: str) -> None:
    script = (
        "import sys; from sealane.cli.main import run; code = run([sys.argv[1]]);"
        "print('LOADED', *sorted(sys.modules)); sys.exit(code)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, flag], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split("LOADED", 1)[1].split())
    assert "sealane.cli.main" in loaded
    assert loaded.isdisjoint(HEAVY)


COMMANDS = (
    ("verify", "--help"), ("policy", "--help"), ("lane", "--help"), ("lane", "publish", "--help"),
    ("sandbox", "--help"), ("sandbox", "up", "--help"), ("rehearse", "--help"),
    ("verify", "no-such-file", "--publisher", "gitlab:a/b"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_loads_sigstore_before_it_needs_it(command: tuple[str, ...]) -> None:
    script = (
        "import sys; from sealane.cli.main import run; run(sys.argv[1:]);"
        "print('LOADED', *sorted(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.rsplit("LOADED", 1)[1].split())
    assert "sealane.cli.main" in loaded
    assert loaded.isdisjoint({"sigstore", "requests", "twine", "pip_audit"})
