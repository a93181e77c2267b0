"""Tags that look like a version's and are not; versions that look like another's."""

import pytest

from sealane.core.policy.refs import check_template, is_release_tag, matches_template
from sealane.core.verify.naming import purl_and_version

TAGS = "refs/tags/"


@pytest.mark.parametrize(
    ("tag", "template", "version", "held"),
    [
        # The letters around a version are the template's, not the tag's.
        ("vv1.0", "v{pep440}", "1.0", False),
        ("v1.0", "{pep440}", "1.0", False),
        ("V1.0", "v{pep440}", "1.0", False),
        # Equal under PEP 440: leading zeros, as calendar versions have them, and trailing ones.
        ("v01.0", "v{pep440}", "1.0", True),
        ("v2026.01.02", "v{pep440}", "2026.1.2", True),
        ("v1", "v{pep440}", "1.0", True),
        # A local version, an epoch or a post-release is another version.
        ("v1.0+evil", "v{pep440}", "1.0", False),
        ("v1.0", "v{pep440}", "1.0+evil", False),
        ("v1.0.0+evil", "v{semver}", "1.0.0", False),
        ("v1.0", "v{pep440}", "1!1.0", False),
        ("v1!1.0", "v{pep440}", "1.0", False),
        ("v1.0", "v{base}", "1!1.0", False),
        ("v1.0.post1", "v{pep440}", "1.0", False),
        ("v1.0-1", "v{pep440}", "1.0", False),
        ("v1.0.dev1", "v{pep440}", "1.0", False),
        # Digits of other scripts, letters that fold to others, blanks and line ends are no version.
        ("v\u0661.0", "v{pep440}", "1.0", False),
        ("v\uff11.0", "v{pep440}", "1.0", False),
        ("v1.0po\u017ft1", "v{pep440}", "1.0.post1", False),
        ("v1.0\n", "v{pep440}", "1.0", False),
        ("v 1.0", "v{pep440}", "1.0", False),
        ("v1.0\0", "v{pep440}", "1.0", False),
        ("v" + "9" * 5000, "v{pep440}", "1.0", False),
        # Suffix and prefix of a template do not share characters.
        ("a-1.0-a", "a-{pep440}-a", "1.0", True),
        ("a-a", "a-{pep440}-a", "1.0", False),
        ("a-", "a-{pep440}-a", "1.0", False),
    ],
)
def test_a_tag_is_the_templates_text_and_the_version_alone(
    tag: str, template: str, version: str, *, held: bool
) -> None:
    assert matches_template(f"{TAGS}{tag}", check_template(f"{TAGS}{template}"), version) is held


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.0+evil", "1.0"), ("v1.0", "1.0+evil"), ("v1!1.0", "1.0"), ("v1.0", "1!1.0"),
        ("v1.0.1.0", "1.0"), ("v1.0-1", "1"), ("v1.0\u0660", "1.0"), ("\u0661.0", "1.0"),
        ("v1.0rc1", "1"), ("v1.0-rc1", "1"), ("x" * 300 + "1.0", "1.0"), ("9" * 249, "1.0"),
    ],
)  # fmt: skip
def test_a_release_tag_is_of_no_other_version(tag: str, version: str) -> None:
    assert not is_release_tag(f"{TAGS}{tag}", version)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("hello-1.0+evil.tar.gz", "1.0+evil"),
        ("hello-1!1.0.tar.gz", "1!1.0"),
        ("hello-01.0.tar.gz", "1.0"),
        ("hello-\uff11.0.tar.gz", None),
        ("hello-\u0661.0-py3-none-any.whl", None),
        (f"hello-{'9' * 5000}.tar.gz", None),
    ],
)
def test_the_version_of_a_name_is_whole_or_none(name: str, version: str | None) -> None:
    assert purl_and_version(name)[1] == version
