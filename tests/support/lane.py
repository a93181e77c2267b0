"""A project that is ready to be released, and the context a stage works in."""

from pathlib import Path

from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.project import load_project
from sealane.lane.stages.interface import Context, WorkFolder
from support.repositories import commit_all, snapshot

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "hello-lane"
TAG = "v0.1.0"


def copy_of_the_example(folder: Path) -> Path:
    """A copy of examples/hello-lane, not yet a repository."""
    snapshot(EXAMPLE, folder)
    return folder


def tagged_example(folder: Path) -> Path:
    """A copy of examples/hello-lane, committed and tagged."""
    commit_all(copy_of_the_example(folder), TAG)
    return folder


def context_of(
    folder: Path, *, tag: str | None = None, sandbox: NamedSandbox | None = None
) -> Context:
    """What a stage run in a project's folder works with."""
    return Context(
        directory=folder,
        work=WorkFolder(folder / ".sealane-work"),
        project=load_project(folder),
        tag=tag,
        sandbox=sandbox,
        say=lambda _: None,
    )


def named_sandbox(folder: Path) -> NamedSandbox:
    """A sandbox as the command line names it; nothing of it is asked before attest."""
    files = [folder / name for name in ("trusted_root.json", "trust_config.json", "jwks.json")]
    return NamedSandbox(folder, "http://127.0.0.1:9", *files)
