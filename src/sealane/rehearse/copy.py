"""A private copy of a project, tagged, so that a rehearsal never touches the original."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.release.project import CONFIGURATION_FILE
from sealane.errors import InputError, UsageError
from sealane.io.adapters.git import Repository
from sealane.io.adapters.process import run

TagFor = Callable[[Path], str]
_AUTHOR = "sealane rehearsal"
_MAIL = "rehearsal@sealane.invalid"


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the copy is and what of it is released.

    Attributes:
        directory: A git work tree at the released commit.
        tag: The tag that is released.
        commit: Its commit id.
        note: How the copy came about, one line.
    """

    directory: Path
    tag: str
    commit: str
    note: str


def _git(folder: Path, *arguments: str) -> str:
    environment: Mapping[str, str] = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": _AUTHOR,
        "GIT_AUTHOR_EMAIL": _MAIL,
        "GIT_COMMITTER_NAME": _AUTHOR,
        "GIT_COMMITTER_EMAIL": _MAIL,
    }
    result = run(["git", "-C", str(folder), *arguments], env=environment, cwd=folder, timeout=120)
    if result.code:
        raise InputError(f"git {arguments[0]} in {str(folder)!r}: {result.text.strip()[-300:]}")
    return result.stdout


def private_copy(source: Path, into: Path, tag_for: TagFor) -> Copy:
    """Copy a project and make sure that its version is tagged.

    The root of a git repository is cloned: what is released is its HEAD. Any other folder is copied
    as it is and becomes a repository of its own.

    Args:
        source: The project's root, where `sealane.toml` lies.
        into: Where to; must not exist.
        tag_for: Gives the tag that a work tree's own version asks for.

    Raises:
        UsageError: There is no `sealane.toml` in `source`.
        InputError: Git cannot read it.
    """
    if not (source / CONFIGURATION_FILE).is_file():
        raise UsageError(
            f"{str(source)!r}: there is no {CONFIGURATION_FILE} in it",
            hint="name the folder of a project, e.g. sealane rehearse examples/hello-lane",
        )
    if (source / ".git").exists():
        _git(source, "clone", "--quiet", "--no-hardlinks", "--", str(source.absolute()), str(into))
        note = "its HEAD"
        if Repository(source.absolute()).changes():
            note = "its HEAD; uncommitted changes are not in it"
    else:
        _copy_files(source, into)
        note = "its files as they are"
    tag = tag_for(into)
    if tag in _git(into, "tag", "--points-at", "HEAD").split():
        note += f", tagged {tag}"
    else:
        _git(into, "tag", "--annotate", "--message", f"Rehearsal of {tag}", "--", tag)
        note += f", tagged {tag} for the rehearsal"
    return Copy(into, tag, _git(into, "rev-parse", "HEAD").strip(), note)


def _copy_files(source: Path, into: Path) -> None:
    """Copy the files that git would commit; all of them outside of a repository."""
    try:
        listed = _git(source, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = [name for name in listed.split("\0") if name]
    except InputError:
        names = [str(file.relative_to(source)) for file in source.rglob("*") if file.is_file()]
    for name in names:
        file = source / name
        if file.is_symlink() or not file.is_file():
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, into / name)
    _git(into, "init", "--quiet", "--initial-branch=main")
    _git(into, "add", "--all", "--force", ".")
    _git(into, "commit", "--quiet", "--message", "Rehearsal")
