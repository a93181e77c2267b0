"""Provenance without its optional members is read; a list that is none is refused."""

from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from sealane.core.attestation.predicates.provenance import (
    BUILD_TYPE,
    Provenance,
    parse_provenance,
    render_provenance,
)
from sealane.errors import InputError

# Any JSON value, broken on purpose.
Json: TypeAlias = Any
PLAIN = Provenance(BUILD_TYPE, {}, {}, (), "https://gitlab.com/acme/demo//ci.yml@refs/tags/v1")
LISTS = (("buildDefinition", "resolvedDependencies"), ("runDetails", "byproducts"))


def test_a_run_without_a_name_has_none() -> None:
    document: Json = render_provenance(PLAIN)
    assert document["runDetails"]["metadata"] == {}
    assert parse_provenance(document) == PLAIN
    named = replace(PLAIN, invocation="job 1")
    assert parse_provenance(render_provenance(named)).invocation == "job 1"


@pytest.mark.parametrize(("holder", "key"), LISTS)
def test_a_list_that_is_absent_or_null_is_empty(holder: str, key: str) -> None:
    absent: Json = render_provenance(PLAIN)
    del absent[holder][key]
    null: Json = render_provenance(PLAIN)
    null[holder][key] = None
    assert parse_provenance(absent) == parse_provenance(null) == PLAIN


@pytest.mark.parametrize(("holder", "key"), LISTS)
@pytest.mark.parametrize("value", [{}, {"a": 1}, "", "x", 0, 1, False, True])
def test_a_list_that_is_something_else_is_refused(holder: str, key: str, value: Json) -> None:
    document: Json = render_provenance(PLAIN)
    document[holder][key] = value
    with pytest.raises(InputError, match=f"{key}: expected a list"):
        parse_provenance(document)
