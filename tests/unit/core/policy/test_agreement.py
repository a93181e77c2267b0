"""A file agrees with an advisory, or is told why not; agreement alone makes nothing pass."""

from datetime import UTC, datetime

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.agreement import ListedFile, NamedAdvisory, check_agreement
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import EmailPublisher
from sealane.core.policy.schema import Mode, Policy, Rule, policy_of
from sealane.core.release.affected import Advisory, AffectedPackage, VersionRange

AT = datetime(2026, 6, 1, tzinfo=UTC)
SHA = "9b" * 32
TEAM = EmailPublisher("team", "https://login.example.org", ("ann@example.org",))
RULE = Rule(("pkg:pypi/acme",), (Requirement(("signature",), (TEAM,)),), advisory=True)


def wheel(version: str = "1.4.2", project: str = "acme", sha256: str = SHA) -> Artifact:
    name = f"{project}-{version}-py3-none-any.whl"
    purl = f"pkg:pypi/{project}@{version}"
    return Artifact(name, (Digest("sha256", sha256),), 7, purl, version)


def entry(*events: tuple[str, str], name: str = "acme", kind: str = "ECOSYSTEM") -> AffectedPackage:
    ranges = (VersionRange(kind, events),) if events else ()
    return AffectedPackage("PyPI" if name else "", name, "pkg:pypi/acme", (), ranges)


FIXED = entry(("introduced", "0"), ("fixed", "1.4.2"))
ADVISORY = NamedAdvisory("record.json", "ab" * 32, Advisory("PYSEC-2026-7", None, (FIXED,)))
LISTS = replace(ADVISORY, files=(ListedFile("Acme", "1.4.2.0", SHA),))


def with_entries(*entries: AffectedPackage) -> NamedAdvisory:
    return replace(ADVISORY, record=replace(ADVISORY.record, affected=entries))


def withdrawn(at: datetime) -> NamedAdvisory:
    return replace(ADVISORY, record=replace(ADVISORY.record, withdrawn=at))


def answers(named: NamedAdvisory, artifact: Artifact) -> list[tuple[str, Outcome]]:
    found = check_agreement((named,), None, artifact, AT)
    return [(one.code.split()[0], one.outcome) for one in found]


@pytest.mark.parametrize(
    ("named", "artifact", "said"),
    [
        pytest.param(ADVISORY, wheel(), "1.4.2 fixes it; it lists no files of it", id="fix"),
        pytest.param(ADVISORY, wheel("1.4.2.0"), "1.4.2.0 fixes it;", id="same-version"),
        pytest.param(ADVISORY, wheel("1.5"), "1.5 is not affected;", id="later"),
        pytest.param(LISTS, wheel(), "1.4.2 fixes it, and this file is listed", id="listed"),
        pytest.param(withdrawn(AT.replace(year=2027)), wheel(), "fixes it", id="withdrawn-later"),
    ],
)
def test_what_agrees_is_noted_and_nothing_more(
    named: NamedAdvisory, artifact: Artifact, said: str
) -> None:
    (found,) = check_agreement((named,), None, artifact, AT)
    assert (found.code, found.outcome) == ("SL-AGR-001 agrees", Outcome.NOTE)
    assert said in found.actual


