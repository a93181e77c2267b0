"""What the documentation says is what the code does."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from sealane.core.release import project_schema
from sealane.io.stores.policies.load import load_policy
from sealane.io.stores.project import load_project

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_reference_is_written_from_the_code() -> None:
    result = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def keys_of(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models in it, by the name a file writes."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for child in models_in(field.annotation):
            found |= keys_of(child)
    return found


def models_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return set().union(*(models_in(part) for part in get_args(annotation)))


@pytest.mark.parametrize(
    ("page", "model"),
    [("configuration.md", project_schema.Document)],
)
def test_every_key_of_a_file_is_on_its_page(page: str, model: type[BaseModel]) -> None:
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    missing = {key for key in keys_of(model) if not re.search(rf"[`\[.]{key}[`\].]", rows)}
    assert missing == set()


@pytest.mark.parametrize(
    "policy", sorted((ROOT / "policies").glob("*.toml")), ids=lambda file: file.name
)
def test_every_shipped_policy_can_be_used(policy: Path) -> None:
    assert load_policy(policy).id == policy.stem


@pytest.mark.parametrize("page", ["policy.md", "configuration.md"])
def test_the_example_on_the_page_can_be_used(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    example = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(example) == 1
    if page == "policy.md":
        (tmp_path / "policy.toml").write_text(example[0], encoding="utf-8")
        assert load_policy(tmp_path / "policy.toml").rules
    else:
        (tmp_path / "sealane.toml").write_text(example[0], encoding="utf-8")
        assert load_project(tmp_path).name == "hello-lane"
