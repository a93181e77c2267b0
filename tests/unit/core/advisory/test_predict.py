"""What an index has, and what it will have."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.listing import ListedFile, ListedRelease
from sealane.core.advisory.predict import listing_of, parse_listing, predict
from sealane.core.model.values import replace
from sealane.errors import InputError
from support.cases import manifest_of
from support.records import files_of, listed, listings

A, B = "a" * 64, "b" * 64
ANSWER = {
    "meta": {"api-version": "1.1"},
    "name": "Acme.Core",
    "versions": ["1.0", "1.1"],
    "files": [
        {"filename": "acme_core-1.1.tar.gz", "hashes": {"sha256": B}, "yanked": "broken"},
        {"filename": "acme_core-1.0.tar.gz", "hashes": {"sha256": A}, "size": 7},
        {"filename": "acme_core-1.0-py3-none-any.whl", "hashes": {}, "yanked": False},
        {"filename": "acme_core-0.1d.tar.gz", "hashes": {"md5": "0"}, "yanked": ""},
        {"filename": "acme_core-1.1-py3-none-any.whl", "hashes": {"sha256": A}, "yanked": True},
    ],
}


def parsed(**changes: object) -> object:
    return parse_listing(json.dumps({**ANSWER, **changes}).encode(), "a file")


def one_file(**changes: object) -> object:
    file = {"filename": "acme_core-1.0.tar.gz", "hashes": {"sha256": A}, **changes}
    return parsed(files=[{key: value for key, value in file.items() if value is not ...}])


def test_an_answer_of_an_index_is_read() -> None:
    listing = parse_listing(json.dumps(ANSWER).encode(), "a file")
    assert listing.project == "acme-core"
    assert listing.origin == "a file"
    assert listing.legacy == ("acme_core-0.1d.tar.gz",)
    assert listing.versions == ("1.0", "1.1")
    old, new = listing.releases
    assert old.files == (
        ListedFile("acme_core-1.0-py3-none-any.whl", ""),
        ListedFile("acme_core-1.0.tar.gz", A),
    )
    assert not old.yanked
    assert new.yanked
    assert [one.sha256 for one in new.files] == [A, B]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"meta": {"api-version": "2.0"}}, "expected 1.x, got '2.0'"),
        ({"meta": {"api-version": "1"}}, "expected 1.x, got '1'"),
        ({"meta": {}}, "api-version: missing"),
        ({"name": None}, "name: missing"),
        ({"name": 1}, "name: expected a string"),
        ({"files": None}, "files"),
        ({"files": {}}, "files: expected a list"),
        ({"files": ["x"]}, r"files\[0\]: expected an object"),
    ],
)
def test_another_answer_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        parsed(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"filename": ...}, "filename: missing"),
        ({"filename": ""}, "filename: empty"),
        ({"hashes": ...}, "hashes: missing"),
        ({"hashes": {"sha256": "A" * 64}}, "sha256: expected 64 lower-case hex digits"),
        ({"hashes": {"sha256": A[:-1]}}, "sha256: expected 64"),
        ({"hashes": {"sha256": 1}}, "sha256: expected a string"),
        ({"yanked": 1}, "yanked: expected a string"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        one_file(**changes)


@pytest.mark.parametrize("content", [b"", b"[]", b"<html>", b'{"name": "a", "name": "b"}'])
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="a file"):
        parse_listing(content, "a file")


@given(st.binary(max_size=40) | st.from_type(dict).map(lambda one: json.dumps(str(one)).encode()))
def test_only_an_input_error_ever_leaves(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_listing(content, "a file")


def test_releases_are_in_the_order_of_their_versions() -> None:
    names = ["acme-1.10.tar.gz", "acme-1.9.tar.gz", "acme-1!0.1.tar.gz", "acme-1.10rc1.tar.gz"]
    listing = listing_of("ACME", [ListedFile(one, A) for one in names], "x")
    assert listing.versions == ("1.9", "1.10rc1", "1.10", "1!0.1")


def test_two_writings_of_a_version_are_one_release() -> None:
    files = [ListedFile("acme-1.0.tar.gz", A), ListedFile("acme-1.0.0-py3-none-any.whl", B)]
    (only,) = listing_of("acme", files, "x").releases
    assert len(only.files) == 2


def test_a_file_that_is_listed_twice_alike_is_one() -> None:
    file = ListedFile("acme-1.0.tar.gz", A)
    assert listing_of("acme", [file, file], "x").releases == (ListedRelease("1.0", (file,)),)


@pytest.mark.parametrize("changes", [{"sha256": B}, {"sha256": ""}, {"yanked": True}])
def test_a_name_that_is_listed_for_two_files_is_refused(changes: dict[str, Any]) -> None:
    file = ListedFile("acme-1.0.tar.gz", A)
    with pytest.raises(InputError, match=r"x: 'acme-1.0.tar.gz' is listed twice"):
        listing_of("acme", [file, replace(file, **changes)], "x")


def test_what_manifests_release_is_predicted() -> None:
    found = predict(listed("acme", ["1.0", "2.0"]), [manifest_of("1.1"), manifest_of("2.1")])
    assert found.versions == ("1.0", "1.1", "2.0", "2.1")
    assert [one.predicted for one in found.releases] == [False, True, False, True]
    assert found.releases[1].files == files_of("acme", "1.1")
    assert found.origin == "a test and release manifest v1.1, v2.1"


def test_what_is_there_already_is_fine() -> None:
    before = listed("acme", ["1.0", "1.1"], legacy=("acme-0.1d.zip",))
    found = predict(before, [manifest_of("1.1")])
    assert found == replace(before, origin="a test and release manifest v1.1")


def test_a_release_that_was_begun_is_completed_and_was_there() -> None:
    before = listed("acme", ["1.1"])
    begun = replace(before, releases=(ListedRelease("1.1", files_of("acme", "1.1")[:1]),))
    found = predict(begun, [manifest_of("1.1")])
    assert found.releases == before.releases


@pytest.mark.parametrize("there", [True, False], ids=["on-the-index", "in-another-manifest"])
def test_a_file_with_other_bytes_is_a_conflict(there: bool) -> None:
    one = manifest_of("1.1")
    other = replace(one, artifacts=tuple(replace(two, sha256=A) for two in one.artifacts))
    listing = listed("acme", ["1.1" if there else "1.0"])
    with pytest.raises(InputError, match=r"v1.1: acme-1.1.*expected the bytes that are listed"):
        predict(listing, [other] if there else [one, other])


def test_a_digest_that_the_index_does_not_tell_is_no_conflict_and_stays_unknown() -> None:
    files = tuple(replace(one, sha256="") for one in files_of("acme", "1.1"))
    before = replace(listed("acme", ["1.1"]), releases=(ListedRelease("1.1", files),))
    assert predict(before, [manifest_of("1.1")]).releases == before.releases


def test_what_is_of_another_project_or_no_file_of_an_index_is_left_aside() -> None:
    manifest = manifest_of("1.1")
    sbom = replace(manifest.artifacts[0], name="acme-1.1.cdx.json")
    mixed = replace(manifest, artifacts=(sbom, *manifest_of("1.1", "acme-core").artifacts))
    assert predict(listed("acme", ["1.0"]), [mixed]).versions == ("1.0",)


def test_a_project_that_is_not_on_the_index_yet_is_told_by_its_manifests() -> None:
    found = predict(None, [manifest_of("1.1", "Acme_Core")])
    assert (found.project, found.versions) == ("acme-core", ("1.1",))
    assert found.origin == "release manifest v1.1"
    assert predict(None, [], "Acme.Core").project == "acme-core"


@pytest.mark.parametrize(
    ("names", "told"), [((), "got none"), (("acme", "acme-core"), "got acme, acme-core")]
)
def test_a_project_that_nobody_names_is_not_guessed(names: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        predict(None, [manifest_of("1.0", name) for name in names])


@given(listings("acme"))
def test_nothing_is_predicted_without_manifests(listing: object) -> None:
    assert predict(listing, []) == listing  # type: ignore[arg-type]  # a listing
