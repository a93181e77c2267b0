"""A module that lies in the working directory is the project's, and is never imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = str(Path(sys.prefix) / "bin" / "sealane")
TRAP = "from pathlib import Path\nPath(__file__).with_name('mark').touch()\n"


@pytest.mark.parametrize("python_path", [None, "", ".", ".:.", "HERE"])
@pytest.mark.parametrize("command", [(sys.executable, "-m", "sealane"), (PROGRAM,)])
def test_no_module_of_the_working_directory_is_imported(
    command: tuple[str, ...], python_path: str | None, tmp_path: Path
) -> None:
    for name in ("click", "requests", "twine", "packaging", "importlib_metadata", "pydantic"):
        (tmp_path / f"{name}.py").write_text(TRAP)
    extra = (
        {} if python_path is None else {"PYTHONPATH": python_path.replace("HERE", str(tmp_path))}
    )
    result = subprocess.run(
        [*command, "lane", "preflight"], cwd=tmp_path, env={**os.environ, **extra},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 5, result.stderr
    assert "sealane.toml" in result.stderr
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("command", [(sys.executable, "-m", "sealane"), (PROGRAM,)])
def test_a_working_directory_that_is_gone_is_no_crash(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    line = 'rmdir "$PWD" && exec "$@" --version'
    (tmp_path / "gone").mkdir()
    result = subprocess.run(
        ["/bin/sh", "-c", line, "sh", *command], cwd=tmp_path / "gone",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
