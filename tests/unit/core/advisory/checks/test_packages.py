"""ADV03: the package is named as everybody else names it."""

import pytest

from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Affected, Record
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.cases import acme, draft, failures, lacks, manifest_of, of_entries, published, saying
from support.records import entry_of, listed

RANGE = VersionRange("ECOSYSTEM", (("introduced", "0"), ("fixed", "1.2")))


def named(ecosystem: str, name: str, purl: str) -> Record:
    return of_entries(Affected(AffectedPackage(ecosystem, name, purl, (), (RANGE,))))


@pytest.mark.parametrize(
    ("ecosystem", "name", "purl", "told"),
    [
        pytest.param("PyPI", "Acme", "", "expected acme, got Acme", id="capitals"),
        pytest.param("PyPI", "ac.me", "", "expected ac-me, got ac.me", id="dot"),
        pytest.param("PyPI", "ac_me", "", "expected ac-me, got ac_me", id="underscore"),
        pytest.param("pypi", "acme", "", "expected PyPI, got pypi", id="ecosystem"),
        pytest.param("npm", "acme", "", "expected PyPI, got npm", id="another-index"),
        pytest.param("", "", "", "expected a name, got none", id="no-package"),
        pytest.param("", "", "pkg:pypi/acme", "expected acme, got none", id="purl-alone"),
        pytest.param("PyPI", "acme", "pkg:pypi/acme@1.0", "got pkg:pypi/acme@1.0", id="version"),
        pytest.param("PyPI", "acme", "pkg:pypi/other", "got pkg:pypi/other", id="purl-differs"),
        pytest.param("PyPI", "acme", "acme", "expected pkg:pypi/acme, got acme", id="no-purl"),
    ],
)
def test_another_writing_is_named(ecosystem: str, name: str, purl: str, told: str) -> None:
    assert told in failures("ADV03", saying(draft(), named(ecosystem, name, purl)))


def test_a_record_without_a_package_fails() -> None:
    assert "record/affected: expected a package" in failures("ADV03", saying(draft(), of_entries()))


def test_a_package_that_the_index_does_not_have_fails() -> None:
    case = draft(listings=(Listing("acme", (), "an index"),))
    assert "index of acme (an index): expected a project (PKG:001)" in failures("ADV03", case)


def test_a_package_whose_index_was_not_read_is_missing() -> None:
    assert "index of acme" in lacks("ADV03", draft(listings=()))


def test_the_wrong_package_is_found_by_the_manifest_both_ways() -> None:
    case = saying(draft(), of_entries(entry_of("acme-tools", "0 <1.2", ())))
    told = failures("ADV03", replace(case, listings=(listed("acme-tools", ["1.0", "1.2"]),)))
    assert "release manifest v1.2: expected a package of the record: acme-tools, got acme" in told
    assert "record: acme-tools: expected a package that was released: acme" in told


def test_a_package_beside_the_released_one_needs_its_manifest() -> None:
    both = of_entries(entry_of("acme"), entry_of("acme-core"))
    case = saying(draft(manifests=(manifest_of("1.2"),)), both)
    assert "record: acme-core: expected a package that was released: acme" in failures(
        "ADV03", case
    )
    more = replace(case, manifests=(*case.manifests, manifest_of("1.2", "acme-core")))
    assert failures("ADV03", more) == ""


def test_manifests_of_nothing_release_no_package_of_the_record() -> None:
    nothing = replace(manifest_of("1.2"), packages=())
    assert "got none" in failures("ADV03", published(manifests=(nothing,)))


def test_without_manifests_the_index_alone_is_asked() -> None:
    assert failures("ADV03", saying(draft(manifests=()), acme())) == ""
