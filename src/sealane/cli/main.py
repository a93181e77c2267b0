"""The front door: finds the command, and turns errors into exit codes, once."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sealane import __version__
from sealane.errors import ExitCode, LaneError, SealaneError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

# name -> (module, attribute, one line for --help); imported when the command is asked for.
COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "verify": ("sealane.cli.commands.verify", "verify", "Check artifacts against a policy."),
    "policy": ("sealane.cli.commands.policy", "policy", "Allow, check and explain policies."),
    "lane": ("sealane.cli.commands.lane", "lane", "Release a tag, stage by stage."),
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


class LazyCommands(click.Group):
    """A group whose commands are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
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
    print(f"error: {error.message}", file=sys.stderr)
    if isinstance(error, LaneError):
        print(f"public: {error.public}", file=sys.stderr)
    if error.hint:
        print(f"hint: {error.hint}", file=sys.stderr)
    if isinstance(error, LaneError) and error.resume:
        print(f"next: {error.resume}", file=sys.stderr)


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Returns:
        The exit code; see `sealane.errors`.
    """
    try:
        result = cli.main(args=list(arguments), prog_name="sealane", standalone_mode=False)
        return int(result or 0)
    except click.exceptions.Abort:
        print("error: interrupted", file=sys.stderr)
        return 130
    except click.ClickException as error:
        show_error(UsageError(error.format_message(), hint="see sealane --help"))
        return ExitCode.USAGE
    except SealaneError as error:
        show_error(error)
        return int(error.exit_code)
    except BrokenPipeError:
        # The reader went away (`| head`); nothing more can be told it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.INTERNAL
    except Exception as error:  # the one place: whatever it was, it is never a pass
        if os.environ.get("SEALANE_TRACEBACK"):
            traceback.print_exc()
        show_error(
            SealaneError(
                f"internal error: {type(error).__name__}: {error}",
                hint="this is a bug; run again with SEALANE_TRACEBACK=1 and report it",
            )
        )
        return ExitCode.INTERNAL
