"""Whatever is among the inputs: its exit code, and every other file still has its verdict."""

import json
import os
import threading
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support.signed_files import WORLD, Judge, signed

GOOD = "good-1.0.tar.gz"
WHEEL = "good-1.0-py3-none-any.whl"


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    return Judge(tmp_path / "root.json", capsys)


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "dist"
    folder.mkdir()
    return folder


def unreadable(dist: Path) -> None:
    # Nobody, root included, can read a file that is not there behind its name.
    (dist / "bad-1.0.tar.gz").symlink_to("/proc/self/mem")


def loop(dist: Path) -> None:
    (dist / "bad-1.0.tar.gz").symlink_to("bad-1.0.tar.gz")


def dangling(dist: Path) -> None:
    (dist / "bad-1.0.tar.gz").symlink_to("nowhere")


def fifo(dist: Path) -> None:
    os.mkfifo(dist / "bad-1.0.tar.gz")


def device(dist: Path) -> None:
    (dist / "bad-1.0.tar.gz").symlink_to("/dev/zero")


def folder_link(dist: Path) -> None:
    (dist.parent / "elsewhere").mkdir()
    (dist / "more").symlink_to("../elsewhere")


def changed(dist: Path) -> None:
    signed(dist, "bad-1.0.tar.gz").write_bytes(b"changed after it was signed")


def no_evidence(dist: Path) -> None:
    (dist / "bad-1.0.tar.gz").write_bytes(b"nobody signed it")


def bad_evidence(dist: Path) -> None:
    path = signed(dist, "bad-1.0.tar.gz")
    path.with_name(f"{path.name}.sigstore.json").write_text('{"mediaType":')


def another_signer(dist: Path) -> None:
    signed(dist, "bad-1.0.tar.gz", identity="github")


def another_world(dist: Path) -> None:
    path = signed(dist, "bad-1.0.tar.gz")
    bundle = type(WORLD)("elsewhere").bundle(kind="message", content=path.read_bytes())
    path.with_name(f"{path.name}.sigstore.json").write_text(json.dumps(bundle))


def good_and_bad_evidence(dist: Path) -> None:
    signed(dist, "both-1.0.tar.gz")
    (dist / "both-1.0.tar.gz.provenance").write_text("{broken")


def evil_name(dist: Path) -> None:
    signed(dist, "evil\x1b[2K\nPASS  x-1.0.tar.gz")


def evil_name_unsigned(dist: Path) -> None:
    (dist / "evil\x1b[2K\nPASS  x-1.0.tar.gz").write_bytes(b"")


def zip_of(*members: tuple[str, bytes]) -> Callable[[Path], None]:
    def make(dist: Path) -> None:
        path = dist / WHEEL
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore", UserWarning)  # a name twice is what is wanted
            for name, content in members:
                archive.writestr(name, content)
        signed(dist, WHEEL, path.read_bytes())

    return make


