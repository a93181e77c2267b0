"""SLSA provenance v1: what the lane writes, and what it reads of others."""

from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.provenance import (
    BUILD_TYPE,
    Provenance,
    Resource,
    parse_provenance,
    render_provenance,
)
from sealane.core.model.artifact import Digest
from sealane.errors import InputError

# Any JSON value, broken on purpose.
Json: TypeAlias = Any
PROVENANCE = Provenance(
    build_type=BUILD_TYPE,
    external={"repository": "https://gitlab.com/acme/demo", "tag": "v1.0"},
    internal={"isolation": "namespaces"},
    dependencies=(
        Resource(
            "source",
            "git+https://gitlab.com/acme/demo@refs/tags/v1.0",
            (Digest("gitCommit", "1" * 40),),
        ),
        Resource("requirements/build.txt", "", (Digest("sha256", "a" * 64),)),
    ),
    builder="https://gitlab.com/acme/demo//.gitlab-ci.yml@refs/tags/v1.0",
    invocation="https://gitlab.com/acme/demo/-/jobs/1",
    byproducts=(Resource("build-a/record.json", "", (Digest("sha256", "b" * 64),)),),
)


def test_what_was_rendered_is_read_again() -> None:
    assert parse_provenance(render_provenance(PROVENANCE)) == PROVENANCE


def test_unknown_members_are_left_aside() -> None:
    predicate: Json = render_provenance(PROVENANCE)
    predicate["surprise"] = predicate["runDetails"]["surprise"] = 1
    assert parse_provenance(predicate) == PROVENANCE


@pytest.mark.parametrize(
    ("holder", "key"),
    [
        ((), "buildDefinition"),
        ((), "runDetails"),
        (("buildDefinition",), "buildType"),
        (("buildDefinition",), "externalParameters"),
        (("runDetails",), "builder"),
        (("runDetails", "builder"), "id"),
    ],
)
@pytest.mark.parametrize("value", [None, 1, [], "absent"])
def test_a_required_member_that_is_missing_or_wrong_is_refused(
    holder: tuple[str, ...], key: str, value: Json
) -> None:
    predicate: Json = render_provenance(PROVENANCE)
    inner = predicate
    for name in holder:
        inner = inner[name]
    if value == "absent":
        del inner[key]
    else:
        inner[key] = value
    with pytest.raises(InputError):
        parse_provenance(predicate)


@pytest.mark.parametrize(
    "dependency",
    [
        1,
        {"digest": {"sha256": "zz"}},
        {"digest": {"sha256": 1}},
        {"name": 1, "digest": {}},
        {"uri": []},
    ],
)
def test_a_broken_dependency_is_refused(dependency: Json) -> None:
    predicate: Json = render_provenance(PROVENANCE)
    predicate["buildDefinition"]["resolvedDependencies"] = [dependency]
    with pytest.raises(InputError):
        parse_provenance(predicate)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["buildDefinition", "runDetails"]), json_values, max_size=2))
def test_nothing_but_an_input_error_is_raised(predicate: Json) -> None:
    with pytest.raises(InputError):
        parse_provenance(predicate)
