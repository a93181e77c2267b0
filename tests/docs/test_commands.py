"""Every sealane command that a page shows exists, with the options it is shown with."""

import re
import shlex
from pathlib import Path

import click
import pytest

from sealane.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(?:console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"(?:^|[ (`])(sealane (?:--sandbox \S+ )?[a-z][^`)|]*)")


def commands_on(page: Path) -> list[list[str]]:
    """The words after `sealane` of every command in a page's blocks."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", "").splitlines():
            # What another command gives is a word like any other.
            for shown in SHOWN.findall(re.sub(r"\$\(git [^()]*\)", "WORD", line)):
                words = shlex.split(shown, comments=True)
                found.append(words[1:])
    return found


def parse(words: list[str]) -> None:
    """Read a command line as click would, without running anything.

    Raises:
        click.UsageError: There is no such command or option, or an argument is missing.
    """
    command: click.Command = cli
    context = click.Context(command, info_name="sealane")
    while isinstance(command, click.Group):
        while words and words[0] == "--sandbox":
            words = words[2:]
        child = command.get_command(context, words[0]) if words else None
        if child is None:
            raise click.UsageError(f"no such command: {words[:1]}")
        command, words = child, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    try:
        command.make_context(command.name or "", list(words), parent=context)
    except click.BadParameter as error:
        # A page's folders are its reader's.
        if "does not exist" not in error.message:
            raise


def shown_commands() -> list[tuple[str, list[str]]]:
    return [(page.name, words) for page in PAGES for words in commands_on(page)]


@pytest.mark.parametrize(
    ("page", "words"), shown_commands(), ids=lambda part: part if isinstance(part, str) else None
)
def test_a_command_on_a_page_exists(page: str, words: list[str]) -> None:
    parse(words)


def test_enough_commands_are_found() -> None:
    assert len(shown_commands()) >= 20


@pytest.mark.parametrize(
    "words", [["no-such"], ["verify", "x", "--no-such"], ["lane", "publish"], ["sandbox", "mint"]]
)
def test_a_wrong_command_is_noticed(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        parse(words)
