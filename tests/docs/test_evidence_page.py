"""The page on evidence lists what the code reads: every form, every name, every type."""

import re
from pathlib import Path

from sealane.core.attestation.predicates.registry import SIGNATURE, names
from sealane.core.attestation.sniff import SIGNATURE_SUFFIXES, SUFFIXES
from sealane.core.model.evidence import EvidenceForm
from sealane.io.evidence.sidecar import SIDECARS

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "evidence.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """The first column of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)


def words(heading: str) -> list[str]:
    return re.findall(r"`([^`]+)`", " ".join(rows(heading)))


def test_every_form_is_on_the_page() -> None:
    assert words("Forms") == [form.value for form in EvidenceForm]


def test_every_name_is_on_the_page() -> None:
    assert set(words("Where it is found")) == {f"FILE{suffix}" for suffix in SIDECARS}


def test_every_type_is_on_the_page() -> None:
    assert [SIGNATURE, *words("What a statement says")] == list(names())


def test_what_is_looked_for_beside_a_file_never_becomes_a_file_to_judge() -> None:
    assert all(name.endswith((*SUFFIXES, *SIGNATURE_SUFFIXES)) for name in SIDECARS)
