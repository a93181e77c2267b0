"""`sealane pins` and `verify --pins`: whole runs, their output and exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from support.commands import (
    EVIL,
    LONG,
    Case,
    all_of,
    check,
    file,
    folder,
    gone,
    huge,
    loop,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)
from support.histories import GITHUB, GITLAB, name_of, release, root_file

PINS = "sealane.pins.toml"
PURL = "pkg:pypi/acme"
WHO = ("--publisher", "gitlab:group/acme")
ROOT = ("--trust", "./root.json")
POLICY = """schema = "sealane.policy/1"
id = "acme"
[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"
[[rule]]
match = ["pkg:pypi/acme"]
mode = "MODE"
require = [{ predicate = "publish", by = "ci" }]
continuity = { publisher = "pin", no_downgrade = "same-major", since = "1.0" }
"""
EXEMPT = """
[[package.exempt]]
code = "SL-PIN-015"
reason = "TEAM-12: by hand"
expires = EXPIRES
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a trust root."""
    made = tmp_path / "work"
    made.mkdir()
    monkeypatch.chdir(made)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root_file(made)
    return made


class Console:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, str]:
        code = run([str(word) for word in words])
        captured = self._capsys.readouterr()
        assert "internal error" not in captured.err
        return code, captured.out + captured.err


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(capsys)


def pinned(work: Path, console: Console, *versions: str) -> None:
    names = [release(work, version, GITLAB).name for version in versions or ("1.0", "1.1")]
    code, output = console("pins", "update", *names, *WHO, *ROOT, "--write")
    assert code == 0, output


GOOD = f"""schema = "sealane.pins/1"
[[package]]
purl = "{PURL}"
[[package.signer]]
issuer = "https://i"
subject = "a@b"
signs = ["publish"]
"""
WHEEL = file(name_of("1.0"), b"a wheel")
UPDATE = ("pins", "update", name_of("1.0"), *WHO)
ROWS = (
    row("show-missing", "pins show", 5, f"'{PINS}'", "No such file"),
    row("show-broken", "pins show", 5, f"pins {PINS}", make=file(PINS, "x")),
    row("show-schema", "pins show", 5, "schema", hint="pins show", make=file(PINS, "schema = 1\n")),
    row("show-folder", "pins show", 5, "Is a directory", make=folder(PINS)),
    row("show-loop", "pins show", 5, "Too many levels", make=loop(PINS)),
    row("show-pipe", "pins show", 5, "not a regular", make=pipe(PINS)),
    row("show-huge", "pins show", 5, "larger than", make=huge(PINS)),
    row("show-unknown", "pins show pkg:pypi/x", 2, "'pkg:pypi/x': nothing is pinned", hint=PURL,
        make=file(PINS, GOOD)),
    row("show-evil", ("pins", "show", EVIL), 2, r"x\x1b[31m\nhint: run me", make=file(PINS, GOOD)),
    row("show-nothing", ("pins", "show", LONG), 2, "nothing is pinned", hint="none",
        make=file(PINS, 'schema = "sealane.pins/1"\n')),
    row("diff-no-path", "pins diff", 2, "PATH..."),
    row("diff-missing", "pins diff none.whl", 5, "none.whl", "No such file"),
    row("diff-broken", f"pins diff {name_of('1.0')}", 5, PINS,
        make=all_of(WHEEL, file(PINS, "x"))),
    row("diff-trust", f"pins diff {name_of('1.0')} --trust own", 4, "'own'", make=WHEEL),
    row("update-nobody", f"pins update {name_of('1.0')}", 2, "nobody was named", hint="--publisher",
        make=WHEEL),
    row("update-both", (*UPDATE, "--policy", "p.toml"), 2, "exclude each other", make=WHEEL),
    row("update-policy-missing", f"pins update {name_of('1.0')} --policy p.toml", 5, "'p.toml'",
        make=WHEEL),
    row("update-publisher", f"pins update {name_of('1.0')} --publisher x", 2, "'x'", make=WHEEL),
    row("update-broken", UPDATE, 5, PINS, make=all_of(WHEEL, file(PINS, "x"))),
    row("update-broken-write", (*UPDATE, "--write"), 5, PINS,
        make=all_of(WHEEL, file(PINS, "x"))),
    row("update-unwritable", (*UPDATE, "--write", "--pins", "/dev/null/x"), 5, "cannot write",
        make=all_of(WHEEL, gone(PINS))),
    row("verify-missing", ("verify", name_of("1.0"), *WHO, "--pins", PINS), 5, f"'{PINS}'",
        "No such file", make=WHEEL),
    row("verify-broken", ("verify", name_of("1.0"), *WHO, "--pins", PINS), 5, f"pins {PINS}",
        "package.0.signer.0", "expected at least one of subject, config",
        make=all_of(WHEEL, file(PINS, GOOD.replace('subject = "a@b"\n', "")))),
)  # fmt: skip


@table(*ROWS)
def test_pins_commands_refuse(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    before = sorted(work.iterdir())
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)
    # Nothing is made by a command that failed, but for the lock of one that was to write.
    made = {one.name for one in set(work.iterdir()) - set(before)}
    assert made <= {f".{PINS}.lock"}


def test_pins_are_made_only_when_told_to(work: Path, console: Console) -> None:
    name = release(work, "1.0", GITLAB).name
    before = sorted(work.iterdir())
    code, output = console("pins", "update", name, *WHO, *ROOT)
    assert (code, sorted(work.iterdir())) == (0, before)
    assert output == (
        f"pins: {PINS} (none yet)\n{PURL}\n"
        f"  new     signer\n          at: {name}\n      actual: https://gitlab.com/group/acme "
        ".gitlab-ci.yml; issuer https://gitlab.com; project id 4711; owner id 42; "
        "ref refs/tags/v{pep440}; runner gitlab-hosted\n"
        f"  new     evidence\n          at: {name}\n"
        "      actual: publish, log v1, from version 1.0 on\n"
        f"  new     evidence\n          at: {name}\n"
        "      actual: slsa-provenance, log v1, from version 1.0 on\n"
        "nothing was written (no --write); compare this with what the project's own page says; "
        "evidence cannot vouch for itself\n"
    )
    code, output = console("pins", "update", name, *WHO, *ROOT, "--write")
    assert code == 0
    assert re.search(rf"^created: {PINS} \(sha256:[0-9a-f]{{64}}\)$", output, re.MULTILINE)
    written = (work / PINS).read_bytes()
    code, output = console("pins", "update", name, *WHO, *ROOT, "--write")
    assert (code, (work / PINS).read_bytes()) == (0, written)
    assert "nothing differs" in output
    assert "nothing was written" in output
    # What is shown is the file itself.
    assert console("pins", "show") == (0, written.decode())
    assert console("pins", "show", PURL) == (0, written.decode())


def test_diff_shows_and_never_writes(work: Path, console: Console) -> None:
    name = release(work, "1.0", GITLAB).name
    before = sorted(work.iterdir())
    code, output = console("pins", "diff", name, *ROOT)
    assert (code, sorted(work.iterdir())) == (0, before)
    assert "new     signer" in output
    assert "compare this with what the project's own page says" in output
    pinned(work, console)
    code, output = console("pins", "diff", name, *ROOT)
    assert (code, "nothing differs from what is pinned" in output) == (0, True)


def test_diff_without_evidence_is_no_answer(work: Path, console: Console) -> None:
    name = release(work, "1.0", GITLAB, ()).name
    assert console("pins", "diff", name, *ROOT)[0] == 3
    assert console("pins", "diff", name, *ROOT, *WHO)[0] == 3
    pinned(work, console, "1.1")
    late = release(work, "1.2", GITLAB, ()).name
    code, output = console("pins", "diff", late, *ROOT)
    assert (code, "SL-PIN-015" in output) == (1, True)


def test_diff_looks_past_strangers(work: Path, console: Console) -> None:
    pinned(work, console)
    path = release(work, "1.2", GITLAB)
    again = release(work, "1.2", "eve@example.org", ("slsa",))
    evil = again.with_name(f"{again.name}.sigstore.jsonl").read_text()
    release(work, "1.2", GITLAB)
    beside = path.with_name(f"{path.name}.sigstore.jsonl")
    beside.write_text(f"{beside.read_text()}\n{evil}")
    assert console("pins", "diff", path.name, *ROOT)[0] == 0
    code, output = console("verify", path.name, *ROOT, *WHO, "--pins", PINS)
    assert code == 0
    assert "note    SL-PIN-019 pin-stranger" in output
    # And learns nothing from them.
    before = (work / PINS).read_bytes()
    assert console("pins", "update", path.name, *ROOT, *WHO, "--write")[0] == 0
    assert (work / PINS).read_bytes() == before


def test_only_what_passes_is_learned_from(work: Path, console: Console) -> None:
    good, bad = release(work, "1.0", GITLAB), release(work, "1.1", GITHUB)
    changed = release(work, "1.2", GITLAB)
    changed.write_bytes(b"changed")
    names = (good.name, bad.name, changed.name)
    code, output = console("pins", "update", *names, *WHO, *ROOT, "--write")
    assert code == 1
    assert f"not passed: {bad.name}; sealane verify says why" in output
    assert f"not passed: {changed.name}" in output
    assert "github" not in (work / PINS).read_text()
    assert "created" in output


def test_a_file_that_cannot_be_read_ends_it_before_anything_is_learned(
    work: Path, console: Console
) -> None:
    good = release(work, "1.0", GITLAB)
    (work / "loop.whl").symlink_to("loop.whl")
    code, _ = console("pins", "update", good.name, "loop.whl", *WHO, *ROOT, "--write")
    assert (code, (work / PINS).exists()) == (5, False)


def test_a_file_whose_name_tells_no_package_is_not_pinned(work: Path, console: Console) -> None:
    path = release(work, "1.0", GITLAB)
    odd = work / "acme.bin"
    path.rename(odd)
    path.with_name(f"{path.name}.sigstore.jsonl").rename(work / "acme.bin.sigstore.jsonl")
    who = ("--publisher", "gitlab:group/acme@refs/tags/v1.0")
    code, output = console("pins", "update", odd.name, *who, *ROOT, "--write")
    # A publish statement is bound to the file's name; the provenance passes.
    assert code == 0, output
    assert "not pinned: acme.bin: its name tells no package and version" in output
    assert not (work / PINS).exists()


def test_comments_are_told_of_before_they_are_lost(work: Path, console: Console) -> None:
    pinned(work, console)
    with (work / PINS).open("a") as pins:
        pins.write("# Ann looked\n")
    latest = release(work, "1.2", GITLAB.but(environment="release")).name
    code, output = console("pins", "update", latest, *WHO, *ROOT)
    assert code == 0
    assert "comments and blank lines in it are not kept" in output


def test_a_pin_is_named_among_what_was_judged_by(work: Path, console: Console) -> None:
    pinned(work, console)
    code, output = console(
        "verify", name_of("1.0"), *WHO, *ROOT, "--pins", PINS, "--format", "json"
    )
    report: dict[str, Any] = json.loads(output)
    assert code == 0
    assert f"pins: {PINS} (sha256:" in json.dumps(report)
    assert f"; pins: {PINS} (sha256:" in console(
        "verify", name_of("1.0"), *WHO, *ROOT, "--pins", PINS
    )[1]  # fmt: skip


def test_pins_alone_never_make_a_pass(work: Path, console: Console) -> None:
    pinned(work, console)
    code, output = console("verify", name_of("1.0"), *ROOT, "--pins", PINS)
    assert code == 3
    assert "SL-ID-011 nobody-named" in output
    other = ("--publisher", "gitlab:group/other")
    assert console("verify", name_of("1.0"), *other, *ROOT, "--pins", PINS)[0] == 1
    bare = release(work, "3.0", GITLAB, ()).name
    assert console("verify", bare, *WHO, *ROOT, "--pins", PINS)[0] == 3


def test_after_a_mismatch_no_claims_are_shown_to_be_copied(work: Path, console: Console) -> None:
    pinned(work, console)
    bad = release(work, "1.2", GITLAB.but(project_id="666")).name
    code, output = console("verify", bad, *ROOT, "--pins", PINS)
    assert code == 1
    assert "SL-PIN-006" in output
    for text in ("--cert-identity", "--accept", "SL-ID-011"):
        assert text not in output


def test_a_first_use_is_a_note_and_passes_by_the_publisher_alone(
    work: Path, console: Console
) -> None:
    pinned(work, console)
    other = release(work, "1.0", GITLAB, package="beta").name
    code, output = console("verify", other, *WHO, *ROOT, "--pins", PINS)
    assert code == 0
    assert "note    SL-PIN-002 pin-missing" in output
    assert "first use: nothing is pinned in sealane.pins.toml" in output


def test_pins_are_taken_along_to_other_processes(work: Path, console: Console) -> None:
    pinned(work, console, "1.0")
    names = [release(work, f"1.{minor}", GITLAB).name for minor in range(40)]
    bad = release(work, "1.40", GITLAB.but(owner_id="43")).name
    code, output = console("verify", *names, bad, *WHO, *ROOT, "--pins", PINS, "-j", "2")
    assert code == 1
    assert output.count("SL-PIN-001 pin-held") == 40
    assert output.count("FAIL    SL-PIN-007") == 1


def by_policy(work: Path, mode: str = "enforce") -> tuple[str, ...]:
    (work / "p.toml").write_text(POLICY.replace("MODE", mode))
    return ("--policy", "p.toml", *ROOT)


def test_a_rule_that_asks_for_pins_misses_them(work: Path, console: Console) -> None:
    name = release(work, "1.0", GITLAB).name
    policy = by_policy(work)
    code, output = console("verify", name, *policy)
    assert code == 3, output
    assert "MISSING SL-PIN-002" in output
    assert "hint: name the file of pins with --pins" in output
    (work / PINS).write_text('schema = "sealane.pins/1"\n')
    code, output = console("verify", name, *policy, "--pins", PINS)
    assert code == 3, output
    assert "MISSING SL-PIN-002" in output
    # The policy itself can be learned by, before there are pins.
    assert console("pins", "update", name, *policy, "--write")[0] == 0
    assert console("verify", name, *policy, "--pins", PINS)[0] == 0
    bad = release(work, "1.1", GITLAB.but(owner_id="43")).name
    assert console("verify", bad, *policy, "--pins", PINS)[0] == 1


def test_a_rule_in_mode_warn_is_told_and_does_not_fail(work: Path, console: Console) -> None:
    release(work, "1.0", GITLAB)
    _, output = console("verify", name_of("1.0"), *by_policy(work, "warn"))
    assert "WARN    SL-PIN-002" in output
    assert "MISSING SL-PIN" not in output


@pytest.mark.parametrize(
    ("expires", "code"), [("2999-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00Z", 1)]
)
def test_an_exemption_holds_until_its_day(
    work: Path, console: Console, expires: str, code: int
) -> None:
    pinned(work, console)
    with (work / PINS).open("a") as pins:
        pins.write(EXEMPT.replace("EXPIRES", expires))
    late = release(work, "1.2", GITLAB, ("slsa",)).name
    found, output = console("verify", late, *WHO, *ROOT, "--pins", PINS)
    assert found == code, output
    assert ("TEAM-12: by hand" in output) == (code == 0)


def test_what_strangers_write_is_shown_escaped(work: Path, console: Console) -> None:
    """A ref, a project and an environment are texts of whoever signed."""
    odd = GITLAB.but(environment="x\u202e$(id)<script>")
    name = release(work, "1.0", odd).name
    for words in (("diff", name, *ROOT), ("update", name, *WHO, *ROOT, "--write"), ("show",)):
        code, output = console("pins", *words)
        assert code == 0
        assert all(line.isprintable() and line.isascii() for line in output.splitlines())
        assert "x\\u202e$(id)<script>" in output.lower()
    assert console("verify", name, *WHO, *ROOT, "--pins", PINS)[0] == 0
    worse = release(work, "1.1", GITLAB.but(environment="x\x1b[31m\nhint: run me")).name
    code, output = console("verify", worse, *WHO, *ROOT, "--pins", PINS)
    assert code == 1
    assert "\nhint: run me" not in output
    before = (work / PINS).read_bytes()
    for words in (("diff", worse, *ROOT), ("update", worse, *WHO, *ROOT, "--write")):
        code, output = console("pins", *words)
        assert code == 5
        assert "cannot be pinned" in output
        assert "\nhint: run me" not in output
    assert (work / PINS).read_bytes() == before


def test_nothing_is_learned_where_a_file_cannot_be_read(work: Path, console: Console) -> None:
    """Else the pins of a release would depend on which of its files happened to be readable."""
    name = release(work, "1.0", GITLAB).name
    pipe("acme-1.0.tar.gz")(work)
    for unread in ("acme-1.0.tar.gz", "none-1.0.tar.gz"):
        code, output = console("pins", "update", name, unread, *WHO, *ROOT, "--write")
        assert (code, f"'{unread}'" in output) == (5, True), output
        assert not (work / PINS).exists()
