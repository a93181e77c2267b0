import hashlib
import io
import json
import tarfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypi_simple import ProjectPage

from sealane.errors import InputError
from sealane.sandbox.index_store import seed
from support.index_parts import PROJECT, IndexParts, sdist, wheel
from support.sandbox_parts import BASE, document

JSON = "application/vnd.pypi.simple.v1+json"
PAGE = f"/simple/{PROJECT}/"


@pytest.fixture
def full(index: IndexParts) -> IndexParts:
    """An index with two releases."""
    dist = index.directory / "dist"
    for version in ("1.0", "1.10"):
        wheel(dist, version=version)
    sdist(dist)
    assert seed(index.state, dist) == 3
    return index


class Links(HTMLParser):
    """Anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def test_a_client_library_reads_both_forms_alike(full: IndexParts) -> None:
    shown = full.call("GET", PAGE, accept=JSON)
    assert shown.content_type == JSON
    as_json = ProjectPage.from_json_data(document(shown), base_url=BASE + PAGE)
    as_html = ProjectPage.from_html(PROJECT, full.call("GET", PAGE).body.decode(), BASE + PAGE)
    assert as_json.versions == ["1.0", "1.10"]
    for left, right in zip(as_json.packages, as_html.packages, strict=True):
        assert (left.filename, left.url, left.digests) == (
            right.filename, right.url, right.digests,
        )  # fmt: skip
        assert (left.requires_python or None) == (right.requires_python or None)
        assert left.has_metadata == left.filename.endswith(".whl")


def test_every_field_of_the_json_is_there(full: IndexParts) -> None:
    page = document(full.call("GET", PAGE, accept=JSON))
    assert page["meta"] == {"api-version": "1.4", "_last-serial": full.store.serial()}
    assert page["name"] == PROJECT
    assert page["project-status"] == {"status": "active"}
    path = full.directory / "dist" / "hello_index-1.0-py3-none-any.whl"
    (file,) = [file for file in page["files"] if file["filename"] == path.name]
    blake2 = hashlib.blake2b(path.read_bytes(), digest_size=32).hexdigest()
    assert file["url"] == (f"{BASE}/packages/{blake2[:2]}/{blake2[2:4]}/{blake2[4:]}/{path.name}")
    assert file["hashes"] == {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert file["size"] == path.stat().st_size
    assert file["requires-python"] == ">=3.8"
    assert file["yanked"] is False
    assert file["provenance"] is None
    assert file["upload-time"].endswith("Z")
    assert file["core-metadata"] == file["data-dist-info-metadata"]


def test_a_file_and_its_metadata_are_served_with_their_digest(full: IndexParts) -> None:
    page = document(full.call("GET", PAGE, accept=JSON))
    for file in page["files"]:
        path = file["url"].removeprefix(BASE)
        answer = full.call("GET", path)
        digest = file["hashes"]["sha256"]
        assert hashlib.sha256(answer.body).hexdigest() == digest
        assert answer.headers["ETag"] == f'"{digest}"'
        assert full.call("GET", path, if_none_match=f'"{digest}"').status == 304
        metadata = full.call("GET", f"{path}.metadata")
        if file["core-metadata"] is False:
            assert metadata.status == 404
        else:
            wanted = file["core-metadata"]["sha256"]
            assert hashlib.sha256(metadata.body).hexdigest() == wanted


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        (JSON, JSON),
        ("application/vnd.pypi.simple.latest+json", JSON),
        (f"text/html;q=0.1, {JSON};q=0.2", JSON),
        ("application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+html"),
    ],
)
@pytest.mark.parametrize("path", ["/simple/", PAGE])
def test_the_form_is_the_clients_choice(
    full: IndexParts, path: str, accept: str, content_type: str
) -> None:
    answer = full.call("GET", path, accept=accept)
    assert (answer.status, answer.content_type) == (200, content_type)
    assert answer.headers["Vary"] == "Accept"
    assert int(answer.headers["X-PyPI-Last-Serial"]) == full.store.serial()


@pytest.mark.parametrize("path", ["/simple/", PAGE])
def test_a_form_that_is_not_offered_is_not_acceptable(full: IndexParts, path: str) -> None:
    assert full.call("GET", path, accept="image/png").status == 406


@pytest.mark.parametrize("path", ["/simple", "/simple/hello-index", "/simple/Hello_Index/"])
def test_other_spellings_are_redirected(full: IndexParts, path: str) -> None:
    answer = full.call("GET", path)
    assert answer.status == 301
    assert answer.headers["Location"] in (f"{BASE}/simple/", BASE + PAGE)


@pytest.mark.parametrize(
    "path",
    ["/simple/unknown/", "/pypi/unknown/json", "/packages/aa/bb/" + "c" * 60 + "/x.whl",
     "/simple/a/b/", "/packages/../state.sqlite3"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(full: IndexParts, path: str) -> None:
    assert full.call("GET", path).status == 404


def test_a_project_without_files_is_not_shown(index: IndexParts) -> None:
    index.store.create_project(PROJECT)
    assert index.call("GET", PAGE).status == 404
    assert document(index.call("GET", "/simple/", accept=JSON))["projects"] == []


def test_a_file_is_found_by_its_own_digest_only(full: IndexParts) -> None:
    first, second, *_ = document(full.call("GET", PAGE, accept=JSON))["files"]
    mixed = first["url"].rpartition("/")[0] + "/" + second["filename"]
    assert full.call("GET", mixed.removeprefix(BASE)).status == 404


def test_yanking_shows_in_every_form_and_can_be_taken_back(full: IndexParts) -> None:
    before = full.store.serial()
    full.simple.yank({"project": "Hello_Index", "version": "1.0", "reason": 'a "bad" one'})
    page = document(full.call("GET", PAGE, accept=JSON))
    yanked = {file["filename"]: file["yanked"] for file in page["files"]}
    assert yanked["hello_index-1.0-py3-none-any.whl"] == 'a "bad" one'
    assert yanked["hello_index-1.10-py3-none-any.whl"] is False
    assert page["meta"]["_last-serial"] > before
    shown = Links(full.call("GET", PAGE).body.decode()).found
    assert sum(link.get("data-yanked") == 'a "bad" one' for link in shown) == 2
    full.simple.yank({"project": PROJECT, "version": "1.0", "yanked": False})
    page = document(full.call("GET", PAGE, accept=JSON))
    assert {file["yanked"] for file in page["files"]} == {False}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"project": PROJECT, "version": "9"},
        {"project": "unknown", "version": "1.0"},
        {"project": PROJECT, "version": "1.0", "yanked": "yes"},
        {"project": PROJECT, "version": 1},
        {"project": PROJECT, "version": "1.0", "extra": ""},
    ],
)
def test_what_is_not_a_release_cannot_be_yanked(
    full: IndexParts, change: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="yank"):
        full.simple.yank(change)


def test_a_quarantined_project_shows_no_files(full: IndexParts) -> None:
    url = document(full.call("GET", PAGE, accept=JSON))["files"][0]["url"]
    full.simple.set_status(PROJECT, "quarantined")
    page = document(full.call("GET", PAGE, accept=JSON))
    assert (page["project-status"], page["files"]) == ({"status": "quarantined"}, [])
    assert full.call("GET", url.removeprefix(BASE)).status == 404
    with pytest.raises(InputError):
        full.simple.set_status(PROJECT, "sleeping")


def test_upload_clients_see_what_is_there(full: IndexParts) -> None:
    shown = document(full.call("GET", f"/pypi/{PROJECT}/json"))
    assert list(shown["releases"]) == ["1.0", "1.10"]
    assert shown["info"]["version"] == "1.10"
    names = {file["filename"] for file in shown["releases"]["1.0"]}
    assert names == {"hello_index-1.0-py3-none-any.whl", "hello_index-1.0.tar.gz"}
    assert full.call("GET", "/pypi/Hello_Index/json").status == 301


def test_a_stale_index_does_not_know_what_came_later(full: IndexParts) -> None:
    serial = full.store.serial()
    full.switches.set("index.simple", "stale")
    for name, version in ((PROJECT, "2.0"), ("new-project", "1.0")):
        wheel(full.directory / "later", name, version)
    seed(full.state, full.directory / "later")
    page = document(full.call("GET", PAGE, accept=JSON))
    assert page["versions"] == ["1.0", "1.10"]
    assert page["meta"]["_last-serial"] == serial
    assert full.call("GET", "/simple/new-project/").status == 404
    names = [one["name"] for one in document(full.call("GET", "/simple/", accept=JSON))["projects"]]
    assert names == [PROJECT]
    full.switches.set("index.simple", "")
    assert document(full.call("GET", PAGE, accept=JSON))["versions"][-1] == "2.0"


def test_a_wrong_digest_can_be_told(full: IndexParts) -> None:
    right = document(full.call("GET", PAGE, accept=JSON))["files"]
    full.switches.set("index.simple", "wrong-digest")
    for before, after in zip(
        right, document(full.call("GET", PAGE, accept=JSON))["files"], strict=True
    ):
        assert before["hashes"] != after["hashes"]
        assert before["url"] == after["url"]


def test_another_file_can_be_served(full: IndexParts) -> None:
    files = document(full.call("GET", PAGE, accept=JSON))["files"]
    full.switches.set("index.file", "swapped")
    for file in files:
        answer = full.call("GET", file["url"].removeprefix(BASE))
        assert len(answer.body) == file["size"]
        assert hashlib.sha256(answer.body).hexdigest() != file["hashes"]["sha256"]
        if file["filename"].endswith(".whl"):
            # Nothing but the digest gives it away.
            assert zipfile.ZipFile(io.BytesIO(answer.body)).testzip() is None
        else:
            with tarfile.open(fileobj=io.BytesIO(answer.body)) as archive:
                assert archive.getnames()


def test_a_wheelhouse_is_published_once(full: IndexParts) -> None:
    assert seed(full.state, full.directory / "dist") == 0
    wheel(full.directory / "dist", members={"more.py": b"1"})
    with pytest.raises(InputError, match="this name with other bytes"):
        seed(full.state, full.directory / "dist")


@pytest.mark.parametrize("name", ["notes.txt", "a-1.0-py3-none.whl", ".hidden"])
def test_a_wheelhouse_holds_distributions_only(
    index: IndexParts, tmp_path: Path, name: str
) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / name).write_bytes(b"x")
    with pytest.raises(InputError, match=name):
        seed(index.state, tmp_path / "house")


def test_a_broken_wheel_is_not_published(index: IndexParts, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "a-1.0-py3-none-any.whl").write_bytes(b"no archive")
    with pytest.raises(InputError, match="not a readable zip"):
        seed(index.state, tmp_path / "house")
    assert index.store.projects() == []


def test_a_missing_wheelhouse_is_an_error(index: IndexParts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wheelhouse"):
        seed(index.state, tmp_path / "absent")


def test_json_pages_are_json(full: IndexParts) -> None:
    assert json.loads(full.call("GET", "/simple/", accept=JSON).body)["projects"]
