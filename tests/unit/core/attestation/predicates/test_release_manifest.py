"""The release manifest: strict, complete, and bound to its subjects."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.predicates.release_manifest import (
    ManifestArtifact,
    ManifestAttestation,
    ManifestChannel,
    ManifestInput,
    ManifestPackage,
    ReleaseManifest,
    manifest_of,
    parse_release_manifest,
    render_manifest_statement,
    render_release_manifest,
)
from sealane.core.attestation.statement import parse_statement
from sealane.errors import InputError

# Any JSON value, broken on purpose.
Json: TypeAlias = Any
WHEEL = ManifestArtifact("demo-1.0-py3-none-any.whl", 10, "aa" * 32, "bb" * 64, "cc" * 32)
SDIST = ManifestArtifact("demo-1.0.tar.gz", 11, "ab" * 32, "bc" * 64, "cd" * 32)
MANIFEST = ReleaseManifest(
    project="demo",
    packages=(ManifestPackage("demo", "1.0", "1.0.0"),),
    tag="v1.0",
    tag_object="1" * 40,
    commit="2" * 40,
    tree="3" * 40,
    epoch=1_700_000_000,
    configuration="dd" * 32,
    changelog="",
    locks=(ManifestInput("requirements/build.txt", "ee" * 32),),
    records=(ManifestInput("plan.json", "ef" * 32),),
    isolation="namespaces",
    artifacts=(WHEEL, SDIST),
    attestations=(
        ManifestAttestation(f"{WHEEL.name}.publish.attestation", "x", WHEEL.name, "fa" * 32),
    ),
    channels=(ManifestChannel("index", "pypi", "pypi"),),
    sandbox=True,
    tools=(("sealane", "0.1.0"), ("twine", "7.0.0")),
    slsa_level=2,
    slsa_reason="signed by a job of the project's own pipeline",
)  # fmt: skip


def read(document: Json) -> ReleaseManifest:
    return manifest_of(parse_statement(PAYLOAD_TYPE, json.dumps(document).encode()))


def test_what_was_rendered_is_read_again() -> None:
    assert read(render_manifest_statement(MANIFEST)) == MANIFEST


def paths(value: Json, path: tuple[Json, ...] = ()) -> list[tuple[Json, ...]]:
    found = [path] if path else []
    items: Json = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += paths(inner, (*path, key))
    return found


PREDICATE = render_release_manifest(MANIFEST)
MEMBERS = [path for path in paths(PREDICATE) if isinstance(path[-1], str) and path[0] != "tools"]


def changed(path: tuple[Json, ...], change: Json) -> Json:
    document = deepcopy(PREDICATE)
    holder: Json = document
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return document


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: ".".join(map(str, path)))
def test_a_missing_member_is_refused(path: tuple[Json, ...]) -> None:
    with pytest.raises(InputError):
        parse_release_manifest(changed(path, lambda holder, key: holder.pop(key)))


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("value", [None, 1.5, -1, [None], {"x": None}, "\x00"], ids=repr)
def test_a_member_of_another_type_is_refused(path: tuple[Json, ...], value: Json) -> None:
    def put(holder: Json, key: Json) -> None:
        holder[key] = value

    try:
        manifest = parse_release_manifest(changed(path, put))
    except InputError:
        return
    # Free text may hold anything; nothing else may.
    assert value == "\x00"
    assert manifest != MANIFEST


@pytest.mark.parametrize("path", [(), ("slsa",), ("artifacts", 0), ("channels", 0)])
def test_an_unknown_member_is_refused(path: tuple[Json, ...]) -> None:
    with pytest.raises(InputError, match="unknown member"):
        parse_release_manifest(
            changed((*path, "surprise"), lambda holder, key: holder.update({key: 1}))
        )


@pytest.mark.parametrize("name", ["../demo.whl", "/demo.whl", "a/b.whl", "", ".hidden", "a\nb"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    bad = replace(MANIFEST, artifacts=(replace(WHEEL, name=name), SDIST))
    with pytest.raises(InputError):
        parse_release_manifest(render_release_manifest(bad))


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(replace(MANIFEST, artifacts=()), id="no-artifact"),
        pytest.param(replace(MANIFEST, artifacts=(WHEEL, WHEEL)), id="a-name-twice"),
        pytest.param(replace(MANIFEST, channels=MANIFEST.channels * 2), id="a-channel-twice"),
        pytest.param(replace(MANIFEST, configuration="DD" * 32), id="upper-case-digest"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(bad: ReleaseManifest) -> None:
    with pytest.raises(InputError):
        parse_release_manifest(render_release_manifest(bad))


def drop_one(statement: Json) -> None:
    statement["subject"].pop()


def add_one(statement: Json) -> None:
    statement["subject"].append({"name": "x.whl", "digest": {"sha256": "00" * 32}})


def swap(statement: Json) -> None:
    first, second = statement["subject"]
    first["digest"], second["digest"] = second["digest"], first["digest"]


def lose_a_digest(statement: Json) -> None:
    del statement["subject"][0]["digest"]["sha512"]


def other_type(statement: Json) -> None:
    statement["predicateType"] = "https://example.org/other/v1"


@pytest.mark.parametrize("change", [drop_one, add_one, swap, lose_a_digest, other_type])
def test_subjects_that_are_not_exactly_the_artifacts_are_refused(change: Json) -> None:
    statement = render_manifest_statement(MANIFEST)
    change(statement)
    with pytest.raises(InputError):
        read(statement)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=10,
)  # fmt: skip


@given(st.sampled_from(MEMBERS), json_values)
def test_nothing_but_an_input_error_is_raised(path: tuple[Json, ...], value: Json) -> None:
    def put(holder: Json, key: Json) -> None:
        holder[key] = value

    try:
        parse_release_manifest(changed(path, put))
    except InputError:
        return
