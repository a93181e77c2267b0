"""What a project says of itself in version files and changelogs is read exactly or refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.changelog import find_section
from sealane.core.release.project import VersionFile
from sealane.core.release.version import VersionForm
from sealane.core.release.version_files import stated_version
from sealane.errors import InputError


def by_key(file: str, key: str) -> VersionFile:
    return VersionFile(file, key, None, VersionForm.PEP440)


def by_regex(regex: str) -> VersionFile:
    return VersionFile("v.py", None, regex, VersionForm.PEP440)


def test_a_version_is_found_by_key_and_by_regex() -> None:
    assert stated_version('[project]\nversion = "1"', by_key("p.toml", "project.version")) == "1"
    assert stated_version('{"a": {"version": "2"}}', by_key("p.json", "a.version")) == "2"
    assert stated_version("x\n__version__ = '3'\n", by_regex("^__version__ = '(.+)'$")) == "3"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("[project]", by_key("p.toml", "project.version"), id="no-key"),
        pytest.param("project = 1", by_key("p.toml", "project.version"), id="not-a-table"),
        pytest.param("version = 1", by_key("p.toml", "version"), id="number"),
        pytest.param("version = ", by_key("p.toml", "version"), id="broken-toml"),
        pytest.param("{", by_key("p.json", "version"), id="broken-json"),
        pytest.param("[" * 100_000, by_key("p.json", "version"), id="deep-json"),
        pytest.param("version: 1", by_key("p.yaml", "version"), id="yaml"),
        pytest.param("v = '1'\nv = '2'", by_regex("v = '(.)'"), id="regex-matches-twice"),
        pytest.param("", by_regex("v = '(.)'"), id="regex-matches-never"),
        pytest.param("v = ''", by_regex("v = '(.*)'"), id="regex-matches-nothing"),
        pytest.param("v", by_regex("v"), id="no-group"),
        pytest.param("v", by_regex("(v)(v)"), id="two-groups"),
        pytest.param("v", by_regex("(v"), id="broken-regex"),
    ],
)
def test_a_file_that_does_not_state_one_version_is_refused(text: str, place: VersionFile) -> None:
    with pytest.raises(InputError, match=place.file):
        stated_version(text, place)


@given(st.text(max_size=200), st.sampled_from(["p.toml", "p.json"]))
def test_any_file_states_a_version_or_is_refused(text: str, file: str) -> None:
    with contextlib.suppress(InputError):
        stated_version(text, by_key(file, "a.b"))


LOG = """# Changelog
Text before.

## [Unreleased]

## [1.1.0rc1] - 2026-11-20
### Added
- a thing

```
## [9.9.9]
```
## 1.0.0 (2026-01-01)
Words.
## [0.9.0](https://example.org/v0.9.0) - 2025-12-01
### Fixed
## [0.8.0] - 2025-01-01 [YANKED]
- gone

[1.1.0rc1]: https://example.org
"""


def test_the_section_of_a_version_is_found_whole() -> None:
    section = find_section(LOG, {"1.1.0rc1", "1.1.0-rc.1"})
    assert section.text == "### Added\n- a thing\n\n```\n## [9.9.9]\n```"
    assert find_section(LOG, {"1.0.0"}).text == "Words."
    assert len(section.digest) == 64


def test_the_digest_follows_the_text() -> None:
    changed = find_section(LOG.replace("a thing", "a think"), {"1.1.0rc1"})
    assert changed.digest != find_section(LOG, {"1.1.0rc1"}).digest


@pytest.mark.parametrize(
    ("log", "version", "why"),
    [
        pytest.param(LOG, "1.1.0", "no section", id="only-its-candidate"),
        pytest.param(LOG, "9.9.9", "no section", id="inside-a-code-block"),
        pytest.param(LOG, "0.9.0", "is empty", id="headings-only"),
        pytest.param(LOG, "0.8.0", "yanked", id="yanked"),
        pytest.param(LOG, "Unreleased", "is empty", id="empty"),
        pytest.param(LOG + "## 1.0.0\nagain\n", "1.0.0", "2 sections", id="twice"),
        pytest.param("", "1.0.0", "no section", id="empty-file"),
        pytest.param("## 1.0.0\n[1.0.0]: x\n---\n", "1.0.0", "is empty", id="link-only"),
    ],
)
def test_a_section_that_is_missing_or_says_nothing_is_refused(
    log: str, version: str, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        find_section(log, {version})
