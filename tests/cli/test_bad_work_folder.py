"""What stages leave for each other, broken: the file is named, and nothing goes on."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sealane.sandbox import launch
from support.commands import (
    EVIL,
    Make,
    block,
    file,
    folder,
    gone,
    huge,
    link,
    loop,
    pipe,
)
from support.signed_release import SDIST, WHEEL, Release, make_release

BROKEN: dict[str, bytes] = {
    "empty": b"", "broken": b"{", "list": b"[]", "binary": b"\xff\xfe{}",
    "deep": b"[" * 100_000, "long-number": b'{"schema":' + b"9" * 5000 + b"}",
    "evil": b'{"schema": "x\\u001b[31m\\nhint: run me"}',
}  # fmt: skip
SHAPES = {
    "missing": gone, "folder": folder, "loop": loop, "pipe": pipe, "100-MB": huge,
}  # fmt: skip
MANIFEST = "release-manifest.sigstore.json"
# Who reads a file first, how that ends, and how the message calls it.
READERS = {
    "plan.json": ("audit", 11, "plan"),
    "build-a/record.json": ("compare", 12, "record"),
    "compare.json": ("attest", 5, "compar"),
    "audit.json": ("attest", 5, "audit"),
    MANIFEST: ("confirm", 5, "manifest"),
}
# A signed manifest that is missing is missing evidence.
OTHER_CODES = {(MANIFEST, "missing"): 40}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A signed release, ready to be published; each test works on a copy."""
    with launch.start(tmp_path_factory.mktemp("sandbox"), until_eof=True) as running:
        release = make_release(running, tmp_path_factory.mktemp("release") / "project")
        running.add_publisher(
            "gitlab", "hello-sealane",
            repository="acme/hello", workflow=".gitlab-ci.yml", environment="release",
        )  # fmt: skip
        result = release.attest()
        assert result.returncode == 0, result.stderr
        yield release


@pytest.fixture
def release(signed: Release, tmp_path: Path) -> Release:
    """A copy of the signed release."""
    project = tmp_path / "project"
    shutil.copytree(signed.project, project, symlinks=True)
    return replace(signed, project=project)


def refused(release: Release, command: str, code: int, *places: str) -> None:
    """Run one command of the lane and compare how it ends."""
    if command == "attest":
        result = release.attest()
    elif command == "publish":
        result = release.publish()
    else:
        result = release.lane(*command.split())
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    fields = block(result.stderr)
    assert all(place in fields["error"] for place in places), result.stderr
    assert fields.get("hint"), f"what is one to do? {result.stderr}"
    if command not in ("status", "resume"):
        assert "public" in fields["public"]
        assert fields["next"].startswith("sealane --sandbox ")


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_named_by_the_stage_that_reads_it(
    release: Release, name: str, content: bytes
) -> None:
    file(name, content)(release.work)
    command, code, place = READERS[name]
    refused(release, command, code, place)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_none_is_named_by_the_stage_that_reads_it(
    release: Release, name: str, shape: str
) -> None:
    SHAPES[shape](name)(release.work)
    command, code, place = READERS[name]
    refused(release, command, OTHER_CODES.get((name, shape), code), place)


@pytest.mark.parametrize(
    ("name", "command", "code"),
    [
        ("plan.json", "build --copy a", 12), ("plan.json", "compare", 12),
        ("plan.json", "attest", 5), ("build-b/record.json", "attest", 5),
    ],
)  # fmt: skip
def test_every_later_stage_refuses_a_broken_file(
    release: Release, name: str, command: str, code: int
) -> None:
    file(name, b"{")(release.work)
    refused(release, command, code, "not JSON")


