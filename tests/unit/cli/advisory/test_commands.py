"""A command that is shown can be copied: every word of it is one word of a shell."""

import shlex
from pathlib import Path

from sealane.cli.advisory.commands import command_line
from sealane.cli.advisory.given import Here
from sealane.core.release.project import Advisories
from sealane.io.stores.interface import NamedSandbox

WORLD = NamedSandbox(Path("a box"), "http://127.0.0.1:9", Path("a"), Path("b"), Path("c"))


def words(place: Here) -> list[str]:
    flags: dict[str, tuple[str, ...] | bool] = {
        "--published": True, "--no": False, "--manifest": ("v 1.json", "$x"), "--url": ("",),
    }  # fmt: skip
    return shlex.split(command_line("agree", "it's.json", flags, place))


def test_what_has_no_value_is_left_out() -> None:
    assert words(Here(Path(), Advisories(), None)) == [
        "sealane", "advisory", "agree", "it's.json", "--published", "--manifest", "v 1.json",
        "--manifest", "$x",
    ]  # fmt: skip


def test_sandbox_and_project_are_named_again() -> None:
    found = words(Here(Path("a project"), Advisories(), WORLD))
    assert found[:3] == ["sealane", "--sandbox", "a box"]
    assert found[-2:] == ["--config", "a project"]
