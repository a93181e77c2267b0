"""`sealane sandbox`: start, use and end the embedded world."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from sealane.core.model.shown import plain_lines
from sealane.errors import InputError, MissingExtraError, NetworkError, UsageError

if TYPE_CHECKING:
    from sealane.sandbox.running import Running

_NEEDS = ("jwt", "rfc8785", "twine", "pypi_simple")
_SIGNALLED = 128


def _default_directory() -> Path:
    state = os.environ.get("XDG_STATE_HOME")
    # A relative path in this variable does not count, says the specification.
    root = Path(state) if state and Path(state).is_absolute() else Path.home() / ".local/state"
    return root / "sealane" / "sandbox"


def _directory(context: click.Context, option: str | None) -> Path:
    named: str | None = option if option is not None else context.find_root().obj
    if named == "":
        # Of an unset variable, most likely: the default sandbox is not what was asked for.
        raise UsageError("--dir or --sandbox: expected a folder, got nothing", hint="name it")
    return _default_directory() if named is None else Path(named).absolute()


def _with_directory(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names the sandbox."""
    option = click.option(
        "--dir",
        "directory",
        metavar="DIR",
        help="State directory; by default that of --sandbox, else one in the user's state.",
    )
    return option(click.pass_context(command))


def _running(directory: Path) -> Running:
    from sealane.sandbox import launch

    running = launch.find(directory)
    if running is None:
        raise NetworkError(
            f"sandbox {str(directory)!r}: not running", hint=f"start it: {_up(directory)}"
        )
    return running


def _up(directory: Path) -> str:
    return "sealane sandbox up" + _named(directory)


def _down(directory: Path) -> str:
    return "sealane sandbox down" + _named(directory)


def _named(directory: Path) -> str:
    default = directory == _default_directory()
    return "" if default else f" --dir {shlex.quote(str(directory))}"


@click.group()
def sandbox() -> None:
    """An embedded Sigstore and package index on loopback.

    Unmodified clients use it: `exec` runs one so that it can reach nothing else.
    """


@sandbox.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="TCP port; 0 for any.")
@click.option(
    "--wheelhouse",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Wheels the index serves besides what is uploaded.",
)
@_with_directory
def up(context: click.Context, directory: str | None, port: int, wheelhouse: Path | None) -> None:
    """Start it in the background; print its origin."""
    from sealane.sandbox import launch

    for module in _NEEDS:
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError("sealane sandbox up", "sandbox", module)
    root = _directory(context, directory)
    running = launch.find(root)
    if running is None:
        running = launch.start(root, port=port, until_eof=False, wheelhouse=wheelhouse)
        _say(f"ready in {running.ready_s:.2f} s")
    elif wheelhouse is not None or port not in (0, urlsplit(running.base).port):
        raise UsageError(
            f"sandbox {str(root)!r}: is running already, at {running.base}",
            hint=f"leave --port and --wheelhouse out, or end it: {_down(root)}",
        )
    else:
        _say("was running already")
    click.echo(running.base)
    name = shlex.quote(str(root))
    _say(f"state:   {root}")
    _say(f"inside:  sealane sandbox exec --dir {name} -- COMMAND")
    _say(f"sign:    sigstore --trust-config {name}/trust_config.json sign FILE")
    _say(f"trust:   sealane --sandbox {name} verify FILE")
    _say(f"end:     sealane sandbox down --dir {name}")


@sandbox.command()
@_with_directory
def down(context: click.Context, directory: str | None) -> None:
    """End it; what it stored stays in its directory."""
    from sealane.sandbox import launch
    from sealane.sandbox.running import clean

    root = _directory(context, directory)
    running = launch.find(root)
    if running is not None:
        running.stop()
        _say(f"ended: {root}")
        return
    if root.is_dir():
        clean(root)
    _say(f"not running: {root}")


@sandbox.command()
@_with_directory
def status(context: click.Context, directory: str | None) -> None:
    """Show where it runs; exit code 6 if it does not."""
    running = _running(_directory(context, directory))
    answer = json.loads(running.call("GET", "/-/status"))
    shown = {"base": running.base, "pid": running.pid, "directory": str(running.directory)}
    refused = list(running.refused_hosts())
    shown |= {"faults": answer["faults"], "refused_hosts": refused}
    click.echo(json.dumps(shown, indent=2))


