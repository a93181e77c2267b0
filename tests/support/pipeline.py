"""Runs the tag jobs of a `.gitlab-ci.yml` as GitLab would: apart, with declared artifacts only."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.repositories import git

RESERVED = {"default", "variables", "stages", "include", "workflow"}
Job = Mapping[str, Any]


def load_jobs(file: Path) -> dict[str, Job]:
    """All jobs with what they extend merged in, in the order of the file."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    variables = document.get("variables", {})
    jobs: dict[str, Job] = {}
    for name, job in document.items():
        if name in RESERVED or name.startswith("."):
            continue
        base = document[job["extends"]] if "extends" in job else {}
        jobs[name] = {"variables": variables, **base, **job}
    return jobs


def tag_jobs(jobs: Mapping[str, Job]) -> dict[str, Job]:
    """The jobs that run for a tag: those whose rules ask for one."""
    return {
        name: job
        for name, job in jobs.items()
        if any("CI_COMMIT_TAG" in rule.get("if", "") for rule in job.get("rules", ()))
    }


@dataclass(frozen=True)
class Runner:
    """One tag pipeline.

    Attributes:
        repository: Where jobs clone from.
        tag: The tag that started the pipeline.
        project: Path of the project on the forge.
        folder: Where jobs work and artifacts are kept.
        environment: What every job gets.
        mint: Gives a token for an audience.
        sandbox: State directory of the sandbox, named to `sealane` by a wrapper.
    """

    repository: Path
    tag: str
    project: str
    folder: Path
    environment: Mapping[str, str]
    mint: Callable[[str], str]
    sandbox: Path

    def run(self, name: str, job: Job) -> subprocess.CompletedProcess[str]:
        """Run one job in a fresh clone and keep its declared artifacts."""
        work = self.folder / name / "checkout"
        git(
            self.repository,
            "clone",
            "--quiet",
            "--branch",
            self.tag,
            str(self.repository),
            str(work),
        )
        for need in job.get("needs", ()):
            shutil.copytree(self.folder / need / "artifacts", work, dirs_exist_ok=True)
        environment = self._environment(job, work)
        self._shell(job.get("before_script", []), work, environment, check=True)
        self._name_the_sandbox(work)
        result = self._shell(job["script"], work, environment, check=False)
        if result.returncode == 0:
            self._keep_artifacts(name, job, work)
        return result

    def _environment(self, job: Job, work: Path) -> dict[str, str]:
        tokens = {
            variable: self.mint(token["aud"])
            for variable, token in job.get("id_tokens", {}).items()
        }
        predefined = {
            "CI": "true", "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.com",
            "CI_PROJECT_PATH": self.project, "CI_COMMIT_TAG": self.tag,
            "CI_COMMIT_REF_NAME": self.tag, "CI_COMMIT_REF_PROTECTED": "true",
            "CI_COMMIT_SHA": git(work, "rev-parse", "HEAD"), "CI_CONFIG_PATH": ".gitlab-ci.yml",
            "CI_PROJECT_DIR": str(work), "CI_JOB_TOKEN": "glcbt-64_made-for-this-job",
        }  # fmt: skip
        return {**self.environment, **job["variables"], **predefined, **tokens}

    def _name_the_sandbox(self, work: Path) -> None:
        """Put `--sandbox` before every command: the one flag a rehearsal differs in."""
        program = work / ".venv" / "bin" / "sealane"
        real = program.rename(program.with_name("sealane-itself"))
        program.write_text(f'#!/bin/sh\nexec "{real}" --sandbox "{self.sandbox}" "$@"\n')
        program.chmod(0o755)

    @staticmethod
    def _shell(
        lines: list[str], work: Path, environment: Mapping[str, str], *, check: bool
    ) -> subprocess.CompletedProcess[str]:
        script = "set -eo pipefail\n" + "\n".join(lines)
        result = subprocess.run(
            ["bash", "-c", script], cwd=work, env=dict(environment), text=True,
            capture_output=True, check=False, timeout=600,
        )  # fmt: skip
        if check and result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        return result

    def _keep_artifacts(self, name: str, job: Job, work: Path) -> None:
        kept = self.folder / name / "artifacts"
        kept.mkdir()
        for path in job.get("artifacts", {}).get("paths", ()):
            source, target = work / path, kept / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)


def path_with_python() -> str:
    """A PATH on which `python3` is the interpreter that runs the tests, outside any venv."""
    base = Path(sys.base_prefix) / "bin"
    return os.pathsep.join([str(base), os.environ["PATH"]])
