"""Every dependency has its reason, every lock its hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def declared() -> dict[str, set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"base": project["dependencies"], **project["optional-dependencies"]}
    del groups["all"]
    found: dict[str, set[str]] = {}
    for group, requirements in groups.items():
        for requirement in requirements:
            found.setdefault(Requirement(requirement).name, set()).add(group)
    return found


def test_the_page_gives_a_reason_for_each_dependency() -> None:
    page = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([a-z, -]+) \| (.+) \|$", page, re.MULTILINE)
    assert {name: set(extras.split(", ")) for name, extras, _ in rows} == declared()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_every_release_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.findall(r"^[A-Za-z0-9].*(?:\n    .*)*", text, re.MULTILINE)
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", block), block
        assert "--hash=sha256:" in block, block
