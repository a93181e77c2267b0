"""The root "none" trusts nobody, has no age, and is nothing but itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.core.policy.schema import NO_ROOT
from sealane.core.verify.root import TrustRoot, parse_root
from sealane.errors import TrustError
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust.load import check_trust_age, load_trust

AT = datetime(2026, 6, 1, tzinfo=UTC)


def test_it_holds_no_key_and_no_authority() -> None:
    trust = load_trust(NO_ROOT, sandbox=None)
    assert parse_root(trust.root) == TrustRoot()
    assert (trust.name, trust.sandbox, trust.obtained_at) == ("none", False, None)
    assert load_trust(NO_ROOT, sandbox=None, sha256=trust.sha256) == trust


def test_it_has_no_age() -> None:
    assert check_trust_age(load_trust(NO_ROOT, sandbox=None), AT, None) == ""
    assert check_trust_age(load_trust(NO_ROOT, sandbox=None), AT, 1) == ""


def test_it_has_no_other_digest() -> None:
    with pytest.raises(TrustError, match="there is no file"):
        load_trust(NO_ROOT, sandbox=None, sha256="a" * 64)


def test_a_rehearsal_stays_one_without_a_root(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("root.json", "config.json", "jwks.json")]
    named = NamedSandbox(tmp_path, "http://127.0.0.1:1", *files)
    assert load_trust(NO_ROOT, sandbox=named).sandbox


def test_no_stored_root_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "none").write_bytes(load_trust(None, sandbox=None).root)
    monkeypatch.chdir(tmp_path)
    assert parse_root(load_trust(NO_ROOT, sandbox=None).root) == TrustRoot()