@sandbox.command()
@click.option("--format", "form", type=click.Choice(["shell", "json"]), default="shell")
@_with_directory
def env(context: click.Context, directory: str | None, form: str) -> None:
    """Print the variables that let a client in.

    In a shell the caller's own variables stay: `exec` starts from an empty environment.
    """
    from sealane.sandbox.environment import child_environment

    running = _running(_directory(context, directory))
    variables = child_environment(running.directory, running.base, running.client_variables())
    if form == "json":
        click.echo(json.dumps(variables, indent=2, sort_keys=True))
        return
    for name, value in sorted(variables.items()):
        if os.environ.get(name) != value:
            click.echo(f"export {name}={shlex.quote(value)}")


@sandbox.command(
    "exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="One more variable.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@_with_directory
def execute(
    context: click.Context,
    directory: str | None,
    settings: Sequence[str],
    command: Sequence[str],
) -> int:
    """Run a command that can reach the sandbox and no other host.

    It gets none of the caller's variables but PATH and the locale. Exit code: the command's.
    """
    from sealane.sandbox.environment import child_environment

    running = _running(_directory(context, directory))
    extra = running.client_variables() | dict(_pair("--set", text) for text in settings)
    variables = child_environment(running.directory, running.base, extra)
    try:
        result = subprocess.run(command, env=variables, check=False)
    except OSError as error:
        raise UsageError(
            f"cannot run {command[0]!r}: {error.strerror}",
            hint="name a program that is on PATH, and its arguments, after --",
        ) from error
    return result.returncode if result.returncode >= 0 else _SIGNALLED - result.returncode


@sandbox.command()
@click.argument("kind", type=click.Choice(["gitlab", "github", "email"]))
@click.option("--aud", "audience", required=True, help="Who it is for: sigstore, pypi, ...")
@click.option("--project", help="group/project, or owner/repository.")
@click.option("--ref", help="Tag or branch.")
@click.option("--ref-type", type=click.Choice(["tag", "branch"]))
@click.option("--sha", help="Commit.")
@click.option("--file", help="Pipeline or workflow file.")
@click.option("--environment", help="Deployment environment.")
@click.option("--host", help="Host of another GitLab instance.")
@click.option("--email", help="Address, for kind email.")
@click.option("--claim", "claims", multiple=True, metavar="NAME=VALUE", help="Set any claim.")
@click.option("--without", multiple=True, metavar="NAME", help="Leave a claim out.")
@_with_directory
def mint(
    context: click.Context,
    directory: str | None,
    *,
    kind: str,
    audience: str,
    claims: Sequence[str],
    without: Sequence[str],
    **options: str | None,
) -> None:
    """Print an identity token as a CI job would get it."""
    running = _running(_directory(context, directory))
    wanted: dict[str, object] = {name: value for name, value in options.items() if value}
    wanted |= dict(_pair("--claim", text) for text in claims)
    wanted |= dict.fromkeys(without)
    click.echo(running.mint(kind, audience, **wanted))


@sandbox.group()
def publisher() -> None:
    """Who may publish without a password."""


@publisher.command("add")
@click.argument("kind", type=click.Choice(["gitlab", "github"]))
@click.option("--project", required=True, help="Name on the index.")
@click.option("--repository", required=True, help="group/project, or owner/repository.")
@click.option("--file", required=True, help="Pipeline or workflow file.")
@click.option("--environment", help="Deployment environment its jobs must run in.")
@click.option("--host", help="Host of another GitLab instance.")
@_with_directory
def add_publisher(
    context: click.Context,
    directory: str | None,
    *,
    kind: str,
    project: str,
    repository: str,
    file: str,
    environment: str | None,
    host: str | None,
) -> None:
    """Let one pipeline file of one repository publish a project."""
    running = _running(_directory(context, directory))
    given = {"repository": repository, "workflow": file}
    given |= {"environment": environment} if environment else {}
    given |= {"issuer": f"https://{host}"} if host else {}
    click.echo(json.dumps(running.add_publisher(kind, project, **given), indent=2))


@sandbox.command()
@click.option("--lines", type=click.IntRange(1), help="Only the last ones.")
@_with_directory
def log(context: click.Context, directory: str | None, lines: int | None) -> None:
    """Show what the services logged: above all, why they refused."""
    from sealane.sandbox import launch

    root = _directory(context, directory)
    if not root.is_dir():
        raise InputError(f"sandbox {str(root)!r}: there is none", hint=f"start it: {_up(root)}")
    found = launch.read_log(root).splitlines()
    for line in found[-lines:] if lines else found:
        click.echo(line)


def _pair(option: str, text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise UsageError(
            f"{option} {text[:80]!r}: expected NAME=VALUE", hint=f"write e.g. {option} name=value"
        )
    return name, value


def _say(line: str) -> None:
    click.echo(plain_lines(line), err=True)
