"""A version is released in every form or in none; what has no equal is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.project import TagRule
from sealane.core.release.tag import parse_pattern, release_tag
from sealane.core.release.version import VersionForm, parse_version
from sealane.errors import InputError

PEP440, SEMVER, BASE = VersionForm.PEP440, VersionForm.SEMVER, VersionForm.BASE


@pytest.mark.parametrize(
    ("pep440", "semver", "base"),
    [
        ("1.2.3", "1.2.3", "1.2.3"), ("0.2.0a1", "0.2.0-alpha.1", "0.2.0"),
        ("1.0.0b20", "1.0.0-beta.20", "1.0.0"), ("1.0.0rc1", "1.0.0-rc.1", "1.0.0"),
    ],
)  # fmt: skip
def test_the_forms_map_both_ways(pep440: str, semver: str, base: str) -> None:
    version = parse_version(pep440, PEP440)
    assert version == parse_version(semver, SEMVER)
    assert (version.form(PEP440), version.form(SEMVER), version.form(BASE)) == (
        pep440,
        semver,
        base,
    )
    assert version.prerelease is (pep440 != base)


@pytest.mark.parametrize("text", ["3.20", "2026.9.21.13", "1"])
def test_a_version_without_three_numbers_has_no_semver(text: str) -> None:
    version = parse_version(text, PEP440)
    with pytest.raises(InputError, match="no equal in SemVer"):
        version.form(SEMVER)


@pytest.mark.parametrize(
    "text",
    [
        "", "v1.2.3", "1.2.3+local", "1.2.3.post1", "1.2.3.dev1", "1!1.2.3", "1.2.3-alpha.1",
        "01.2.3", "1.2.3 ", "1.2.3a01", "1.2.3alpha1", "1.2.3-1", "x", "1.2.3\n", "\u0661.2.3",
        "1." * 60 + "1", "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_normal_pep440_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_version(text, PEP440)


@pytest.mark.parametrize(
    "text",
    [
        "", "1.2", "1.2.3.4", "01.2.3", "1.2.3+build", "1.2.3-alpha.1+b", "1.2.3-alpha", "1.2.3a1",
        "1.2.3-alpha.01", "1.2.3-preview.1", "1.2.3-", "1.2.3-rc.1.2", "v1.2.3", "1.2.3\n",
    ],
)  # fmt: skip
def test_what_has_no_pep440_equal_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_version(text, SEMVER)


def test_a_base_has_no_prerelease() -> None:
    with pytest.raises(InputError, match="numbers alone"):
        parse_version("1.2.3rc1", BASE)


@given(st.text(max_size=120), st.sampled_from(VersionForm))
def test_any_text_is_a_version_or_refused(text: str, form: VersionForm) -> None:
    with contextlib.suppress(InputError):
        assert parse_version(text, form).form(form) == text


@pytest.mark.parametrize(
    ("pattern", "tag", "version"),
    [
        ("v{pep440}", "v0.2.0a1", "0.2.0a1"), ("v{semver}", "v0.2.0-alpha.1", "0.2.0a1"),
        ("version/{pep440}", "version/1.0.0", "1.0.0"), ("{base}", "1.0.0", "1.0.0"),
        ("pkg-{semver}-final", "pkg-1.0.0-final", "1.0.0"),
    ],
)  # fmt: skip
def test_a_tag_gives_its_version_and_back(pattern: str, tag: str, version: str) -> None:
    parsed = parse_pattern(TagRule(pattern))
    found = parsed.parse(tag)
    assert found.pep440 == version
    assert parsed.render(found) == tag


@pytest.mark.parametrize(
    "tag", ["", "v", "1.0.0", "vv1.0.0", "v1.0.0 ", "v1.0.0\n", "v1.0", "V1.0.0", "v1.0.0.post1"]
)
def test_a_tag_of_another_shape_is_refused(tag: str) -> None:
    pattern = parse_pattern(TagRule("v{semver}"))
    assert not pattern.matches(tag)
    with pytest.raises(InputError):
        pattern.parse(tag)


@pytest.mark.parametrize(
    "pattern",
    [
        "", "v", "v{version}", "{pep440}{semver}", "v{pep440", "-{pep440}", "a b{pep440}",
        "a..{pep440}", "/{pep440}", "v{pep440}.lock", "v{pep440}/", "a//{pep440}", ".x/{pep440}",
        "v{pep440}~1", "v*{pep440}", "v{}", "v{pep440}}",
    ],
)  # fmt: skip
def test_a_pattern_git_or_a_reader_would_not_understand_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="tag pattern"):
        parse_pattern(TagRule(pattern))


def test_the_released_tag_is_named_or_the_only_one() -> None:
    patterns = [parse_pattern(TagRule("v{pep440}"))]
    assert release_tag(patterns, None, ["nightly", "v1.0.0"]) == "v1.0.0"
    assert release_tag(patterns, "v2.0.0", ["v1.0.0", "v2.0.0"]) == "v2.0.0"
    with pytest.raises(InputError, match="several tags"):
        release_tag(patterns, None, ["v1.0.0", "v1.0.1"])
    with pytest.raises(InputError, match="no tag at HEAD"):
        release_tag(patterns, None, ["nightly", "v1.0.x"])
    with pytest.raises(InputError, match="no tag at HEAD"):
        release_tag(patterns, None, [])
