"""ADV06, ADV07 and ADV08: the fix is released, as it was signed, and is not affected."""

import pytest

from sealane.core.advisory.checks.interface import Stage
from sealane.core.advisory.listing import ListedFile, ListedRelease, Listing
from sealane.core.advisory.record import FixedFile, Provenance
from sealane.core.attestation.predicates.release_manifest import ManifestPackage
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.errors import InputError
from support.cases import (
    FIXES,
    INDEX,
    acme,
    asked,
    draft,
    failures,
    fixed_files,
    lacks,
    manifest_of,
    of_entries,
    outcomes,
    published,
    saying,
)
from support.records import files_of, listed

NAME = "acme-1.2.tar.gz"
WHEEL = "acme-1.2-py3-none-any.whl"


def with_file(listing: Listing, version: str, *files: ListedFile) -> Listing:
    """The listing with other files for one version."""
    releases = (
        replace(one, files=files) if one.version == version else one for one in listing.releases
    )
    return replace(listing, releases=tuple(releases))


@pytest.mark.parametrize("text", ["1.2.1", "1.2rc2", "12"])
def test_a_fix_that_nobody_released_fails(text: str) -> None:
    case = saying(published(manifests=()), acme(f"0 <{text}"))
    assert f"which has 2.0.post1, 2.1, 2.2, got fixed: {text}" in failures("ADV06", case)


def test_a_release_without_a_version_cannot_be_a_fix() -> None:
    nameless = replace(manifest_of("1.2"), packages=(ManifestPackage("Acme", "", "1.2"),))
    with pytest.raises(InputError, match=r"release manifest v1\.2: Acme: expected a PEP 440"):
        asked("ADV06", draft(manifests=(nameless,)))


@pytest.mark.parametrize("text", ["1.2", "1.2.0", "v1.2", "1.2rc1"])
def test_a_fix_on_the_index_holds_in_any_writing(text: str) -> None:
    assert failures("ADV06", saying(published(manifests=()), acme(f"0 <{text}"))) == ""


def test_a_fix_of_a_manifest_is_released_for_a_draft_and_not_for_what_is_published() -> None:
    listing = listed("acme", ["1.0", "1.1", "2.0"])
    assert failures("ADV06", draft(listings=(listing,))) == ""
    told = failures("ADV06", published(listings=(listing,)))
    assert "fixed: 1.2" in told
    assert "fixed: 2.1" in told


def test_a_release_with_the_fix_that_is_not_named_fails() -> None:
    case = draft(manifests=(manifest_of("1.2"), manifest_of("2.2")))
    told = failures("ADV06", case)
    assert "expected fixed: 2.2, as its release manifest has it, got 1.2, 2.1" in told
    assert "got no fix" in failures("ADV06", saying(case, acme("0 <=1.1")))


def test_a_package_whose_index_was_not_read_is_missing() -> None:
    for code in ("ADV06", "ADV07"):
        assert "index of acme: expected what it lists" in lacks(code, draft(listings=()))


def test_an_index_without_any_release_has_no_fix() -> None:
    case = draft(listings=(Listing("acme", (), "an index"),), manifests=())
    assert "which has none" in failures("ADV06", case)


def test_a_draft_without_manifests_says_that_the_index_alone_was_asked() -> None:
    case = draft(manifests=())
    assert outcomes("ADV06", case) == [Outcome.NOTE]
    assert outcomes("ADV07", saying(case, acme(provenance=None))) == [Outcome.NOTE] * 2


def test_a_record_without_a_fix_says_so_and_passes_nothing() -> None:
    assert outcomes("ADV06", saying(draft(manifests=()), acme("0"))) == [Outcome.NOTE]


def test_a_yanked_fix_fails() -> None:
    case = published(listings=(listed("acme", INDEX, yanked=["2.1"]),))
    told = failures("ADV07", case)
    assert "index of acme 2.1 (a test): expected files that are not yanked" in told
    assert "acme-2.1.tar.gz" in told


def test_one_yanked_file_of_a_fix_fails() -> None:
    first, second = files_of("acme", "1.2")
    listing = with_file(listed("acme", INDEX), "1.2", first, replace(second, yanked=True))
    assert f"yanked: {NAME}" in failures("ADV07", published(listings=(listing,)))


def test_other_bytes_than_were_signed_fail() -> None:
    first, second = files_of("acme", "1.2")
    listing = with_file(listed("acme", INDEX), "1.2", first, replace(second, sha256="0" * 64))
    told = failures("ADV07", published(listings=(listing,)))
    assert f"{NAME}: expected sha256 {second.sha256}, got sha256 {'0' * 64}" in told


def test_a_file_that_is_missing_on_the_index_fails() -> None:
    listing = with_file(listed("acme", INDEX), "1.2", *files_of("acme", "1.2")[:1])
    told = failures("ADV07", published(listings=(listing,)))
    assert f"{NAME}: expected sha256" in told
    assert "got no such file" in told


@pytest.mark.parametrize("digest", ["0" * 64, ""], ids=["told", "unknown"])
def test_a_file_that_nobody_signed_fails(digest: str) -> None:
    strange = ListedFile("acme-1.2-cp313-cp313-linux_x86_64.whl", digest)
    listing = with_file(listed("acme", INDEX), "1.2", *files_of("acme", "1.2"), strange)
    told = failures("ADV07", published(listings=(listing,)))
    assert f"{strange.name}: expected no such file, got sha256 {digest or 'unknown'}" in told


