"""Roots come from a path or the package, pinned; a sandbox's only where one is named."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealane.errors import TrustError, UsageError
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust.change import pin_root
from sealane.io.stores.trust.files import render_export
from sealane.io.stores.trust.interface import EMBEDDED, STAGING
from sealane.io.stores.trust.load import (
    check_trust_age,
    load_trust,
    load_trust_config,
    root_on_command_line,
)
from sealane.io.stores.trust.resolve import named_root
from sealane.sandbox.trust import signing_config, trust_config, trusted_root
from support.roots import as_bytes, own_root
from support.sandbox_parts import sandbox_keys

BASE = "http://127.0.0.1:4711"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The user's state is the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def named(tmp_path: Path) -> NamedSandbox:
    root = trusted_root(sandbox_keys(), base=BASE)
    config = trust_config(root, signing_config(sandbox_keys(), base=BASE))
    (tmp_path / "trusted_root.json").write_text(json.dumps(root))
    (tmp_path / "trust_config.json").write_text(json.dumps(config))
    files = (tmp_path / name for name in ("trusted_root.json", "trust_config.json", "jwks.json"))
    return NamedSandbox(tmp_path, BASE, *files)


def test_the_embedded_root_is_the_default() -> None:
    trust = load_trust(None, sandbox=None)
    assert (trust.name, trust.sandbox) == (EMBEDDED, False)
    assert trust.sha256.startswith("6494e21e")
    assert load_trust(EMBEDDED, sandbox=None) == trust
    assert str(trust) == f"embedded (sha256:{trust.sha256})"


def test_the_embedded_signing_configuration_holds_the_embedded_root() -> None:
    config = json.loads(load_trust_config(sandbox=None))
    assert config["trustedRoot"] == json.loads(load_trust(None, sandbox=None).root)
    assert config["signingConfig"]["caUrls"]


def test_a_named_sandbox_has_its_own_root_and_it_is_marked(named: NamedSandbox) -> None:
    trust = load_trust(None, sandbox=named)
    assert trust.sandbox
    assert trust.name == str(named.trusted_root)
    assert load_trust_config(sandbox=named) == named.trust_config.read_bytes()


def test_a_production_root_given_with_a_sandbox_is_used_as_given(named: NamedSandbox) -> None:
    assert load_trust(EMBEDDED, sandbox=named) == load_trust(None, sandbox=None)


@pytest.mark.parametrize("file", ["trusted_root", "trust_config"])
def test_a_sandbox_root_is_refused_without_its_sandbox(named: NamedSandbox, file: str) -> None:
    with pytest.raises(TrustError, match="it is a sandbox's"):
        load_trust(str(getattr(named, file)), sandbox=None)


@pytest.mark.parametrize("mark", ["authority", "log", "stamp"])
def test_one_mark_of_a_sandbox_is_enough(named: NamedSandbox, tmp_path: Path, mark: str) -> None:
    mixed = json.loads(load_trust(None, sandbox=None).root)
    ours = json.loads(named.trusted_root.read_bytes())
    if mark == "authority":
        mixed["certificateAuthorities"] += ours["certificateAuthorities"]
    elif mark == "stamp":
        mixed["timestampAuthorities"] += ours["certificateAuthorities"]
    else:
        mixed["tlogs"] += ours["tlogs"]
    file = tmp_path / "mixed.json"
    file.write_text(json.dumps(mixed))
    with pytest.raises(TrustError, match="it is a sandbox's"):
        load_trust(str(file), sandbox=None)


def test_another_digest_than_the_pinned_one_is_refused(named: NamedSandbox) -> None:
    content = named.trusted_root.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert load_trust(None, sandbox=named, sha256=digest).sha256 == digest
    named.trusted_root.write_bytes(content + b" ")
    with pytest.raises(TrustError, match="expected sha256"):
        load_trust(None, sandbox=named, sha256=digest)


CA = {"certificateAuthorities": [{"certChain": {"certificates": [{"rawBytes": "%"}]}}]}
KIND = {"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"mediaType": 1}', json.dumps(KIND), json.dumps({**KIND, **CA}),
        json.dumps({**KIND, "certificateAuthorities": [1]}),
        json.dumps({"mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"}),
        json.dumps({**KIND, "certificateAuthorities": [{}], "a": 1})[:-1] + ', "a": 2}',
        base64.b64encode(b"x").decode(),
    ],
)  # fmt: skip
def test_what_is_no_root_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "root.json"
    file.write_text(content)
    with pytest.raises(TrustError):
        load_trust(str(file), sandbox=None)


def test_a_missing_root_is_refused(tmp_path: Path) -> None:
    for name in (tmp_path, tmp_path / "none"):
        with pytest.raises(TrustError):
            load_trust(str(name), sandbox=None)


AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def pin(tmp_path: Path, environment: dict[str, str], name: str, content: bytes) -> None:
    file = tmp_path / "to-pin.json"
    file.write_bytes(content)
    pin_root(name, file, sha256=None, replace=True, at=AT, sandbox=True, environment=environment)


def test_each_name_means_one_root(tmp_path: Path, environment: dict[str, str]) -> None:
    pin(tmp_path, environment, "own", as_bytes(own_root()))
    found = [load_trust(name, sandbox=None) for name in ("public-good", STAGING, "own")]
    assert [one.name for one in found] == [EMBEDDED, STAGING, "own"]
    assert len({one.sha256 for one in found}) == 3
    assert json.loads(found[2].root) == own_root()


def test_an_updated_public_root_counts_and_is_not_called_embedded(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    content = load_trust(None, sandbox=None).root
    pin(tmp_path, environment, "public-good", content)
    trust = load_trust(None, sandbox=None)
    assert trust.name == "public-good"
    assert trust.sha256 == hashlib.sha256(content).hexdigest()
    assert load_trust(EMBEDDED, sandbox=None) == trust


def test_a_name_nobody_gave_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TrustError, match="there are public-good, staging") as caught:
        load_trust("own", sandbox=None)
    assert "trust pin" in caught.value.hint


def test_a_stored_sandbox_root_is_refused_without_a_sandbox(
    tmp_path: Path, environment: dict[str, str], named: NamedSandbox
) -> None:
    pin(tmp_path, environment, "play", named.trusted_root.read_bytes())
    with pytest.raises(TrustError, match="it is a sandbox's"):
        load_trust("play", sandbox=None)
    assert load_trust("play", sandbox=named).sandbox


def test_an_export_is_judged_by_with_its_age(tmp_path: Path, environment: dict[str, str]) -> None:
    pin(tmp_path, environment, "own", as_bytes(own_root()))
    root = named_root("own", environment)
    assert root is not None
    file = tmp_path / "export.json"
    file.write_bytes(render_export(root))
    trust = load_trust(str(file), sandbox=None, sha256=root.record.sha256)
    assert trust.obtained_at == AT
    file.write_bytes(file.read_bytes().replace(b"example.org", b"example.net"))
    with pytest.raises(TrustError, match="expected sha256"):
        load_trust(str(file), sandbox=None)


def test_a_pinned_digest_holds_for_a_name_too() -> None:
    with pytest.raises(TrustError, match="expected sha256"):
        load_trust(STAGING, sandbox=None, sha256="0" * 64)


@pytest.mark.parametrize("kind", ["timestampAuthorities", "tlogs"])
def test_a_root_without_certificate_authorities_is_one(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "root.json"
    file.write_bytes(as_bytes({**KIND, kind: own_root()[kind]}))
    assert not load_trust(str(file), sandbox=None).sandbox


def test_the_age_of_a_plain_file_is_unknown(tmp_path: Path, named: NamedSandbox) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(as_bytes(own_root()))
    trust = load_trust(str(file), sandbox=None)
    assert "unknown" in check_trust_age(trust, AT, None)
    with pytest.raises(TrustError, match="nobody knows"):
        check_trust_age(trust, AT, 90)
    # A sandbox's lives as long as its sandbox.
    assert check_trust_age(load_trust(None, sandbox=named), AT, 90) == ""


def test_the_packaged_root_ages_too() -> None:
    trust = load_trust(None, sandbox=None)
    assert trust.obtained_at is not None
    assert check_trust_age(trust, trust.obtained_at + timedelta(days=89), None) == ""
    assert "90 days old" in check_trust_age(trust, trust.obtained_at + timedelta(days=90), None)
    with pytest.raises(TrustError, match="at most 400 days"):
        check_trust_age(trust, trust.obtained_at + timedelta(days=401), None)


def test_a_flag_names_a_root_or_a_file_and_never_both(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for text in ("staging", "nobodys", "./staging", "root.json", "/x/staging"):
        assert root_on_command_line(text, environment) == text
    for name in ("staging", "embedded", "none", "nobodys"):
        (tmp_path / name).write_text("{}")
    assert root_on_command_line("nobodys", environment) == "./nobodys"
    assert root_on_command_line("./staging", environment) == "./staging"
    for text in ("staging", "embedded", "none"):
        with pytest.raises(UsageError, match="and so has a file"):
            root_on_command_line(text, environment)


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_DATA_HOME", "HOME"])
def test_a_poisoned_or_unwritable_user_cache_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    before = load_trust(None, sandbox=None)
    staging = load_trust(STAGING, sandbox=None).root
    for below in (".", ".cache", ".local/share"):
        # Where sigstore keeps its roots, by the name of each repository.
        for url in ("sigstore.dev", "sigstage.dev"):
            place = f"sigstore-python/tuf/https%3A%2F%2Ftuf-repo-cdn.{url}"
            folder = tmp_path / "home" / below / place
            folder.mkdir(parents=True)
            (folder / "trusted_root.json").write_bytes(staging)
    monkeypatch.setenv(variable, str(tmp_path / "home"))
    assert load_trust(None, sandbox=None) == before
    monkeypatch.setenv(variable, "/dev/null")
    assert load_trust(None, sandbox=None) == before
