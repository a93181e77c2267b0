"""What pip-audit says counts; what it leaves unsaid counts only where it surely looked."""

from sealane.core.advisory.audited import audits_of
from sealane.core.advisory.checks.interface import SeenAudit
from sealane.core.release.audit import Advisory, Answer

CANARY = Answer("canary", "1", (Advisory("canary", "1", ("PYSEC-0-1",), ("2",)),), "")
OURS = ("PYSEC-2026-1", "CVE-2026-10001")


def flagged(version: str, *fixes: str, ids: tuple[str, ...] = ("GHSA-x", OURS[1])) -> Answer:
    return Answer("acme", version, (Advisory("acme", version, ids, fixes),), "")


def silent(version: str) -> Answer:
    return Answer("acme", version, (), "")


def asked(*answers: Answer) -> tuple[SeenAudit, ...]:
    return audits_of("osv", [("acme", "1.0"), ("acme", "1.2")], answers, OURS)


def test_an_answer_names_all_identifiers_and_our_fixes() -> None:
    other = Advisory("acme", "1.0", ("PYSEC-2020-9",), ("9.9",))
    answer = Answer("acme", "1.0", (*flagged("1.0", "2.0", "1.2").advisories, other), "")
    assert asked(answer) == (
        SeenAudit("osv", "acme", "1.0", ("CVE-2026-10001", "GHSA-x", "PYSEC-2020-9"),
                  ("1.2", "2.0")),
    )  # fmt: skip


def test_silence_counts_beside_a_version_that_was_flagged() -> None:
    assert asked(flagged("1.0"), silent("1.2"))[1] == SeenAudit("osv", "acme", "1.2", (), ())


def test_silence_counts_beside_the_canary() -> None:
    assert [one.ids for one in asked(silent("1.0"), silent("1.2"), CANARY)] == [(), ()]


def test_silence_of_a_service_that_flags_nothing_is_no_answer() -> None:
    assert asked(silent("1.0"), silent("1.2"), silent("1.3")) == ()


def test_a_version_that_was_skipped_or_left_out_has_no_answer() -> None:
    skipped = Answer("acme", "1.0", (), "not found")
    assert asked(skipped, CANARY) == ()
    # A skipped package has no version in the answer; neither may stand for the other.
    assert asked(Answer("acme", "", (), "not found"), CANARY) == ()


def test_an_answer_about_another_project_is_none() -> None:
    other = Answer("acme-core", "1.0", (), "")
    assert asked(other, CANARY) == ()
