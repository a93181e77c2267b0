"""An outlet is made of exactly the settings of its kind."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.errors import InputError, UsageError
from sealane.io.outlets.interface import About, Outlet, Surroundings
from sealane.io.outlets.registry import KINDS, make_outlet, settings_of

ABOUT = About("PYSEC-0000-acme", ("CVE-2026-10001",))
SETTINGS = {
    "ghsa": {"url": "https://forge.example", "repository": "a/b", "token": "TOKEN"},
    "cve": {"url": "https://cve.example/api/", "organisation": "acme", "user": "a", "token": "T"},
    "csaf-tree": {"folder": "csaf", "url": "https://a.example/csaf", "publisher": "A",
                  "namespace": "https://a.example"},
    "osv-git": {"author": "A <a@b.example>", "folder": "patches"},
}  # fmt: skip


def make(kind: str, tmp_path: Path, **changes: str) -> Outlet:
    return made(kind, tmp_path, changes, sandbox=False)


def made(kind: str, tmp_path: Path, changes: dict[str, str], *, sandbox: bool) -> Outlet:
    around = Surroundings(
        os.environ, tmp_path, "test/1", sandbox=sandbox, sleep=lambda _: None,
        now=lambda: datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    return make_outlet(kind, "place", {**SETTINGS[kind], **changes}, ABOUT, around)


@pytest.mark.parametrize("kind", KINDS)
def test_an_outlet_says_its_name_kind_and_formats(kind: str, tmp_path: Path) -> None:
    outlet = make(kind, tmp_path)
    assert (outlet.name, outlet.kind) == ("place", kind)
    assert outlet.formats
    assert outlet.reversible is (kind not in ("ghsa", "cve"))
    assert outlet.hosts == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_setting_too_few_or_too_many_is_an_error(kind: str, tmp_path: Path) -> None:
    needed, _ = settings_of(kind)
    for name in needed:
        with pytest.raises(UsageError, match=f"needs {name}"):
            make(kind, tmp_path, **{name: ""})
    with pytest.raises(UsageError, match="has no setting colour"):
        make(kind, tmp_path, colour="red")


def test_an_unknown_kind_or_name_is_an_error(tmp_path: Path) -> None:
    around = Surroundings({}, tmp_path, "t", sandbox=False, sleep=lambda _: None, now=lambda: None)  # type: ignore[arg-type,return-value]  # never asked
    with pytest.raises(UsageError, match="expected one of"):
        make_outlet("mail", "place", {}, ABOUT, around)
    with pytest.raises(UsageError, match="name"):
        make_outlet("ghsa", "a b", SETTINGS["ghsa"], ABOUT, around)


def test_a_token_in_place_of_a_variable_is_refused_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name of a variable") as caught:
        make("ghsa", tmp_path, token="ghp-abcdefghijklmnop")
    assert "ghp-" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"push": "https://forge.example/a.git"}, "either push or folder"),
        ({"folder": ""}, "either push or folder"),
        ({"folder": "", "push": "https://forge.example/a.git"}, "push without repository"),
        ({"author": "nobody"}, "author"),
    ],
)
def test_settings_of_git_that_do_not_fit_together_are_refused(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        make("osv-git", tmp_path, **changes)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("ghsa", {}),
        ("cve", {}),
        ("osv-git", {"repository": "https://forge.example/a.git"}),
        ("osv-git", {"folder": "", "repository": "/db", "push": "https://forge.example/a.git"}),
        ("ghsa", {"url": "https://127.0.0.1@forge.example"}),
        ("ghsa", {"url": "https://[forge"}),
    ],
)
def test_a_rehearsal_tells_the_world_nothing(
    kind: str, changes: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="expected an address of the sandbox"):
        made(kind, tmp_path, changes, sandbox=True)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("ghsa", {"url": "http://127.0.0.1:1/ghsa"}),
        ("cve", {"url": "http://localhost:1/cve/api/"}),
        ("csaf-tree", {}),
        ("osv-git", {}),
        ("osv-git", {"repository": "/database"}),
    ],
)
def test_a_rehearsal_tells_this_machine(kind: str, changes: dict[str, str], tmp_path: Path) -> None:
    assert made(kind, tmp_path, changes, sandbox=True).kind == kind
