"""A ref counts only when it stands for the artifact's own version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.refs import check_template, is_release_tag, matches_template
from sealane.errors import PolicyError


@pytest.mark.parametrize(
    ("tag", "version", "held"),
    [
        ("v1.2.3", "1.2.3", True),
        ("1.2.3", "1.2.3", True),
        ("release-1.2.3", "1.2.3", True),
        ("hello/v1.2.3", "1.2.3", True),
        ("version/1.2.3-rc.1", "1.2.3rc1", True),
        ("v1.2", "1.2.0", True),
        ("v1.2.3rc1", "1.2.3rc1", True),
        ("v11.2.3", "1.2.3", False),
        ("v0.1.2.3", "1.2.3", False),
        ("v1.2.3rc1", "1", False),
        ("v1.2.3", "1.2.4", False),
        ("v1.2.3-final", "1.2.3", False),
        ("v1!1.2.3", "1.2.3", False),
        ("v2+1.2.3", "1.2.3", False),
        ("latest", "1.2.3", False),
        ("", "1.2.3", False),
        ("v1.2.3\n", "1.2.3", False),
        ("v" + "1" * 10_000, "1.2.3", False),
        ("v\u0661.2.3", "1.2.3", False),
    ],
)
def test_a_release_tag_ends_in_the_version(tag: str, version: str, *, held: bool) -> None:
    assert is_release_tag(f"refs/tags/{tag}", version) is held


@pytest.mark.parametrize("ref", ["refs/heads/v1.0", "v1.0", "refs/tags", "xrefs/tags/v1.0"])
def test_what_is_no_tag_is_no_release_tag(ref: str) -> None:
    assert not is_release_tag(ref, "1.0")


def test_without_a_version_no_tag_is_a_release_tag() -> None:
    assert not is_release_tag("refs/tags/v1.0", None)
    assert not matches_template("refs/tags/v1.0", "refs/tags/v{pep440}", None)


@pytest.mark.parametrize(
    ("ref", "template", "version", "held"),
    [
        ("refs/tags/v1.0", "refs/tags/v{pep440}", "1.0", True),
        ("refs/tags/v1.0.0", "refs/tags/v{pep440}", "1.0", True),
        ("refs/tags/v1.0rc1", "refs/tags/v{pep440}", "1.0rc1", True),
        ("refs/tags/v1.0", "refs/tags/v{pep440}", "1.1", False),
        ("refs/heads/v1.0", "refs/tags/v{pep440}", "1.0", False),
        ("refs/tags/v", "refs/tags/v{pep440}", "1.0", False),
        ("refs/tags/v1.0-x", "refs/tags/v{pep440}", "1.0", False),
        ("refs/tags/1.0-x", "refs/tags/{pep440}-x", "1.0", True),
        ("refs/tags/v1.0.0-rc.1", "refs/tags/v{semver}", "1.0.0rc1", True),
        ("refs/tags/v1.0.0rc1", "refs/tags/v{semver}", "1.0.0rc1", False),
        ("refs/tags/v1.0", "refs/tags/v{semver}", "1.0.0", False),
        ("refs/tags/v1.0.0", "refs/tags/v{base}", "1.0.0rc1", True),
        ("refs/tags/v1.0.1", "refs/tags/v{base}", "1.0.0rc1", False),
        ("refs/tags/stable", "refs/tags/stable", "1.0", True),
        ("refs/tags/stable2", "refs/tags/stable", "1.0", False),
        ("refs/tags/stable", "refs/tags/stable", None, True),
    ],
)
def test_a_template_is_bound_to_the_version(
    ref: str, template: str, version: str | None, *, held: bool
) -> None:
    assert matches_template(ref, check_template(template), version) is held


def test_a_version_nobody_can_read_matches_nothing() -> None:
    assert not matches_template("refs/tags/vx", "refs/tags/v{base}", "x")
    assert not is_release_tag("refs/tags/v1.0", "not a version")


@pytest.mark.parametrize(
    "template",
    [
        "v{pep440}", "refs/tags/", "refs/tags/v*", "refs/tags/.*", "refs/tags/v{pep440}{pep440}",
        "refs/tags/{version}", "refs/tags/v{pep440", "refs/tags/a..b", "refs/tags/a b",
        "refs/tags//a", "refs/tags/a\x1b", "refs/tags/\u202ea", "refs/tags/" + "a" * 300, "",
    ],
)  # fmt: skip
def test_a_template_that_could_match_too_much_is_refused(template: str) -> None:
    with pytest.raises(PolicyError):
        check_template(template)


@given(st.text(max_size=60), st.text(max_size=20) | st.none())
def test_no_ref_raises(ref: str, version: str | None) -> None:
    is_release_tag(f"refs/tags/{ref}", version)
    matches_template(ref, "refs/tags/v{semver}", version)
