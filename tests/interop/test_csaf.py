"""What others say of our CSAF documents, and of the vectors: `csaf_validator` of gocsaf, and the
library of secvisogram, which knows the rules too."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sealane.core.advisory.csaf.validate import csaf_faults
from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.csaf import Csaf
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.io.stores.weaknesses import load_weaknesses
from support.csaf_library import judged
from support.rendered import RECORDS, WARNED
from support.vectors import PACK, manifest, needs_pack

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / ".interop" / "bin" / "csaf_validator"
# Bits of its exit code: the schema refuses it; no service was named that knows the rules.
SCHEMA, NO_RULES = 2, 4
# They ask the addresses in a document, or a program that spells.
ASKING = {"6.3.6", "6.3.7", "6.3.8"}
pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]

Files = dict[str, Document]


@pytest.fixture(scope="module")
def rendered() -> Files:
    return {
        f"{name}-{form.name}": form.render(record, rendering)
        for name, (record, rendering) in {**RECORDS, **WARNED}.items()
        for form in (Csaf(), CsafVex())
    }


def rules_of(content: bytes) -> set[str]:
    found = csaf_faults(content, "", dict(load_weaknesses()))
    return {fault.rule for fault in found} - ASKING


def by_gocsaf(file: Path) -> tuple[int, str]:
    done = subprocess.run(
        [str(VALIDATOR), str(file)], env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_library_finds_in_our_documents_what_we_find(rendered: Files, tmp_path: Path) -> None:
    found = judged(tmp_path, {name: one.content for name, one in rendered.items()})
    assert found == {name: (True, rules_of(one.content)) for name, one in rendered.items()}
    clean = {name for name, (_, broken) in found.items() if not broken}
    assert {name.removesuffix("-vex").removesuffix("-csaf") for name in clean} == set(RECORDS)


def changed(document: Document, *path: str | int, to: Any) -> bytes:  # noqa: ANN401 - JSON
    made = json.loads(document.content)
    *above, last = path
    inner = made
    for step in above:
        inner = inner[step]
    inner[last] = to
    return json.dumps(made).encode()


def test_what_is_broken_is_refused_by_the_library_and_by_us(
    rendered: Files, tmp_path: Path
) -> None:
    one = rendered["plain-csaf"]
    status = ("vulnerabilities", 0, "product_status")
    broken = {
        "6.1.1": changed(one, *status, "known_affected", to=["nobody"]),
        "6.1.6": changed(one, *status, "fixed", to=["acme@1.0"]),
        "6.1.9": changed(
            one, "vulnerabilities", 0, "scores", 0, "cvss_v3", "baseScore", to=1.0
        ),
        "6.1.11": changed(one, "vulnerabilities", 0, "cwe", "name", to="Something"),
        "6.1.16": changed(one, "document", "tracking", "version", to="2"),
        "6.1.27.9": changed(rendered["plain-csaf-vex"], "vulnerabilities", 0, "flags", to=[
            {"label": "component_not_present", "product_ids": ["acme@1.0"]}
        ]),
        "schema": changed(one, "document", "title", to=""),
    }  # fmt: skip
    for rule, (valid, found) in judged(tmp_path, broken).items():
        assert not valid, rule
        assert rule in found
        assert rule in rules_of(broken[rule])


@needs_pack
def test_on_the_vectors_the_library_finds_what_we_find(tmp_path: Path) -> None:
    cases = [
        one
        for one in manifest()["document_cases"]
        if one["group"] in ("mandatory", "optional", "informative")
    ]
    documents = {one["file"]: (PACK / one["file"]).read_bytes() for one in cases}
    found = judged(tmp_path, documents)
    assert len(found) == 111
    for name, content in documents.items():
        valid, theirs = found[name]
        ours = rules_of(content)
        if ours == {"6.1.8"}:  # Of a document without the form, we tell nothing but the form.
            assert not valid
            assert "schema" in theirs
        else:
            assert ours == theirs, name


@pytest.mark.parametrize("name", [*RECORDS, *WARNED])
def test_gocsaf_accepts_our_documents_and_their_names(
    rendered: Files, tmp_path: Path, name: str
) -> None:
    for form in ("csaf", "csaf-vex"):
        document = rendered[f"{name}-{form}"]
        file = tmp_path / document.name
        file.write_bytes(document.content)
        code, said = by_gocsaf(file)
        assert code == NO_RULES, said
        assert f'"{file}" passes the schema validation.' in said
        assert "not a valid advisory name" not in said


def test_gocsaf_refuses_another_form_and_another_name(rendered: Files, tmp_path: Path) -> None:
    document = rendered["plain-csaf"]
    file = tmp_path / document.name
    file.write_bytes(changed(document, "document", "title", to=""))
    code, said = by_gocsaf(file)
    assert code == SCHEMA | NO_RULES, said
    other = tmp_path / "pysec-2026-2.json"
    other.write_bytes(document.content)
    code, said = by_gocsaf(other)
    assert "does not match document/tracking/id" in said
    assert [
        one.rule for one in csaf_faults(document.content, other.name, dict(load_weaknesses()))
    ] == ["file-name"]
