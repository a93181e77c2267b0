"""What a command line says of the world, read strictly: nobody is asked by mistake."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.cli.advisory.given import (
    ONLINE,
    Asked,
    Here,
    ask_of,
    formats_of,
    here,
    moment_of,
    rendering_of,
    seconds_of,
)
from sealane.core.advisory.formats.registry import FORMATS
from sealane.core.release.project import Advisories, AdvisoryOutlet
from sealane.errors import InputError, SealaneError, UsageError
from sealane.io.stores.interface import NamedSandbox
from support.advisory_project import FOLDER, ISSUER, NOBODY

AT = datetime(2026, 6, 1, 14, tzinfo=UTC)
TREE = AdvisoryOutlet("csaf-tree", "csaf", (("url", "https://acme.example/csaf"),))
CVE = AdvisoryOutlet("cve", "cve", (("url", "https://cve.example/api/"),))
WORLD = NamedSandbox(Path("s"), "http://127.0.0.1:9", Path("a"), Path("b"), Path("c"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state directory of a sandbox is relative here, and clients get a home below it."""
    monkeypatch.chdir(tmp_path)


def place(*outlets: AdvisoryOutlet, world: NamedSandbox | None = None, issuer: str = "") -> Here:
    return Here(Path(), Advisories(issuer=issuer, namespace=issuer, outlets=outlets), world)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("90s", 90), ("30m", 1800), ("6h", 21_600), ("2d", 172_800)]
)
def test_a_time_to_wait_has_its_unit(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "5", "s", "5x", "-5s", "1.5h", " 5s", "5s ", "5 s", "1_0s", "\u0665s", "9999999s"]
)
def test_any_other_time_to_wait_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--wait"):
        seconds_of(text)


def test_a_moment_is_one_of_rfc_3339_in_utc() -> None:
    assert moment_of("2026-06-01T14:00:00Z", "--lifted") == AT
    assert moment_of(None, "--lifted") is None


@pytest.mark.parametrize(
    "text", ["", "now", "2026-06-01", "2026-06-01T14:00:00", "2026-06-01T25:00:00Z", "1780322400"]
)
def test_any_other_moment_is_refused_with_its_flag(text: str) -> None:
    with pytest.raises(UsageError, match="--lifted") as caught:
        moment_of(text, "--lifted")
    assert "2026-06-01T14:00:00Z" in caught.value.hint


@pytest.mark.parametrize(
    ("online", "names"),
    [
        (None, frozenset()),
        ("index", {"index"}),
        ("index,osv", {"index", "osv"}),
        ("osv,osv", {"osv"}),
        (",".join(ONLINE), frozenset(ONLINE)),
    ],
)
def test_only_what_is_named_may_be_asked(online: str | None, names: set[str]) -> None:
    assert Asked(online=online).names() == names


@pytest.mark.parametrize("online", ["", "all", "index,", "index osv", "Index", "index;osv"])
def test_a_name_that_nobody_has_is_refused(online: str) -> None:
    with pytest.raises(UsageError, match="--online="):
        Asked(online=online).names()


@pytest.mark.parametrize(
    ("asked", "flag"),
    [
        (Asked(online="osv", index_url="https://a.example"), "--index-url"),
        (Asked(osv_url="https://a.example"), "--osv-url"),
        (Asked(online="index", cve_url="https://a.example"), "--cve-url"),
    ],
)
def test_a_url_of_what_is_not_asked_is_refused(asked: Asked, flag: str) -> None:
    with pytest.raises(UsageError, match=f"{flag} asks nobody"):
        asked.names()


def test_without_online_there_is_nobody_to_ask() -> None:
    ask, means = ask_of(Asked(), place(TREE, CVE))
    assert ask.kinds == frozenset()
    assert means.web is None


