"""A new file replaces nothing, whatever is there."""

import os
import stat
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.files import refuse_existing, write_new
from support.commands import Make, file, folder, link, loop, pipe


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "record.json"
    refuse_existing(path)
    write_new(path, b"{}")
    assert path.read_bytes() == b"{}"
    assert stat.S_IMODE(path.stat().st_mode) & 0o133 == 0
    assert os.listdir(path.parent) == ["record.json"]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(file("x", "kept"), id="file"),
        pytest.param(file("x", ""), id="empty-file"),
        pytest.param(folder("x"), id="folder"),
        pytest.param(link("x", "kept"), id="link"),
        pytest.param(link("x", "nowhere"), id="link-to-nowhere"),
        pytest.param(loop("x"), id="loop"),
        pytest.param(pipe("x"), id="pipe"),
    ],
)
def test_what_is_there_stays(tmp_path: Path, make: Make) -> None:
    (tmp_path / "kept").write_text("kept")
    make(tmp_path)
    path = tmp_path / "x"
    before = path.lstat()
    with pytest.raises(InputError, match=r"x': there is a file of that name"):
        write_new(path, b"{}")
    with pytest.raises(InputError, match=r"x': there is a file of that name"):
        refuse_existing(path)
    after = path.lstat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (
        before.st_ino, before.st_size, before.st_mtime_ns,
    )  # fmt: skip
    assert (tmp_path / "kept").read_text() == "kept"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["/proc/none/x", "/dev/null/x"])
def test_a_folder_that_cannot_be_made_is_named(name: str) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_new(Path(name), b"{}")


def test_a_file_in_place_of_a_folder_is_no_file_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("kept")
    with pytest.raises(InputError, match="cannot write"):
        write_new(tmp_path / "x" / "y", b"{}")
