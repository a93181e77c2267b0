"""Which version a file of an index is of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from sealane.core.advisory.file_version import version_of_file, version_or_none


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("acme_core-1.0-py3-none-any.whl", "1.0"),
        ("Acme.Core-1.0-1-cp313-cp313-manylinux_2_28_x86_64.whl", "1.0"),
        ("acme_core-1.0.tar.gz", "1.0"),
        ("acme-core-1.0rc1.zip", "1.0rc1"),
        ("Acme.Core-1!2.0.post1.tar.bz2", "1!2.0.post1"),
        ("acme-core-1.0-1.tar.gz", "1.0.post1"),
        ("acme-core-v1.0.tgz", "1.0"),
        ("acme-core-1.0.tar.xz", "1.0"),
        ("acme-core-1.0.tar.Z", "1.0"),
        ("acme-core-1.0.tar", "1.0"),
        ("acme_core-1.0-py2.7.egg", "1.0"),
        ("acme_core-1.0-py3.4-linux-x86_64.egg", None),
        ("acme_core-1.0-py3.4-win32.egg", "1.0"),
        ("acme_core-1.0.egg", "1.0"),
        ("acme-core-1.0.win32.exe", "1.0"),
        ("acme-core-1.0.win-amd64-py2.7.exe", "1.0"),
        ("acme-core-1.0.win32-py3.4.msi", "1.0"),
        ("acme-core-1.0.linux-x86_64.tar.gz", "1.0"),
        ("acme-core-1.0.macosx-10.9-x86_64.tar.gz", "1.0"),
    ],
)
def test_a_file_tells_its_version(name: str, version: str | None) -> None:
    found = version_of_file(name, "acme-core")
    assert found == (Version(version) if version else None)


@pytest.mark.parametrize(
    "name",
    [
        "acme_core-1.0.whl",
        "acme_core-next-py3-none-any.whl",
        "acme-1.0-py3-none-any.whl",
        "acme-1.0.tar.gz",
        "acme_core-0.3.2d.tar.gz",
        "acme_core.tar.gz",
        "acme_core-1.0.rpm",
        "acme_core-1.0.txt",
        "acme_core-1.0",
        "",
    ],
)
def test_a_file_that_tells_none_is_of_no_version(name: str) -> None:
    assert version_of_file(name, "acme-core") is None


@given(st.text(max_size=60))
def test_any_name_is_read_or_not(name: str) -> None:
    version_of_file(name, "acme")
    version_of_file(f"acme-{name}.tar.gz", "acme")
    version_or_none(name)


def test_a_number_that_is_too_long_to_be_read_is_no_version() -> None:
    assert version_or_none("1" * 5000) is None
