"""Trust roots and policies that somebody else put there."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from sealane.io.adapters.clock import now
from support.attacks import Shell
from support.evidence import PROJECT, PUBLISHER, Signer


def changed_root(shell: Shell, file: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    root = json.loads((shell.directory / "trusted_root.json").read_text())
    change(root)
    file.write_text(json.dumps(root))
    return file


@pytest.mark.parametrize(
    ("room", "reason"),
    [
        ("certificateAuthorities", "SL-CRT-004"), ("tlogs", "SL-LOG-006"), ("ctlogs", "SL-SCT-003"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("start", "end", "code"), [(-90, -1, 1), (1, 9, 1), (-90, 9, 0)])
def test_what_was_not_valid_at_signing_proves_nothing(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path, *,
    room: str, reason: str, start: int, end: int, code: int,
) -> None:  # fmt: skip
    path = signer.attested(dist)

    def change(root: dict[str, Any]) -> None:
        at = now()
        limits = {"start": at + timedelta(hours=start), "end": at + timedelta(hours=end)}
        window = {name: moment.isoformat() for name, moment in limits.items()}
        for entry in root[room]:
            (entry if room == "certificateAuthorities" else entry["publicKey"])["validFor"] = window

    root = changed_root(shell, tmp_path / "root.json", change)
    found, output = shell.verify(path, "--publisher", PUBLISHER, "--trust", root)
    assert (found, reason in output) == (code, code == 1), output


def test_a_window_that_ends_before_it_starts_is_never_open(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path
) -> None:
    path = signer.attested(dist)

    def change(root: dict[str, Any]) -> None:
        for entry in root["tlogs"]:
            window = {"start": "2999-01-01T00:00:00Z", "end": "2000-01-01T00:00:00Z"}
            entry["publicKey"]["validFor"] = window

    root = changed_root(shell, tmp_path / "root.json", change)
    assert shell.verify(path, "--publisher", PUBLISHER, "--trust", root)[0] == 1


def only_authorities(root: dict[str, Any]) -> None:
    for name in set(root) - {"mediaType", "certificateAuthorities"}:
        del root[name]


def only_logs(root: dict[str, Any]) -> None:
    embedded = json.loads(Path(str(EMBEDDED_ROOT)).read_text())
    root["certificateAuthorities"] = embedded["certificateAuthorities"]
    root["timestampAuthorities"] = embedded["timestampAuthorities"]


EMBEDDED_ROOT = (
    Path(__file__).parents[2] / "src/sealane/io/stores/data/public-good/trusted_root.json"
)


@pytest.mark.parametrize("change", [only_authorities, only_logs, lambda root: None])
def test_no_part_of_a_sandbox_root_is_trusted_without_the_sandbox(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    path = signer.attested(dist)
    root = changed_root(shell, tmp_path / "root.json", change)
    code, output = shell.verify(path, "--publisher", PUBLISHER, "--trust", root, sandbox=False)
    assert (code, "it is a sandbox's" in output) == (4, True), output


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "//", "http://\x00", "\ud800"])
def test_no_address_in_a_root_stops_the_run(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path, url: str
) -> None:
    path = signer.attested(dist)

    def change(root: dict[str, Any]) -> None:
        root["certificateAuthorities"][0]["certChain"]["certificates"] = []
        root["tlogs"][0]["baseUrl"] = url

    root = changed_root(shell, tmp_path / "root.json", change)
    assert shell.verify(path, "--publisher", PUBLISHER, "--trust", root)[0] in {1, 4}


def test_a_sandbox_that_holds_another_root_is_refused(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path
) -> None:
    """Its verdicts would bear no stamp."""
    path = signer.attested(dist)
    fake = tmp_path / "fake"
    fake.mkdir()
    for name in ("public.json", "trust_config.json", "jwks.json"):
        shutil.copy(shell.directory / name, fake / name)
    shutil.copy(EMBEDDED_ROOT, fake / "trusted_root.json")
    shell.directory = fake
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "not a sandbox's" in output) == (4, True), output


POLICY = f"""schema = "sealane.policy/1"
id = "acme"
[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "{PROJECT}"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{{pep440}}"
[[rule]]
match = ["MATCH"]
require = [{{ predicate = "publish", by = "ci" }}]
"""


@pytest.mark.parametrize(
    ("match", "code"),
    [
        ("pkg:pypi/hello-lane", 0), ("pkg:pypi/hello-*", 0), ("pkg:pypi/hello-lane@1.2.3", 0),
        ("pkg:pypi/hello", 1), ("pkg:pypi/hello-lane@1.2.4", 1), ("pkg:pypi/*.3", 5),
    ],
)  # fmt: skip
def test_a_rule_is_about_the_package_it_names(
    signer: Signer, shell: Shell, dist: Path, match: str, code: int
) -> None:
    path = signer.attested(dist)
    Path("p.toml").write_text(POLICY.replace("MATCH", match))
    found, output = shell.verify(path, "--policy", "p.toml")
    assert (found, "SL-POL-001 no-rule" in output) == (code, code == 1), output


def test_a_link_to_a_policy_that_was_allowed_elsewhere_does_not_count(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = signer.attested(dist)
    policy = Path("sealane.policy.toml").absolute()
    policy.write_text(POLICY.replace("MATCH", "*"))
    assert run(["policy", "allow"]) == 0
    assert shell.verify(path)[0] == 0
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    monkeypatch.chdir(stranger)
    Path("sealane.policy.toml").symlink_to(policy)
    code, output = shell.verify(path)
    assert (code, "does not count yet" in output) == (3, True), output
    # A link to the folder is the folder.
    (tmp_path / "link").symlink_to(policy.parent)
    monkeypatch.chdir(tmp_path / "link")
    assert shell.verify(path)[0] == 0


@pytest.mark.parametrize(
    ("state", "home"), [("", "."), (".", "."), ("state", ""), (".local/state", ".")]
)
def test_a_folder_does_not_hold_the_list_of_what_it_is_allowed(
    signer: Signer,
    shell: Shell,
    dist: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    state: str,
    home: str,
) -> None:
    path = signer.attested(dist)
    policy = Path("sealane.policy.toml")
    policy.write_text(POLICY.replace("MATCH", "*"))
    planted = Path.cwd() / "planted"
    monkeypatch.setenv("XDG_STATE_HOME", str(planted))
    assert run(["policy", "allow"]) == 0
    for place in (".", "state", ".local/state"):
        shutil.copytree(planted, place, dirs_exist_ok=True)
    monkeypatch.setenv("XDG_STATE_HOME", state)
    monkeypatch.setenv("HOME", home)
    code, _ = shell.verify(path)
    assert code in {3, 5}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id = ", "expires = 0001-01-01T00:00:00+10:00\nid = "), "expires: not a time in UTC"),
        (("id = ", "expires = 9999-12-31T23:59:59-10:00\nid = "), "expires: not a time in UTC"),
        (('id = "acme"', f"id{'.a' * 3000} = 1"), "id"),
        (('id = "acme"', f"id = {'[' * 900}{']' * 900}"), "policy p.toml"),
        (('id = "acme"', f"id = {'9' * 5000}"), "policy p.toml"),
        (('id = "acme"', 'id = "a\\u001b[2J"'), "id"),
    ],
    ids=["year-1", "year-9999", "deep-table", "deep-array", "long-number", "escape"],
)
def test_no_policy_stops_the_run(
    signer: Signer, shell: Shell, dist: Path, change: tuple[str, str], message: str
) -> None:
    path = signer.attested(dist)
    Path("p.toml").write_text(POLICY.replace("MATCH", "*").replace(*change))
    code, output = shell.verify(path, "--policy", "p.toml")
    assert (code, message in output) == (5, True), output
