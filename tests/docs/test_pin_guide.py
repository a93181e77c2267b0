"""The guide to publisher pins can be followed: its commands run, in order, on signed files."""

import re
import shlex
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.core.policy.pins import PINS_FILE
from sealane.core.policy.pins_compare import EXEMPTIBLE
from sealane.core.policy.pins_parse import parse_pins
from support.histories import GITLAB, release, root_file

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "pin-publishers.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PROJECT = GITLAB.but(project="acme/hello-lane")


def test_the_commands_of_the_guide_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root_file(tmp_path)
    # In place of the public instance, whose evidence cannot be made here.
    assert run(["trust", "pin", "public-good", "root.json", "--replace"]) == 0
    (tmp_path / "dist").mkdir()
    file = release(tmp_path / "dist", "1.0", PROJECT, package="hello_lane")
    blocks = re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 4
    for line in commands:
        words = shlex.split(line.removeprefix("$ sealane ").replace("dist/*", f"dist/{file.name}"))
        code = run(words)
        output = capsys.readouterr()
        assert code == 0, output.out + output.err
    assert (tmp_path / PINS_FILE).is_file()


def test_the_file_in_the_guide_can_be_read() -> None:
    (example,) = [
        one
        for one in re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
        if "[[package]]" in one
    ]
    (package,) = parse_pins(example.encode(), "guide").packages
    assert package.exemptions[0].reason.startswith("TEAM-12")


def test_the_guide_names_every_finding_that_can_be_exempted() -> None:
    assert tuple(f"SL-PIN-{n:03}" for n in (8, 9, 10, 11, 12, 15, 16)) == EXEMPTIBLE
    assert "`SL-PIN-008` to `SL-PIN-012`, `SL-PIN-015` and `SL-PIN-016`" in TEXT