def test_a_digest_that_the_index_does_not_tell_is_missing() -> None:
    files = tuple(replace(one, sha256="") for one in files_of("acme", "1.2"))
    listing = with_file(listed("acme", INDEX), "1.2", *files)
    case = published(listings=(listing,))
    assert "no digest is told" in lacks("ADV07", case)
    assert failures("ADV07", case) == ""


def test_a_fix_without_a_file_on_the_index_fails() -> None:
    case = published(listings=(listed("acme", ["1.0", "2.1"]),))
    assert f"expected {WHEEL}, {NAME}, got no file" in failures("ADV07", case)
    bare = saying(replace(case, manifests=()), acme(provenance=None))
    assert "expected its files, got no file" in failures("ADV07", bare)


def test_what_the_record_lists_is_what_the_manifest_has() -> None:
    first, second = fixed_files("1.2")
    for files in (
        (replace(first, sha256="0" * 64), second),
        (first,),
        (first, second, replace(first, name="acme-1.2-py2-none-any.whl")),
    ):
        record = acme(provenance=Provenance(files=files))
        assert "record: files of acme 1.2: acme-1.2" in failures("ADV07", saying(draft(), record))


def test_what_the_record_lists_is_compared_where_there_is_no_manifest() -> None:
    case = published(manifests=())
    assert outcomes("ADV07", case) == []
    first, second = fixed_files("1.2")
    files = (replace(first, sha256="0" * 64), second, *fixed_files("2.1"))
    told = failures("ADV07", saying(case, acme(provenance=Provenance(files=files))))
    assert f"{WHEEL}: expected sha256 {'0' * 64}" in told


def test_the_record_lists_files_of_fixed_versions_only() -> None:
    files = fixed_files(*FIXES, "1.1")
    record = acme(provenance=Provenance(files=files))
    assert "expected files of fixed versions, got 1.1" in failures("ADV07", saying(draft(), record))


@pytest.mark.parametrize(
    "file",
    [
        FixedFile("other", "1.2", "other-1.2.tar.gz", "0" * 64),
        FixedFile("acme", "next", "acme-next.tar.gz", "0" * 64),
    ],
    ids=["another-package", "no-version"],
)
def test_the_record_lists_no_file_of_something_else(file: FixedFile) -> None:
    record = acme(provenance=Provenance(files=(*fixed_files(*FIXES), file)))
    assert f"file {file.name}: expected a file of acme" in failures(
        "ADV07", saying(draft(), record)
    )


def test_published_files_that_can_be_compared_with_nothing_are_missing() -> None:
    case = saying(published(manifests=()), acme(provenance=None))
    assert "the digests that were signed" in lacks("ADV07", case)


def test_files_of_a_manifest_that_are_no_files_of_an_index_are_left_aside() -> None:
    one = manifest_of("1.2")
    sbom = replace(one.artifacts[0], name="acme-1.2.cdx.json")
    more = replace(one, artifacts=(*one.artifacts, sbom))
    assert outcomes("ADV07", published(manifests=(more, manifest_of("2.1")))) == []


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("0 <1.2 1.1 <2.1", "acme 1.2: expected outside every range, got inside one"),
        ("0 <1.2 2.0 <2.1 2.2 <2.3", "acme 2.2: expected outside every range"),
        ("0 <=1.2 2.0 <=2.0", "acme 1.2: expected outside every range"),
    ],
)
def test_a_fix_inside_a_range_fails(events: str, told: str) -> None:
    first, _, rest = events.partition(" 1.1 ")
    record = acme(first) if rest else acme(events)
    if rest:
        # Two ranges of one package, which reach into each other.
        (one,) = record.affected
        (other,) = acme(f"1.1 {rest}").affected
        record = of_entries(one, other)
    case = draft(manifests=(manifest_of("2.2"), manifest_of("1.2")))
    assert told in failures("ADV08", saying(case, record))


def test_a_fix_in_the_list_of_versions_fails() -> None:
    record = acme(versions=("1.0", "1.2.0"))
    assert "acme 1.2: expected not among the versions" in failures("ADV08", saying(draft(), record))


def test_a_release_with_the_fix_counts_though_the_record_does_not_call_it_one() -> None:
    case = saying(draft(), acme("0", ("1.0",)))
    assert "acme 2.1: expected outside every range" in failures("ADV08", case)
    assert "acme 1.2: expected outside every range" in failures("ADV08", case)


def test_a_fix_outside_the_ranges_holds_without_an_index() -> None:
    assert outcomes("ADV08", published(listings=(), stage=Stage.PUBLISHED)) == []


def test_a_release_is_found_in_any_writing_of_its_version() -> None:
    release = ListedRelease("1.2.0", files_of("acme", "1.2"))
    listing = listed("acme", ["1.0", "2.0", "2.1"])
    listing = replace(listing, releases=(listing.releases[0], release, *listing.releases[1:]))
    assert failures("ADV07", published(listings=(listing,))) == ""
