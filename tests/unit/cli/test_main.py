"""Every error ends in its exit code, and never in a traceback."""

import subprocess
import sys

import click
import pytest

from sealane import errors
from sealane.cli import main
from sealane.errors import ExitCode, LaneError, LaneExit, SealaneError

DOCUMENTED = {
    errors.UsageError: 2,
    errors.EvidenceError: 3,
    errors.TrustError: 4,
    errors.InputError: 5,
    errors.PolicyError: 5,
    errors.NetworkError: 6,
    errors.ChannelError: 6,
    errors.EmbargoError: 7,
    errors.SealaneError: 70,
}


@pytest.fixture
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line whose only command raises what the test asks for."""

    @click.command()
    def command() -> None:
        raise request.param

    # The table of commands is the seam here; there is no command that fails in every way.
    monkeypatch.setattr(main.LazyCommands, "get_command", lambda *_: command)


@pytest.mark.parametrize(
    ("failing", "code"),
    [(kind("what is wrong", hint="what to do"), code) for kind, code in DOCUMENTED.items()],
    indirect=["failing"],
)
@pytest.mark.usefixtures("failing")
def test_an_error_ends_in_its_exit_code(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["verify"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: what is wrong\nhint: what to do\n"


LANE = LaneError(
    LaneExit.PUBLISH, "refused", public="one of two files", resume="sealane lane resume"
)


@pytest.mark.parametrize("failing", [LANE], indirect=True)
@pytest.mark.usefixtures("failing")
def test_a_lane_error_says_what_is_public_and_the_next_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.run(["lane"]) == 21
    assert capsys.readouterr().err == (
        "error: refused\npublic: one of two files\nnext: sealane lane resume\n"
    )


@pytest.mark.parametrize("failing", [ValueError("odd"), KeyError("x")], indirect=True)
@pytest.mark.usefixtures("failing")
def test_any_other_exception_is_a_bug_and_never_a_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["verify"]) == ExitCode.INTERNAL
    assert "internal error" in capsys.readouterr().err


@pytest.mark.parametrize("failing", [KeyboardInterrupt(), click.Abort()], indirect=True)
@pytest.mark.usefixtures("failing")
def test_an_interrupt_is_not_a_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["verify"]) == 130
    assert capsys.readouterr().err.strip() == "error: interrupted"


@pytest.mark.parametrize(
    "line", [["no-such-command"], ["verify", "--no-such-option"], ["--sandbox"]]
)
def test_a_wrong_command_line_is_a_usage_error(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(line) == ExitCode.USAGE
    assert capsys.readouterr().err.startswith("error: ")


def test_a_reader_that_goes_away_is_not_a_traceback() -> None:
    command = f"{sys.executable} -m sealane --help | head -1"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in result.stderr


def test_every_error_class_has_a_documented_exit_code() -> None:
    def below(kind: type[SealaneError]) -> set[type[SealaneError]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    undocumented = below(SealaneError) - DOCUMENTED.keys()
    assert {kind.__name__ for kind in undocumented} == {
        "LaneError",
        "MissingExtraError",
        "VerificationError",
    }
    assert {code.value for code in LaneExit} <= set(range(10, 50))


def test_a_missing_extra_names_the_line_that_installs_it() -> None:
    error = errors.MissingExtraError("sealane lane", "lane", "twine")
    assert error.exit_code == ExitCode.USAGE
    assert error.hint == "python -m pip install 'sealane[lane]'"
