"""`sealane sandbox` with bad input: exit code and message, and never a started process left."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.sandbox import launch
from sealane.sandbox.running import Running
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

WHEEL = "a-1-py3-none-any.whl"
FORGED = r"x\x1b[31m\nhint: run me"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A sandbox of these tests' own."""
    with launch.start(tmp_path_factory.mktemp("sandbox"), until_eof=True) as found:
        yield found


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of a sandbox that ran once."""
    directory = tmp_path_factory.mktemp("ended")
    launch.start(directory, until_eof=True).stop()
    return directory


NEEDS_ONE = (
    "status", "env", "exec -- true", "mint gitlab --aud sigstore",
    "publisher add gitlab --project a --repository a/b --file a.yml",
)  # fmt: skip


@pytest.mark.parametrize("command", NEEDS_ONE)
def test_a_sandbox_that_does_not_run_is_named(command: str, tmp_path: Path) -> None:
    arguments = ("sandbox", *command.split())
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 6, "state/sealane/sandbox", "not running", hint="sandbox up"))


@pytest.mark.parametrize("command", [*NEEDS_ONE, "up", "down", "log"])
def test_an_empty_name_is_not_the_default_sandbox(command: str, tmp_path: Path) -> None:
    for arguments in (
        ("--sandbox", "", "sandbox", *command.split()),
        ("sandbox", *_with_directory(command, "")),
    ):
        result = sealane(arguments, tmp_path, plain_environment(tmp_path))
        check(result, row("", arguments, 2, "expected a folder, got nothing"))


def _with_directory(command: str, directory: str | Path) -> tuple[str | Path, ...]:
    """The words of a command with --dir after its name."""
    words = command.split()
    name = 2 if words[0] == "publisher" else 1
    return (*words[:name], "--dir", directory, *words[name:])


DIRECTORIES = (
    row("status-evil", ("status", "--dir", EVIL), 6, FORGED, hint=r"\x1b[31m\nhint"),
    row("status-long", ("status", "--dir", LONG), 6, "not running"),
    row("status-file", "status --dir mine", 6, "mine", make=file("mine", "")),
    row("status-loop", "status --dir mine", 6, "mine", make=loop("mine")),
    row("log-none", "log --dir mine", 5, "mine", "there is none", hint="sandbox up --dir"),
    row("log-long", ("log", "--dir", LONG), 5, "File name too long"),
    row("log-file", "log --dir mine", 5, "mine", "there is none", make=file("mine", "")),
    row("log-folder", "log --dir d", 5, "sandbox.log", "Is a directory",
        make=all_of(folder("d"), folder("d/sandbox.log"))),
    row("log-pipe", "log --dir d", 5, "sandbox.log", "not a regular file",
        make=all_of(folder("d"), pipe("d/sandbox.log"))),
    row("log-huge", "log --dir d", 5, "sandbox.log", "larger than",
        make=all_of(folder("d"), huge("d/sandbox.log"))),
    row("log-binary", "log --dir d", 5, "sandbox.log", "not UTF-8",
        make=all_of(folder("d"), file("d/sandbox.log", b"\xff"))),
    row("down-long", ("down", "--dir", LONG), 5, "File name too long"),
    row("up-long", ("up", "--dir", LONG), 5, "File name too long", hint="--dir"),
    row("up-file", "up --dir mine", 5, "mine", "File exists", make=file("mine", ""), hint="--dir"),
    row("up-below-a-file", "up --dir mine/x", 5, "mine/x", "Not a directory",
        make=file("mine", ""), hint="--dir"),
    row("up-loop", "up --dir mine", 5, "mine", make=loop("mine")),
    row("up-foreign", "up --dir .", 5, "not empty", make=file("mine", ""), hint="new folder"),
)  # fmt: skip


@table(*DIRECTORIES)
def test_a_state_directory_that_cannot_be_one(case: Case, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    case.make(work)
    check(sealane(("sandbox", *case.arguments), work, plain_environment(tmp_path)), case)


def test_a_foreign_folder_keeps_its_mode_and_its_files(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir(mode=0o755)
    (work / "ca.pem").write_text("mine")
    for command in ("up", "down"):
        sealane(("sandbox", command, "--dir", work), tmp_path, plain_environment(tmp_path))
    assert work.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in work.iterdir()] == ["ca.pem"]


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ("sandbox", "up", "--port", port)
        result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 2, f"port {port}: Address already in use", hint="--port"))


WHEELHOUSES = (
    row("other", "", 5, "wheels", "'notes.txt'", make=file("wheels/notes.txt", "")),
    row("evil", "", 5, "wheels", r"\x1b[31m", make=file(f"wheels/{EVIL}", "")),
    row("no-zip", "", 5, "wheels", f"'{WHEEL}'", "not a readable zip",
        make=file(f"wheels/{WHEEL}", "")),
    row("folder", "", 5, f"'{WHEEL}'", "not a file",
        make=all_of(folder("wheels"), folder(f"wheels/{WHEEL}"))),
    row("pipe", "", 5, f"'{WHEEL}'", "not a file", make=pipe(f"wheels/{WHEEL}")),
    row("loop", "", 5, f"'{WHEEL}'", "not a file", make=loop(f"wheels/{WHEEL}")),
)  # fmt: skip


@table(*WHEELHOUSES)
def test_a_wheelhouse_with_anything_else_in_it(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path)
    arguments = ("sandbox", "up", "--dir", "state", "--wheelhouse", "wheels")
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, case)
    assert not (tmp_path / "state" / "run.json").exists()


def test_a_wheelhouse_that_is_a_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "wheels").write_text("")
    arguments = ("sandbox", "up", "--wheelhouse", "wheels")
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 2, "'wheels'", hint="sandbox up --help"))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("state.sqlite3", "not a database"),
        ("fulcio.key", "its keys cannot be read"),
        ("issuer.key", "its keys cannot be read"),
    ],
)
def test_a_damaged_state_directory_is_named(
    name: str, place: str, ended: Path, tmp_path: Path
) -> None:
    kept = (ended / name).read_bytes()
    (ended / name).write_bytes(b"damaged" * 200)
    try:
        arguments = ("sandbox", "up", "--dir", ended)
        result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    finally:
        (ended / name).write_bytes(kept)
    check(result, row("", arguments, 5, str(ended), place))


RUN = '{"base": "%s", "secret": "%s", "request_token": "", "pid": %s, "run": "", "ready_s": 1}'
RUNS = {
    "empty": "", "broken": "{", "list": "[]", "deep": "[" * 100_000, "object": "{}",
    "binary": "\udcff",
    "pid-huge": RUN % ("http://127.0.0.1:1", "s", "9" * 30),
    "pid-infinite": RUN % ("http://127.0.0.1:1", "s", "1e400"),
    "pid-of-a-group": RUN % ("http://127.0.0.1:1", "s", "-1"),
    "no-origin": RUN % ("http://[", "s", 1),
    "no-port": RUN % ("http://127.0.0.1:99999", "s", 1),
    "nobody-there": RUN % ("http://127.0.0.1:1", "s", 1),
    "secret-with-a-line-end": RUN % ("http://127.0.0.1:1", "\\n", 1),
    "secret-non-ascii": RUN % ("http://127.0.0.1:1", "☃", 1),
}  # fmt: skip


@pytest.mark.parametrize("content", RUNS.values(), ids=RUNS)
def test_a_broken_note_of_a_run_is_no_running_sandbox(content: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8", errors="surrogateescape")
    arguments = ("sandbox", "status", "--dir", tmp_path)
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 6, str(tmp_path), "not running", hint="sandbox up"))


PUBLIC = {
    "gone": gone("public.json"), "empty": file("public.json", ""),
    "broken": file("public.json", "{"), "list": file("public.json", "[]"),
    "deep": file("public.json", "[" * 100_000), "type": file("public.json", '{"base": 5}'),
    "elsewhere": file("public.json", '{"base": "https://example.org"}'),
    "near": file("public.json", '{"base": "http://127.0.0.1:80@example.org"}'),
    "binary": file("public.json", b"\xff"), "folder": folder("public.json"),
    "pipe": pipe("public.json"), "loop": loop("public.json"), "huge": huge("public.json"),
    "no-root": gone("trusted_root.json"), "no-keys": gone("jwks.json"),
}  # fmt: skip


@pytest.mark.parametrize("make", PUBLIC.values(), ids=PUBLIC)
def test_a_directory_that_looks_like_a_sandbox_is_not_trusted(make: object, tmp_path: Path) -> None:
    named = tmp_path / "named"
    named.mkdir()
    for name in ("trusted_root.json", "trust_config.json", "jwks.json"):
        (named / name).write_text("{}")
    (named / "public.json").write_text('{"base": "http://127.0.0.1:1"}')
    assert callable(make)
    make(named)
    (tmp_path / "a.whl").write_text("")
    arguments = ("--sandbox", named, "verify", "a.whl")
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 4, f"--sandbox '{named}'", "not the state", hint="up --dir"))


def adds(kind: str, project: str, repository: str, name: str, *more: str) -> tuple[str, ...]:
    return (
        "publisher", "add", kind, "--project", project, "--repository", repository,
        "--file", name, *more,
    )  # fmt: skip


ASKED = (
    row("exec-none", "exec -- no-such-program", 2, "'no-such-program'", "No such file", hint="--"),
    row("exec-folder", "exec -- /", 2, "'/'", "Permission denied", hint="PATH"),
    row("exec-empty", ("exec", "--", ""), 2, "''", hint="PATH"),
    row("exec-nothing", "exec --", 2, "COMMAND"),
    row("exec-set", "exec --set x -- true", 2, "--set 'x'", "NAME=VALUE", hint="name=value"),
    row("exec-set-no-name", "exec --set =x -- true", 2, "--set '=x'", "NAME=VALUE"),
    row("mint-audience", ("mint", "gitlab", "--aud", ""), 5, "expected an audience"),
    row("mint-claim", "mint gitlab --aud x --claim y", 2, "--claim 'y'", "NAME=VALUE"),
    row("mint-kind", "mint jenkins --aud x", 2, "'jenkins' is not one of", hint="mint --help"),
    row("publisher-project", adds("gitlab", "a b", "a/b", "a.yml"), 5, "project 'a b'"),
    row("publisher-no-project", adds("gitlab", "", "a/b", "a.yml"), 5, "project ''"),
    row("publisher-evil", adds("gitlab", EVIL, "a/b", "a.yml"), 5, r"\x1b[31m\nhint"),
    row("publisher-repository", adds("gitlab", "a", "b", "a.yml"), 5, "repository 'b'",
        hint="group/project"),
    row("publisher-github", adds("github", "a", "a/b/c", "a.yml"), 5, "repository 'a/b/c'",
        hint="owner/repository"),
    row("publisher-file", adds("gitlab", "a", "a/b", "a"), 5, "workflow 'a'", hint=".yml"),
    row("publisher-no-file", adds("gitlab", "a", "a/b", ""), 5, "workflow", hint=".yml"),
    row("publisher-host", adds("gitlab", "a", "a/b", "a.yml", "--host", "a b"), 5, "issuer"),
    row("publisher-github-host", adds("github", "a", "a/b", "a.yml", "--host", "h"), 5, "issuer"),
)  # fmt: skip


@table(*ASKED)
def test_a_running_sandbox_says_what_is_wrong(case: Case, running: Running, tmp_path: Path) -> None:
    arguments = ("--sandbox", running.directory, "sandbox", *case.arguments)
    check(sealane(arguments, tmp_path, plain_environment(tmp_path)), case)


def test_a_running_sandbox_is_not_started_with_other_options(
    running: Running, tmp_path: Path
) -> None:
    for option in (("--port", "1"), ("--wheelhouse", str(tmp_path))):
        arguments = ("sandbox", "up", "--dir", running.directory, *option)
        result = sealane(arguments, tmp_path, plain_environment(tmp_path))
        check(result, row("", arguments, 2, "is running already", hint="sandbox down --dir"))


@pytest.mark.parametrize(
    ("name", "value"), [("no-such-fault", "1"), ("", "1"), ("upload", "no-such-value"), (EVIL, "1")]
)
def test_an_unknown_fault_is_refused(running: Running, name: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        running.set_fault(name, value)
    assert caught.value.hint


def test_the_exit_code_of_a_command_is_passed_on(running: Running, tmp_path: Path) -> None:
    for line, code in (("exit 3", 3), ("kill -9 $$", 137)):
        arguments = ("sandbox", "exec", "--dir", running.directory, "--", "sh", "-c", line)
        result = sealane(arguments, tmp_path, plain_environment(tmp_path))
        assert (result.returncode, result.stderr) == (code, "")
