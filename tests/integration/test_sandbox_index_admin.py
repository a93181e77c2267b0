"""What the administration may ask of the index, on a running sandbox."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sealane.errors import InputError, SealaneError
from sealane.sandbox import launch
from sealane.sandbox.running import Running

NAME, VERSION = "hello_wheel", "1.0"
JSON = "application/vnd.pypi.simple.v1+json"


def ask(running: Running, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """An answer of the sandbox: status and JSON."""
    connection = HTTPConnection(urlsplit(running.base).netloc, timeout=10)
    content = json.dumps(body).encode() if body is not None else None
    connection.request(method, path, content, {"Accept": f"{JSON}, application/json;q=0.5"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def write_wheel(folder: Path) -> None:
    folder.mkdir()
    info = f"{NAME}-{VERSION}.dist-info"
    with zipfile.ZipFile(folder / f"{NAME}-{VERSION}-py3-none-any.whl", "w") as wheel:
        metadata = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{info}/WHEEL", tags)
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("index")
    write_wheel(folder / "wheels")
    wheels = folder / "wheels"
    with launch.start(folder / "state", until_eof=True, wheelhouse=wheels) as started:
        yield started


def test_a_wheelhouse_is_served(running: Running) -> None:
    status, page = ask(running, "GET", "/simple/hello-wheel/")
    assert status == 200
    assert [file["filename"] for file in page["files"]] == [f"{NAME}-{VERSION}-py3-none-any.whl"]


def test_a_wheelhouse_with_something_else_in_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "notes.txt").write_text("x")
    with pytest.raises(SealaneError, match="did not come up"):
        launch.start(tmp_path / "state", until_eof=True, wheelhouse=tmp_path / "wheels")


def test_a_publisher_gets_upload_tokens(running: Running) -> None:
    command = [
        sys.executable, "-m", "sealane", "sandbox", "publisher", "add", "gitlab",
        "--project", "new-project", "--repository", "g/p", "--file", ".gitlab-ci.yml",
        "--environment", "release", "--dir", str(running.directory),
    ]  # fmt: skip
    added = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(added.stdout)["pending"] is True
    wrong = running.mint("gitlab", "pypi", project="g/p", ref="v1")
    status, answer = ask(running, "POST", "/_/oidc/mint-token", {"token": wrong})
    assert (status, answer["errors"][0]["code"]) == (422, "invalid-publisher")
    token = running.mint("gitlab", "pypi", project="g/p", ref="v1", environment="release")
    status, answer = ask(running, "POST", "/_/oidc/mint-token", {"token": token})
    assert (status, answer["success"]) == (200, True)
    status, answer = ask(running, "POST", "/_/oidc/mint-token", {"token": token})
    assert (status, answer["errors"][0]["code"]) == (422, "invalid-reuse-token")


def test_another_gitlab_is_another_publisher(running: Running) -> None:
    running.add_publisher("gitlab", "p-here", repository="g/same", workflow="x.yml")
    token = running.mint("gitlab", "pypi", project="g/same", file="x.yml", host="git.example.org")
    status, _ = ask(running, "POST", "/_/oidc/mint-token", {"token": token})
    assert status == 422
    issuer = "https://git.example.org"
    running.add_publisher("gitlab", "p-there", repository="g/same", workflow="x.yml", issuer=issuer)
    status, _ = ask(running, "POST", "/_/oidc/mint-token", {"token": token})
    assert status == 200


def test_a_release_is_yanked_and_taken_back(running: Running) -> None:
    running.yank("hello-wheel", version=VERSION, reason="broken")
    assert ask(running, "GET", "/simple/hello-wheel/")[1]["files"][0]["yanked"] == "broken"
    running.yank("hello-wheel", version=VERSION, yanked=False)
    assert ask(running, "GET", "/simple/hello-wheel/")[1]["files"][0]["yanked"] is False


def test_a_release_is_made_known_to_be_vulnerable(running: Running) -> None:
    running.add_vulnerability("hello-wheel", VERSION, id="PYSEC-2026-1", fixed_in=["2.0"])
    _, page = ask(running, "GET", f"/pypi/hello-wheel/{VERSION}/json")
    assert [one["id"] for one in page["vulnerabilities"]] == ["PYSEC-2026-1"]


def test_a_switch_is_set_and_acts(running: Running) -> None:
    assert running.set_fault("mint", "503") == {"mint": "503"}
    assert ask(running, "POST", "/_/oidc/mint-token", {"token": "x"})[0] == 503
    assert running.set_fault("mint", "") == {}


@pytest.mark.parametrize(
    ("route", "document"),
    [
        ("publisher", {"kind": "gitlab"}),
        ("yank", {"project": "no-such-project", "version": "1"}),
        ("delete", {"filename": "no-such-file-1.0.tar.gz"}),
        ("delete", {}),
        ("delete", {"filename": 7}),
        ("project-status", {"project": "hello-wheel", "status": "no-such-status"}),
        ("api-token", {"project": "p", "more": "x"}),
        ("vulnerability", {"project": "p", "version": "1"}),
        ("vulnerability", {"project": "p", "version": "1", "id": "x", "aliases": "y"}),
        ("vulnerability", {"project": "p", "version": "1", "id": "x", "withdrawn": 7}),
        ("vulnerability", {"project": "p", "version": "not one", "id": "x"}),
        ("faults", {"no.such.switch": "on"}),
    ],
)
def test_what_cannot_be_done_is_said(
    running: Running, route: str, document: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        running.call("POST", f"/-/{route}", document)
