"""File names of CSAF documents."""

import pytest

from sealane.core.advisory.csaf.file_name import csaf_file_name


@pytest.mark.parametrize(
    ("tracking_id", "name"),
    [
        ("Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"),
        ("RHBA-2019:0024", "rhba-2019_0024.json"),
        ("cisco-sa-20190513-secureboot", "cisco-sa-20190513-secureboot.json"),
        ("ACME__2.0/../x", "acme_2_0_x.json"),
        ("a+b", "a+b.json"),
        ("é", "_.json"),
    ],
)
def test_a_file_is_named_by_the_tracking_id(tracking_id: str, name: str) -> None:
    assert csaf_file_name(tracking_id) == name
