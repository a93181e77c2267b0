"""`sealane policy test` and `sealane policy explain`: input, exit code, what is shown."""

import json
from pathlib import Path

import pytest

from sealane.cli.main import run
from support import policies
from support.commands import (
    EVIL,
    LONG,
    Case,
    check,
    file,
    folder,
    huge,
    loop,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)
from support.policies import CI, rule

POLICY = policies.HEAD + CI + rule(match='["pkg:pypi/hello"]')
HEAD = """schema = "sealane.policy-cases/1"
policy = "POLICY"
at = 2026-11-01T12:00:00Z

[signer.ci]
kind = "gitlab"
project = "acme/hello"
config = ".gitlab-ci.yml"
ref = "refs/tags/v1.0"
"""
GOOD = """
[[case]]
name = "a release"
expect = "pass"
artifact = { name = "hello-1.0.tar.gz" }
fact = [{ predicate = "publish", signer = { like = "ci" } }]
"""
BAD = """
[[case]]
name = "a branch"
expect = "fail"
codes = ["SL-ID-004"]
artifact = { name = "hello-1.0.tar.gz" }
fact = [{ predicate = "publish", signer = { like = "ci", ref = "refs/heads/main" } }]
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a policy and its cases."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(POLICY)
    cases(tmp_path, GOOD + BAD)
    return tmp_path


def cases(work: Path, text: str, name: str = "p.cases.toml", policy: str = "p.toml") -> None:
    path = work / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD.replace("POLICY", policy) + text)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["policy", *arguments])
    captured = capsys.readouterr()
    assert "internal error" not in captured.err
    return code, captured.out, captured.err


def test_cases_that_are_answered_as_expected_exit_with_0(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = asked(capsys, "test", "p.toml")
    assert code == 0
    assert out.splitlines()[2:] == [
        "  PASS  a release: pass",
        "  PASS  a branch: fail SL-ID-004",
        "  2 of 2 as expected; 1 to pass, 1 not to",
    ]
    # Both files of cases count.
    cases(work, BAD, "tests/p.toml", "../p.toml")
    code, out, _ = asked(capsys, "test", "p.toml")
    assert code == 1
    assert out.count("p.toml\n") == 2
    assert "no case expects a pass" in out


def test_without_a_name_the_policy_of_the_directory_is_tested(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "p.toml").rename(work / "sealane.policy.toml")
    cases(work, GOOD + BAD, "sealane.policy.cases.toml", "sealane.policy.toml")
    assert asked(capsys, "test")[0] == 0
    assert "Rule 1: Every artifact of pkg:pypi/hello" in asked(capsys, "explain")[1]


def test_a_file_of_cases_can_be_named(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases(work, GOOD + BAD, "elsewhere/c.toml", "../p.toml")
    code, out, _ = asked(capsys, "test", "--cases", "elsewhere/c.toml")
    assert (code, out.splitlines()[0]) == (0, "elsewhere/c.toml: policy acme, p.toml")
    assert asked(capsys, "test", "p.toml", "--cases", "elsewhere/c.toml")[0] == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(GOOD.replace('"pass"', '"fail"\ncodes = ["SL-ID-004"]')
                     + GOOD.replace("a release", "another"),
                     "expected fail with SL-ID-004, got pass with SL-REQ-001", id="it-passes"),
        pytest.param(GOOD + BAD.replace("SL-ID-004", "SL-ID-003"),
                     "expected fail with SL-ID-003, got fail with SL-ID-004", id="other-reason"),
        pytest.param(GOOD.replace('{ like = "ci" }', '{ like = "ci", project = "a/b" }') + BAD,
                     "expected pass, got fail with SL-ID-003", id="it-does-not-pass"),
        pytest.param(GOOD, "every case expects a pass", id="nothing-to-refuse"),
        pytest.param(BAD, "no case expects a pass", id="nothing-to-pass"),
    ],
)  # fmt: skip
def test_a_case_that_is_answered_otherwise_exits_with_1(
    work: Path, text: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cases(work, text)
    code, out, _ = asked(capsys, "test", "p.toml")
    assert code == 1
    assert line in out
    code, out, _ = asked(capsys, "test", "p.toml", "--format", "json")
    assert code == 1
    assert json.loads(out)["expected"] is False
    code, out, _ = asked(capsys, "test", "p.toml", "--format", "junit")
    assert code == 1
    assert "<failure" in out


def test_one_policy_that_fails_fails_the_run(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "q.toml").write_text(POLICY)
    cases(work, GOOD, "q.cases.toml", "q.toml")
    assert asked(capsys, "test", "p.toml", "q.toml")[0] == 1
    assert asked(capsys, "test", "q.toml", "p.toml")[0] == 1
    cases(work, GOOD + BAD, "q.cases.toml", "q.toml")
    assert asked(capsys, "test", "p.toml", "q.toml")[0] == 0


def test_no_cases_prove_nothing(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "p.cases.toml").unlink()
    code, out, err = asked(capsys, "test", "p.toml")
    assert (code, out) == (3, "")
    assert "no cases prove nothing" in err
    assert "hint: " in err


def test_cases_of_another_policy_prove_nothing_of_this_one(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "q.toml").write_text(POLICY)
    cases(work, GOOD + BAD, policy="q.toml")
    code, _, err = asked(capsys, "test", "p.toml")
    assert code == 5
    assert "policy: expected 'p.toml', got 'q.toml'" in err


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("case]]", "cse]]", "unknown key"),
        ('like = "ci" }', 'like = "cj" }', "there is no [signer.cj]"),
        ("p.toml", "no.toml", "no.toml"),
        ('signer = { like = "ci" }', 'signer = { like = "ci" }, trust = "own"', "no [trust.own]"),
        ("2026-11-01T12", "2020-01-01T00", "it counts from"),
    ],
)
def test_a_mistake_in_the_cases_exits_with_5(
    work: Path, old: str, new: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "p.toml").write_text(f"not_before = 2021-01-01T00:00:00Z\n{POLICY}")
    path = work / "p.cases.toml"
    path.write_text(path.read_text().replace(old, new))
    code, out, err = asked(capsys, "test", "--cases", "p.cases.toml")
    assert (code, out) == (5, "")
    assert place in err
    assert "hint: " in err


def test_a_file_of_cases_that_is_not_there_exits_with_5(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(capsys, "test", "--cases", "no.toml")[0] == 5


def test_only_the_root_that_is_named_counts_where_there_are_several(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = POLICY[POLICY.index("[[rule]]") :].replace('by = "ci"', 'by = "ci", trust = "public"')
    other = rule.replace("pypi/hello", "pypi/other").replace("public", "other")
    roots = '[trust.public]\n[trust.other]\nroot = "staging"\n'
    (work / "p.toml").write_text(POLICY.partition("[[rule]]")[0] + roots + rule + other)
    fact = 'signer = { like = "ci" }'
    right, wrong = f'{fact}, trust = "public"', f'{fact}, trust = "other"'
    refused = BAD.replace("SL-ID-004", "SL-REQ-004").replace(', ref = "refs/heads/main"', "")
    for one in (refused, refused.replace(fact, wrong)):
        cases(work, GOOD.replace(fact, right) + one)
        code, out, err = asked(capsys, "test", "p.toml")
        assert code == 0, out + err


def test_refused_evidence_fails_where_the_policy_says_so(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = '\n[[case]]\nname = "beside"\nrefused = [{ code = "SL-SIG-001" }]' + GOOD.replace(
        '\n[[case]]\nname = "a release"', ""
    )
    cases(work, GOOD + BAD + beside)
    assert asked(capsys, "test", "p.toml")[0] == 0
    (work / "p.toml").write_text(f"no_rejected_evidence = true\n{POLICY}")
    code, out, _ = asked(capsys, "test", "p.toml")
    assert code == 1
    assert "expected pass, got fail with SL-REQ-001, SL-SIG-001" in out


def test_a_rule_that_only_warns_is_expected_to_warn(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "p.toml").write_text(POLICY.replace("[[rule]]", '[[rule]]\nmode = "warn"'))
    assert asked(capsys, "test", "p.toml")[0] == 1
    cases(work, GOOD + BAD.replace('"fail"', '"warn"'))
    assert asked(capsys, "test", "p.toml")[0] == 0


def test_whether_a_release_is_complete_depends_on_the_files_judged_with_it(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "p.toml").write_text(
        POLICY.replace('"publish", by = "ci"', '"release", by = "ci", complete = true')
    )
    one = """
