"""What counts as a trust root, and whose it is, by its file alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sealane.core.verify.root_file import Kind, is_root_name, is_sandbox, read_root
from sealane.errors import InputError
from support.roots import KIND, as_bytes, own_root, sandbox_root

CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"


@pytest.mark.parametrize("name", ["public-good", "a", "0", "corp.example.org", "x" * 64])
def test_a_name_is_of_small_letters_digits_dots_and_hyphens(name: str) -> None:
    assert is_root_name(name)


@pytest.mark.parametrize(
    "text",
    ["", "A", "-a", ".a", "a/b", "./a", "a..b", "a_b", "é", "a\n", "a b", "root.json", "p.toml",
     "x" * 65],
)  # fmt: skip
def test_any_other_text_is_a_path(text: str) -> None:
    assert not is_root_name(text)


@pytest.mark.parametrize("kind", Kind)
def test_one_entry_of_any_kind_makes_a_root(kind: Kind) -> None:
    bare = {"mediaType": KIND, kind: own_root()[kind]}
    assert read_root(as_bytes(bare), "root") == bare


def test_a_client_trust_configuration_holds_one() -> None:
    config = {"mediaType": CONFIG, "trustedRoot": own_root(), "signingConfig": {}}
    assert read_root(as_bytes(config), "config") == own_root()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[]", "expected an object", id="list"),
        pytest.param(b"{}", "expected a trusted root, got 'None'", id="nothing"),
        pytest.param(as_bytes({"mediaType": "text/x"}), "got 'text/x'", id="other-type"),
        pytest.param(as_bytes({"mediaType": CONFIG}), "trustedRoot: expected an object", id="hole"),
        pytest.param(as_bytes({"mediaType": KIND}), "it trusts nothing", id="no-member"),
        pytest.param(
            as_bytes({"mediaType": KIND, "tlogs": [], "ctlogs": None}), "trusts nothing", id="none"
        ),
        pytest.param(
            as_bytes({**own_root(), "ctlogs": {}}), "ctlogs: expected a list", id="wrong-type"
        ),
        pytest.param(
            as_bytes(own_root())[:-1] + b', "tlogs": []}', "'tlogs' stands twice", id="twice"
        ),
        pytest.param(
            as_bytes({**own_root(), "certificate_authorities": []}), "lowerCamelCase", id="proto"
        ),
    ],
)
def test_what_is_no_root_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_root(content, "root")


def test_a_root_without_any_mark_is_not_a_sandboxs() -> None:
    assert not is_sandbox(own_root())
    assert is_sandbox(sandbox_root())


@pytest.mark.parametrize("kind", Kind)
def test_one_mark_in_any_entry_is_enough(kind: Kind) -> None:
    mixed = {**own_root(), kind: [*own_root()[kind], *sandbox_root()[kind]]}
    marked = "sealane.invalid" in json.dumps(sandbox_root()[kind])
    # The certificate log's URL has the sandbox's address, and no name of it.
    assert is_sandbox(mixed) == (marked or kind in (Kind.AUTHORITY, Kind.TIME))


def test_a_mark_in_capital_letters_is_one() -> None:
    root = own_root()
    root["tlogs"][0]["baseUrl"] = "https://REKOR.SEALANE.INVALID./"
    assert is_sandbox(root)


def drop_chain(root: dict[str, Any]) -> None:
    del root["certificateAuthorities"][0]["certChain"]


def break_base64(root: dict[str, Any]) -> None:
    root["timestampAuthorities"][0]["certChain"]["certificates"][0]["rawBytes"] = "%"


def number_for_entry(root: dict[str, Any]) -> None:
    root["tlogs"] = [1]


def number_for_url(root: dict[str, Any]) -> None:
    root["ctlogs"][0]["baseUrl"] = 1


@pytest.mark.parametrize("change", [drop_chain, break_base64, number_for_entry, number_for_url])
def test_an_entry_that_cannot_be_read_is_an_error(change: Callable[[dict[str, Any]], None]) -> None:
    root = own_root()
    change(root)
    with pytest.raises(InputError):
        is_sandbox(root)
