"""The sandbox's repository is what python-tuf's own client accepts, version after version."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tuf.api.metadata import Metadata, Root, Targets

from sealane.errors import InputError
from sealane.sandbox.services.tuf import Tuf
from sealane.sandbox.state import State
from sealane.sandbox.tuf import load_tuf_key, write_repository
from sealane.sandbox.wire import Response, dispatch
from support.sandbox_parts import request

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
TARGETS = {"trusted_root.json": b"root", "signing_config.v0.2.json": b"config"}


def version_of(folder: Path) -> int:
    return int(json.loads((folder / "timestamp.json").read_bytes())["signed"]["version"])


def test_one_key_signs_all_four_roles(tmp_path: Path) -> None:
    initial = write_repository(tmp_path, KEY, TARGETS, AT)
    root = Metadata[Root].from_bytes(initial)
    assert root.signed.consistent_snapshot
    assert {len(role.keyids) for role in root.signed.roles.values()} == {1}
    root.verify_delegate("root", root)
    version = version_of(tmp_path)
    assert version == int(AT.timestamp())
    for role in ("targets", "snapshot"):
        metadata = Metadata[Targets].from_file(str(tmp_path / f"{version}.{role}.json"))
        root.verify_delegate(role, metadata)
        assert metadata.signed.expires == AT + timedelta(days=365)


def test_the_initial_root_is_written_once(tmp_path: Path) -> None:
    first = write_repository(tmp_path, KEY, TARGETS, AT)
    assert write_repository(tmp_path, KEY, TARGETS, AT + timedelta(days=1)) == first


def test_versions_only_grow_whatever_the_clock_says(tmp_path: Path) -> None:
    versions = []
    for at in (AT, AT, AT - timedelta(days=1), AT + timedelta(days=1)):
        write_repository(tmp_path, KEY, TARGETS, at)
        versions.append(version_of(tmp_path))
    assert versions == sorted(set(versions))


def test_a_broken_repository_is_an_error(tmp_path: Path) -> None:
    write_repository(tmp_path, KEY, TARGETS, AT)
    (tmp_path / "timestamp.json").write_text("{}")
    with pytest.raises(InputError, match="not TUF metadata"):
        write_repository(tmp_path, KEY, TARGETS, AT)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


def test_the_key_is_kept_for_the_user_alone(state: State) -> None:
    def raw() -> bytes:
        return load_tuf_key(state).public_key().public_bytes_raw()

    assert raw() == raw()
    assert (state.directory / "tuf.key").stat().st_mode & 0o777 == 0o600


def other_kind(file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem)


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b""), other_kind])
def test_a_broken_key_is_an_error(state: State, damage: Callable[[Path], None]) -> None:
    load_tuf_key(state)
    damage(state.directory / "tuf.key")
    with pytest.raises(InputError, match="cannot be read"):
        load_tuf_key(state)


def get(folder: Path, path: str) -> Response:
    return dispatch(Tuf(folder).routes(), request("GET", path))


def test_files_are_served_and_what_is_missing_is_404(tmp_path: Path) -> None:
    write_repository(tmp_path, KEY, TARGETS, AT)
    assert get(tmp_path, "/tuf/1.root.json").body == (tmp_path / "1.root.json").read_bytes()
    (target,) = (tmp_path / "targets").glob("*.trusted_root.json")
    assert get(tmp_path, f"/tuf/targets/{target.name}").body == b"root"
    assert get(tmp_path, "/tuf/2.root.json").status == 404


@pytest.mark.parametrize(
    "path", ["/tuf/../secret", "/tuf/.hidden", "/tuf/targets/../x", "/tuf//etc/passwd", "/tuf/"]
)
def test_nothing_outside_is_served(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "tuf"
    folder.mkdir()
    for name in ("secret", "x"):
        (tmp_path / name).write_text("secret")
    (folder / ".hidden").write_text("secret")
    assert get(folder, path).status == 404


def test_a_file_that_cannot_be_served_is_said(tmp_path: Path) -> None:
    with (tmp_path / "timestamp.json").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert get(tmp_path, "/tuf/timestamp.json").status == 500
