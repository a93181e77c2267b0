"""Git repositories made for a test."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_IDENTITY = {
    "GIT_AUTHOR_NAME": "A. Tester", "GIT_AUTHOR_EMAIL": "tester@example.org",
    "GIT_COMMITTER_NAME": "A. Tester", "GIT_COMMITTER_EMAIL": "tester@example.org",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z", "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    """What one git command prints; the user's and the system's configuration are not read."""
    result = subprocess.run(
        ["git", "-C", folder, *arguments],
        check=True, capture_output=True, text=True, env={**os.environ, **_IDENTITY},
    )  # fmt: skip
    return result.stdout.strip()


def commit_all(folder: Path, tag: str | None = None) -> str:
    """Commit everything in a folder, making it a repository first, and tag it.

    Returns:
        The commit id.
    """
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force", ".")
    git(folder, "commit", "--quiet", "--message", "a commit")
    if tag:
        git(folder, "tag", "--annotate", "--message", tag, tag)
    return git(folder, "rev-parse", "HEAD")


def snapshot(folder: Path, into: Path) -> None:
    """Copy the files git would commit in `folder`, as they are in the work tree."""
    listed = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source = folder / name
        if source.is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, into / name)