[[case]]
name = "whole"
expect = "pass"
artifact = { name = "hello-1.0.tar.gz" }
files = ["hello-1.0-py3-none-any.whl"]
[[case.fact]]
predicate = "release"
signer = { like = "ci" }
content = { purl = "pkg:pypi/hello@1.0" }
lists = ["hello-1.0-py3-none-any.whl"]
"""
    gap = one.replace("whole", "gap").replace('"pass"', '"fail"\ncodes = ["SL-REQ-017"]')
    cases(work, one + gap.replace('files = ["hello-1.0-py3-none-any.whl"]\n', ""))
    code, out, _ = asked(capsys, "test", "p.toml")
    assert code == 0, out


def test_explain_tells_what_is_demanded_of_one_artifact(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = asked(capsys, "explain", "p.toml", "--artifact", "hello-1.0.tar.gz")
    assert code == 0
    assert "Rule 1: hello-1.0.tar.gz must have all of this:" in out
    assert "the tag v<version>, where version is 1.0" in out
    assert (
        asked(capsys, "explain", "p.toml", "--artifact", "pkg:pypi/hello@2.0")[1].count("2.0") > 1
    )
    assert "it is refused" in asked(capsys, "explain", "p.toml", "--artifact", "other")[1]
    assert asked(capsys, "explain", "no.toml")[0] == 5


def test_explain_shows_every_letter_and_obeys_none(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    when = "true\\n  forged: line" + " || true" * 300 + " # \\u202e<script>$(id)"
    (work / "p.toml").write_text(POLICY.replace('by = "ci"', f'by = "ci", when = "{when}"'))
    _, out, _ = asked(capsys, "explain", "p.toml")
    (line,) = [one for one in out.splitlines() if "CEL" in one]
    assert line.endswith("# \\u202e<script>$(id)")
    assert "\\n  forged: line" in line
    assert line.count("|| true") == 300


C = ("policy", "test", "--cases", "c.toml")
BAD_INPUT = [
    row("test-missing", "policy test none", 3, "policy 'none'", "no cases prove nothing"),
    row("test-evil", ("policy", "test", EVIL), 3, r"\x1b[31m\nhint: run me"),
    row("test-long", ("policy", "test", LONG), 3, "no cases prove nothing"),
    row("test-format", "policy test --format xml", 2, "--format"),
    row("cases-missing", C, 5, "'c.toml'", "No such file"),
    row("cases-folder", C, 5, "'c.toml'", "Is a directory", make=folder("c.toml")),
    row("cases-pipe", C, 5, "'c.toml'", "not a regular file", make=pipe("c.toml")),
    row("cases-loop", C, 5, "'c.toml'", "Too many levels", make=loop("c.toml")),
    row("cases-huge", C, 5, "'c.toml'", "larger than", make=huge("c.toml")),
    row("cases-binary", C, 5, "c.toml", "not UTF-8", make=file("c.toml", b"\xff")),
    row("cases-empty", C, 5, "c.toml", "case: required", make=file("c.toml", "")),
    row("cases-broken", C, 5, "c.toml", "line 1", make=file("c.toml", "a = = 1")),
    row("cases-evil-key", C, 5, r"x\x1b[31m\nhint: run me",
        make=file("c.toml", '"x\\u001b[31m\\nhint: run me" = 1')),
    row("cases-without-policy", C, 5, "'no.toml'", "No such file",
        make=file("c.toml", HEAD.replace("POLICY", "no.toml") + GOOD)),
    row("explain-missing", "policy explain none", 5, "policy 'none'", "No such file"),
    row("explain-evil", ("policy", "explain", EVIL), 5, r"\x1b[31m\nhint: run me"),
    row("explain-long", ("policy", "explain", LONG), 5, "File name too long"),
]  # fmt: skip


@table(*BAD_INPUT)
def test_bad_input_is_refused_with_its_place_and_a_hint(case: Case, tmp_path: Path) -> None:
    directory = tmp_path / "work"
    directory.mkdir()
    case.make(directory)
    check(sealane(case.arguments, directory, plain_environment(tmp_path)), case)
