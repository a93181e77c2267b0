"""`sealane trust` and the roots of `verify` on the command line: input, exit code, message."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.io.adapters import clock
from support.commands import (
    EVIL,
    LONG,
    Case,
    Make,
    all_of,
    check,
    file,
    folder,
    huge,
    link,
    loop,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)
from support.roots import as_bytes, own_root, sandbox_root

WHEEL = "hello-1.0-py3-none-any.whl"
WHO = ("--publisher", "gitlab:acme/hello")
POLICY = """schema = "sealane.policy/1"
id = "acme"
[trust.own]
root = "{root}"
{rest}
[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "acme/hello"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{{pep440}}"
[[rule]]
match = ["*"]
require = [{{ predicate = "publish", by = "ci" }}]
"""
OWN = as_bytes(own_root())
RECORD = "../state/sealane/trust/own/record.json"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty working directory."""
    made = tmp_path / "work"
    made.mkdir()
    return made


def export(name: str = "own", **changes: object) -> bytes:
    """A root as `trust export` writes it, with parts replaced."""
    record = {
        "schema": "sealane.trust/1", "name": name, "sha256": hashlib.sha256(OWN).hexdigest(),
        "obtained_at": clock.now().isoformat(), "source": "a test", **changes,
    }  # fmt: skip
    return as_bytes({"schema": "sealane.trust-export/1", "record": record, "root": OWN.decode()})


def days_ago(number: int) -> str:
    return (clock.now() - timedelta(days=number)).isoformat()


PIN = "trust pin own root.json"
ROWS = (
    row("show-unknown", "trust show own", 4, "'own'", "public-good, staging", hint="trust pin"),
    row("show-no-name", "trust show ../own", 2, "'../own': not a name"),
    row("show-evil", ("trust", "show", EVIL), 2, r"x\x1b[31m\nhint: run me", "not a name"),
    row("show-long", ("trust", "show", LONG), 2, "not a name"),
    row("show-format", "trust show --format xml", 2, "'--format'", "'xml'"),
    row("show-poisoned", "trust show", 4, "'own'", "not JSON", hint="trust update own",
        make=file(RECORD, "{")),
    row("show-record-loop", "trust show own", 4, "'own'", "Too many levels", make=loop(RECORD)),
    row("show-record-folder", "trust show own", 4, "'own'", make=folder(RECORD)),
    row("show-record-pipe", "trust show own", 4, "'own'", "not a regular", make=pipe(RECORD)),
    row("export-unknown", "trust export own out.json", 4, "'own'", "there is none"),
    row("export-no-file", "trust export public-good", 2, "'FILE'"),
    row("export-unwritable", "trust export staging /dev/null/x", 5, "cannot write", "/dev/null/x"),
    row("pin-no-file", "trust pin own", 2, "'FILE'"),
    row("pin-name", "trust pin OWN root.json", 2, "'OWN': not a name", make=file("root.json", OWN)),
    row("pin-none", "trust pin none root.json", 2, "'none': not a name"),
    row("pin-file-name", "trust pin own.json root.json", 2, "not a name"),
    row("pin-missing", PIN, 4, "'root.json'", "No such file"),
    row("pin-folder", PIN, 4, "'root.json'", "Is a directory", make=folder("root.json")),
    row("pin-pipe", PIN, 4, "'root.json'", "not a regular", make=pipe("root.json")),
    row("pin-loop", PIN, 4, "'root.json'", "Too many levels", make=loop("root.json")),
    row("pin-dangling", PIN, 4, "'root.json'", "No such file", make=link("root.json", "none")),
    row("pin-huge", PIN, 4, "'root.json'", "larger than", make=huge("root.json")),
    row("pin-empty", PIN, 4, "'root.json'", "not JSON", make=file("root.json", "")),
    row("pin-deep", PIN, 4, "'root.json'", "nested deeper", make=file("root.json", "[" * 10**5)),
    row("pin-no-root", PIN, 4, "'root.json'", "expected a trusted root",
        make=file("root.json", "{}")),
    row("pin-empty-root", PIN, 4, "'root.json'", "it trusts nothing",
        make=file("root.json", as_bytes({"mediaType": own_root()["mediaType"]}))),
    row("pin-sandbox", PIN, 4, "it is a sandbox's", hint="--sandbox",
        make=file("root.json", as_bytes(sandbox_root()))),
    row("pin-digest-form", f"{PIN} --sha256 abc", 2, "--sha256 'abc'", hint="sha256sum",
        make=file("root.json", OWN)),
    row("pin-digest", f"{PIN} --sha256 {'0' * 64}", 4, "expected sha256 000",
        make=file("root.json", OWN)),
    row("pin-over-public", "trust pin public-good root.json", 4, "another one has that name",
        "added: log ", hint="--replace", make=file("root.json", OWN)),
    row("pin-export-changed", PIN, 4, "'root.json'", "expected sha256 000",
        make=file("root.json", export(sha256="0" * 64))),
    row("pin-export-old", PIN, 4, "'own'", "at most 400 days", hint="trust update",
        make=file("root.json", export(obtained_at=days_ago(401)))),
    row("pin-export-future", PIN, 4, "'own'", "yet to come", hint="clock",
        make=file("root.json", export(obtained_at=days_ago(-2)))),
    row("update-unknown", "trust update own", 2, "nobody knows", hint="--url URL --tuf-root FILE"),
    row("update-half", "trust update own --url https://x.example.org", 2, "belong together"),
    row("update-other-half", "trust update own --tuf-root r", 2, "belong together"),
    row("update-own-root", "trust update staging --tuf-root r", 2, "has its own"),
    row("update-root-missing", "trust update own --url https://x.example.org --tuf-root r", 4,
        "'r'", "No such file"),
    row("update-url", "trust update own --url x --tuf-root r", 2, "--url 'x'", hint="https://"),
    row("update-url-file", "trust update --url file:///etc", 2, "--url 'file:///etc'"),
    row("update-loopback", "trust update --url http://127.0.0.1:9", 6, "only https"),
    row("update-evil", ("trust", "update", "--url", EVIL), 2, r"\x1b[31m\nhint"),
    row("update-private", "trust update --url https://127.0.0.1:9", 6, "in a sandbox only"),
    row("update-name", "trust update ../x", 2, "not a name"),
)  # fmt: skip


@table(*ROWS)
def test_trust_commands_refuse(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)


@pytest.mark.parametrize("command", [PIN, "trust update"])
@pytest.mark.parametrize("place", ["/dev/null/x", "/proc/none"])
def test_a_state_folder_that_cannot_be_written_is_named(
    work: Path, tmp_path: Path, command: str, place: str
) -> None:
    (work / "root.json").write_bytes(OWN)
    environment = plain_environment(tmp_path) | {"XDG_STATE_HOME": place}
    check(sealane(command.split(), work, environment), row("", command, 5, place))
    # Reading goes on with what was packaged.
    assert sealane(("trust", "show"), work, environment).returncode == 0


def test_show_lists_every_root_with_age_and_windows(work: Path, tmp_path: Path) -> None:
    environment = plain_environment(tmp_path)
    text = sealane(("trust", "show"), work, environment)
    assert (text.returncode, text.stderr) == (0, "")
    for place in ("public-good\n  sha256:   6494e21e", "\nstaging\n", "days ago", " to open"):
        assert place in text.stdout
    document = json.loads(sealane(("trust", "show", "--format", "json"), work, environment).stdout)
    assert document["schema"] == "sealane.trust-list/1"
    assert [one["name"] for one in document["roots"]] == ["public-good", "staging"]
    kinds = {entry["kind"] for one in document["roots"] for entry in one["entries"]}
    assert kinds == {"tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"}


def test_a_root_is_carried_to_a_machine_without_a_network(work: Path, tmp_path: Path) -> None:
    here = plain_environment(tmp_path)
    there = here | {"XDG_STATE_HOME": str(tmp_path / "there")}
    (work / "root.json").write_bytes(OWN)
    assert "added: " in sealane(PIN.split(), work, here).stdout
    carried = sealane(["trust", "export", "own", "out.json"], work, here).stdout
    digest = re.findall("sha256:([0-9a-f]{64})", carried)[0]
    words = ("trust", "pin", "own", "out.json", "--sha256", digest.upper())
    assert sealane(words, work, there).returncode == 0
    shown = [sealane(("trust", "show", "own"), work, one).stdout for one in (here, there)]
    assert shown[0] == shown[1] != ""
    again = sealane(words, work, there)
    assert (again.returncode, "unchanged" in again.stdout) == (0, True)


ARTIFACT = file(WHEEL, b"a wheel")


def policy(root: str, rest: str = "") -> Make:
    return all_of(ARTIFACT, file("p.toml", POLICY.format(root=root, rest=rest)))


BY_POLICY = ("verify", WHEEL, "--policy", "p.toml")
SHA = hashlib.sha256(OWN).hexdigest()
VERIFY = (
    row("name-unknown", ("verify", WHEEL, *WHO, "--trust", "own"), 4, "'own'", "there is none",
        hint="trust pin", make=ARTIFACT),
    row("name-and-file", ("verify", WHEEL, *WHO, "--trust", "staging"), 2, "'staging'",
        "and so has a file", hint="./staging", make=all_of(ARTIFACT, file("staging", OWN))),
    row("name-poisoned", ("verify", WHEEL, *WHO, "--trust", "own"), 4, "'own'", "was changed",
        make=all_of(ARTIFACT, file(RECORD, "{}"))),
    row("default-poisoned", ("verify", WHEEL, *WHO), 4, "'public-good'", "was changed",
        hint="trust update public-good",
        make=all_of(ARTIFACT, file(RECORD.replace("own", "public-good"), "{}"))),
    row("policy-name-unknown", BY_POLICY, 4, "'own'", "there is none", make=policy("own")),
    row("policy-too-old", BY_POLICY, 4, "'embedded'", "at most 1 days", hint="trust update",
        make=policy("public-good", "max_age_days = 1")),
    row("policy-embedded-too-old", BY_POLICY, 4, "'embedded'", "at most 1 days",
        make=policy("embedded", "max_age_days = 1")),
    row("policy-unknown-age", BY_POLICY, 4, "root.json", "nobody knows", hint="trust pin",
        make=all_of(policy("root.json", f'sha256 = "{SHA}"\nmax_age_days = 90'),
                    file("root.json", OWN))),
    row("policy-age-zero", BY_POLICY, 5, "max_age_days", make=policy("own", "max_age_days = 0")),
    row("policy-age-laxer", BY_POLICY, 5, "max_age_days", make=policy("own", "max_age_days = 401")),
    row("policy-age-text", BY_POLICY, 5, "max_age_days", make=policy("own", "max_age_days = '9'")),
    row("policy-file-unpinned", BY_POLICY, 5, "needs its sha256", make=policy("root.json")),
    row("policy-digest", BY_POLICY, 4, "expected sha256 000",
        make=policy("staging", f'sha256 = "{"0" * 64}"')),
    row("export-too-old", ("verify", WHEEL, *WHO, "--trust", "./export"), 4, "at most 400 days",
        make=all_of(ARTIFACT, file("export", export(obtained_at=days_ago(401))))),
)  # fmt: skip


@table(*VERIFY)
def test_verify_refuses_a_root(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)


def old(days: int) -> Callable[[Path], object]:
    return file("export.json", export(obtained_at=days_ago(days)))


@pytest.mark.parametrize(
    ("make", "root", "said"),
    [
        (lambda _: None, "staging", ("staging (sha256:81f5af77", "")),
        (lambda _: None, "public-good", ("embedded (sha256:6494e21e", "")),
        (file("root.json", OWN), "root.json", ("root.json (sha256:", "is unknown")),
        (old(89), "export.json", ("export.json (sha256:", "")),
        (old(90), "export.json", ("export.json (sha256:", "is 90 days old")),
        (file("own", OWN), "own", ("./own (sha256:", "is unknown")),
    ],
    ids=["staging", "public-good", "file", "young", "old", "file-without-end"],
)
def test_the_report_names_the_root_and_what_is_to_be_said_of_its_age(
    work: Path, tmp_path: Path, make: Make, root: str, said: tuple[str, str]
) -> None:
    based_on, note = said
    ARTIFACT(work)
    make(work)
    result = sealane(("verify", WHEEL, *WHO, "--trust", root), work, plain_environment(tmp_path))
    assert (result.returncode, result.stderr) == (3, "")
    assert f"trust root: {based_on}" in result.stdout
    assert note in result.stdout
    assert ("days old" in result.stdout or "is unknown" in result.stdout) == bool(note)
