"""A folder of CSAF documents: written once, completed after a crash, nobody else's touched."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealane.core.advisory.csaf.folder_faults import tree_faults
from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.errors import InputError, UsageError
from sealane.io.adapters.mutex import exclusive
from sealane.io.outlets.csaf_tree import CsafTreeOutlet, CsafTreeSettings
from sealane.io.outlets.interface import About, Shown, Surroundings
from support.outlets import NOW, document_of, draft_of
from support.renderings import rendering_of

RECORD = draft_of(1, "CVE-2026-10001")
FIRST = document_of("csaf-tree", RECORD)
SECOND = document_of("csaf-tree", draft_of(1, "CVE-2026-10001", revision=2))
PATH = "white/2026/pysec-0000-acme1.json"


def outlet(root: Path, *, at: datetime = NOW, **changes: str) -> CsafTreeOutlet:
    known = {
        "folder": "csaf", "url": "https://acme.example/csaf", "publisher": "Acme security team",
        "namespace": "https://acme.example", **changes,
    }  # fmt: skip
    around = Surroundings(
        {}, root, "test/1", sandbox=True, sleep=lambda _: None, now=lambda: at.astimezone(UTC)
    )
    return CsafTreeOutlet("tree", CsafTreeSettings(**known), About(RECORD.id), around)


def files(root: Path) -> dict[str, bytes]:
    folder = root / "csaf"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_folder_agrees_with_itself(tmp_path: Path) -> None:
    seen = outlet(tmp_path).publish(FIRST)
    assert (seen.shown, seen.state) == (Shown.SAME, "complete")
    found = files(tmp_path)
    assert found[PATH] == FIRST.content
    digest = hashlib.sha256(FIRST.content).hexdigest()
    assert found[f"{PATH}.sha256"] == f"{digest}  pysec-0000-acme1.json\n".encode()
    assert [one for one in tree_faults(found) if not one.warns] == []


def test_twice_is_once_also_a_day_later(tmp_path: Path) -> None:
    outlet(tmp_path).publish(FIRST)
    before = {path: path.stat() for path in (tmp_path / "csaf").rglob("*")}
    later = outlet(tmp_path, at=NOW + timedelta(days=1))
    assert later.plan(FIRST) == ()
    assert later.publish(FIRST).shown is Shown.SAME
    assert {path: path.stat() for path in (tmp_path / "csaf").rglob("*")} == before


def test_advisory_and_vex_stand_beside_each_other(tmp_path: Path) -> None:
    vex = CsafVex().render(RECORD, rendering_of())
    outlet(tmp_path).publish(FIRST)
    outlet(tmp_path).publish(vex)
    assert outlet(tmp_path).observe(FIRST).shown is Shown.SAME
    assert len(files(tmp_path)["white/index.txt"].split()) == 2


def test_a_later_revision_replaces_an_earlier_and_never_the_other_way(tmp_path: Path) -> None:
    outlet(tmp_path).publish(FIRST)
    assert outlet(tmp_path).observe(SECOND).shown is Shown.OTHER
    assert outlet(tmp_path).plan(SECOND)
    assert outlet(tmp_path).publish(SECOND).shown is Shown.SAME
    before = files(tmp_path)
    for act in (outlet(tmp_path).plan, outlet(tmp_path).publish):
        with pytest.raises(InputError, match="expected a version after"):
            act(FIRST)
    assert files(tmp_path) == before


def test_a_published_revision_never_changes(tmp_path: Path) -> None:
    outlet(tmp_path).publish(FIRST)
    changed = json.loads(FIRST.content)
    changed["document"]["title"] = "Another title"
    with pytest.raises(InputError, match="expected a version after"):
        outlet(tmp_path).publish(Document("csaf", FIRST.name, json.dumps(changed).encode()))


def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    outlet(tmp_path, url="https://other.example/csaf").publish(FIRST)
    before = files(tmp_path)
    for act in (outlet(tmp_path).plan, outlet(tmp_path).publish):
        with pytest.raises(InputError, match="canonical_url"):
            act(SECOND)
    assert files(tmp_path) == before


@pytest.mark.parametrize("lost", [f"{PATH}.sha256", f"{PATH}.sha512", "white/index.txt",
                                  "white/changes.csv", "provider-metadata.json"])  # fmt: skip
def test_what_is_missing_is_noticed_and_completed(tmp_path: Path, lost: str) -> None:
    outlet(tmp_path).publish(FIRST)
    whole = files(tmp_path)
    (tmp_path / "csaf" / lost).unlink()
    seen = outlet(tmp_path).observe(FIRST)
    assert (seen.shown, seen.state) == (Shown.ABSENT, "incomplete")
    assert any(step.endswith(lost) for step in outlet(tmp_path).plan(FIRST))
    outlet(tmp_path).publish(FIRST)
    assert files(tmp_path) == whole


def test_what_is_listed_is_there_after_every_file(tmp_path: Path) -> None:
    steps = [step.removeprefix(f"write {tmp_path}/csaf/") for step in outlet(tmp_path).plan(FIRST)]
    assert steps == [
        f"{PATH}.sha256", f"{PATH}.sha512", PATH, "white/index.txt", "white/changes.csv",
        "provider-metadata.json",
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"tlp": "AMBER"}, {"final": False}])
def test_what_is_not_for_everybody_yet_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    from sealane.core.advisory.formats.csaf import Csaf

    made = Csaf().render(RECORD, rendering_of(**changes))
    for act in (outlet(tmp_path).plan, outlet(tmp_path).publish):
        with pytest.raises(InputError):
            act(made)
    assert not (tmp_path / "csaf").exists()


def test_a_link_in_the_folder_is_refused(tmp_path: Path) -> None:
    outlet(tmp_path).publish(FIRST)
    for name, target in (("file", "/etc/hostname"), ("folder", "/etc")):
        link = tmp_path / "csaf" / name
        link.symlink_to(target)
        with pytest.raises(InputError, match="got a link") as caught:
            outlet(tmp_path).observe(FIRST)
        assert caught.value.hint
        link.unlink()


def test_hidden_files_are_nobodys(tmp_path: Path) -> None:
    outlet(tmp_path).publish(FIRST)
    (tmp_path / "csaf" / ".git").mkdir()
    (tmp_path / "csaf" / ".git" / "HEAD").write_text("x")
    (tmp_path / "csaf" / ".htaccess").write_text("x")
    assert outlet(tmp_path).observe(FIRST).shown is Shown.SAME


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "csaf").write_text("a file")
    with pytest.raises(InputError, match="CSAF folder"):
        outlet(tmp_path).observe(FIRST)
    with pytest.raises(InputError):
        outlet(tmp_path).observe(Document("csaf", "x.json", b"{}"))


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path / ".csaf.lock", what="x"),
        pytest.raises(UsageError, match="another process"),
    ):
        outlet(tmp_path).publish(FIRST)


class TestSigned:
    """With a key, which is named relative to the project."""

    @pytest.fixture
    def key(self, tmp_path: Path) -> str:
        from pysequoia import Tsk

        (tmp_path / "key.asc").write_text(str(Tsk.generate("Acme <security@acme.example>")))
        return "key.asc"

    def test_a_document_is_signed_once(self, tmp_path: Path, key: str) -> None:
        assert outlet(tmp_path, key=key).publish(FIRST).shown is Shown.SAME
        whole = files(tmp_path)
        assert whole[f"{PATH}.asc"].startswith(b"-----BEGIN PGP SIGNATURE-----")
        assert [one for one in tree_faults(whole) if not one.warns] == []
        assert outlet(tmp_path, key=key).plan(FIRST) == ()
        outlet(tmp_path, key=key).publish(FIRST)
        assert files(tmp_path) == whole

    def test_a_signature_that_is_missing_is_made(self, tmp_path: Path, key: str) -> None:
        outlet(tmp_path, key=key).publish(FIRST)
        (tmp_path / "csaf" / f"{PATH}.asc").unlink()
        assert outlet(tmp_path, key=key).observe(FIRST).state == "incomplete"
        assert outlet(tmp_path, key=key).publish(FIRST).shown is Shown.SAME

    def test_a_new_revision_gets_a_new_signature_before_the_document(
        self, tmp_path: Path, key: str
    ) -> None:
        outlet(tmp_path, key=key).publish(FIRST)
        before = files(tmp_path)[f"{PATH}.asc"]
        steps = outlet(tmp_path, key=key).plan(SECOND)
        assert steps[0].endswith(f"{PATH}.asc")
        outlet(tmp_path, key=key).publish(SECOND)
        assert files(tmp_path)[f"{PATH}.asc"] != before

    def test_signed_and_unsigned_do_not_mix(self, tmp_path: Path, key: str) -> None:
        outlet(tmp_path).publish(FIRST)
        vex = CsafVex().render(RECORD, rendering_of())
        with pytest.raises(InputError, match="signed"):
            outlet(tmp_path, key=key).publish(vex)

    def test_a_key_that_is_none_signs_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "key.asc").write_text("no key")
        for name in ("key.asc", "none.asc"):
            with pytest.raises(InputError, match="key"):
                outlet(tmp_path, key=name).publish(FIRST)
        assert not (tmp_path / "csaf").exists()
