"""A report of an examination says what holds, what does not, and by what it was held."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sealane.core.model.codes import code_of
from sealane.core.model.examination import Examination
from sealane.core.model.values import replace
from sealane.core.model.verdict import Basis, Finding, Outcome
from sealane.core.report.registry import EXAMINATION_FORMS
from sealane.errors import ExitCode

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def found(code: str, outcome: Outcome, **changes: Any) -> Finding:  # noqa: ANN401 - any field
    made = Finding(
        code_of(code).label, outcome, "/affected/0", "one range", "two", hint="write one range"
    )
    return replace(made, **changes)


HELD = Finding(code_of("SL-ADV-001").label, Outcome.PASS)
BROKEN = found("SL-ADV-005", Outcome.FAIL)
UNSEEN = found("SL-ADV-021", Outcome.MISSING)
MADE = Examination(
    "PYSEC-2026-7", "advisories/PYSEC-2026-7.json", "ab" * 32, (HELD, BROKEN),
    (Basis("index", "acme, a saved listing", "cd" * 32),), AT, "draft",
)  # fmt: skip


def text(examination: Examination) -> str:
    return EXAMINATION_FORMS["text"](examination)


@pytest.mark.parametrize(
    ("findings", "outcome", "code"),
    [
        ((HELD,), Outcome.PASS, ExitCode.PASS),
        ((HELD, found("SL-ADV-014", Outcome.WARN)), Outcome.PASS, ExitCode.PASS),
        ((HELD, found("SL-ADV-014", Outcome.NOTE)), Outcome.PASS, ExitCode.PASS),
        ((HELD, UNSEEN), Outcome.MISSING, ExitCode.EVIDENCE),
        ((HELD, BROKEN, UNSEEN), Outcome.FAIL, ExitCode.FAILED),
        ((), Outcome.MISSING, ExitCode.EVIDENCE),
        ((found("SL-ADV-014", Outcome.NOTE),), Outcome.MISSING, ExitCode.EVIDENCE),
        ((found("SL-ADV-014", Outcome.WARN),), Outcome.MISSING, ExitCode.EVIDENCE),
    ],
)
def test_only_what_passed_somewhere_and_failed_nowhere_holds(
    findings: tuple[Finding, ...], outcome: Outcome, code: ExitCode
) -> None:
    examined = replace(MADE, findings=findings)
    assert (examined.outcome, examined.exit_code) == (outcome, code)


def test_an_examination_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="outcome"):
        bool(MADE)


def test_the_text_tells_what_does_not_hold_and_where() -> None:
    assert text(MADE).splitlines() == [
        f"held against index: acme, a saved listing (sha256:{'cd' * 32})",
        f"FAIL     PYSEC-2026-7 (draft)  advisories/PYSEC-2026-7.json sha256:{'ab' * 32}",
        "  PASS    SL-ADV-001",
        "  FAIL    SL-ADV-005 range-shape",
        "          at: /affected/0",
        "    expected: one range",
        "      actual: two",
        "        hint: write one range",
        "FAIL: 2 answers: 1 holds, 1 does not",
    ]


def test_what_was_not_asked_stands_in_a_line_for_each_reason() -> None:
    asides = [
        Finding(code_of(code).label, Outcome.NOTE, actual=reason)
        for code, reason in (("SL-ADV-021", "later"), ("SL-ADV-023", "no"), ("SL-ADV-022", "later"))
    ]
    told = text(replace(MADE, findings=(HELD, *asides))).splitlines()
    assert told[3:5] == ["  note    SL-ADV-021, SL-ADV-022: later", "  note    SL-ADV-023: no"]


def test_the_worst_stands_last() -> None:
    every = (BROKEN, HELD, found("SL-ADV-014", Outcome.WARN), UNSEEN,
             found("SL-ADV-002", Outcome.NOTE))  # fmt: skip
    told = text(replace(MADE, findings=every)).splitlines()
    words = [line[2:9].strip() for line in told if line.startswith("  ") and line[2] != " "]
    assert words == ["PASS", "note", "WARN", "MISSING", "FAIL"]
    assert told[-1] == (
        "FAIL: 5 answers: 1 holds, 1 does not, 1 cannot be answered, 1 warns, 1 is only noted"
    )


def test_what_several_checks_found_is_told_once() -> None:
    unseen = [found(f"SL-ADV-00{at}", Outcome.MISSING, place="index") for at in (3, 6, 7)]
    told = text(replace(MADE, findings=(HELD, *unseen, UNSEEN))).splitlines()
    assert told[3:5] == ["  MISSING SL-ADV-003, SL-ADV-006, SL-ADV-007", "          at: index"]
    assert "  MISSING SL-ADV-021 osv-answer" in told


def test_of_many_places_the_first_few_are_told_and_their_number() -> None:
    many = [found("SL-ADV-001", Outcome.WARN, place=f"/{at}") for at in range(7)]
    told = text(replace(MADE, findings=(HELD, *many))).splitlines()
    assert [line[14:] for line in told if line.startswith("          at: ")] == [
        "/0", "/1", "/2", "/3", "and 3 more; the JSON report has all",
    ]  # fmt: skip
    assert told[-1] == "PASS: 8 answers: 1 holds, 7 warn"
    assert (
        len(json.loads(EXAMINATION_FORMS["json"](replace(MADE, findings=tuple(many))))["findings"])
        == 7
    )


def test_a_row_of_codes_is_told_by_its_ends() -> None:
    held = [found(f"SL-ADV-00{at}", Outcome.PASS) for at in (1, 3, 4, 6, 7, 8, 9)]
    line = "  PASS    SL-ADV-001, SL-ADV-003, SL-ADV-004, SL-ADV-006 to SL-ADV-009"
    assert line in text(replace(MADE, findings=tuple(held))).splitlines()


@pytest.mark.parametrize(
    ("kinds", "line"),
    [
        (["document"], "held against 1 document"),
        (["document"] * 2, "held against 2 documents"),
        (
            ["document, made from the record"] * 3,
            "held against 3 documents, made from the record",
        ),
    ],
)
def test_documents_are_counted(kinds: list[str], line: str) -> None:
    based_on = tuple(Basis(kind, f"{at}.json", "cd" * 32) for at, kind in enumerate(kinds))
    assert text(replace(MADE, based_on=based_on)).splitlines()[0] == line


def test_a_document_alone_that_holds_is_one_line() -> None:
    alone = replace(MADE, subject="CSAF 2.0", findings=(HELD,), based_on=(), stage="")
    line = f"PASS     CSAF 2.0  advisories/PYSEC-2026-7.json sha256:{'ab' * 32}"
    assert text(alone).splitlines() == [line]
    warned = replace(alone, findings=(HELD, found("SL-ADV-001", Outcome.WARN)))
    assert text(warned).splitlines()[-1] == "PASS: 2 answers: 1 holds, 1 warns"


def test_nothing_is_no_pass() -> None:
    empty = replace(MADE, findings=(), based_on=(), stage="")
    assert text(empty).splitlines() == [
        "held against nothing but its own rules",
        f"MISSING  PYSEC-2026-7  advisories/PYSEC-2026-7.json sha256:{'ab' * 32}",
        "MISSING: 0 answers: and that is no pass",
    ]


def test_a_rehearsal_is_stamped_in_every_form() -> None:
    examined = replace(MADE, sandbox=True, notes=("asked late",), hosts=("127.0.0.1",))
    told = text(examined)
    assert told.startswith("[sandbox] held against")
    assert told.endswith("1 does not [sandbox]\n")
    assert "note: asked late\nasked: 127.0.0.1\n" in told
    assert json.loads(EXAMINATION_FORMS["json"](examined))["sandbox"] is True
    (run,) = json.loads(EXAMINATION_FORMS["sarif"](examined))["runs"]
    assert run["properties"]["sandbox"] is True
    assert all(one["message"]["text"].startswith("sandbox: ") for one in run["results"])


def test_json_has_every_answer() -> None:
    document = json.loads(EXAMINATION_FORMS["json"](MADE))
    assert document["schema"] == "sealane.examination/1"
    assert document["outcome"] == "fail"
    assert document["exit_code"] == 1
    assert [one["code"] for one in document["findings"]] == [HELD.code, BROKEN.code]
    assert document["basis"] == [
        {"kind": "index", "name": "acme, a saved listing", "sha256": "cd" * 32, "id": ""}
    ]


def test_sarif_has_every_answer_at_its_file() -> None:
    (run,) = json.loads(EXAMINATION_FORMS["sarif"](replace(MADE, notes=("a",))))["runs"]
    assert [(one["ruleId"], one["kind"]) for one in run["results"]] == [
        ("SL-ADV-001", "pass"),
        ("SL-ADV-005", "fail"),
    ]
    assert run["invocations"][0]["exitCode"] == 1
    assert run["artifacts"][0]["location"]["uri"] == "PYSEC-2026-7.json"
    assert len({one["partialFingerprints"]["sealaneFinding/v1"] for one in run["results"]}) == 2
    assert run["results"][1]["message"]["text"] == (
        "PYSEC-2026-7: SL-ADV-005 range-shape: expected one range; actual two; at /affected/0"
    )


def test_a_record_without_a_file_is_named_by_its_identifier() -> None:
    (run,) = json.loads(EXAMINATION_FORMS["sarif"](replace(MADE, place="")))["runs"]
    assert run["artifacts"][0]["location"]["uri"] == "PYSEC-2026-7"


@pytest.mark.parametrize("form", EXAMINATION_FORMS)
def test_a_strangers_text_gives_no_orders(form: str) -> None:
    hostile = found("SL-ADV-005", Outcome.FAIL, actual="x\n::error::##[error]\x1b[31m")
    examined = replace(MADE, findings=(hostile,), subject="a\n::b", place="p\x1b/q##[x]")
    said = EXAMINATION_FORMS[form](examined)
    assert "\x1b" not in said
    assert "\n::" not in said
    assert "##[" not in said
