"""One project has one name, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from sealane.core.model.project_name import normal_name


@pytest.mark.parametrize("name", ["acme-core", "Acme_Core", "acme.core", "ACME-_.core"])
def test_all_writings_are_one_name(name: str) -> None:
    assert normal_name(name) == "acme-core"


@given(st.text(st.sampled_from("aB1-_.ÄİK/ ")))
def test_it_is_what_installers_make_of_it(name: str) -> None:
    assert normal_name(name) == canonicalize_name(name)
