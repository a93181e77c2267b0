"""Whatever changes a root is judged and shown first; what is refused changes nothing."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealane.core.verify.root_diff import Sort
from sealane.errors import NetworkError, TrustError, UsageError
from sealane.io.adapters.mutex import exclusive
from sealane.io.stores.trust.change import (
    Repository,
    Stored,
    pin_root,
    repository_of,
    update_root,
)
from sealane.io.stores.trust.files import render_export
from sealane.io.stores.trust.interface import NamedRoot
from sealane.io.stores.trust.packaged import packaged_root
from sealane.io.stores.trust.resolve import named_root
from support.roots import as_bytes, own_root, sandbox_root

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
REPOSITORY = Repository("https://tuf.example.org", b'{"signed": {}}')
CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


class Pin:
    """Pins with the usual arguments."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.file = folder / "root.json"
        self.environment = environment

    def __call__(
        self,
        content: bytes,
        name: str = "own",
        *,
        sha256: str | None = None,
        replace: bool = False,
        at: datetime = AT,
        sandbox: bool = False,
    ) -> Stored:
        self.file.write_bytes(content)
        return pin_root(
            name, self.file,
            sha256=sha256, replace=replace, at=at, sandbox=sandbox, environment=self.environment,
        )  # fmt: skip

    def stored(self, name: str = "own") -> NamedRoot | None:
        return named_root(name, self.environment)


@pytest.fixture
def pin(tmp_path: Path, environment: dict[str, str]) -> Pin:
    return Pin(tmp_path, environment)


def closed() -> bytes:
    root = own_root()
    root["tlogs"][0]["publicKey"]["validFor"]["end"] = "2030-01-01T00:00:00Z"
    return as_bytes(root)


def test_a_pinned_root_is_stored_with_what_is_known_of_it(pin: Pin) -> None:
    done = pin(as_bytes(own_root()))
    assert done.root == pin.stored()
    assert done.before == ""
    assert {change.sort for change in done.changes} == {Sort.ADDED}
    assert done.root.record.obtained_at == AT
    assert done.root.record.source == "pinned from 'root.json'"


def test_of_a_client_trust_configuration_the_root_is_stored(pin: Pin) -> None:
    config = {"mediaType": CONFIG, "trustedRoot": own_root(), "signingConfig": {}}
    assert json.loads(pin(as_bytes(config)).root.content) == own_root()


def test_another_root_is_replaced_only_when_that_is_said(pin: Pin) -> None:
    first = pin(as_bytes(own_root())).root
    with pytest.raises(TrustError, match="window closed: log") as caught:
        pin(closed())
    assert "--replace" in caught.value.hint
    assert pin.stored() == first
    done = pin(closed(), replace=True)
    assert [change.sort for change in done.changes] == [Sort.CLOSED]
    assert done.before == first.record.sha256
    assert pin.stored() == done.root


def test_a_public_name_is_not_taken_by_another_root(pin: Pin) -> None:
    with pytest.raises(TrustError, match="another one has that name"):
        pin(as_bytes(own_root()), "public-good")
    assert pin.stored("public-good") == packaged_root("public-good")


def test_the_same_root_pinned_later_is_younger_and_never_older(pin: Pin) -> None:
    pin(as_bytes(own_root()))
    later = AT + timedelta(days=1)
    assert pin(as_bytes(own_root()), at=later).root.record.obtained_at == later
    assert pin(as_bytes(own_root()), at=AT).root.record.obtained_at == later
    assert pin.stored() == pin(as_bytes(own_root()), at=later).root


def test_an_export_keeps_its_age(pin: Pin, tmp_path: Path) -> None:
    first = pin(as_bytes(own_root()), at=AT - timedelta(days=30)).root
    elsewhere = Pin(tmp_path, {"XDG_STATE_HOME": str(tmp_path / "elsewhere")})
    assert elsewhere(render_export(first), sha256=first.record.sha256).root == first


def test_an_export_that_is_too_old_is_refused(pin: Pin, tmp_path: Path) -> None:
    first = pin(as_bytes(own_root()), at=AT - timedelta(days=401)).root
    elsewhere = Pin(tmp_path, {"XDG_STATE_HOME": str(tmp_path / "elsewhere")})
    with pytest.raises(TrustError, match="at most 400 days"):
        elsewhere(render_export(first))
    assert elsewhere.stored() is None


@pytest.mark.parametrize(("exported", "name"), [("own", "public-good"), ("staging", "own")])
def test_a_public_instances_root_keeps_its_name(
    pin: Pin, environment: dict[str, str], exported: str, name: str
) -> None:
    pin(as_bytes(own_root()))
    root = named_root(exported, environment)
    assert root is not None
    with pytest.raises(TrustError, match=f"it is '{exported}', not '{name}'"):
        pin(render_export(root), name, replace=True)