@pytest.mark.parametrize(
    ("named", "artifact", "code", "outcome"),
    [
        pytest.param(ADVISORY, wheel("1.4.1"), "SL-AGR-005", Outcome.FAIL, id="affected"),
        pytest.param(ADVISORY, wheel("1.4.2rc1"), "SL-AGR-005", Outcome.FAIL, id="pre-release"),
        pytest.param(
            with_entries(entry(("introduced", "0"))), wheel(), "SL-AGR-005", Outcome.FAIL,
            id="no-fix-named",
        ),
        pytest.param(withdrawn(AT), wheel(), "SL-AGR-003", Outcome.FAIL, id="withdrawn"),
        pytest.param(
            ADVISORY, wheel(project="other"), "SL-AGR-004", Outcome.FAIL, id="other-package"
        ),
        pytest.param(
            LISTS, wheel(sha256="8a" * 32), "SL-AGR-007", Outcome.FAIL, id="file-not-listed"
        ),
        pytest.param(
            LISTS, replace(wheel(), digests=(Digest("sha512", "8a" * 64),)), "SL-AGR-007",
            Outcome.FAIL, id="other-digest-known",
        ),
        pytest.param(
            ADVISORY, Artifact(f"sha256:{SHA}", (Digest("sha256", SHA),)), "SL-AGR-006",
            Outcome.MISSING, id="bare-digest",
        ),
        pytest.param(
            ADVISORY, replace(wheel(), purl="pkg:npm/acme@1.4.2"), "SL-AGR-006",
            Outcome.MISSING, id="other-ecosystem",
        ),
        pytest.param(
            with_entries(entry(("introduced", "0"), ("fixed", "next"))), wheel(), "SL-AGR-006",
            Outcome.MISSING, id="no-version",
        ),
        pytest.param(
            with_entries(entry(("introduced", "0"), name="other")), wheel(), "SL-AGR-004",
            Outcome.FAIL, id="name-and-purl-differ",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_or_is_unclear_keeps_from_passing(
    named: NamedAdvisory, artifact: Artifact, code: str, outcome: Outcome
) -> None:
    assert answers(named, artifact) == [(code, outcome)]


def test_files_of_other_versions_say_nothing_about_this_one() -> None:
    others = (ListedFile("acme", "1.3.9", "8a" * 32), ListedFile("acme", "none", "8a" * 32))
    assert answers(replace(ADVISORY, files=others), wheel()) == [("SL-AGR-001", Outcome.NOTE)]


def test_an_affected_file_that_is_not_listed_is_told_both() -> None:
    listed = replace(LISTS, files=(ListedFile("acme", "1.4.1", "8a" * 32),))
    assert [code for code, _ in answers(listed, wheel("1.4.1"))] == ["SL-AGR-005", "SL-AGR-007"]


def test_a_commit_that_fixes_it_is_no_version() -> None:
    git = entry(("introduced", "0"), ("fixed", "a" * 40), kind="GIT")
    named = with_entries(git)
    assert answers(named, wheel()) == [("SL-AGR-006", Outcome.MISSING)]


def policy(*rules: Rule) -> Policy:
    return policy_of("acme", "test", rules)


def asked(mode: Mode, artifact: Artifact) -> tuple[Finding, ...]:
    return check_agreement((), policy(replace(RULE, mode=mode)), artifact, AT)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [(Mode.ENFORCE, Outcome.MISSING), (Mode.WARN, Outcome.WARN), (Mode.AUDIT, Outcome.NOTE)],
)
def test_a_rule_that_wants_an_advisory_misses_it(mode: Mode, outcome: Outcome) -> None:
    (found,) = asked(mode, wheel())
    assert (found.code.split()[0], found.outcome) == ("SL-AGR-002", outcome)


def test_only_rules_about_the_artifact_want_one() -> None:
    assert asked(Mode.ENFORCE, wheel(project="other")) == ()
    assert check_agreement((), policy(replace(RULE, advisory=False)), wheel(), AT) == ()
    assert check_agreement((), None, wheel(), AT) == ()


def test_an_advisory_that_is_named_is_asked_whatever_the_rule_would_make_of_it() -> None:
    rules = policy(replace(RULE, mode=Mode.AUDIT))
    (found,) = check_agreement((ADVISORY,), rules, wheel("1.4.1"), AT)
    assert found.outcome is Outcome.FAIL


def test_every_advisory_that_is_named_has_to_agree() -> None:
    found = check_agreement((ADVISORY, withdrawn(AT)), None, wheel(), AT)
    assert [one.outcome for one in found] == [Outcome.NOTE, Outcome.FAIL]
