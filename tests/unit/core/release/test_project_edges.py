"""What keys of `sealane.toml` demand of each other is checked, with the line it stands on."""

import pytest

from sealane.core.release.lines import line_of
from sealane.core.release.project import ChannelKind, Forge, ForgeKind
from sealane.core.release.project_parse import parse_project
from sealane.core.release.version import VersionForm
from sealane.errors import InputError

SIMPLE = """\
schema = "sealane.release/1"
[project]
name = "hello-lane"
[forge]
kind = "gitlab"
project = "acme/hello-lane"
[[channel]]
name = "index"
kind = "pypi"
"""
GITHUB = SIMPLE.replace('"gitlab"', '"github"')
OWN = SIMPLE.replace('"pypi"', '"index"')


def forge_at(url: str) -> str:
    return SIMPLE.replace("[[channel]]", f"url = '{url}'\n[[channel]]")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (OWN, "line 7: channel[0].repository: expected a URL, got 'nothing'"),
        (OWN + "repository = 'http://index.example.org/'", "an https URL without credentials"),
        (OWN + "repository = 'https://me:word@index.example.org/'", "without credentials"),
        (OWN + "repository = 'https:///upload'", "an https URL"),
        (OWN + "repository = 'ftp://127.0.0.1/'", "an https URL"),
        (OWN + "repository = 'index.example.org'", "an https URL"),
        (OWN + "repository = 'https://[::1'", "expected a URL, got 'https://[::1'"),
        (SIMPLE + "[trust]\nsha256 = '" + "a" * 64 + "'", "trust.sha256: expected root beside it"),
        (
            SIMPLE + "[trust]\nroot = 'embedded'\nsha256 = '" + "a" * 64 + "'",
            "trust.sha256: expected root beside it",
        ),
        (SIMPLE + "[trust]\npolicy = '../p.toml'", "trust.policy: expected a path inside"),
        (
            SIMPLE + "[[package]]\npath = 'a'\nname = 'x'\n[[package]]\npath = 'b'\nname = 'x'",
            "package[1].name: expected a name used once",
        ),
        (
            SIMPLE + "[[package]]\npath = 'a'\nname = 'x-y'\n[[package]]\npath = 'b'\nname = 'X_Y'",
            "package[1].publish_as: expected a name used once",
        ),
        (SIMPLE + "[version]\nfiles = [{ file = 'a', key = 'x' }]", "regex for other files"),
        (
            SIMPLE + "[version]\nfiles = [{ file = 'a.toml', key = 'x', regex = 'y' }]",
            "exactly one of key and regex",
        ),
        (
            GITHUB.replace("acme/hello-lane", "acme/tools/hello-lane"),
            "forge.project: expected OWNER/REPOSITORY",
        ),
        (GITHUB + "[ci]\nfile = 'release.yml'", "ci.file: expected a file in .github/workflows"),
        (GITHUB + "[ci]\nfile = '.github/workflows/release'", "a .yml or .yaml file"),
    ],
)  # fmt: skip
def test_keys_that_do_not_fit_each_other_are_refused(text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_project(text.encode())
    assert why in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "http://git.example.org", "https://", "https://git.example.org/group", "git.example.org",
        "https://me@git.example.org", "https://git.example.org?x", "https://git.example.org#x",
        "https://[::1", "https://git.example.org:port", "https://git example.org", "https://-x",
        "https://git.example.org//", "https://g\u0131t.example.org", " https://git.example.org",
    ],
)  # fmt: skip
def test_a_forge_that_is_not_one_https_origin_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"forge\.url: expected https://HOST"):
        parse_project(forge_at(url).encode())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://git.example.org", "git.example.org"),
        ("https://Git.Example.org/", "git.example.org"),
        ("https://git.example.org:8443", "git.example.org:8443"),
    ],
)
def test_a_forge_is_known_by_its_host(url: str, host: str) -> None:
    assert parse_project(forge_at(url).encode()).forge.host == host


def test_a_github_project_has_its_own_defaults() -> None:
    expected = Forge(
        ForgeKind.GITHUB, "acme/hello-lane", "github.com", ".github/workflows/release.yml"
    )
    assert parse_project(GITHUB.encode()).forge == expected


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:1"])
def test_only_an_index_on_this_machine_may_go_without_tls(host: str) -> None:
    channel = parse_project(f"{OWN}repository = 'http://{host}/'\n".encode()).channels[0]
    assert (channel.kind, channel.repository) == (ChannelKind.INDEX, f"http://{host}/")


@pytest.mark.parametrize(
    ("file", "scheme", "form"),
    [
        ("file = 'a.py', regex = 'v'", "semver", VersionForm.PEP440),
        ("file = 'a/pyproject.toml', key = 'v'", "semver", VersionForm.PEP440),
        ("file = 'package.json', key = 'v'", "pep440", VersionForm.SEMVER),
        ("file = 'Cargo.toml', key = 'v'", "semver", VersionForm.SEMVER),
        ("file = 'Cargo.toml', key = 'v'", "pep440", VersionForm.PEP440),
        ("file = 'a.py', regex = 'v', form = 'base'", "pep440", VersionForm.BASE),
    ],
)
def test_a_version_file_has_the_form_its_kind_has(
    file: str, scheme: str, form: VersionForm
) -> None:
    text = SIMPLE + f"[version]\nscheme = '{scheme}'\nfiles = [{{ {file} }}]\n"
    assert parse_project(text.encode()).version.files[0].form is form


def test_trust_is_derived_embedded_or_pinned() -> None:
    assert parse_project((SIMPLE + "[trust]\nroot = 'embedded'\n").encode()).trust.root is None
    pinned = f"[trust]\npolicy = 'p.toml'\nroot = 'r.json'\nsha256 = '{'a' * 64}'\n"
    trust = parse_project((SIMPLE + pinned).encode()).trust
    assert (trust.policy, trust.root, trust.sha256) == ("p.toml", "r.json", "a" * 64)


def test_of_very_many_problems_the_first_are_shown_and_the_others_counted() -> None:
    unknown = "".join(f"wrong{number} = 1\n" for number in range(13))
    with pytest.raises(InputError) as caught:
        parse_project((SIMPLE + unknown).encode())
    message = caught.value.message
    assert "13 problems" in message
    assert message.endswith("and 3 more")
    assert message.count("unknown key") == 10


def test_lines_that_are_neither_table_nor_key_have_no_place() -> None:
    text = "# a note\n\na = [\n  1,\n]\n[[b]]\n[[b]]\nc.'d' = 2\n"
    assert line_of(text, ("a",)) == 3
    assert line_of(text, ("b",)) == 6
    assert line_of(text, ("b", 1, "c", "d")) == 8
    assert line_of(text, ("b", 2)) == 6
    assert line_of(text, ()) is None


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("x" + ".a" * 20 + " = 1", id="just-too-deep"),
        pytest.param("x" + ".a" * 5000 + " = 1", id="dotted"),
        pytest.param("[build.env.x" + ".a" * 5000 + "]", id="table"),
        pytest.param("x = [[{ a" + ".a" * 5000 + " = 1 }]]", id="in-lists"),
        pytest.param("x = " + "[" * 100 + "]" * 100, id="lists"),
    ],
)
def test_tables_nested_very_deep_are_refused(line: str) -> None:
    with pytest.raises(InputError, match="nested deeper than 20"):
        parse_project((line + "\n").encode())


def test_tables_nested_less_deep_are_unknown_keys() -> None:
    with pytest.raises(InputError, match="x: unknown key"):
        parse_project((SIMPLE.replace("[project]", "x" + ".a" * 18 + " = 1\n[project]")).encode())
