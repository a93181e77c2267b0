"""`sealane.toml` is read strictly; every refusal says where, what was expected, what was found."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.lines import line_of
from sealane.core.release.project import ChannelKind, ForgeKind
from sealane.core.release.project_parse import parse_project
from sealane.core.release.version import VersionForm
from sealane.errors import InputError

SIMPLE = """\
schema = "sealane.release/1"
[project]
name = "hello-lane"
[changelog]
style = "keep-a-changelog"
[forge]
kind = "gitlab"
project = "acme/hello-lane"
[[channel]]
name = "index"
kind = "pypi"
"""
LAST = len(SIMPLE.splitlines())


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_project(text.encode())
    assert caught.value.hint
    return caught.value.message


def test_the_simple_project_gets_all_defaults() -> None:
    project = parse_project(SIMPLE.encode())
    assert [(p.name, p.path, p.publish_as) for p in project.packages] == [
        ("hello-lane", ".", "hello-lane")
    ]
    assert project.tags[0].pattern == "v{pep440}"
    assert [(f.file, f.key) for f in project.version.files] == [
        ("pyproject.toml", "project.version")
    ]
    assert (project.build.lock, project.environment) == ("requirements/build.txt", "release")
    assert project.channels[0].kind is ChannelKind.PYPI
    assert (project.channels[0].repository, project.channels[0].environment) == ("pypi", "release")
    assert (project.forge.kind, project.forge.host) == (ForgeKind.GITLAB, "gitlab.com")
    assert project.forge.pipeline == ".gitlab-ci.yml"


def test_a_package_is_published_under_the_name_it_gives_itself() -> None:
    assert parse_project(SIMPLE.encode(), lambda _: "Hello.Lane").packages[0].publish_as == (
        "Hello.Lane"
    )


def test_everything_supported_is_read() -> None:
    text = SIMPLE.replace("[changelog]", '[version]\nscheme = "semver"\n[changelog]') + (
        'environment = "prod"\n[[channel]]\nname = "own"\nkind = "index"\n'
        'repository = "https://index.example.org/upload/"\n'
        '[[package]]\npath = "packages/a"\nname = "a"\n[build]\nforbid = ["*.pem"]\n'
        '[build.env]\nX = "1"\n[ci]\nfile = "ci/release.yml"\n[approvals]\nenvironment = "live"\n'
        '[[audit.exception]]\nid = "CVE-1"\npackage = "Idna"\nreason = "not reachable here"\n'
        "expires = 2026-12-31\n[trust]\nroot = 'root.json'\nsha256 = '" + "a" * 64 + "'\n"
    )  # fmt: skip
    project = parse_project(text.encode())
    assert project.version.scheme is VersionForm.SEMVER
    assert project.tags[0].pattern == "v{semver}"
    assert [c.environment for c in project.channels] == ["prod", "live"]
    assert project.version.files[0].file == "packages/a/pyproject.toml"
    assert project.build.environment == (("X", "1"),)
    assert project.audit.exceptions[0].package == "idna"
    assert project.forge.pipeline == "ci/release.yml"


@pytest.mark.parametrize(
    ("extra", "line", "words"),
    [
        ("[build]\nlokc = 'x'", 2, ("build.lokc", "unknown key", "did you mean 'lock'")),
        ("[buidl]\nlock = 'x'", 1, ("buidl", "unknown key", "did you mean 'build'")),
        ("colour = 1", 1, ("channel[0].colour", "unknown key")),
        ("[build]\nvary = 'strict'", 2, ("build.vary", "not supported in this version")),
        ("[sign]\ntag = 'ssh'", 1, ("sign", "not supported in this version")),
        ("hold = true", 1, ("channel[0].hold", "not supported in this version")),
        ("[[channel]]\nname='x'\nkind='oci'", 3, ("channel[1].kind", "'oci' is not supported")),
        ("auth = 'token'", 1, ("channel[0].auth", "'token' is not supported")),
        ("[[channel]]\nname='x'\nkind='ftp'", 3, ("channel[1].kind", "expected", "'ftp'")),
        ("[build]\nlock = 3", 2, ("build.lock", "expected", "got 3")),
        ("[build]\nlock = '../x'", 2, ("build.lock", "inside the project")),
        ("[build]\nlock = '/x'", 2, ("build.lock", "inside the project")),
        ("[build]\nlock = 'a//b'", 2, ("build.lock", "plain path 'a/b'")),
        ("[[tag]]\npattern = 'v{version}'", 2, ("tag[0].pattern", "exactly one")),
        ("[[channel]]\nname = 'index'\nkind = 'pypi'", 2, ("channel[1].name", "used once")),
        ("repository = 'elsewhere'", 1, ("channel[0].repository", "testpypi")),
        ("[trust]\nroot = 'r.json'", 2, ("trust.root", "sha256")),
        ("[approvals]\nenvironment = 1", 2, ("approvals.environment", "got 1")),
        ("[[exception]]\nrule = 'x'", 2, ("exception[0].rule", "expected")),
        ("[version]\nfiles = []", 2, ("version.files", "got []")),
        ("[version]\nfiles = [{ file = 'a.toml' }]", 2, ("version.files[0]", "key and regex")),
        ("[version]\nfiles = [{ file = 'a.yml', key = 'v' }]", 2, ("version.files[0]", "regex")),
        ("[ci]\nfile = 'ci.txt'", 2, ("ci.file", ".yml")),
    ],
)  # fmt: skip
def test_a_wrong_key_or_value_is_refused_with_its_line(
    extra: str, line: int, words: tuple[str, ...]
) -> None:
    message = refused(SIMPLE + extra + "\n")
    assert f"line {LAST + line}: " in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("", "schema: missing", id="empty"),
        pytest.param("schema = 'sealane.release/2'", "schema: expected", id="other-schema"),
        pytest.param("x = \n", "line 1", id="broken-toml"),
        pytest.param("x = 1\nx = 2\n", "line 2", id="key-twice"),
        pytest.param(
            SIMPLE.replace("[[channel]]", "[chanel]"), "channel: missing", id="no-channel"
        ),
        pytest.param(SIMPLE.replace("acme/hello-lane", "hello"), "forge.project", id="no-group"),
        pytest.param(SIMPLE.replace('"hello-lane"', '""', 1), "project.name", id="empty-name"),
    ],
)
def test_a_file_that_is_no_project_is_refused(text: str, word: str) -> None:
    assert word in refused(text)


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8 at byte 1"):
        parse_project(b"#\xff")


def test_several_problems_are_shown_together() -> None:
    message = refused(SIMPLE + "colour = 1\nshape = 2\n")
    assert "2 problems" in message
    assert "colour" in message
    assert "shape" in message


@given(st.text(max_size=100))
def test_any_file_is_read_or_refused(text: str) -> None:
    for content in (text, SIMPLE + text):
        with contextlib.suppress(InputError):
            parse_project(content.encode("utf-8", errors="replace"))


def test_a_line_is_found_by_its_path() -> None:
    assert line_of(SIMPLE, ("forge", "kind")) == 7
    assert line_of(SIMPLE, ("channel", 0, "kind")) == 11
    assert line_of(SIMPLE, ("channel", 0, "nothing")) == 9
    assert line_of(SIMPLE, ("nothing",)) is None
