"""Everything that is rendered passes the official schemas, and means the versions of its record:
of generated records with members of all kinds, and of every real one."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings

from sealane.core.advisory.documents import Document
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.formats.registry import FORMATS
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import projects_of, reach_of
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_yaml import parse_record_yaml
from sealane.core.model.values import replace
from sealane.core.release.affected import is_affected
from sealane.errors import InputError
from sealane.io.stores.weaknesses import load_weaknesses
from support.records import AT, agreeing, listed
from support.renderings import PROVIDER, rendering_of
from support.schemas import faults, needs_schemas
from support.vectors import PACK, needs_pack

RECORDS = sorted((PACK / "osv").glob("*.yaml"))
# The official schema of each format that has one; GHSA's is its service's, Markdown has none.
SCHEMAS = {
    "osv": "osv", "pypa": "osv", "cve": "cve", "csaf": "csaf20", "csaf-vex": "csaf20",
    "openvex": "openvex",
}  # fmt: skip
WEAKNESSES = load_weaknesses()
# A record that lists as affected what its range calls fixed leaves open what it means.
OPEN = "PYSEC-2022-288"
# The commit id in its GIT range is cut short, which the schema of OSV refuses.
CUT_SHORT = "PYSEC-2021-424"
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def broken(document: Document) -> list[str]:
    """What a document breaks of the official schema of its format."""
    if document.format == "pypa":
        read = yaml.safe_load(document.content)
        for name in ("modified", "published", "withdrawn"):
            if isinstance(read.get(name), dt.datetime):  # YAML has times, JSON has not.
                read[name] = read[name].strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        read = json.loads(document.content)
    if document.format == "cve":  # CVE Services add who provides it.
        read["providerMetadata"] = PROVIDER
    return faults(SCHEMAS[document.format], read)


def rendered(name: str, record: Record, *index: Listing, **changes: Any) -> Document | None:  # noqa: ANN401
    """A record in a format; None where that cannot say it, and tells so."""
    try:
        return FORMATS[name].render(record, rendering_of(*index, weaknesses=WEAKNESSES, **changes))
    except InputError:
        return None


@needs_schemas
@pytest.mark.parametrize("final", [False, True], ids=["draft", "final"])
@pytest.mark.parametrize("name", SCHEMAS)
@SLOW
@given(agreeing())
def test_what_is_rendered_passes_the_official_schema(
    name: str,
    final: bool,
    made: tuple[Record, tuple[Listing, ...]],
) -> None:
    record, index = made
    document = rendered(name, record, *index, final=final, tlp="CLEAR" if final else "AMBER")
    assume(document)
    assert document
    assert broken(document) == []


def case_of(file: Path) -> tuple[Record, Listing]:
    """A real record beside an index that is built from it: its versions, fixes, and a newer one."""
    record = parse_record_yaml(file.read_bytes())
    (project,) = projects_of(record)
    reach = reach_of(record, project)
    known = {version_or_none(one) for one in reach.listed} - {None}
    index = listed(project, [*map(str, {*known, *reach.fixes}), "9999.0"])
    # Half of them have none, without which a forge takes no advisory.
    return replace(record, summary=record.summary or "A vulnerability"), index


def affected_by(record: Record, index: Listing) -> frozenset[str]:
    answers = {
        one: is_affected(record.advisory, f"pkg:pypi/{index.project}@{one}", one, AT)
        for one in index.versions
    }
    assert None not in answers.values()
    return frozenset(one for one, answer in answers.items() if answer)


@needs_pack
@needs_schemas
@pytest.mark.parametrize(
    "file", [one for one in RECORDS if one.stem != OPEN], ids=lambda file: file.stem
)
def test_a_real_record_is_the_same_in_every_format(file: Path) -> None:
    record, index = case_of(file)
    wanted = affected_by(record, index)
    said = set()
    for name, form in FORMATS.items():
        document = rendered(name, record, index)
        if document is not None:
            said.add(name)
            own = name in ("osv", "pypa") and file.stem == CUT_SHORT
            assert name not in SCHEMAS or bool(broken(document)) is own, name
            assert form.affected(document.content, index.project, index.versions) == wanted, name
    # CVE Services and a forge withdraw by a call, not by a document.
    assert FORMATS.keys() - said == ({"cve", "ghsa"} if record.withdrawn else set())


@needs_pack
def test_a_real_record_that_leaves_open_what_it_means_is_told_by_nobody() -> None:
    record, index = case_of(PACK / "osv" / f"{OPEN}.yaml")
    document = rendered("osv", record, index)  # the record itself
    assert document
    with pytest.raises(InputError, match="leaves open"):
        FORMATS["osv"].affected(document.content, index.project, index.versions)
    assert [name for name in FORMATS if rendered(name, record, index)] == ["osv"]
