"""What the user's state holds is used as it was stored, or not at all."""

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealane.errors import InputError, TrustError
from sealane.io.adapters.state import state_folder
from sealane.io.stores.trust.files import parse_root_file, render_export
from sealane.io.stores.trust.interface import NamedRoot, Record
from sealane.io.stores.trust.packaged import packaged_root
from sealane.io.stores.trust.resolve import named_root, root_names
from sealane.io.stores.trust.stored import store_root, stored_names, stored_root
from support.roots import as_bytes, own_root

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def root_of(name: str, content: bytes | None = None, at: datetime = AT) -> NamedRoot:
    content = as_bytes(own_root()) if content is None else content
    file = parse_root_file(content, "root")
    return NamedRoot(Record(name, file.sha256, at, "a test"), content)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the root "own" lies."""
    return tmp_path / "state" / "sealane" / "trust" / "own"


def test_a_stored_root_is_found_again(environment: dict[str, str]) -> None:
    assert stored_root("own", environment) is None
    store_root(root_of("own"), environment)
    assert stored_root("own", environment) == root_of("own")
    assert stored_names(environment) == ("own",)
    assert root_names(environment) == ("public-good", "staging", "own")


def test_the_state_is_the_users_alone(environment: dict[str, str], folder: Path) -> None:
    store_root(root_of("own"), environment)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent)] == [0o700] * 2


def test_a_root_is_replaced_without_a_trace(environment: dict[str, str], folder: Path) -> None:
    store_root(root_of("own"), environment)
    other = root_of("own", as_bytes(own_root()) + b"\n")
    store_root(other, environment)
    assert stored_root("own", environment) == other
    assert len(list(folder.iterdir())) == 2


def test_an_interrupted_update_leaves_the_old_root(
    environment: dict[str, str], folder: Path
) -> None:
    store_root(root_of("own"), environment)
    record = (folder / "record.json").read_bytes()
    store_root(root_of("own", as_bytes(own_root()) + b"\n"), environment)
    # As if it had ended after the root was written, and before the record was.
    (folder / "record.json").write_bytes(record)
    store = folder / f"{json.loads(record)['sha256']}.json"
    store.write_bytes(as_bytes(own_root()))
    assert stored_root("own", environment) == root_of("own")


def poison(folder: Path) -> None:
    (file,) = (one for one in folder.iterdir() if one.name != "record.json")
    file.write_bytes(file.read_bytes().replace(b"example.org", b"example.net"))


def empty_root(folder: Path) -> None:
    (file,) = (one for one in folder.iterdir() if one.name != "record.json")
    file.write_bytes(b"")


def lose_root(folder: Path) -> None:
    (file,) = (one for one in folder.iterdir() if one.name != "record.json")
    file.unlink()


def huge_root(folder: Path) -> None:
    (file,) = (one for one in folder.iterdir() if one.name != "record.json")
    os.truncate(file, 100 * 1024 * 1024)


def record(**members: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / "record.json"
        document = {**json.loads(file.read_bytes()), **members}
        file.write_text(json.dumps({k: v for k, v in document.items() if v is not None}))

    return change


def record_bytes(content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "record.json").write_bytes(content)

    return change


BROKEN = pytest.mark.parametrize(
    "damage",
    [
        poison, empty_root, lose_root, huge_root,
        record(schema="sealane.trust/2"), record(schema=None), record(name="other"),
        record(name="../own"), record(sha256="0" * 64), record(sha256="../../x"), record(sha256=1),
        record(obtained_at="2026-11-25T12:00:00"), record(obtained_at="soon"),
        record(obtained_at="0001-01-01T00:00:00+23:59"), record(source=None), record(more=1),
        record_bytes(b""), record_bytes(b"[]"), record_bytes(b"\xff"), record_bytes(b"[" * 10**4),
        record_bytes(b'{"schema": "sealane.trust/1", "schema": "sealane.trust/1"}'),
    ],
)  # fmt: skip


@BROKEN
def test_a_poisoned_state_is_refused_and_never_ignored(
    environment: dict[str, str], folder: Path, damage: Callable[[Path], None]
) -> None:
    store_root(root_of("own"), environment)
    damage(folder)
    with pytest.raises(TrustError, match="was changed") as caught:
        named_root("own", environment)
    assert "trust update own" in caught.value.hint
    assert "remove" in caught.value.hint


def test_a_poisoned_public_root_is_not_replaced_by_the_packaged_one(
    environment: dict[str, str], folder: Path
) -> None:
    store_root(root_of("public-good"), environment)
    poison(folder.parent / "public-good")
    with pytest.raises(TrustError, match="was changed"):
        named_root("public-good", environment)


def test_the_newer_of_stored_and_packaged_root_counts(environment: dict[str, str]) -> None:
    packaged = packaged_root("public-good")
    assert packaged is not None
    assert named_root("public-good", environment) == packaged
    seen = packaged.record.obtained_at
    newer = root_of("public-good", at=seen)
    store_root(newer, environment)
    assert named_root("public-good", environment) == newer
    store_root(root_of("public-good", at=seen - timedelta(seconds=1)), environment)
    assert named_root("public-good", environment) == packaged


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "x.json"])
def test_a_text_that_is_no_name_never_becomes_a_path(
    environment: dict[str, str], name: str
) -> None:
    with pytest.raises(TrustError, match="not a name"):
        stored_root(name, environment)


@pytest.mark.parametrize("place", ["/dev/null/x", "/proc/none"])
def test_a_state_that_cannot_be_written_is_named_and_read_as_empty(place: str) -> None:
    environment = {"XDG_STATE_HOME": place}
    assert stored_root("own", environment) is None
    assert stored_names(environment) == ()
    with pytest.raises(InputError, match=place):
        store_root(root_of("own"), environment)


def test_a_relative_state_folder_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder({"XDG_STATE_HOME": "x"}) == tmp_path / ".local" / "state" / "sealane"
    monkeypatch.setenv("HOME", "relative")
    assert state_folder({"XDG_STATE_HOME": "x"}) is None
    assert stored_root("own", {}) is None
    assert stored_names({}) == ()
    with pytest.raises(TrustError, match="no home directory"):
        store_root(root_of("own"), {})


def test_a_folder_that_is_no_root_is_not_listed(environment: dict[str, str], folder: Path) -> None:
    store_root(root_of("own"), environment)
    (folder.parent / "half").mkdir()
    (folder.parent / "NOT_A_NAME").mkdir()
    assert stored_names(environment) == ("own",)


def test_an_export_is_read_back_to_the_byte() -> None:
    root = root_of("own", as_bytes(own_root()) + b" \n")
    file = parse_root_file(render_export(root), "export")
    assert (file.content, file.record, file.sha256) == (
        root.content,
        root.record,
        root.record.sha256,
    )


def export_with(**members: object) -> bytes:
    document = {**json.loads(render_export(root_of("own"))), **members}
    return json.dumps({name: one for name, one in document.items() if one is not None}).encode()


@pytest.mark.parametrize(
    "content",
    [
        export_with(record=None), export_with(root=None), export_with(more=1),
        export_with(record=[]), export_with(record={}), export_with(root={}),
        export_with(root="{}"), export_with(root=as_bytes(own_root()).decode() + " "),
        export_with(root="\ud800"),
    ],
)  # fmt: skip
def test_an_export_that_was_changed_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_root_file(content, "export")


def test_an_export_of_what_is_no_root_is_refused() -> None:
    content = b'{"mediaType": "text/x"}'
    with pytest.raises(InputError, match="expected a trusted root"):
        parse_root_file(
            render_export(NamedRoot(Record("own", _sha256(content), AT, ""), content)), "export"
        )


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()
