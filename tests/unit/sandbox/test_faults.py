import re
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.sandbox.faults import KNOWN, Faults, HangUpError, stall
from sealane.sandbox.state import State


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in KNOWN.items() for value in values]
)
def test_a_switch_is_kept_until_it_is_switched_off(tmp_path: Path, name: str, value: str) -> None:
    state = State(tmp_path)
    faults = Faults(state)
    assert faults.get(name) == ""
    faults.set(name, value)
    assert Faults(state).get(name) == value
    assert faults.active() == {name: value}
    faults.set(name, "")
    assert faults.active() == {}
    assert faults.serial_at(name) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("index.nothing", "503"), ("", ""), ("index.upload", "504"), ("mint", "500-after-store")],
)
def test_an_unknown_switch_or_value_is_refused(tmp_path: Path, name: str, value: str) -> None:
    faults = Faults(State(tmp_path))
    with pytest.raises(InputError, match="fault"):
        faults.set(name, value)
    assert faults.active() == {}


def test_a_stall_ends_when_the_switch_changes() -> None:
    values = iter(["on", "on", "on", ""])
    with pytest.raises(HangUpError):
        stall(lambda name: next(values), "x")
    assert list(values) == []


def test_the_guide_lists_every_switch_and_value() -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "run-the-sandbox.md"
    listed: dict[str, list[str]] = {}
    name = ""
    for line in guide.read_text(encoding="utf-8").split("| switch |")[1].splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:3]]
        if len(cells) == 2 and cells[1]:
            name = cells[0][0] if cells[0] else name
            listed.setdefault(name, []).extend(cells[1])
    assert {key: sorted(values) for key, values in listed.items()} == {
        key: sorted(values) for key, values in KNOWN.items()
    }
