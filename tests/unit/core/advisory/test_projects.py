"""What all formats ask of a record is answered the same way, or the record is refused."""

import pytest

from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.projects import (
    Project,
    cve_of,
    file_stem,
    names_of,
    projects_of,
    ratings_of,
    refuse_withdrawn,
    render_json,
    utf8,
)
from sealane.core.advisory.record import Affected, Record, Severity
from sealane.core.model.statement import JsonValue
from sealane.core.release.affected import AffectedPackage
from sealane.errors import InputError
from support.records import AT, V3, V4, entry_of, record_of


def test_entries_of_one_project_are_put_together() -> None:
    record = record_of(
        entry_of("Acme.Core", "2.0 <2.1", ()), entry_of("other"), entry_of("acme_core", "1.0 <1.10")
    )
    one, other = projects_of(record)
    first, second = Interval("1.0", fixed="1.10"), Interval("2.0", fixed="2.1")
    assert one == Project("acme-core", (first, second), ("1.10", "2.1"))
    assert other.name == "other"


@pytest.mark.parametrize(
    ("imports", "names"),
    [
        pytest.param([{"attribute": "f", "modules": ["a", "a.b"]}], ("a.f", "a.b.f"), id="both"),
        pytest.param([{"modules": ["a"]}, {"modules": ["a"]}], ("a",), id="module-alone"),
        pytest.param([{"attribute": "f"}, {"modules": "a"}, "a", {"modules": [1]}], (), id="other"),
        pytest.param("a.f", (), id="no-list"),
    ],
)
def test_affected_functions_are_those_of_the_database(
    imports: JsonValue, names: tuple[str, ...]
) -> None:
    entry = entry_of(ecosystem_specific=(("imports", imports),))
    assert projects_of(record_of(entry))[0].imports == names


@pytest.mark.parametrize(
    ("record", "message"),
    [
        pytest.param(record_of().__class__("X-1", AT), "at least one package, got none", id="none"),
        pytest.param(record_of(entry_of(events="", versions=())), "got neither", id="nothing"),
        pytest.param(record_of(entry_of("a b")), "got 'a b' of 'PyPI'", id="no-name"),
        pytest.param(
            record_of(Affected(AffectedPackage("npm", "acme", "", ("1.0",), ()))),
            "got 'acme' of 'npm'",
            id="another-ecosystem",
        ),
        pytest.param(record_of(entry_of(events="0 <next")), "PEP 440", id="no-version"),
    ],
)
def test_what_cannot_be_written_as_intervals_is_refused(record: Record, message: str) -> None:
    with pytest.raises(InputError) as caught:
        projects_of(record)
    assert message in caught.value.message


def test_a_record_has_one_cve_id_or_none() -> None:
    assert cve_of(record_of()) == "CVE-2026-10001"
    assert cve_of(record_of(id="CVE-2026-10001")) == "CVE-2026-10001"
    assert cve_of(record_of(aliases=("CVE-2026-XXXX",))) == ""
    with pytest.raises(InputError, match="expected one CVE id, got CVE-2026-10001, CVE-2026-10002"):
        cve_of(record_of(aliases=("CVE-2026-10001", "CVE-2026-10002")))


def test_each_name_and_each_rating_is_named_once() -> None:
    v3, v4 = Severity("CVSS_V3", V3), Severity("CVSS_V4", V4)
    record = record_of(entry_of(severity=(v3, v4)), aliases=("A-1", "PYSEC-2026-1"))
    assert names_of(record) == ("PYSEC-2026-1", "A-1")
    assert ratings_of(record) == (v3, v4)


@pytest.mark.parametrize("identifier", ["", "../x", "a/b", ".hidden", "a b", "a\n", "é", "x" * 100])
def test_an_identifier_that_is_no_file_name_is_refused(identifier: str) -> None:
    with pytest.raises(InputError, match="advisory: id: expected one like PYSEC-2026-1"):
        file_stem(record_of(id=identifier))


def test_a_file_is_called_by_the_identifier() -> None:
    assert file_stem(record_of(id="RHSA-2026:0001")) == "RHSA-2026-0001"


def test_a_record_that_is_withdrawn_is_refused_where_a_format_cannot_say_it() -> None:
    refuse_withdrawn(record_of(), "do nothing")
    with pytest.raises(InputError, match="expected a record that holds") as caught:
        refuse_withdrawn(record_of(withdrawn=AT), "reject the id")
    assert caught.value.hint == "reject the id"


def test_documents_are_sorted_and_indented_by_two() -> None:
    assert render_json({"b": "é", "a": [1]}) == '{\n  "a": [\n    1\n  ],\n  "b": "é"\n}\n'.encode()


def test_half_of_a_surrogate_pair_is_refused() -> None:
    assert utf8("é") == b"\xc3\xa9"
    with pytest.raises(InputError, match="half of a surrogate pair"):
        render_json("\ud800")
