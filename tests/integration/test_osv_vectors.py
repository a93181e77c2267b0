"""The records of the PyPA advisory database are read as they are, and written without loss."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sealane.core.advisory.record_parse import parse_record
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import schema_faults
from sealane.core.advisory.record_yaml import parse_record_yaml, parse_yaml, render_record_yaml
from support.schemas import faults, needs_schemas
from support.vectors import PACK, needs_pack

pytestmark = needs_pack
FILES = sorted((PACK / "osv").glob("*.yaml"))


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """What the library's own reader makes of a file; its times as moments."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def original(file: Path) -> Any:  # noqa: ANN401 - any JSON
    """The file as PyYAML reads it, which is no code of ours."""
    return with_moments(plain(yaml.safe_load(file.read_bytes())))


def with_moments(record: Any) -> Any:  # noqa: ANN401 - any JSON
    """The record with its times as moments: "Z" and "+00:00", ".10" and ".100000" are the same."""
    for name in ("modified", "published", "withdrawn"):
        if isinstance(record.get(name), str):
            record[name] = dt.datetime.fromisoformat(record[name])
        if name in record and record[name].tzinfo is None:
            record[name] = record[name].replace(tzinfo=dt.UTC)
    return record


def as_json(file: Path) -> bytes:
    return json.dumps(parse_yaml(file.read_bytes())).encode()


def test_the_pack_has_its_203_records() -> None:
    assert len(FILES) == 203


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_record_is_read_and_nothing_is_lost(file: Path) -> None:
    record = parse_record_yaml(file.read_bytes())
    assert record.id == file.stem
    assert record.unknown == ()
    assert parse_record(as_json(file)) == record
    rendered = render_record(record)
    assert parse_record(rendered) == record
    assert with_moments(json.loads(rendered)) == original(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_record_is_written_as_yaml_that_any_reader_reads(file: Path) -> None:
    record = parse_record_yaml(file.read_bytes())
    written = render_record_yaml(record)
    assert parse_record_yaml(written) == record
    assert with_moments(yaml.safe_load(written)) == original(file)


# What the records of the pack break themselves: a commit id that is cut short.
OWN_DEFECTS = {"PYSEC-2021-424": ["/affected/0/ranges/0/events/1"]}


@needs_schemas
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_record_is_judged_as_the_official_schema_judges_it(file: Path) -> None:
    content = as_json(file)
    found = [one.place for one in schema_faults(content) if one.rule == "schema"]
    assert found == OWN_DEFECTS.get(file.stem, [])
    assert bool(found) == bool(faults("osv", json.loads(content)))
    rendered = render_record(parse_record_yaml(file.read_bytes()))
    assert bool(found) == bool(faults("osv", json.loads(rendered)))


def test_the_linter_finds_nothing_but_the_one_that_breaks_the_schema() -> None:
    found = {
        file.stem: [one.rule for one in schema_faults(as_json(file)) if one.rule != "schema"]
        for file in FILES
    }
    assert {name: rules for name, rules in found.items() if rules} == {
        "PYSEC-2021-424": ["SCH:001"]
    }
