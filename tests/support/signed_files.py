"""Files with real evidence beside them, signed in a world of the tests' own, and their judge."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.world import World

WORLD = World("files")
WHO = ("--cert-identity", SUBJECTS["gitlab"], "--cert-oidc-issuer", ISSUERS["gitlab"])


def signed(folder: Path, name: str, content: bytes = b"", **plan: Any) -> Path:  # noqa: ANN401
    """A file with a bundle beside it; `plan` as the maker's."""
    path = folder / name
    path.write_bytes(content or name.encode())
    bundle = WORLD.bundle(kind="message", content=path.read_bytes(), **plan)
    path.with_name(f"{name}.sigstore.json").write_text(json.dumps(bundle))
    return path


@dataclass
class Judge:
    """Runs `sealane verify` in this process, trusting the tests' world."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        self.root.write_bytes(WORLD.root_json())

    def __call__(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and what was printed."""
        line = ["verify", "--trust", str(self.root), *WHO, *map(str, arguments)]
        code = run(line)
        captured = self.capsys.readouterr()
        assert "internal error" not in captured.err
        return code, captured.out + captured.err

    def report(self, *arguments: object) -> tuple[int, dict[str, Any]]:
        """Exit code, and the report for programs."""
        code, output = self(*arguments, "--format", "json")
        document: dict[str, Any] = json.loads(output)
        return code, document
