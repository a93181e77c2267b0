"""A tagged project full of traps, its sandbox, and the credentials of a job of either forge."""

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sealane.sandbox.environment import child_environment
from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.lane import TAG, copy_of_the_example
from support.repositories import commit_all
from support.wheels import wheelhouse
from support.world import ambient_github

LOCKS = [f"examples/hello-lane/requirements/{name}.txt" for name in ("build", "runtime")]
PROJECT = "acme/hello-lane"
GITHUB = """\
[forge]
kind = "github"
project = "acme/hello-lane"
[ci]
file = ".github/workflows/release.yml"
"""
# Whatever of the lane imports a module from the project's folder leaves a mark.
TRAP = """\
import pathlib, sys
with pathlib.Path(__file__).with_name("..").resolve().joinpath("mark").open("a") as mark:
    mark.write(f"{__file__} {sys.argv}\\n")
"""
TRAPS = (
    "sitecustomize", "usercustomize", "click", "twine", "requests", "sigstore", "packaging", "pip",
    "pip_audit", "build", "jwt", "pydantic", "json", "venv", "tomllib",
)  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """A tagged project, and a sandbox that knows its publisher."""

    running: Running
    project: Path
    commit: str
    elsewhere: Path

    @property
    def work(self) -> Path:
        """The work folder."""
        return self.project / ".sealane-work"

    def token(self, audience: str, **claims: object) -> str:
        """A token of GitLab's shape for the release's job."""
        said: dict[str, object] = {
            "project": PROJECT, "ref": TAG, "sha": self.commit, "environment": "release",
        }  # fmt: skip
        return self.running.mint("gitlab", audience, **(said | claims))

    def gitlab(self) -> dict[str, str]:
        """The variables of a GitLab job that got both tokens."""
        return {
            "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.com", "CI_PROJECT_PATH": PROJECT,
            "CI_CONFIG_PATH": ".gitlab-ci.yml", "CI_COMMIT_TAG": TAG, "CI_COMMIT_SHA": self.commit,
            "CI_COMMIT_REF_PROTECTED": "true", "SIGSTORE_ID_TOKEN": self.token("sigstore"),
            "PYPI_ID_TOKEN": self.token("pypi"),
        }  # fmt: skip

    def github(self) -> dict[str, str]:
        """The variables of a GitHub job that may ask for tokens."""
        workflow = f"{PROJECT}/.github/workflows/release.yml@refs/tags/{TAG}"
        return {
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": PROJECT,
            "GITHUB_WORKFLOW_REF": workflow, "GITHUB_REF": f"refs/tags/{TAG}",
            "GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": TAG, "GITHUB_SHA": self.commit,
            "GITHUB_REF_PROTECTED": "true",
            **ambient_github(
                self.running, project=PROJECT, ref=TAG, sha=self.commit, environment="release"
            ),
        }  # fmt: skip

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The environment of the command line, with the programs of this one on PATH."""
        path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
        return child_environment(self.running.directory, self.running.base, extra, path=path)

    def command(self, *words: str) -> list[str]:
        """A command of the lane, started from another folder than the project's."""
        sandbox = ["--sandbox", str(self.running.directory)]
        return ["sealane", *sandbox, "lane", *words, "--config", str(self.project)]

    def lane(self, *words: str, extra: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run one command of the lane."""
        return self.paste(shlex.join(self.command(*words)), extra)

    def paste(self, line: str, extra: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a line as a person does who copied it."""
        return subprocess.run(
            ["/bin/sh", "-c", line], cwd=self.elsewhere, env=self.environment(extra),
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip


@contextlib.contextmanager
def bench(folder: Path, kind: str = "gitlab") -> Iterator[Bench]:
    """Make a project whose modules leave a mark when imported, and start its sandbox."""
    project = copy_of_the_example(folder / "a project")
    if kind == "github":
        file = project / "sealane.toml"
        before, _, rest = file.read_text().partition("[forge]")
        file.write_text(f"{before}{GITHUB}\n[[channel]]{rest.partition('[[channel]]')[2]}")
        workflow = project / ".github" / "workflows" / "release.yml"
        workflow.parent.mkdir(parents=True)
        workflow.write_text("on: { push: { tags: ['v*'] } }\n")
    for name in TRAPS:
        (project / f"{name}.py").write_text(TRAP)
    (project / "sealane").mkdir()
    (project / "sealane" / "__init__.py").write_text(TRAP)
    (project / "sealane" / "__main__.py").write_text(TRAP)
    (project / "evil.pth").write_text("import click\n")
    commit = commit_all(project, TAG)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    with start(folder / "sandbox", until_eof=True, wheelhouse=wheelhouse(*LOCKS)) as running:
        workflow_file = "release.yml" if kind == "github" else ".gitlab-ci.yml"
        running.add_publisher(
            kind, "hello-lane", repository=PROJECT, workflow=workflow_file, environment="release"
        )
        yield Bench(running, project, commit, elsewhere)
