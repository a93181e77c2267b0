"""A file of pins is read whole, replaced in one step, and changed by one process at a time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sealane.core.policy.pins import EvidencePin, LogKind, Pins
from sealane.core.policy.pins_render import render_pins
from sealane.errors import InputError, UsageError
from sealane.io.stores.pins import (
    LIMIT,
    changing_pins,
    is_canonical,
    load_pins,
    load_pins_or_none_yet,
    write_pins,
)
from support.commands import Make, file, folder, huge, loop, pipe
from support.pinned import CI, PIN, PINS

NAME = "sealane.pins.toml"


def test_what_was_written_is_loaded_with_its_place_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "deep" / NAME
    written = write_pins(path, PINS)
    assert path.read_bytes() == render_pins(PINS)
    assert load_pins(path) == written == load_pins_or_none_yet(path)
    assert (written.packages, written.origin) == (PINS.packages, str(path))
    assert len(written.sha256) == 64
    assert list(path.parent.iterdir()) == [path]


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared.toml", tmp_path / NAME
    link.symlink_to(shared.name)
    write_pins(link, PINS)
    assert link.is_symlink()
    assert load_pins(shared).packages == PINS.packages


def test_a_file_that_is_not_there_yet_holds_nothing_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / NAME
    assert load_pins_or_none_yet(path) == Pins(origin=str(path))
    assert is_canonical(path, Pins())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match=r"sealane\.pins\.toml"):
        load_pins(path)


@pytest.mark.parametrize(
    "make",
    [folder(NAME), loop(NAME), pipe(NAME), huge(NAME), file(NAME, b"\xff"), file(NAME, "")],
    ids=["folder", "loop", "pipe", "huge", "not-utf8", "empty"],
)
@pytest.mark.parametrize("load", [load_pins, load_pins_or_none_yet])
def test_what_is_no_file_of_pins_is_refused(
    tmp_path: Path, make: Make, load: Callable[[Path], Pins]
) -> None:
    make(tmp_path)
    with pytest.raises(InputError, match=r"sealane\.pins\.toml"):
        load(tmp_path / NAME)
    assert LIMIT < 100 * 1024 * 1024


def test_comments_are_noticed_before_they_are_lost(tmp_path: Path) -> None:
    path = tmp_path / NAME
    pins = write_pins(path, PINS)
    assert is_canonical(path, pins)
    path.write_bytes(path.read_bytes() + b"# asked Ann\n")
    assert not is_canonical(path, load_pins(path))


def test_pins_that_could_not_be_read_again_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write_pins(path, PINS)
    before = path.read_bytes()
    unsorted = tuple(EvidencePin(kind, "1.0", LogKind.V1) for kind in ("b", "a"))
    with pytest.raises(ValueError, match="cannot be written"):
        write_pins(path, Pins((replace(PIN, evidence=unsorted),)))
    with pytest.raises(InputError, match="refs"):
        write_pins(path, Pins((replace(PIN, signers=(replace(CI, refs=("main",)),)),)))
    assert path.read_bytes() == before


def test_one_process_changes_pins_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with changing_pins(path) as pins:
        assert pins == Pins(origin=str(path))
        with pytest.raises(UsageError, match="another process"), changing_pins(path):
            pass
        write_pins(path, PINS)
    with changing_pins(path) as pins:
        assert pins.packages == PINS.packages


def test_a_link_and_what_it_leads_to_are_one_file_to_change(tmp_path: Path) -> None:
    path, link = tmp_path / "shared" / NAME, tmp_path / NAME
    write_pins(path, PINS)
    link.symlink_to(path)
    with changing_pins(link) as pins:
        assert pins.origin == str(link)
        with pytest.raises(UsageError, match="another process"), changing_pins(path):
            pass


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write_pins(path, PINS)
    broken = Path("/proc/none") / NAME
    with pytest.raises(InputError, match="cannot write"), changing_pins(broken):
        pass
    with pytest.raises(InputError, match="cannot write"):
        write_pins(broken, PINS)
    assert load_pins(path).packages == PINS.packages