def test_what_is_asked_has_the_url_that_was_given_else_that_of_the_outlet() -> None:
    given = Asked(
        online="osv,cve,csaf", osv_url="https://osv.example", cve_url="https://other.example",
        csaf="https://other.example/csaf",
    )  # fmt: skip
    ask, _ = ask_of(given, place(TREE, CVE))
    assert (ask.osv, ask.cve, ask.tree) == (
        "https://osv.example", "https://other.example", "https://other.example/csaf",
    )  # fmt: skip
    ask, _ = ask_of(Asked(online="cve,csaf"), place(TREE, CVE))
    assert (ask.cve, ask.tree) == ("https://cve.example/api/", "https://acme.example/csaf")


def test_a_sandbox_stands_in_for_all_services() -> None:
    ask, means = ask_of(Asked(online="index,osv,cve"), place(CVE, world=WORLD))
    base = WORLD.base
    assert (ask.index, ask.osv, ask.cve) == (f"{base}/simple/", f"{base}/osv", f"{base}/cve/api")
    assert means.web is not None


@pytest.mark.parametrize("name", ["osv", "cve", "csaf"])
def test_a_service_that_nobody_knows_is_not_passed_over(name: str) -> None:
    with pytest.raises(UsageError, match=f"--online={name}"):
        ask_of(Asked(online=name), place())


def test_a_folder_needs_no_network_and_a_url_does() -> None:
    assert ask_of(Asked(csaf="csaf"), place())[0].tree == "csaf"
    with pytest.raises(UsageError, match="--csaf names a URL"):
        ask_of(Asked(csaf="https://acme.example/csaf"), place())


@pytest.mark.parametrize(
    ("online", "services"),
    [
        ("index,pip-audit", {"index"}),
        ("index,osv,pip-audit", {"index", "osv"}),
        ("index,osv", set()),
        ("pip-audit", set()),
    ],
)
def test_pip_audit_asks_only_services_that_may_be_asked(online: str, services: set[str]) -> None:
    assert ask_of(Asked(online=online), place(world=WORLD))[0].audits == services


def test_a_trust_root_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="--trust"):
        ask_of(Asked(), place(), "root.json")


def test_formats_that_name_an_issuer_need_one() -> None:
    assert formats_of(place(), ()) == ("osv", "pypa", "ghsa", "markdown")
    assert formats_of(place(issuer="x"), ()) == tuple(FORMATS)
    assert formats_of(place(), ("ghsa",)) == ("ghsa",)
    with pytest.raises(UsageError, match="names its issuer"):
        formats_of(place(), ("osv", "csaf"))
    with pytest.raises(UsageError, match="'yaml'"):
        formats_of(place(issuer="x"), ("yaml",))


def test_documents_say_who_issues_them_and_where_they_are_read() -> None:
    made = rendering_of(place(TREE, issuer="Acme"), AT, final=True, tlp="CLEAR")
    assert (made.issuer.name, made.issuer.vendor) == ("Acme", "Acme")
    assert made.csaf_url == "https://acme.example/csaf"
    assert dict(made.weaknesses)["CWE-79"]
    assert rendering_of(place(), AT, final=False, tlp="AMBER").csaf_url == ""


def test_a_project_is_its_folder_or_its_file(tmp_path: Path) -> None:
    assert here(str(tmp_path), None).settings == Advisories()
    (tmp_path / "sealane.toml").write_text(ISSUER + FOLDER)
    for name in (tmp_path, tmp_path / "sealane.toml"):
        found = here(str(name), None)
        assert found.root == tmp_path
        assert [one.name for one in found.settings.outlets] == ["csaf"]
    (tmp_path / "sealane.toml").write_text(NOBODY)
    assert here(str(tmp_path), None).settings.issuer == ""


@pytest.mark.parametrize("name", ["none", "none/sealane.toml", "file"])
def test_a_project_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="--config"):
        here(str(tmp_path / name), None)


def test_a_file_that_is_named_and_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SealaneError):
        here(str(tmp_path / "sealane.toml"), None)
