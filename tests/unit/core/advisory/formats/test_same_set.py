"""All formats of one record say the same about every release of the whole index."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from sealane.core.advisory.formats.registry import FORMATS
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.release.affected import is_affected
from sealane.errors import InputError
from support.records import AT, agreeing, entry_of, inside, listed, record_of, versions
from support.renderings import rendering_of

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Where a bound stands in a document; the others name each version on its own.
BOUNDS = {
    "osv": r'("(?:introduced|fixed|last_affected)": ")({})(")',
    "pypa": r"((?:introduced|fixed|last_affected): )('?{}'?)(\n)",
    "cve": r'("(?:version|lessThan|lessThanOrEqual)": ")({})(")',
    "ghsa": r'((?:>=|<=|<|=) )({})([,"])',
    "markdown": r"((?:>=|<=|<|=) )({})([,`])",
}
EACH = sorted(FORMATS.keys() - BOUNDS.keys())


@st.composite
def advisories(draw: st.DrawFn, most: int = 2) -> tuple[Record, tuple[Listing, ...]]:
    """Records that every format can say, with one range of several series, and their index."""
    record, index = draw(agreeing(most))
    return record_of(*record.affected), index


def affected_by(record: Record, listing: Listing) -> frozenset[str]:
    purl = f"pkg:pypi/{listing.project}"
    answers = {
        one: is_affected(record.advisory, f"{purl}@{one}", one, AT) for one in listing.versions
    }
    assert None not in answers.values()
    return frozenset(one for one, answer in answers.items() if answer)


@pytest.mark.parametrize("name", FORMATS)
@SLOW
@given(advisories())
def test_a_document_affects_what_its_record_affects(
    name: str, made: tuple[Record, tuple[Listing, ...]]
) -> None:
    record, index = made
    document = FORMATS[name].render(record, rendering_of(*index))
    for listing in index:
        found = FORMATS[name].affected(document.content, listing.project, listing.versions)
        assert found == affected_by(record, listing)


@pytest.mark.parametrize("name", BOUNDS)
@SLOW
@given(advisories(most=1), st.data())
def test_a_bound_that_was_moved_in_a_document_is_found(
    name: str, made: tuple[Record, tuple[Listing, ...]], data: st.DataObject
) -> None:
    record, (listing,) = made
    (about,) = [one.about for one in record.affected]
    marks = about.ranges[0].events
    number = data.draw(
        st.sampled_from([n for n, mark in enumerate(marks) if mark[1] != "0"] or [0])
    )
    kind, old = marks[number]
    new = data.draw(st.sampled_from(listing.versions) | versions())
    moved = (*marks[:number], (kind, new), *marks[number + 1 :])
    order = [Version("0.dev0") if text == "0" else Version(text) for _, text in moved]
    assume(order == sorted(set(order)) and "0" not in {old, new})
    document = FORMATS[name].render(record, rendering_of(listing))
    pattern = BOUNDS[name].format(re.escape(old))
    # YAML takes 1.0 for a number; it is a text in quotation marks.
    written = f"'{new}'" if name == "pypa" else new
    text, count = re.subn(pattern, rf"\g<1>{written}\g<3>", document.content.decode())
    assert count
    expected = {one for one in listing.versions if inside(moved, one)}
    if name in ("osv", "pypa"):  # which list the versions beside their range
        expected |= {*about.versions}
    found = FORMATS[name].affected(text.encode(), listing.project, listing.versions)
    assert found == expected


@pytest.mark.parametrize("name", EACH)
@SLOW
@given(advisories(most=1), st.data())
def test_a_version_that_a_document_names_as_another_is_found(
    name: str, made: tuple[Record, tuple[Listing, ...]], data: st.DataObject
) -> None:
    record, (listing,) = made
    old = data.draw(st.sampled_from(listing.versions))
    document = FORMATS[name].render(record, rendering_of(listing))
    purl = f"pkg:pypi/{listing.project}@"
    changed = document.content.decode().replace(f'{purl}{quote(old, safe="")}"', f'{purl}99.1"')
    assert changed.encode() != document.content
    with pytest.raises(InputError):
        FORMATS[name].affected(changed.encode(), listing.project, listing.versions)


# Each shape that the property above has to meet, so that it is met in every run.
INDEX = listed(
    "acme",
    ["0.1.dev1", "0.9", "1.0a1", "1.0", "1.0.post1", "1.1rc1", "1.1", "1.1.post1.dev2", "1.2.dev3",
     "1.2rc1", "1.2", "2.0b2", "2.0", "2.1", "3.0", "1!0.1", "1!1.0rc1", "1!1.0"],
    yanked=["1.1", "2.0", "1!0.1"],
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("events", "affected"),
    [
        pytest.param("0 <1.0", "0.1.dev1 0.9 1.0a1", id="everything-before"),
        pytest.param("1.0 <1.2", "1.0 1.0.post1 1.1rc1 1.1 1.1.post1.dev2 1.2.dev3 1.2rc1",
                     id="pre-releases-of-the-fix"),
        pytest.param("1.0 <=1.1", "1.0 1.0.post1 1.1rc1 1.1", id="last-affected"),
        pytest.param("0.9 <1.0 2.0 <2.1", "0.9 1.0a1 2.0", id="two-series"),
        pytest.param("3.0", "3.0 1!0.1 1!1.0rc1 1!1.0", id="no-end"),
        pytest.param("1!0 <1!1.0", "1!0.1 1!1.0rc1", id="epoch"),
        pytest.param("0 <0.9 1.0 <1.0.post1 2.1 <1!0.1", "0.1.dev1 1.0 2.1 3.0", id="across"),
        pytest.param("50.0 <51.0", "", id="nothing-on-the-index"),
        pytest.param("0", " ".join(INDEX.versions), id="all-of-it"),
    ],
)  # fmt: skip
def test_the_hard_shapes_are_the_same_in_each_format(name: str, events: str, affected: str) -> None:
    record = record_of(entry_of("acme", events, affected.split()))
    document = FORMATS[name].render(record, rendering_of(INDEX))
    found = FORMATS[name].affected(document.content, "acme", INDEX.versions)
    assert found == {*affected.split()} == affected_by(record, INDEX)


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_whose_range_stops_too_early_is_told_from_one_that_does_not(name: str) -> None:
    right = record_of(entry_of("acme", "1.0 <1.2", ("1.0", "1.0.post1", "1.1rc1", "1.1")))
    wrong = FORMATS[name].render(
        record_of(entry_of("acme", "1.0 <1.1", ("1.0", "1.0.post1", "1.1rc1"))),
        rendering_of(INDEX),
    )
    found = FORMATS[name].affected(wrong.content, "acme", INDEX.versions)
    assert affected_by(right, INDEX) - found == {"1.1", "1.1.post1.dev2", "1.2.dev3", "1.2rc1"}
