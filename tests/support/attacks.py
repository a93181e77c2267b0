"""Attacks on `sealane verify`, run in this process from an empty working directory."""

from pathlib import Path

import pytest

from sealane.cli.main import run

SECONDS = 20.0


class Shell:
    """Runs `sealane --sandbox DIR verify …` in this process."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self._capsys = capsys

    def verify(self, *arguments: object, sandbox: bool = True) -> tuple[int, str]:
        named = ["--sandbox", str(self.directory)] if sandbox else []
        code = run([*named, "verify", *map(str, arguments)])
        captured = self._capsys.readouterr()
        output = captured.out + captured.err
        assert all(char.isprintable() for line in output.split("\n") for char in line)
        assert "internal error" not in output
        return code, output
