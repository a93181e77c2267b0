"""A project is loaded from its folder; what is there instead of a file is named."""

import os
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.stores.project import SIZE_LIMIT, load_project

ROOT = Path(__file__).parents[4]


def test_the_example_and_sealane_itself_are_projects() -> None:
    example = load_project(ROOT / "examples" / "hello-lane")
    assert (example.name, example.packages[0].publish_as) == ("hello-lane", "hello-lane")
    assert load_project(ROOT).forge.project == "sealane/sealane"


def test_the_name_comes_from_pyproject(tmp_path: Path) -> None:
    text = (ROOT / "examples/hello-lane/sealane.toml").read_text()
    (tmp_path / "sealane.toml").write_text(text)
    assert load_project(tmp_path).packages[0].publish_as == "hello-lane"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "Other.Name"\n')
    assert load_project(tmp_path).packages[0].publish_as == "Other.Name"
    (tmp_path / "pyproject.toml").write_text("broken")
    assert load_project(tmp_path).packages[0].publish_as == "hello-lane"


@pytest.mark.parametrize("kind", ["missing", "folder", "loop", "pipe", "huge", "not-utf8", "empty"])
def test_what_is_no_configuration_is_refused_with_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sealane.toml"
    match kind:
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path.name)
        case "pipe":
            os.mkfifo(path)
        case "huge":
            path.write_bytes(b"#" * (SIZE_LIMIT + 1))
        case "not-utf8":
            path.write_bytes(b"\xff\xfe")
        case "empty":
            path.touch()
    with pytest.raises(InputError, match=r"sealane\.toml") as caught:
        load_project(tmp_path)
    assert caught.value.hint
