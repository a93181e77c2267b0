"""`sealane lane run`: one machine, every stage with its own token, and no code of the project near.

The credentials are those of a CI's job, in both forges' shapes; all of them a sandbox's own.
"""

import http.server
import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sealane.io.adapters.isolation import why_not_isolated
from sealane.sandbox.launch import read_log
from support.lane import copy_of_the_example
from support.lane_run import Bench, bench

FILES = ["hello_lane-0.1.0-py3-none-any.whl", "hello_lane-0.1.0.tar.gz"]
STEPS = [
    "preflight", "audit", "build a", "build b", "compare", "attest", "publish index", "confirm",
]  # fmt: skip
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(why_not_isolated()), reason="no namespaces here"),
]


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, "github") as made:
        yield made


def secrets_of(extra: Mapping[str, str]) -> list[str]:
    return [value for name, value in extra.items() if name.endswith("TOKEN")]


def everything_written(bench: Bench) -> str:
    """What lies in the project's folder after a run, as text."""
    files = [path for path in bench.project.rglob("*") if path.is_file()]
    return "".join(path.read_bytes().decode("utf-8", errors="replace") for path in files)


def assert_released(bench: Bench, result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == 0, result.stdout + result.stderr
    document = json.loads((bench.work / "confirm.json").read_bytes())
    assert sorted(one["name"] for one in document["files"]) == FILES
    record = json.loads((bench.work / "build-a" / "record.json").read_bytes())
    assert record["isolation"] == "namespaces"
    assert [one["step"] for one in json.loads((bench.work / "timings.json").read_bytes())] == STEPS
    assert not (bench.project.parent / "mark").exists()
    done = [line.split(" ")[1] for line in read_log(bench.running.directory).splitlines()]
    assert (done.count("mint"), done.count("upload"), done.count("burn")) == (1, 2, 1)


def assert_nothing_leaked(
    bench: Bench, result: subprocess.CompletedProcess[str], extra: Mapping[str, str]
) -> None:
    shown = result.stdout + result.stderr + everything_written(bench)
    shown += read_log(bench.running.directory)
    for secret in secrets_of(extra):
        assert secret not in shown
        # Nor its parts: the signature is what makes it one.
        assert secret.rpartition(".")[2] not in shown
    assert "pypi-" not in result.stdout + result.stderr


def test_a_release_with_gitlab_s_tokens(gitlab: Bench) -> None:
    extra = gitlab.gitlab()
    result = gitlab.lane("run", extra=extra)
    assert_released(gitlab, result)
    assert_nothing_leaked(gitlab, result, extra)


def test_a_release_with_github_s_request_url(github: Bench) -> None:
    extra = github.github()
    result = github.lane("run", extra=extra)
    assert_released(github, result)
    assert_nothing_leaked(github, result, extra)


class Foreign(http.server.BaseHTTPRequestHandler):
    """An endpoint that must never be called."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(500)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def foreign() -> Iterator[str]:
    Foreign.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def foreign_token(bench: Bench) -> str:
    """A token that says everything a real one would say, and that another key signed."""
    claims = jwt.decode(bench.token("pypi"), options={"verify_signature": False})
    headers = jwt.get_unverified_header(bench.token("pypi"))
    key = rsa.generate_private_key(65537, 2048)
    return jwt.encode(claims, key, "RS256", {"kid": headers["kid"]})


def test_credentials_that_are_not_the_sandbox_s_stop_everything(
    gitlab: Bench, foreign: str
) -> None:
    unsigned = ".".join([*gitlab.token("pypi").split(".")[:2], ""])
    asking = {"GITHUB_ACTIONS": "true", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "bearer-of-ours"}
    here = gitlab.running.base
    cases: dict[str, dict[str, str]] = {
        "PYPI_ID_TOKEN": {"GITLAB_CI": "true", "PYPI_ID_TOKEN": foreign_token(gitlab)},
        "SIGSTORE_ID_TOKEN": {"GITLAB_CI": "true", "SIGSTORE_ID_TOKEN": unsigned},
        "CI_JOB_TOKEN": {"GITLAB_CI": "true", "CI_JOB_TOKEN": "glcbt-64_0123456789abcdef"},
        "CI_JOB_JWT": {"CI_JOB_JWT": "x"},
        "TWINE_PASSWORD": {"TWINE_PASSWORD": "hunter2hunter2"},
        "ACTIONS_ID_TOKEN_REQUEST_URL": asking | {"ACTIONS_ID_TOKEN_REQUEST_URL": foreign},
    }
    for number, url in enumerate(
        [f"{here}@{foreign[7:]}/", here.replace("127.0.0.1", "localhost"), f"{here}1/", ""]
    ):
        name = "TOKEN" if not url else "URL"
        cases[f"ACTIONS_ID_TOKEN_REQUEST_{name}{' ' * number}"] = asking | {
            "ACTIONS_ID_TOKEN_REQUEST_URL": url
        }
    for name, extra in cases.items():
        result = gitlab.lane("run", "--yes", extra=extra)
        assert result.returncode == 10, f"{name}: {result.stdout}{result.stderr}"
        assert name.strip() in result.stderr
        assert "not the named sandbox's" in result.stderr
        assert not any(secret in result.stderr for secret in secrets_of(extra) if secret != "x")
        assert not gitlab.work.exists()
    assert Foreign.asked == []


def test_without_a_sandbox_its_own_credentials_are_foreign_too(gitlab: Bench) -> None:
    command = ["sealane", "lane", "run", "--yes", "--config", str(gitlab.project)]
    result = gitlab.paste(shlex.join(command), gitlab.gitlab())
    assert result.returncode == 10
    assert "SIGSTORE_ID_TOKEN" in result.stderr
    assert not gitlab.work.exists()


def next_command(result: subprocess.CompletedProcess[str]) -> str:
    """The command a failure names; it also says what is public, and what to do."""
    lines = [line for line in result.stderr.splitlines() if not line.startswith(" ")]
    fields = dict(line.split(": ", 1) for line in lines[-4:])
    assert {"error", "public", "hint", "next"} <= fields.keys(), result.stderr
    assert "Traceback" not in result.stderr
    return fields["next"]


def test_the_command_a_failure_names_goes_on_when_it_is_pasted(gitlab: Bench) -> None:
    bare = {name: value for name, value in gitlab.gitlab().items() if not name.endswith("TOKEN")}
    failed = gitlab.lane("run", extra=bare)
    assert failed.returncode == 13, failed.stderr
    line = next_command(failed)
    gitlab.running.set_fault("index.upload", "403-expired")
    failed = gitlab.paste(line, gitlab.gitlab())
    assert failed.returncode == 21, failed.stderr
    line = next_command(failed)
    assert " resume " in f"{line} "
    gitlab.running.set_fault("index.upload", "")
    assert_finished(gitlab, gitlab.paste(line, gitlab.gitlab()))


def assert_finished(bench: Bench, result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == 0, result.stderr
    document = json.loads((bench.work / "confirm.json").read_bytes())
    assert sorted(one["name"] for one in document["files"]) == FILES


def test_each_stage_names_a_command_that_works_when_it_is_pasted(gitlab: Bench) -> None:
    """Every stage is made to fail, mended, and then run by the line it printed."""
    tokens = gitlab.gitlab()
    job = {name: value for name, value in tokens.items() if not name.endswith("TOKEN")}
    signing = job | {"SIGSTORE_ID_TOKEN": tokens["SIGSTORE_ID_TOKEN"]}
    publishing = job | {"PYPI_ID_TOKEN": tokens["PYPI_ID_TOKEN"]}
    untracked = gitlab.project / "untracked"
    stages = (
        (("preflight",), job, 10, untracked.touch, untracked.unlink),
        (("audit",), job, 11, lambda: hide(gitlab, "plan.json"), lambda: show(gitlab)),
        (("build", "--copy", "a"), job, 12, lambda: hide(gitlab, "plan.json"),
         lambda: show(gitlab)),
        (("build", "--copy", "b"), job, 12, lambda: hide(gitlab, "plan.json"),
         lambda: show(gitlab)),
        (("compare",), job, 12, lambda: hide(gitlab, "build-a"), lambda: show(gitlab)),
        (("attest",), signing, 5, lambda: hide(gitlab, "audit.json"), lambda: show(gitlab)),
        (("publish", "--channel", "index"), publishing, 5, lambda: hide(gitlab, "dist"),
         lambda: show(gitlab)),
        (("confirm",), job, 42, lambda: gitlab.running.set_fault("index.provenance", "missing"),
         lambda: gitlab.running.set_fault("index.provenance", "")),
    )  # fmt: skip
    for words, environment, code, break_, mend in stages:
        break_()
        failed = gitlab.lane(*words, extra=environment)
        assert failed.returncode == code, f"{words}: {failed.stdout}{failed.stderr}"
        mend()
        result = gitlab.paste(next_command(failed), environment)
        assert result.returncode == 0, f"{words}: {result.stdout}{result.stderr}"


def test_a_failed_rehearsal_names_the_command_that_repeats_it(tmp_path: Path) -> None:
    project = copy_of_the_example(tmp_path / "a project")
    changelog = project / "CHANGELOG.md"
    text = changelog.read_text()
    changelog.write_text("# Changelog\n")
    programs = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])

    def paste(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env={**os.environ, "PATH": programs},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    failed = paste("sealane rehearse 'a project'")
    assert failed.returncode == 10, failed.stderr
    line = next_command(failed)
    assert line == "sealane rehearse 'a project'"
    changelog.write_text(text)
    result = paste(line)
    assert result.returncode == 0, result.stderr


def hide(bench: Bench, name: str) -> None:
    hidden = bench.elsewhere / "hidden"
    hidden.mkdir()
    shutil.move(bench.work / name, hidden / name)


def show(bench: Bench) -> None:
    hidden = bench.elsewhere / "hidden"
    for path in hidden.iterdir():
        shutil.move(path, bench.work / path.name)
    hidden.rmdir()
