"""What is no file is written to, and stays what it is; devices are left alone by the test."""

import os
import stat
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.files import write_atomically


@pytest.mark.parametrize("through_a_link", [False, True])
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path, *, through_a_link: bool) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    read = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(link if through_a_link else pipe, b"report")
        assert os.read(read, 100) == b"report"
    finally:
        os.close(read)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()


def test_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_atomically(tmp_path, b"report")


def test_a_link_to_nowhere_becomes_the_file(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("nowhere")
    write_atomically(link, b"report")
    assert link.read_bytes() == b"report"


def test_a_link_to_an_open_file_is_neither_replaced_nor_written_through(tmp_path: Path) -> None:
    # As /dev/stdout is, where standard output goes to a file: root would put a file in its place.
    link, log = tmp_path / "stdout", tmp_path / "log"
    with log.open("w") as stream:
        stream.write("what was said before\n")
        stream.flush()
        link.symlink_to(f"/proc/self/fd/{stream.fileno()}")
        with pytest.raises(InputError, match="an open file"):
            write_atomically(link, b"report")
        assert link.is_symlink()
    assert log.read_text() == "what was said before\n"
