"""`sealane rehearse`: a whole release in a sandbox."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from sealane.errors import UsageError


@click.command(short_help="Run the whole lane in a sandbox on this machine.")
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep everything in DIR, which must not exist or be empty.",
)
@click.pass_obj
def rehearse(sandbox_directory: str | None, project: Path, keep: Path | None) -> None:
    """Release PROJECT (default: the working directory) against a sandbox of its own.

    The project is copied and tagged in the copy; its locked wheels are fetched; then the air-lock
    closes, every stage of the lane runs as its own process, and a downstream user installs and
    verifies what was published. Nothing leaves this machine.
    """
    from sealane.rehearse.progress import Progress
    from sealane.rehearse.release import rehearse as run
    from sealane.rehearse.summary import render_summary

    if sandbox_directory is not None:
        raise UsageError(
            "rehearse starts a sandbox of its own", hint="leave --sandbox out, or use --keep DIR"
        )
    if keep is not None:
        if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
            raise UsageError(
                f"--keep {str(keep)!r}: not an empty folder", hint="name one that does not exist"
            )
        keep.mkdir(parents=True, exist_ok=True)
        summary = run(project, keep.absolute(), kept=True, progress=Progress())
    else:
        with tempfile.TemporaryDirectory(prefix="sealane-rehearsal-") as folder:
            summary = run(project, Path(folder), kept=False, progress=Progress())
    click.echo(render_summary(summary), nl=False)
