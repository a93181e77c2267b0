import stat
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters import clock
from sealane.sandbox.pki import load_keys, spki
from sealane.sandbox.state import State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def test_keys_are_made_once(state: State) -> None:
    now = clock.now()
    first = load_keys(state, now)
    again = load_keys(state, now + timedelta(days=3))
    assert again.created == first.created == now.replace(microsecond=0)
    assert spki(again.issuer.public_key()) == spki(first.issuer.public_key())
    assert spki(again.rekor1.public_key()) == spki(first.rekor1.public_key())
    assert again.authority.root == first.authority.root
    assert spki(again.rekor2.public_key()) == spki(first.rekor2.public_key())
    assert (again.tsa.leaf, again.tsa.root) == (first.tsa.leaf, first.tsa.root)
    assert again.tsa.key.public_key() == again.tsa.leaf.public_key()
    assert again.authority.key.public_key() == again.authority.intermediate.public_key()


def test_private_files_are_for_the_owner_only(state: State) -> None:
    load_keys(state, clock.now())
    keys = list(state.directory.glob("*.key"))
    assert len(keys) == 6
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys)
    assert stat.S_IMODE(state.directory.stat().st_mode) == 0o700


def test_the_roots_key_is_not_kept(state: State) -> None:
    keys = load_keys(state, clock.now())
    certified = (keys.authority.key, keys.rekor1, keys.ct, keys.tsa.key)
    kept = {spki(key.public_key()) for key in certified}
    for root in (keys.authority.root, keys.tsa.root):
        assert spki(root.public_key()) not in kept  # type: ignore[arg-type] # an EC key, as made


@pytest.mark.parametrize(
    "name",
    ["issuer.key", "rekor1.key", "rekor2.key", "fulcio.key", "tsa.key", "tsa.der", "tsa-root.der"],
)
@pytest.mark.parametrize("damage", ["gone", "broken", "other-kind"])
def test_damaged_keys_are_an_error_and_never_made_anew(
    state: State, name: str, damage: str
) -> None:
    load_keys(state, clock.now())
    path = state.directory / name
    if damage == "gone":
        path.unlink()
    elif damage == "broken":
        path.write_bytes(b"x")
    else:
        other = "rekor1.key" if name == "issuer.key" else "issuer.key"
        path.write_bytes((state.directory / other).read_bytes())
    with pytest.raises(InputError, match="keys cannot be read"):
        load_keys(state, clock.now())


def test_an_interrupted_first_start_makes_all_keys_again(state: State) -> None:
    first = load_keys(state, clock.now())
    state.write("DELETE FROM kv WHERE key = 'created'")
    (state.directory / "ct.key").unlink()
    again = load_keys(state, clock.now())
    assert again.authority.root != first.authority.root


def test_a_directory_of_an_older_version_is_refused_with_what_to_do(state: State) -> None:
    load_keys(state, clock.now())
    for name in ("rekor2.key", "tsa.key", "tsa.der", "tsa-root.der"):
        (state.directory / name).unlink()
    with pytest.raises(InputError, match="keys cannot be read") as raised:
        load_keys(state, clock.now())
    assert "delete the directory" in raised.value.hint


def test_a_key_that_is_not_its_certificates_is_refused(state: State) -> None:
    load_keys(state, clock.now())
    other = (state.directory / "ct.key").read_bytes()
    (state.directory / "tsa.key").write_bytes(other)
    with pytest.raises(InputError, match=r"tsa\.der is not the certificate of tsa\.key"):
        load_keys(state, clock.now())
