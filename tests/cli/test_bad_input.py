"""Bad input on the command line: input, exit code, message. Every row is a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sealane.cli.main import cli
from support.commands import (
    EVIL,
    LONG,
    Case,
    Make,
    all_of,
    block,
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
from support.policies import CI, HEAD, rule

WHEEL = "hello-1.0-py3-none-any.whl"
WHO = ("--publisher", "gitlab:acme/hello")
POLICY = HEAD + CI + rule()
POLICY_FILE = "sealane.policy.toml"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command there is."""
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    found = [path]
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        found += commands(below, (*path, name))
    return found


def options(path: tuple[str, ...]) -> list[str]:
    """All names of the options of one command that are not hidden."""
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return [
        name
        for one in command.params
        if isinstance(one, click.Option) and not one.hidden
        for name in one.opts
    ]


EVERY = commands(cli)
GROUPS = [path for path in EVERY if any(one[:-1] == path for one in EVERY if one)]
LEAVES = [path for path in EVERY if path not in GROUPS]


def test_these_are_all_commands() -> None:
    assert {" ".join(path) for path in LEAVES} == {
        "verify", "inspect", "policy allow", "policy check", "policy explain", "policy schema",
        "policy test", "pins show", "pins diff", "pins update", "rehearse",
        "advisory new", "advisory check", "advisory render", "advisory validate",
        "advisory publish", "advisory agree", "advisory revise",
        "trust show", "trust update", "trust export", "trust pin",
        "lane preflight", "lane audit", "lane build", "lane compare", "lane attest",
        "lane publish", "lane confirm", "lane run", "lane status", "lane resume",
        "sandbox up", "sandbox down", "sandbox status", "sandbox env", "sandbox exec",
        "sandbox mint", "sandbox publisher add", "sandbox log",
    }  # fmt: skip


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_names_every_option(path: tuple[str, ...], tmp_path: Path) -> None:
    result = sealane((*path, "--help"), tmp_path, plain_environment(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: {' '.join(('sealane', *path))}")
    missing = [name for name in options(path) if name not in result.stdout]
    assert not missing


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_an_unknown_option_is_named_and_the_help_of_that_command_too(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    # What `exec` does not know belongs to the command it runs, and there is none.
    arguments = path if path[-1] == "exec" else (*path, "--no-such-option")
    place = "COMMAND" if path[-1] == "exec" else "--no-such-option"
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 2, place, hint=f"see sealane {' '.join(path)} --help"))


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_a_group_without_a_command_names_its_commands(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    result = sealane(path, tmp_path, plain_environment(tmp_path))
    below = [one[-1] for one in EVERY if one[:-1] == path and one]
    check(result, row("", path, 2, "expected a command", *below, hint="--help"))


USAGE = (
    row("unknown-command", "verfy", 2, "'verfy'"),
    row("near-command", "lane prefligt", 2, "Did you mean 'preflight'?"),
    row("evil-command", (EVIL,), 2, r"x\x1b[31m\nhint: run me"),
    row("long-command", (LONG,), 2, "xxx"),
    row("non-ascii-command", ("vérify",), 2, "'vérify'"),
    row("not-utf-8-command", ("\udcff",), 2, "udcff"),
    row("copy-missing", "lane build", 2, "'--copy'", "a, b"),
    row("copy-unknown", "lane build --copy c", 2, "'--copy'", "'c' is not one of"),
    row("copy-evil", ("lane", "build", "--copy", EVIL), 2, r"\x1b[31m\nhint"),
    row("channel-missing", "lane publish", 2, "'--channel'"),
    row("argument-too-many", "lane preflight again", 2, "(again)"),
    row("value-missing", "lane status --tag", 2, "'--tag' requires an argument"),
    row("global-value-missing", "--sandbox", 2, "'--sandbox' requires an argument"),
    row("config-empty", ("lane", "status", "--config", ""), 2, "--config: expected a name"),
    row("work-empty", ("lane", "status", "--work", ""), 2, "--work: expected a name"),
    row("tag-empty", ("lane", "run", "--tag", ""), 2, "--tag: expected a name", hint="variable"),
    row("policy-missing-path", "policy check", 2, "'PATH'"),
    row("kind-unknown", "sandbox mint gitlb --aud x", 2, "'gitlb' is not one of 'gitlab'"),
    row("audience-missing", "sandbox mint gitlab", 2, "'--aud'"),
    row("port-range", "sandbox up --port 65536", 2, "'--port'", "65536"),
    row("port-text", "sandbox up --port http", 2, "'--port'", "'http'"),
    row("wheelhouse-missing", "sandbox up --wheelhouse none", 2, "'--wheelhouse'", "'none'"),
    row("lines-range", "sandbox log --lines 0", 2, "'--lines'", "0"),
    row("format-unknown", "sandbox env --format xml", 2, "'--format'", "'xml'"),
    row("publisher-kind", "sandbox publisher add x", 2, "'x' is not one of"),
    row("publisher-bare", "sandbox publisher add gitlab", 2, "Missing option"),
    row("rehearse-in-a-sandbox", "--sandbox x rehearse", 2, "of its own", hint="--keep"),
    row("rehearse-nothing", "rehearse none", 2, "'none'", "sealane.toml", hint="folder"),
    row("rehearse-here", "rehearse", 2, "sealane.toml"),
    row("rehearse-evil", ("rehearse", EVIL), 2, r"\x1b[31m\nhint"),
    row("rehearse-long", ("rehearse", LONG), 5, "File name too long"),
    row("rehearse-keep-long", ("rehearse", "--keep", LONG), 5, "File name too long"),
    row("rehearse-keep-full", "rehearse --keep .", 2, "'.'", "not an empty folder",
        make=file("mine", "")),
    row("rehearse-keep-file", "rehearse --keep mine", 2, "'mine'", "not an empty folder",
        make=file("mine", "")),
    row("rehearse-keep-below-a-file", "rehearse --keep mine/x", 5, "mine", "Not a directory",
        make=file("mine", "")),
)  # fmt: skip


@table(*USAGE)
def test_a_wrong_command_line(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)


ARTIFACT = file(WHEEL, b"a wheel")
P = (WHEEL, "--policy", "p.toml")
T = (WHEEL, *WHO, "--trust", "root.json")
NEAR = POLICY.replace("config =", "confg =")


def with_artifact(*makers: Make) -> Make:
    return all_of(ARTIFACT, *makers)


def policy(content: str | bytes) -> Make:
    return with_artifact(file("p.toml", content))


def trust(content: str | bytes) -> Make:
    return with_artifact(file("root.json", content))


VERIFY = (
    row("no-path", "", 3, "nothing to verify"),
    row("missing", ("missing.whl", *WHO), 5, "'missing.whl'", "No such file"),
    row("loop", ("a.whl", *WHO), 5, "'a.whl'", "Too many levels", make=loop("a.whl")),
    row("loop-in-folder", (".", *WHO), 5, "a.whl", "Too many levels", make=loop("a.whl")),
    row("pipe", ("a.whl", *WHO), 5, "'a.whl'", "not a regular file", make=pipe("a.whl")),
    row("evil", (EVIL, *WHO), 5, r"\x1b[31m\nhint: run me", "No such file"),
    row("long", (LONG, *WHO), 5, "File name too long"),
    row("not-utf-8", ("\udcff.whl", *WHO), 5, "udcff.whl", "No such file"),
    row("policy-missing", P, 5, "'p.toml'", "No such file", make=ARTIFACT),
    row("policy-empty", P, 5, "p.toml", "schema: required", make=policy("")),
    row("policy-not-utf-8", P, 5, "p.toml", "not UTF-8 at byte 0", make=policy(b"\xff\xfe")),
    row("policy-broken", P, 5, "p.toml", "line 1", make=policy("a = = 1")),
    row("policy-unknown-key", P, 5, "line 7", "publisher.ci.confg: unknown key", make=policy(NEAR)),
    row("policy-wrong-type", P, 5, "line 2", "id: ",
        make=policy(POLICY.replace('"acme"', "7", 1))),
    row("policy-distrust-without-reason", P, 5, "distrust.0.reason: required, and missing",
        make=policy(POLICY + "[[distrust]]\nrun = 'x'\n")),
    row("policy-evil-key", P, 5, r"x\x1b[31m\nhint: run me",
        make=policy(POLICY + '"x\\u001b[31m\\nhint: run me" = 1\n')),
    row("policy-folder", P, 5, "'p.toml'", "Is a directory", make=with_artifact(folder("p.toml"))),
    row("policy-pipe", P, 5, "'p.toml'", "not a regular", make=with_artifact(pipe("p.toml"))),
    row("policy-loop", P, 5, "'p.toml'", "Too many levels", make=with_artifact(loop("p.toml"))),
    row("policy-huge", P, 5, "'p.toml'", "larger than", make=with_artifact(huge("p.toml"))),
    row("root-missing", T, 4, "'root.json'", "No such file", make=ARTIFACT),
    row("root-broken", T, 4, "root.json", "not JSON", make=trust("{")),
    row("root-type", T, 4, "root.json", "expected an object", make=trust("[]")),
    row("root-deep", T, 4, "root.json", "nested deeper", make=trust("[" * 100_000)),
    row("root-not-utf-8", T, 4, "root.json", "not JSON", make=trust(b"\xff")),
    row("root-folder", T, 4, "'root.json'", "Is a directory",
        make=with_artifact(folder("root.json"))),
    row("root-pipe", T, 4, "'root.json'", "not a regular", make=with_artifact(pipe("root.json"))),
    row("root-huge", T, 4, "'root.json'", "larger than", make=with_artifact(huge("root.json"))),
    row("root-loop", T, 4, "'root.json'", "Too many", make=with_artifact(loop("root.json"))),
    row("evidence-missing", (WHEEL, "--evidence", "none", *WHO), 5, "--evidence 'none'",
        make=ARTIFACT),
    row("evidence-loop", (WHEEL, "--evidence", "e", *WHO), 5, "'e'", "Too many levels",
        make=with_artifact(loop("e"))),
    row("who-form", (WHEEL, "--publisher", EVIL), 2, r"--publisher", r"\x1b[31m\nhint",
        make=ARTIFACT),
    row("report-unwritable", (WHEEL, *WHO, "--format", "json=/dev/null/x"), 5, "cannot write",
        "/dev/null/x", make=ARTIFACT),
)  # fmt: skip


@table(*VERIFY)
def test_verify_refuses(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    check(sealane(("verify", *case.arguments), work, plain_environment(tmp_path)), case)


BESIDE = f"{WHEEL}.publish.attestation"
VERDICTS = (
    row("none", (WHEEL, *WHO), 3, "SL-EV-001 evidence-missing", make=ARTIFACT),
    row("100-MB", (WHEEL, *WHO), 1, "larger than 16777216 bytes", make=with_artifact(huge(BESIDE))),
    row("empty", (WHEEL, *WHO), 1, "SL-SIG-002", make=with_artifact(file(BESIDE, ""))),
    row("broken", (WHEEL, *WHO), 1, "not JSON", make=with_artifact(file(BESIDE, '{"version":'))),
    row("deep", (WHEEL, *WHO), 1, "nested deeper", make=with_artifact(file(BESIDE, "[" * 10**5))),
    row("not-utf-8", (WHEEL, *WHO), 1, "SL-SIG-002", make=with_artifact(file(BESIDE, b"\xff"))),
    row("folder", (WHEEL, *WHO), 1, "Is a directory", make=with_artifact(folder(BESIDE))),
    row("pipe", (WHEEL, *WHO), 1, "not a regular file", make=with_artifact(pipe(BESIDE))),
    row("loop", (WHEEL, *WHO), 1, "Too many levels", make=with_artifact(loop(BESIDE))),
    row("evil-name", (".", *WHO), 3, r"x\x1b[31m\nhint: run me", make=file(EVIL, "x")),
    row("name-not-utf-8", (".", *WHO), 3, r"\udcff.whl", make=file("\udcff.whl", "x")),
)  # fmt: skip


@table(*VERDICTS)
def test_bad_evidence_is_a_verdict_and_no_error(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    result = sealane(("verify", *case.arguments), work, plain_environment(tmp_path))
    assert result.returncode == case.code, result.stdout + result.stderr
    assert result.stderr == ""
    assert all(place in result.stdout for place in case.places), result.stdout
    assert "\x1b" not in result.stdout


STORE = "state/sealane/allowed-policies.json"
POLICIES = (
    row("check-missing", "policy check none", 5, "policy 'none'", "No such file"),
    row("check-folder", "policy check .", 5, "policy '.'", "Is a directory"),
    row("check-evil", ("policy", "check", EVIL), 5, r"\x1b[31m\nhint: run me"),
    row("check-long", ("policy", "check", LONG), 5, "File name too long"),
    row("check-empty", "policy check p", 5, "schema: required", make=file("p", "")),
    row("check-pipe", "policy check p", 5, "'p'", "not a regular file", make=pipe("p")),
    row("check-loop", "policy check p", 5, "'p'", "Too many levels", make=loop("p")),
    row("check-huge", "policy check p", 5, "'p'", "larger than", make=huge("p")),
    row("check-binary", "policy check p", 5, "not UTF-8", make=file("p", b"\xff")),
    row("allow-missing", "policy allow", 5, f"'{POLICY_FILE}'", "No such file"),
    row("allow-broken", "policy allow", 5, "line 1", make=file(POLICY_FILE, "a = = 1")),
    row("allow-store-broken", "policy allow", 5, "allowed-policies.json", hint="remove it",
        make=all_of(file(POLICY_FILE, POLICY), file(f"../{STORE}", "{"))),
    row("allow-store-folder", "policy allow", 5, "allowed-policies.json",
        make=all_of(file(POLICY_FILE, POLICY), folder(f"../{STORE}"))),
    row("allow-store-deep", "policy allow", 5, "allowed-policies.json",
        make=all_of(file(POLICY_FILE, POLICY), file(f"../{STORE}", "[" * 10**5))),
)  # fmt: skip


@table(*POLICIES)
def test_policy_commands_refuse(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        pytest.param({"XDG_STATE_HOME": "/dev/null/x"}, "/dev/null/x", id="state-below-a-file"),
        pytest.param({"XDG_STATE_HOME": "/proc/none"}, "/proc/none", id="state-unwritable"),
        pytest.param({"HOME": "/dev/null", "XDG_STATE_HOME": ""}, "/dev/null/.local", id="home"),
        pytest.param({"HOME": "/dev/null", "XDG_STATE_HOME": "x"}, "/dev/null", id="relative"),
    ],
)
@pytest.mark.parametrize("command", ["policy allow", "sandbox up"])
def test_a_state_folder_that_cannot_be_written_is_named(
    work: Path, tmp_path: Path, variables: dict[str, str], place: str, command: str
) -> None:
    (work / POLICY_FILE).write_text(POLICY, encoding="utf-8")
    result = sealane(command.split(), work, plain_environment(tmp_path) | variables)
    check(result, row("", command, 5, place))


def test_without_home_a_command_that_needs_none_works(work: Path, tmp_path: Path) -> None:
    ARTIFACT(work)
    bare = {"PATH": os.environ["PATH"]}
    result = sealane(("verify", WHEEL, *WHO), work, bare)
    assert (result.returncode, result.stderr) == (3, "")


def shell(line: str, work: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `$S` is sealane."""
    environment = plain_environment(tmp_path) | {"S": f"{sys.executable} -m sealane"}
    return subprocess.run(
        ["bash", "-c", line],
        cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("$S verify a.whl --publisher gitlab:a/b >&-", 3, id="stdout-closed"),
        pytest.param("$S verify none >&-", 5, id="stdout-closed-error"),
        pytest.param("$S verify a.whl --publisher gitlab:a/b | true; exit ${PIPESTATUS[0]}", 141,
                     id="reader-gone"),
        pytest.param("$S --help | true; exit ${PIPESTATUS[0]}", 141, id="help-reader-gone"),
        pytest.param("$S verify a.whl --publisher gitlab:a/b >/dev/full", 5, id="disk-full"),
        pytest.param("$S verify none 2>/dev/full", 5, id="stderr-full"),
        pytest.param("$S verify none 2>&-", 5, id="stderr-closed"),
        pytest.param("$S verify none <&- >&- 2>&-", 5, id="all-closed"),
        pytest.param("PYTHONIOENCODING=ascii $S verify é.whl --publisher gitlab:a/b", 3,
                     id="ascii-terminal"),
        pytest.param("PYTHONIOENCODING=ascii $S verify nöne", 5, id="ascii-terminal-error"),
        pytest.param("LC_ALL=C $S verify é.whl --publisher gitlab:a/b", 3, id="locale-c"),
    ],
)  # fmt: skip
def test_an_output_that_cannot_be_written_is_no_bug_and_no_pass(
    line: str, code: int, work: Path, tmp_path: Path
) -> None:
    for name in ("a.whl", "é.whl"):
        (work / name).write_bytes(b"a wheel")
    result = shell(line, work, tmp_path)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    assert "error" not in result.stdout


def test_a_full_disk_under_the_output_is_said(work: Path, tmp_path: Path) -> None:
    ARTIFACT(work)
    line = f"$S verify {WHEEL} --publisher gitlab:a/b >/dev/full"
    fields = block(shell(line, work, tmp_path).stderr)
    assert "No space left" in fields["error"]
    assert fields["hint"]


def test_a_file_that_may_not_be_read_is_named(work: Path, tmp_path: Path) -> None:
    locked = work / "locked.toml"
    locked.write_text(POLICY, encoding="utf-8")
    locked.chmod(0)
    words = [sys.executable, "-m", "sealane", "policy", "check", str(locked)]
    if os.geteuid() == 0:
        # Root reads everything: the child gives up the capabilities that let it.
        drop = "-dac_override,-dac_read_search"
        words = ["setpriv", f"--inh-caps={drop}", f"--bounding-set={drop}", *words]
    result = subprocess.run(
        words,
        cwd=work, env=plain_environment(tmp_path), capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    check(result, row("", "", 5, "locked.toml", "Permission denied"))