def test_an_export_older_than_the_package_would_never_count_and_is_refused(pin: Pin) -> None:
    packaged = packaged_root("public-good")
    assert packaged is not None
    older = packaged.record._replace(obtained_at=packaged.record.obtained_at - timedelta(days=1))
    content = packaged.content + b"\n"
    changed = older._replace(sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(TrustError, match="the one in the package is newer"):
        pin(render_export(NamedRoot(changed, content)), "public-good", replace=True)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", as_bytes({**own_root(), "tlogs": [1]})])
def test_what_is_no_root_is_not_pinned(pin: Pin, content: bytes) -> None:
    with pytest.raises(TrustError):
        pin(content)
    assert pin.stored() is None


def test_another_digest_than_the_given_one_is_refused(pin: Pin) -> None:
    with pytest.raises(TrustError, match="expected sha256 0000"):
        pin(as_bytes(own_root()), sha256="0" * 64)
    assert pin.stored() is None


def test_a_sandboxs_root_is_pinned_only_for_a_sandbox(pin: Pin) -> None:
    with pytest.raises(TrustError, match="it is a sandbox's"):
        pin(as_bytes(sandbox_root()))
    assert pin.stored() is None
    assert pin(as_bytes(sandbox_root()), sandbox=True).root == pin.stored()


def update(
    content: bytes | Exception, environment: dict[str, str], *, sandbox: bool = False
) -> Stored:
    """Update with what a fetch that was verified would give."""

    def fetch(repository: Repository, folder: Path) -> bytes:
        assert (repository, folder.parent.name) == (REPOSITORY, "tuf")
        if isinstance(content, Exception):
            raise content
        return content

    return update_root("own", REPOSITORY, fetch, at=AT, sandbox=sandbox, environment=environment)


def test_an_update_is_stored_with_where_it_came_from(pin: Pin, environment: dict[str, str]) -> None:
    first = update(as_bytes(own_root()), environment)
    assert first.root == pin.stored()
    assert first.root.record.source == "TUF, https://tuf.example.org"
    again = update(closed(), environment)
    assert [change.sort for change in again.changes] == [Sort.CLOSED]
    assert again.before == first.root.record.sha256


def test_the_next_update_knows_where_to_ask(environment: dict[str, str]) -> None:
    update(as_bytes(own_root()), environment)
    assert repository_of("own", None, None, environment) == REPOSITORY


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", as_bytes(sandbox_root()), as_bytes({**own_root(), "ctlogs": [1]}),
     NetworkError("down"), TrustError("rolled back")],
)  # fmt: skip
def test_a_refused_update_leaves_the_root_as_it_was(
    pin: Pin, environment: dict[str, str], content: bytes | Exception
) -> None:
    first = update(as_bytes(own_root()), environment).root
    with pytest.raises((TrustError, NetworkError)):
        update(content, environment)
    assert pin.stored() == first


def test_a_poisoned_root_is_mended_by_an_update(
    pin: Pin, environment: dict[str, str], tmp_path: Path
) -> None:
    update(as_bytes(own_root()), environment)
    for file in (tmp_path / "state" / "sealane" / "trust" / "own").glob("*.json"):
        if file.stem not in ("record", "repository"):
            file.write_bytes(b"poison")
    with pytest.raises(TrustError):
        pin.stored()
    assert update(as_bytes(own_root()), environment).before == ""
    assert pin.stored() is not None


def test_two_updates_at_once_are_one_too_many(environment: dict[str, str], tmp_path: Path) -> None:
    lock = tmp_path / "state" / "sealane" / "trust" / "own" / "tuf.lock"
    with exclusive(lock, what="x"), pytest.raises(UsageError, match="another process"):
        update(as_bytes(own_root()), environment)


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("own", (None, False), "nobody knows where it comes from"),
        ("own", ("https://x.example.org", False), "belong together"),
        ("own", (None, True), "belong together"),
        ("public-good", (None, True), "has its own"),
        ("staging", ("https://x.example.org", True), "has its own"),
    ],
)
def test_half_a_repository_is_a_wrong_command_line(
    environment: dict[str, str],
    tmp_path: Path,
    name: str,
    options: tuple[str | None, bool],
    why: str,
) -> None:
    file = tmp_path / "root.json"
    file.write_bytes(REPOSITORY.root)
    with pytest.raises(UsageError, match=why):
        repository_of(name, options[0], file if options[1] else None, environment)


def test_a_public_instance_may_have_a_mirror_and_keeps_its_own_initial_root(
    environment: dict[str, str],
) -> None:
    own = repository_of("public-good", None, None, environment)
    mirror = repository_of("public-good", "https://mirror.example.org", None, environment)
    assert mirror == Repository("https://mirror.example.org", own.root)
    assert repository_of("staging", None, None, environment).root != own.root


def set_member(name: str, value: object) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        file.write_text(json.dumps({**json.loads(file.read_bytes()), name: value}))

    return change


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"{"), set_member("schema", "x"), set_member("url", 1),
        set_member("root", None), set_member("root", "\ud800"),
    ],
)  # fmt: skip
def test_a_broken_note_of_where_to_ask_is_refused(
    environment: dict[str, str], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    update(as_bytes(own_root()), environment)
    damage(tmp_path / "state" / "sealane" / "trust" / "own" / "repository.json")
    with pytest.raises(TrustError, match="not where a root comes from"):
        repository_of("own", None, None, environment)


def test_an_initial_root_that_cannot_be_read_is_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(TrustError, match=r"initial root .*none"):
        repository_of("own", "https://x.example.org", tmp_path / "none", environment)
