"""Roots come from a path or the package, pinned; a sandbox's only where one is named."""

import base64
import hashlib
import json
from importlib import resources
from pathlib import Path

import pytest

from sealane.errors import TrustError
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust import EMBEDDED, load_trust, load_trust_config
from sealane.sandbox.trust import signing_config, trust_config, trusted_root
from support.sandbox_parts import sandbox_keys

BASE = "http://127.0.0.1:4711"


@pytest.fixture
def named(tmp_path: Path) -> NamedSandbox:
    root = trusted_root(sandbox_keys(), base=BASE, rekor1_name="rekor.sealane.invalid")
    config = trust_config(root, signing_config(sandbox_keys(), base=BASE))
    (tmp_path / "trusted_root.json").write_text(json.dumps(root))
    (tmp_path / "trust_config.json").write_text(json.dumps(config))
    files = (tmp_path / name for name in ("trusted_root.json", "trust_config.json", "jwks.json"))
    return NamedSandbox(tmp_path, BASE, *files)


@pytest.mark.parametrize("name", ["trusted_root.json", "signing_config.v0.2.json"])
def test_the_embedded_files_are_those_of_the_installed_sigstore(name: str) -> None:
    ours = resources.files("sealane.io.stores").joinpath("data", "public-good", name).read_bytes()
    store = resources.files("sigstore").joinpath("_store")
    theirs = [
        found.read_bytes()
        for folder in store.iterdir()
        for found in [folder.joinpath(name)]
        if found.is_file()
    ]
    assert ours in theirs


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
