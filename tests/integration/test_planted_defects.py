"""Defects of real advisories, planted into real records, are each found with their code.

Each record is held against an index that is built from the record itself: its versions, its fixes,
and a newer release. It agrees with that, or names a defect of its own; then each class of defect
that a survey of real advisories found is planted into it.

Reference: embargo and advisories, section 8.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.examine import examine
from sealane.core.advisory.file_version import version_or_none
from sealane.core.model.codes import code_of
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from support.advisory_project import ISSUER, listing_json
from support.commands import plain_environment, sealane
from support.manifests import statement_bytes
from support.planted import PLANTED, RECORDS, WORLD, case_of, reach_in, saying
from support.vectors import needs_pack

_COMMIT = re.compile("0|[0-9a-f]{40}|[0-9a-f]{64}")

pytestmark = needs_pack
every_record = pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)


def failing(case: Case) -> frozenset[Finding]:
    """What fails or is missing."""
    wrong = (Outcome.FAIL, Outcome.MISSING)
    return frozenset(one for one in examine(case) if one.outcome in wrong)


def codes(findings: frozenset[Finding]) -> set[str]:
    return {f"ADV{code_of(one.code).code[-2:]}" for one in findings}


def own_defects(case: Case) -> set[str]:
    """The codes of what is wrong with a record by itself, told by other means than the checks."""
    (entry,) = case.record.affected
    ranges = {one.type: one.events for one in entry.about.ranges}
    found = set()
    if any(not _COMMIT.fullmatch(text) for _, text in ranges.get("GIT", ())):
        found.add("ADV01")
    if all(kind == "introduced" for kind, _ in ranges["ECOSYSTEM"][-1:]):
        # The newest release is affected, and is not in a list that was made before it.
        found |= {"ADV09", "ADV10"}
    if any(version_or_none(text) is None for text in entry.about.versions):
        # No index has such a version, and which others it means is open.
        found |= {"ADV09", "ADV13"}
    if not entry.about.versions and "ADV10" not in found:
        found.add("ADV05")  # nothing that the record names is affected
    return found


@every_record
def test_a_real_record_agrees_with_its_own_index_or_names_its_own_defect(file: Path) -> None:
    case = case_of(file)
    assert codes(failing(case)) == own_defects(case)
    draft = replace(case, stage=Stage.DRAFT)
    withdrawn = {"ADV17"} if case.record.withdrawn else set()
    assert codes(failing(draft)) == own_defects(case) | withdrawn


def test_there_are_enough_real_records_and_few_have_a_defect_of_their_own() -> None:
    assert len(RECORDS) >= 200
    assert len([file for file in RECORDS if own_defects(case_of(file))]) == 13


@every_record
def test_each_class_of_defect_is_found_with_its_code(file: Path) -> None:
    # Nothing was rendered again, so that documents would differ in each of them.
    case = replace(case_of(file), left_out=WORLD | {"SL-ADV-013"})
    before = failing(case)
    for name, (plant, code) in PLANTED.items():
        planted = tuple(plant(case))
        for one in (*planted[:1], *planted[1:][-1:]):
            new = codes(failing(one) - before)
            assert code in new, f"{name}: found {sorted(new)}"


@pytest.mark.parametrize("name", PLANTED)
def test_each_class_of_defect_was_planted_into_nearly_every_record(name: str) -> None:
    plant, _ = PLANTED[name]
    assert len([file for file in RECORDS if next(plant(case_of(file)), None)]) >= 190


@cache
def by_command() -> Case:
    """The first record about several series that agrees; with a summary, as a forge wants one."""
    cases = (case_of(file) for file in RECORDS)
    case = next(one for one in cases if len(reach_in(one).intervals) > 1 and not own_defects(one))
    return saying(case, replace(case.record, summary="A vulnerability in several series"))


def agree(case: Case, work: Path, home: Path) -> tuple[int, set[str]]:
    """What the command says of a case: its exit code, and the codes of what fails."""
    work.mkdir()
    (work / "sealane.toml").write_text(ISSUER.partition("supported")[0])
    (work / "record.json").write_bytes(case.content)
    arguments = ["advisory", "agree", "record.json", "--published"]
    if case.supported:
        series = ", ".join(f'"{one}"' for one in case.supported)
        with (work / "sealane.toml").open("a") as config:
            config.write(f"supported = [{series}]\n")
    for number, listing in enumerate(case.listings):
        (work / f"index{number}.json").write_bytes(listing_json(listing))
        arguments += ["--index", f"index{number}.json"]
    for number, manifest in enumerate(case.manifests):
        (work / f"v{number}.json").write_bytes(statement_bytes(manifest))
        arguments += ["--manifest", f"v{number}.json"]
    for code in sorted(WORLD):
        arguments += ["--without", code]
    done = sealane((*arguments, "--format", "json"), work, plain_environment(home))
    found = json.loads(done.stdout)["findings"] if done.stdout else []
    return done.returncode, {f"ADV{one['code'].split()[0][-2:]}" for one in found
                             if one["outcome"] == "fail"}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_command_finds_each_class_of_defect_with_its_code(name: str, tmp_path: Path) -> None:
    case = by_command()
    assert agree(case, tmp_path / "right", tmp_path) == (0, set())
    plant, code = PLANTED[name]
    for number, planted in enumerate(plant(case)):
        status, failing_codes = agree(planted, tmp_path / f"wrong{number}", tmp_path)
        assert (status, code in failing_codes) == (1, True), failing_codes
