"""Which artifacts a glob of a rule is about."""

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.policy.answers import is_about
from sealane.core.policy.needs import Requirement
from sealane.core.policy.quick import parse_publisher
from sealane.core.policy.schema import Rule
from sealane.core.verify.naming import purl_and_version

REQUIRED = (Requirement(("publish",), (parse_publisher("gitlab:acme/hello"),)),)


@pytest.mark.parametrize(
    ("glob", "name", "held"),
    [
        # Without an @ a glob is about the package, whatever its version.
        ("pkg:pypi/hello-lane", "hello_lane-0.1.0-py3-none-any.whl", True),
        ("pkg:pypi/hello-lane", "hello_lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-lane", "Hello.Lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-*", "hello_lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-lane", "hello_lane2-0.1.0.tar.gz", False),
        ("pkg:pypi/hello-lane", "hello-0.1.0.tar.gz", False),
        ("pkg:pypi/hello", "hello_lane-0.1.0.tar.gz", False),
        ("pkg:pypi/Hello-lane", "hello_lane-0.1.0.tar.gz", False),
        ("pkg:pypi/hello_lane", "hello_lane-0.1.0.tar.gz", False),
        # A version may not stand in for the end of a name.
        ("pkg:pypi/*lane", "evil-1.0+lane.tar.gz", False),
        ("pkg:pypi/*1.0", "evil-1.0.tar.gz", False),
        # With an @ it is about the versions, too.
        ("pkg:pypi/hello-lane@*", "hello_lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-lane@0.1.*", "hello_lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-lane@0.1.0", "hello_lane-0.1.0.tar.gz", True),
        ("pkg:pypi/hello-lane@0.1.0", "hello_lane-0.1.0+x.tar.gz", False),
        ("pkg:pypi/hello-lane@0.1.1", "hello_lane-0.1.0.tar.gz", False),
        ("pkg:pypi/hello-lane@", "hello_lane-0.1.0.tar.gz", False),
        # A file whose name tells no package is not of one, whatever it is called.
        ("pkg:pypi/hello-lane", "pkg:pypi/hello-lane", False),
        ("pkg:pypi/hello-lane", "hello_lane-0.1.0.tar.gz.exe", False),
        ("pkg:*", "data.bin", False),
        ("pkg:**", "data.bin", False),
        ("*", "data.bin", True),
        ("hello-lane", "hello_lane-0.1.0.tar.gz", False),
        ("*.whl", "a.whl\n", False),
    ],
)
def test_a_glob_is_about_a_package_a_version_or_a_file_name(
    glob: str, name: str, *, held: bool
) -> None:
    artifact = Artifact(name, (Digest("sha256", "a" * 64),), 7, *purl_and_version(name))
    assert is_about(Rule((glob,), REQUIRED), artifact) is held
