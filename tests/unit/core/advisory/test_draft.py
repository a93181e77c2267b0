"""A draft says what manifests and listings say, and asks where a series begins."""

from typing import Any

import pytest

from sealane.core.advisory.draft import blank, from_manifests
from sealane.core.advisory.record import Provenance, Record
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import schema_faults
from sealane.core.attestation.predicates.release_manifest import (
    ManifestArtifact,
    ManifestPackage,
    ReleaseManifest,
)
from sealane.errors import InputError
from support.records import AT, digest_of, files_of, listed

SHA = "d" * 64


def manifest(*packages: tuple[str, str], sandbox: bool = False, more: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """A release of packages, each with a wheel and an sdist."""
    names = [file.name for name, version in packages for file in files_of(name.lower(), version)]
    return ReleaseManifest(
        project="acme",
        packages=tuple(ManifestPackage(name, version, "") for name, version in packages),
        tag="v" + (packages[0][1] if packages else "0"),
        tag_object="", commit="", tree="", epoch=0, configuration="", changelog="", locks=(),
        records=(), isolation="", attestations=(), channels=(), tools=(), slsa_level=0,
        slsa_reason="", sandbox=sandbox,
        artifacts=tuple(
            ManifestArtifact(name, 1, digest_of(name), "", "") for name in (*names, *more)
        ),
    )  # fmt: skip


ACME = listed("acme", ["0.9", "1.0", "1.1", "1.2rc1", "2.0", "2.0.1", "2.1"], yanked=["0.9"])
CORE = listed("acme-core", ["1.0", "1.1"])


def drafted(*manifests: ReleaseManifest, introduced: dict[str, str] | None = None) -> Record:
    digests = [digest_of(str(number)) for number in range(len(manifests))]
    return from_manifests(
        "PYSEC-0000-x", manifests, digests, (ACME, CORE), introduced=introduced or {}, at=AT
    )


def events(record: Record, number: int = 0) -> str:
    marks = record.affected[number].about.ranges[0].events
    return " ".join(f"{kind} {text}" for kind, text in marks)


def test_where_no_index_was_seen_the_versions_are_left_open() -> None:
    record = from_manifests("P-1", [manifest(("acme", "1.2"))], [SHA], (), introduced={}, at=AT)
    assert record.affected[0].about.versions == ()
    assert events(record) == "introduced 0 fixed 1.2"


def test_a_blank_record_affects_everything_of_a_project() -> None:
    record = blank("PYSEC-0000-x", "Acme_Core", AT)
    about = record.affected[0].about
    assert (about.name, about.purl) == ("acme-core", "pkg:pypi/acme-core")
    assert events(record) == "introduced 0"
    assert schema_faults(render_record(record)) == ()


def test_one_release_fixes_everything_before_it() -> None:
    record = drafted(manifest(("acme", "1.2")))
    assert events(record) == "introduced 0 fixed 1.2"
    assert record.affected[0].about.versions == ("0.9", "1.0", "1.1", "1.2rc1")
    assert schema_faults(render_record(record)) == ()


def test_where_it_was_introduced_may_be_said() -> None:
    record = drafted(manifest(("acme", "1.2")), introduced={"1.2.0": "1.1"})
    assert events(record) == "introduced 1.1 fixed 1.2"
    assert record.affected[0].about.versions == ("1.1", "1.2rc1")


def test_several_series_are_one_sorted_range() -> None:
    record = drafted(
        manifest(("acme", "2.0.1")), manifest(("acme", "1.2")),
        introduced={"1.2": "0", "2.0.1": "2.0"},
    )  # fmt: skip
    assert len(record.affected[0].about.ranges) == 1
    assert events(record) == "introduced 0 fixed 1.2 introduced 2.0 fixed 2.0.1"
    assert record.affected[0].about.versions == ("0.9", "1.0", "1.1", "1.2rc1", "2.0")


def test_each_package_of_a_release_has_an_entry_of_its_own() -> None:
    record = drafted(manifest(("Acme", "1.2"), ("acme_core", "1.1")))
    assert [one.about.name for one in record.affected] == ["acme", "acme-core"]
    assert [events(record, 0), events(record, 1)] == [
        "introduced 0 fixed 1.2",
        "introduced 0 fixed 1.1",
    ]
    assert record.affected[1].about.versions == ("1.0",)


def test_manifests_and_files_are_kept_with_their_digests() -> None:
    more = ("notes.txt", "acme-9.9.tar.gz", "other-1.2.tar.gz")
    record = drafted(manifest(("acme", "1.2"), ("", ""), more=more))
    assert isinstance(record.provenance, Provenance)
    assert record.provenance.manifests == (digest_of("0"),)
    assert [
        (one.package, one.version, one.name, one.sha256) for one in record.provenance.files
    ] == [("acme", "1.2", file.name, file.sha256) for file in files_of("acme", "1.2")]
    assert not record.provenance.sandbox


def test_what_comes_from_a_rehearsal_stays_marked() -> None:
    provenance = drafted(
        manifest(("acme", "1.2")), manifest(("acme-core", "1.1"), sandbox=True)
    ).provenance
    assert provenance is not None
    assert provenance.sandbox


@pytest.mark.parametrize(
    ("manifests", "introduced", "said"),
    [
        pytest.param([], {}, "expected manifests and a digest for each", id="none"),
        pytest.param([manifest()], {}, "expected a wheel or an sdist", id="no-package"),
        pytest.param([manifest(("acme", "x"))], {}, "expected a PEP 440 version", id="no-version"),
        pytest.param(
            [manifest(("acme", "1.2")), manifest(("acme", "1.2.0"))],
            {}, "acme 1.2.0 is in another one", id="one-release-twice",
        ),
        pytest.param(
            [manifest(("acme", "1.2")), manifest(("acme", "2.1"))],
            {"1.2": "0"}, "2.1 fixes one of 2 series", id="series-unknown",
        ),
        pytest.param(
            [manifest(("acme", "1.2")), manifest(("acme", "2.1"))],
            {"1.2": "0", "2.1": "1.2"}, "before or with 1.2", id="series-touch",
        ),
        pytest.param(
            [manifest(("acme", "1.2")), manifest(("acme", "2.1"))],
            {"1.2": "0", "2.1": "0"}, "begins in the first version", id="series-overlap",
        ),
        pytest.param(
            [manifest(("acme", "1.2"))], {"1.2": "1.2"}, "not before 1.2", id="empty-series"
        ),
        pytest.param(
            [manifest(("acme", "1.2"))], {"1.3": "1.0"}, "no release manifest has", id="unused"
        ),
        pytest.param([manifest(("acme", "1.2"))], {"soon": "1"}, "got 'soon'", id="fix-no-version"),
        pytest.param([manifest(("acme", "1.2"))], {"1.2": "x"}, "got 'x'", id="start-no-version"),
        pytest.param([manifest(("other", "1.2"))], {}, "no listing of other", id="no-listing"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(
    manifests: list[ReleaseManifest], introduced: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        drafted(*manifests, introduced=introduced)


@pytest.mark.parametrize("digests", [[], [SHA, SHA], ["D" * 64]])
def test_each_manifest_has_its_digest(digests: list[str]) -> None:
    with pytest.raises(InputError, match=r"digest for each|lower-case hex"):
        from_manifests("P-1", [manifest(("acme", "1.2"))], digests, (ACME,), introduced={}, at=AT)
