"""Package URLs."""

import pytest

from sealane.core.advisory.csaf.purl import purl_fault


@pytest.mark.parametrize(
    "purl",
    [
        "pkg:pypi/acme", "pkg:pypi/acme@1.0", "pkg:npm/%40scope/acme@1.0?a=b&c=#sub/path",
        "pkg:PyPI/acme@1!2.0%2Blocal", "pkg:maven/org.acme/tool@1.0?type=jar",
        "pkg://pypi/acme", "pkg:generic/a/b/c", "pkg:oci/acme@sha256%3Aab?tag=x",
    ],
)  # fmt: skip
def test_a_package_url_names_a_package(purl: str) -> None:
    assert purl_fault(purl) == ""


@pytest.mark.parametrize(
    ("purl", "fault"),
    [
        ("pkg:maven/@1.3.4", "it has no name"),
        ("pkg:pypi/", "it has no name"),
        ("pkg:pypi", "it has no name"),
        ("pkg:pypi/acme@", "no version after it"),
        ("pkg:py+pi/acme", "the type 'py+pi'"),
        ("pkg:pypi/ac%4", "two hexadecimal digits"),
        ("pkg:maven/tool@1.0", "maven has a namespace"),
        ("pkg:pypi/acme/tool@1.0", "pypi has no namespace"),
        ("pkg:npm/a%2Fb/tool", "an encoded slash"),
        ("pkg:npm/acme?a", "the qualifier 'a' is no key=value"),
        ("pkg:npm/acme?1=a", "the qualifier '1=a' is no key=value"),
        ("pkg:npm/acme?a=1&A=2", "the qualifier 'A' stands twice"),
        ("pkg:npm/acme#a/../b", "leads somewhere else"),
        ("pkg:npm/acme#a%2Fb", "leads somewhere else"),
    ],
)
def test_what_is_wrong_with_a_package_url_is_named(purl: str, fault: str) -> None:
    assert fault in purl_fault(purl)
