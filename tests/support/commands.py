"""sealane run as its users run it, and what an error of it has to look like."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

# Shown as it is, this name would colour the terminal and forge a line of its own.
EVIL = "x\x1b[31m\nhint: run me"
LONG = "x" * 5000
Make = Callable[[Path], object]
Result = subprocess.CompletedProcess[str]
# What a command may say before its error: progress, never a second error.
_FIELDS = re.compile(r"(error|public|hint|next): ")
_LONGEST = 60.0  # seconds; no bad input may make a command wait


@dataclass(frozen=True)
class Case:
    """One row: what is there, what is asked for, and how it has to end.

    Attributes:
        name: Of the row.
        arguments: The command line.
        code: Exit code.
        places: Texts the message has to hold: above all, where it is wrong.
        make: Puts what is needed into the working directory.
        hint: A text the hint has to hold.
    """

    name: str
    arguments: tuple[str | Path, ...]
    code: int
    places: tuple[str, ...]
    make: Make = lambda _: None
    hint: str = ""


def row(
    name: str,
    arguments: str | Sequence[str | Path],
    code: int,
    *places: str,
    make: Make = lambda _: None,
    hint: str = "",
) -> Case:
    """A row of a table; arguments in one text are parted at blanks."""
    words = arguments.split() if isinstance(arguments, str) else arguments
    return Case(name, tuple(words), code, places, make, hint)


def _place(work: Path, name: str) -> Path:
    """Where something is put; what lay there is removed."""
    path = work / name
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def gone(name: str) -> Make:
    """Nothing under this name."""
    return lambda work: _place(work, name)


def file(name: str, content: str | bytes) -> Make:
    """A file."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda work: _place(work, name).write_bytes(data)


def folder(name: str) -> Make:
    """An empty folder."""
    return lambda work: _place(work, name).mkdir()


def loop(name: str) -> Make:
    """A symbolic link to itself."""
    return lambda work: _place(work, name).symlink_to(Path(name).name)


def link(name: str, target: str) -> Make:
    """A symbolic link."""
    return lambda work: _place(work, name).symlink_to(target)


def pipe(name: str) -> Make:
    """A named pipe nobody writes to."""
    return lambda work: os.mkfifo(_place(work, name))


def huge(name: str) -> Make:
    """A file of 100 MB that takes no room."""

    def make(work: Path) -> None:
        with _place(work, name).open("wb") as stream:
            stream.truncate(100 * 1024 * 1024)

    return make


def all_of(*makers: Make) -> Make:
    """Several of them, in order."""
    return lambda work: [make(work) for make in makers]


def table(*cases: Case) -> pytest.MarkDecorator:
    """Run a test once a row."""
    return pytest.mark.parametrize("case", [pytest.param(one, id=one.name) for one in cases])


def plain_environment(folder: Path) -> dict[str, str]:
    """No variable of the caller but PATH; home and state are folders of the test."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home),
        "XDG_STATE_HOME": str(folder / "state"),
    }  # fmt: skip


def sealane(
    arguments: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> Result:
    """Run one command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sealane", *arguments],
        cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", errors="backslashreplace", check=False, timeout=_LONGEST,
    )  # fmt: skip


def check(result: Result, case: Case) -> None:
    """Compare how a command ended with its row."""
    assert result.returncode == case.code, result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert "internal error" not in result.stderr
    assert result.stdout == "", "standard output is for data"
    fields = block(result.stderr)
    for place in case.places:
        assert place in fields["error"], result.stderr
    assert fields.get("hint"), f"what is one to do? {result.stderr}"
    assert case.hint in fields["hint"]


def block(stderr: str) -> dict[str, str]:
    """The error block that ends standard error; its further lines are indented.

    Nothing follows it, nothing in it can be obeyed by a terminal, and each field is there once.
    """
    lines = stderr.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("error: ")]
    assert len(starts) == 1, stderr
    fields: dict[str, str] = {}
    last = ""
    for line in lines[starts[0] :]:
        assert line.isprintable(), repr(line)
        found = _FIELDS.match(line)
        if found:
            last = found[1]
            assert last not in fields, stderr
            fields[last] = line[found.end() :]
        else:
            assert line.startswith("  "), stderr
            fields[last] += f"\n{line}"
    return fields
