"""The front door: finds the command, and turns errors into exit codes, once."""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

from sealane import __version__
from sealane.core.model.shown import plain_lines
from sealane.errors import (
    ExitCode,
    InputError,
    LaneError,
    MissingExtraError,
    SealaneError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a shell shows for a process that an interrupt, or a reader that went away, has ended.
_INTERRUPTED, _BROKEN_PIPE = 130, 141
# Errors of the machine, not of sealane, that come without the name of a file.
_NO_ROOM = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE,
}  # fmt: skip

# name -> (module, attribute, one line for --help); imported when the command is asked for.
COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "verify": ("sealane.cli.commands.verify", "verify", "Check artifacts against a policy."),
    "inspect": ("sealane.cli.commands.inspect", "inspect", "Explain evidence, UNVERIFIED."),
    "policy": ("sealane.cli.commands.policy", "policy", "Allow, check and explain policies."),
    "pins": ("sealane.cli.commands.pins", "pins", "Show, compare and update publisher pins."),
    "trust": ("sealane.cli.commands.trust", "trust", "Show, update, export and pin trust roots."),
    "lane": ("sealane.cli.commands.lane", "lane", "Release a tag, stage by stage."),
    "advisory": (
        "sealane.cli.commands.advisory",
        "advisory",
        "Write, check and publish security advisories.",
    ),
    "rehearse": (
        "sealane.cli.commands.rehearse",
        "rehearse",
        "Run the whole lane in a sandbox on this machine.",
    ),
    "sandbox": (
        "sealane.cli.commands.sandbox",
        "sandbox",
        "An embedded Sigstore and package index on loopback.",
    ),
}


# Answered, and listed nowhere: the client of the public conformance suite.
HIDDEN: Mapping[str, tuple[str, str]] = {
    "x-conformance": ("sealane.cli.commands.conformance", "conformance"),
}


# Which extra a command needs whole; of the others, which extra brings a module.
_EXTRA_OF_COMMAND = {
    "lane": "lane", "rehearse": "all", "sandbox": "sandbox", "trust": "sigstore",
    "x-conformance": "sigstore",
}  # fmt: skip
_EXTRA_OF_MODULE = {
    "cvelib": "cve", "cvss": "advisory", "pypi_simple": "online", "requests": "online",
    "sigstore": "sigstore", "spylls": "spelling", "tuf": "sigstore", "yaml": "advisory",
}  # fmt: skip


class LazyCommands(click.Group):
    """A group whose commands are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for an unknown name."""
        known = COMMANDS.get(cmd_name) or HIDDEN.get(cmd_name)
        if known is None:
            return None
        module, attribute = known[:2]
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 pass, 1 an artifact failed, 2 usage, 3 no evidence or nobody to trust, "
    "4 trust material, 5 policy or input, 6 network, 10-49 a stage of the lane, 70 a bug.",
)
@click.version_option(__version__, prog_name="sealane")
@click.option(
    "--sandbox",
    "sandbox_directory",
    metavar="DIR",
    help="Trust the sandbox whose state directory is DIR; every output is stamped 'sandbox'.",
)
@click.pass_context
def cli(ctx: click.Context, sandbox_directory: str | None) -> None:
    """Verify what was released, and release what can be verified."""
    ctx.obj = sandbox_directory


def show_error(error: SealaneError) -> None:
    """Write `error: …` and `hint: …` to standard error; for a lane also what is public."""
    _complain("error", error.message)
    if isinstance(error, LaneError):
        _complain("public", error.public)
    if error.hint:
        _complain("hint", error.hint)
    if isinstance(error, LaneError) and error.resume:
        _complain("next", error.resume)


def _complain(field: str, text: str) -> None:
    # `print` would write to standard output where standard error is closed, and a reader of it
    # that went away must not change the exit code.
    try:
        click.echo(f"{field}: {plain_lines(text)}", err=True)
    except OSError:
        _drop(sys.stderr)


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Returns:
        The exit code; see `sealane.errors`.
    """
    try:
        result = cli.main(args=list(arguments), prog_name="sealane", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return int(result or 0)
    except click.exceptions.Abort:
        _complain("error", "interrupted")
        return _INTERRUPTED
    except click.ClickException as error:
        show_error(_usage(error))
        return ExitCode.USAGE
    except SealaneError as error:
        show_error(error)
        return int(error.exit_code)
    except (BrokenPipeError, SystemExit):
        # The reader went away (`| head`). Click ends the process with 1 then, and that would mean
        # that an artifact failed.
        _drop(sys.stdout)
        return _BROKEN_PIPE
    except ModuleNotFoundError as error:
        missing = _missing_extra(error, arguments)
        return _bug(error) if missing is None else _stopped_by(missing)
    except OSError as error:
        found = _of_the_machine(error)
        return _bug(error) if found is None else _stopped_by(found)
    except Exception as error:  # the one place: whatever it was, it is never a pass
        return _bug(error)


def _usage(error: click.ClickException) -> UsageError:
    """What is wrong with a command line, on one line, and where its help is."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "sealane"
    hint = f"see {path} --help"
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and context is not None:
        group = context.command
        names = group.list_commands(context) if isinstance(group, click.Group) else []
        return UsageError(f"{path}: expected a command: {', '.join(names)}", hint=hint)
    return UsageError(" ".join(error.format_message().split()), hint=hint)


def _missing_extra(
    error: ModuleNotFoundError, arguments: Sequence[str]
) -> MissingExtraError | None:
    """A module of an extra that is not installed; None for one of our own, which would be a bug."""
    module = (error.name or "").partition(".")[0]
    if module in {"", "sealane"}:
        return None
    command = next((word for word in arguments if word in COMMANDS or word in HIDDEN), "")
    extra = _EXTRA_OF_COMMAND.get(command) or _EXTRA_OF_MODULE.get(module)
    return None if extra is None else MissingExtraError(f"sealane {command}", extra, module)


def _of_the_machine(error: OSError) -> InputError | None:
    """A file or a disk that cannot be used; None for anything else, which would be a bug."""
    if error.filename is not None:
        return InputError(
            f"{os.fsdecode(error.filename)!r}: {error.strerror}",
            hint="look whether it is what you meant, its permissions, and the free space",
        )
    if error.errno in _NO_ROOM:
        return InputError(
            f"cannot write, or open a file: {error.strerror}", hint="make room, then run it again"
        )
    return None


def _stopped_by(error: SealaneError) -> int:
    _drop(sys.stdout)
    show_error(error)
    return int(error.exit_code)


def _bug(error: Exception) -> int:
    if os.environ.get("SEALANE_TRACEBACK"):
        traceback.print_exc()
    show_error(
        SealaneError(
            f"internal error: {type(error).__name__}: {error}",
            hint="this is a bug; run again with SEALANE_TRACEBACK=1 and report it",
        )
    )
    return ExitCode.INTERNAL


def _drop(stream: TextIO | None) -> None:
    """Leave nothing that the end of the process would try, and fail, to write."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        # A stream of a test has no descriptor.
        with contextlib.suppress(io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