SBOM = "good-1.0.dist-info/sboms/a.json"
CDX = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}'
# What is put beside a good file: exit code, verdicts, what the report says. An artifact that cannot
# be read has no verdict: it is a problem of its own.
TABLE = [
    pytest.param(None, 0, (1, 0, 0), "1 passed", id="good-alone"),
    pytest.param(unreadable, 5, (1, 0, 0), "1 could not be judged", id="unreadable"),
    pytest.param(loop, 5, (1, 0, 0), "Too many levels of symbolic links", id="symlink-loop"),
    pytest.param(dangling, 5, (1, 0, 0), "No such file", id="dangling-link"),
    pytest.param(fifo, 5, (1, 0, 0), "not a regular file", id="fifo"),
    pytest.param(device, 5, (1, 0, 0), "not a regular file", id="device"),
    pytest.param(folder_link, 5, (1, 0, 0), "a link to a folder is not followed", id="folder-link"),
    pytest.param(changed, 1, (1, 1, 0), "SL-SUB-001", id="changed"),
    pytest.param(no_evidence, 3, (1, 0, 1), "SL-EV-001", id="no-evidence"),
    pytest.param(bad_evidence, 1, (1, 1, 0), "SL-SIG-002", id="bad-evidence"),
    pytest.param(another_signer, 1, (1, 1, 0), "SL-ID-002", id="another-signer"),
    pytest.param(another_world, 1, (1, 1, 0), "SL-CRT-002", id="another-world"),
    pytest.param(good_and_bad_evidence, 0, (2, 0, 0), "note", id="good-and-bad-evidence"),
    pytest.param(evil_name, 0, (2, 0, 0), r"evil\x1b[2K\nPASS  x-1.0", id="evil-name"),
    pytest.param(evil_name_unsigned, 3, (1, 0, 1), r"evil\x1b[2K\nPASS", id="evil-unsigned"),
    pytest.param(zip_of((SBOM, CDX)), 0, (2, 0, 0), "CycloneDX 1.6", id="sbom-inside"),
    pytest.param(
        zip_of((SBOM, CDX), (SBOM, CDX)), 0, (2, 0, 0), "were not read", id="zip-member-twice"
    ),
    pytest.param(
        zip_of((SBOM, b" " * 20_000_000)), 0, (2, 0, 0), "were not read", id="zip-bomb"
    ),
    pytest.param(
        zip_of(("../../evil", b"x"), (SBOM, CDX)), 0, (2, 0, 0), "were not read", id="zip-escape"
    ),
]  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("make", "code", "verdicts", "said"), TABLE)
def test_no_input_hides_another(
    judge: Judge, dist: Path, *,
    make: Callable[[Path], None] | None, code: int, verdicts: tuple[int, int, int], said: str,
    jobs: str,
) -> None:  # fmt: skip
    signed(dist, GOOD)
    if make is not None:
        make(dist)
    found, output = judge(dist, "-j", jobs)
    passed, failed, missing = verdicts
    told = f"{passed} passed, {failed} failed, {missing} without enough evidence"
    assert (found, told in output, said in output) == (code, True, True), output
    assert f"PASS     {GOOD}" in output
    assert all(char.isprintable() for line in output.split("\n") for char in line)


def test_a_folder_without_any_file_is_not_passed_over(
    judge: Judge, dist: Path, tmp_path: Path
) -> None:
    signed(dist, GOOD)
    (tmp_path / "none" / "deep").mkdir(parents=True)
    code, output = judge(dist, tmp_path / "none")
    assert (code, "1 passed" in output) == (5, True), output
    assert f"folder '{tmp_path}/none': there is no file in it" in output
    code, output = judge(tmp_path / "none")
    assert (code, "nothing to verify" in output) == (3, True), output


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_bad_file_among_500_good_ones_fails_alone(judge: Judge, dist: Path, jobs: int) -> None:
    leaf = WORLD.leaf("gitlab")
    for number in range(500):
        signed(dist, f"good-{number:03}.0.tar.gz", leaf=leaf)
    bad = dist / "good-250.0.tar.gz"
    bad.write_bytes(b"changed")
    code, report = judge.report(dist, "-j", jobs)
    outcomes = {one["artifact"]["name"]: one["outcome"] for one in report["verdicts"]}
    assert code == 1
    assert len(outcomes) == 500
    assert {name for name, outcome in outcomes.items() if outcome != "pass"} == {bad.name}
    assert list(outcomes) == sorted(outcomes)


def test_of_several_problems_the_gravest_decides(judge: Judge, dist: Path) -> None:
    signed(dist, GOOD)
    changed(dist)
    no = dist / "none-1.0.tar.gz"
    no.write_bytes(b"")
    assert judge(dist)[0] == 1
    loop(dist.parent)
    code, output = judge(dist, dist.parent / "bad-1.0.tar.gz")
    assert (code, "1 passed, 1 failed, 1 without" in output) == (5, True), output
    assert judge(no, "--online=index", "--index-url", "https://127.0.0.1:9/simple/")[0] == 6
    code, output = judge(dist.parent / "bad-1.0.tar.gz", "--warn-only")
    assert (code, "not enforced" in output) == (0, True), output


def test_a_problem_is_in_the_report_for_programs(judge: Judge, dist: Path) -> None:
    signed(dist, GOOD)
    loop(dist)
    code, report = judge.report(dist)
    (problem,) = report["problems"]
    assert (code, problem["exit_code"], report["passed"]) == (5, 5, False)
    assert "bad-1.0.tar.gz" in problem["message"]
    assert problem["hint"]


def test_a_file_that_changes_while_it_is_read_has_no_digest(judge: Judge, dist: Path) -> None:
    path = signed(dist, "big-1.0.tar.gz", b"\0" * 64 * 1024 * 1024)
    signed(dist, GOOD)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with path.open("ab") as stream:
                stream.write(b"x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        code, output = judge(dist, "-j", "1")
    finally:
        stop.set()
        writer.join()
    assert (code, "it changed while it was read" in output) == (5, True), output
    assert "1 passed" in output
