"""Each check of OSV's linter finds what it is for, and passes what is right."""

from typing import Any

import pytest

from sealane.core.advisory.record import Affected, Record
from sealane.core.advisory.record_lint import lint
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.records import AT, entry_of, listed, record_of

ACME = listed("acme", ["1.0", "1.1", "1.2"])


def found(record: Record, *listings: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(one.rule, one.place) for one in lint(record, listings)]


def about(**changes: Any) -> Affected:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "ecosystem": "PyPI", "name": "acme", "purl": "pkg:pypi/acme", "versions": (), "ranges": (),
    }  # fmt: skip
    return Affected(AffectedPackage(**{**fields, **changes}))


def test_a_right_record_passes_all_of_them() -> None:
    assert found(record_of(), ACME) == []
    assert found(record_of()) == []


def test_nothing_affected_is_found_unless_it_is_withdrawn() -> None:
    assert found(Record("PYSEC-1", AT)) == [("REC:001", "/affected")]
    assert found(Record("PYSEC-1", AT, has_affected=False)) == [("REC:001", "/affected")]
    assert found(Record("PYSEC-1", AT, withdrawn=AT)) == []


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        pytest.param({"aliases": ("A", "A")}, [("REC:002", "/aliases")], id="alias-twice"),
        pytest.param({"aliases": ("PYSEC-2026-1",)}, [("REC:002", "/aliases")], id="its-own-alias"),
        pytest.param({"upstream": ("A", "A")}, [("REC:003", "/upstream")], id="upstream-twice"),
        pytest.param(
            {"upstream": ("PYSEC-2026-1",)}, [("REC:003", "/upstream")], id="upstream-own"
        ),
        pytest.param(
            {"aliases": ("A",), "upstream": ("A",)}, [("REC:003", "/upstream")], id="both"
        ),
        pytest.param({"upstream": ("A",), "related": ("A",)}, [("REC:003", "/upstream")], id="rel"),
        pytest.param({"related": ("A", "A")}, [("REC:004", "/related")], id="related-twice"),
        pytest.param({"related": ("PYSEC-2026-1",)}, [("REC:004", "/related")], id="related-own"),
        pytest.param({"aliases": ("A",), "related": ("A",)}, [], id="alias-and-related"),
    ],
)
def test_identifiers_stand_once_and_in_one_place(
    fields: dict[str, Any], rules: list[tuple[str, str]]
) -> None:
    assert found(record_of(**fields)) == rules


def test_a_range_without_introduced_is_found() -> None:
    record = record_of(about(ranges=(VersionRange("ECOSYSTEM", (("fixed", "1"),)),)))
    assert found(record) == [("RNG:001", "/affected/0/ranges/0/events")]


@pytest.mark.parametrize(
    ("events", "rules"),
    [
        ("1.0 <1.0", ["RNG:002"]),
        ("0 <1.0 1.0 <2.0", ["RNG:002"]),
        ("1.0 <=1.0", []),
        ("1.0 <1.1", []),
    ],
)
def test_what_is_introduced_and_fixed_at_once_is_found(events: str, rules: list[str]) -> None:
    assert [rule for rule, _ in found(record_of(entry_of(events=events)))] == rules


def test_only_a_git_range_needs_no_package() -> None:
    events = (("introduced", "0"),)
    nobody = {"ecosystem": "", "name": "", "purl": ""}
    git, other = VersionRange("GIT", events, "r"), VersionRange("SEMVER", events)
    assert found(record_of(about(ranges=(git,), **nobody))) == []
    assert found(record_of(about(ranges=(git, other), **nobody))) == [
        ("RNG:002", "/affected/0/ranges/1")
    ]


@pytest.mark.parametrize(
    ("purl", "right"),
    [
        ("", True),
        ("pkg:pypi/acme", True),
        ("pkg:pypi/acme@1.0?a=b&c=d#e/f", True),
        ("pkg:golang/acme.example/a/b", True),
        ("pypi/acme", False),
        ("pkg:pypi", False),
        ("pkg:pypi/", False),
        ("pkg:pypi/acme@", False),
        ("pkg:pypi/acme?a", False),
        ("pkg:1/acme", False),
    ],
)
def test_a_purl_that_is_none_is_found(purl: str, right: bool) -> None:
    rules = [] if right else [("PKG:003", "/affected/0/package/purl")]
    assert found(record_of(about(purl=purl))) == rules


def test_a_package_that_the_index_has_not_is_found() -> None:
    assert found(record_of(entry_of("acne")), ACME) == [("PKG:001", "/affected/0/package/name")]
    assert found(record_of(), listed("acme", [])) == [("PKG:001", "/affected/0/package/name")]
    assert found(record_of(about(name="ACME")), ACME) == []
    assert found(record_of(about(ecosystem="npm", name="acne")), ACME) == []


@pytest.mark.parametrize(
    ("events", "versions", "missing"),
    [
        ("0 <1.2", ("1.0", "1.1"), []),
        ("1.0.0 <1.2.0", ("1.0",), []),
        ("0 <1.3", (), ["1.3"]),
        ("1.0 <=1.1.5", (), ["1.1.5"]),
        ("0.9 <1.2", ("1.0", "next week"), ["0.9", "next week"]),
    ],
)
def test_versions_that_the_index_has_not_are_a_warning(
    events: str, versions: tuple[str, ...], missing: list[str]
) -> None:
    faults = list(lint(record_of(entry_of(events=events, versions=versions)), [ACME]))
    assert [one.rule for one in faults] == ["PKG:002"] * bool(missing)
    assert all(one.warns and one.message.endswith(", ".join(missing)) for one in faults)


def test_commits_and_limits_are_no_versions_of_the_index() -> None:
    git = VersionRange("GIT", (("introduced", "a" * 40),), "r")
    limit = VersionRange("ECOSYSTEM", (("introduced", "1.0"), ("limit", "9")))
    assert found(record_of(about(ranges=(git, limit))), ACME) == []