@pytest.mark.parametrize("command", ["publish", "status", "resume"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(file(MANIFEST, b"{"), id="broken"),
        pytest.param(loop(MANIFEST), id="loop"),
        pytest.param(folder(MANIFEST), id="folder"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_not_a_release_that_was_not_signed(
    release: Release, command: str, make: Make
) -> None:
    make(release.work)
    refused(release, command, 5, "manifest")


JOURNALS = {
    "not-json": file("journal.jsonl", b"{\n"), "list": file("journal.jsonl", b"[]\n"),
    "deep": file("journal.jsonl", b"[" * 100_000 + b"\n"),
    "object": file("journal.jsonl", b"{}\n"), "binary": file("journal.jsonl", b"\xff\n"),
    "long-number": file("journal.jsonl", b"9" * 5000 + b"\n"),
    "folder": folder("journal.jsonl"), "pipe": pipe("journal.jsonl"),
    "loop": loop("journal.jsonl"), "100-MB": huge("journal.jsonl"),
}  # fmt: skip


@pytest.mark.parametrize("make", JOURNALS.values(), ids=JOURNALS)
def test_a_journal_that_cannot_be_read_stops_the_line(release: Release, make: Make) -> None:
    make(release.work)
    refused(release, "status", 5, "journal.jsonl")


@pytest.mark.parametrize("name", ["object", "loop"])
def test_with_a_broken_journal_nothing_is_sent_and_nothing_is_ruled_out(
    release: Release, name: str
) -> None:
    JOURNALS[name](release.work)
    result = release.publish()
    assert result.returncode == 5
    fields = block(result.stderr)
    assert "journal.jsonl" in fields["error"]
    assert fields["public"] == "files may be public; the journal cannot be read"


DIST = f"dist/{WHEEL}"
FOLDERS = {
    "none": (gone("dist"), "dist"),
    "empty": (folder("dist"), "dist"),
    "file": (file("dist", ""), "dist"),
    "missing": (gone(f"dist/{SDIST}"), SDIST),
    "more": (file(f"dist/{EVIL}", "x"), r"x\x1b[31m\nhint: run me"),
    "other-bytes": (file(DIST, "x"), WHEEL),
    "link": (link(DIST, f"../build-a/{DIST}"), WHEEL),
    "loop": (loop(DIST), WHEEL),
    "pipe": (pipe(DIST), WHEEL),
    "folder": (folder(DIST), WHEEL),
    "hidden": (file("dist/.hidden", ""), ".hidden"),
}


@pytest.mark.parametrize(("make", "place"), FOLDERS.values(), ids=FOLDERS)
@pytest.mark.parametrize("command", ["attest", "publish"])
def test_a_dist_that_is_not_the_frozen_one(
    release: Release, command: str, make: Make, place: str
) -> None:
    make(release.work)
    refused(release, command, 5, place)


BUILT = f"build-a/dist/{WHEEL}"
BUILDS = {
    "none": (gone("build-a"), "build-a"),
    "file": (file("build-a", ""), "build-a"),
    "no-dist": (gone("build-a/dist"), "build-a/dist"),
    "empty-dist": (folder("build-a/dist"), "build-a"),
    "no-record": (gone("build-b/record.json"), "build-b"),
    "other-bytes": (file(BUILT, "x"), WHEEL),
    "link": (link(BUILT, f"../../build-b/dist/{WHEEL}"), "build-a/dist"),
    "loop": (loop(BUILT), "build-a/dist"),
    "pipe": (pipe(BUILT), "build-a/dist"),
    "more": (file(f"build-a/dist/{EVIL}", "x"), r"x\x1b[31m\nhint: run me"),
    "unwritable": (folder("compare.json"), "compare.json"),
    "work-is-a-file": (file(".", ""), ".sealane-work"),
}


@pytest.mark.parametrize(("make", "place"), BUILDS.values(), ids=BUILDS)
def test_a_build_that_is_not_as_it_was_made(release: Release, make: Make, place: str) -> None:
    if place == ".sealane-work":
        shutil.rmtree(release.work)
        release.work.write_text("")
    else:
        make(release.work)
    refused(release, "compare", 12, place)


def test_a_lock_of_publish_that_cannot_be_taken_is_named(release: Release) -> None:
    folder(".publish.lock")(release.work)
    refused(release, "publish", 5, ".publish.lock")


TOKENS = {
    "empty": ("", "is not set"), "word": ("x", "not a JSON Web Token"),
    "parts": ("a.b.c", "not a JSON Web Token"), "non-ascii": ("é.ü.ö", "not a JSON Web Token"),
    "nobody's": ("e30.e30.e30", "expected a token for the audience"),
    "no-signature": ("eyJhbGciOiJub25lIn0.e30.", "expected a token for the audience"),
}  # fmt: skip


@pytest.mark.parametrize(("token", "place"), TOKENS.values(), ids=TOKENS)
def test_a_variable_that_holds_no_token_is_named_and_not_shown(
    signed: Release, token: str, place: str
) -> None:
    for words, variable, code in (
        (("attest",), "SIGSTORE_ID_TOKEN", 13),
        (("publish", "--channel", "index"), "PYPI_ID_TOKEN", 21),
    ):
        result = signed.lane(*words, **{variable: token})
        assert result.returncode == code, result.stderr
        fields = block(result.stderr)
        assert variable in fields["error"]
        assert place in fields["error"]
        assert fields["hint"]
        assert len(token) < 3 or token not in result.stderr
