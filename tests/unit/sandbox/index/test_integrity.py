import json

import pytest

from sealane.sandbox.index_store import seed
from support.index_parts import PROJECT, IndexParts, wheel
from support.sandbox_parts import document

NAME = "hello_index-1.0-py3-none-any.whl"
PATH = f"/integrity/{PROJECT}/1.0/{NAME}/provenance"
PROVENANCE = {
    "version": 1,
    "attestation_bundles": [{"publisher": {"kind": "GitLab"}, "attestations": [{"version": 1}]}],
}


@pytest.fixture
def attested(index: IndexParts) -> IndexParts:
    """An index with a file that has a provenance, of whatever worth."""
    wheel(index.directory / "dist")
    seed(index.state, index.directory / "dist")
    index.state.write("UPDATE file SET provenance = ?", json.dumps(PROVENANCE))
    return index


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/vnd.pypi.integrity.v1+json"),
        ("application/vnd.pypi.integrity.v1+json", "application/vnd.pypi.integrity.v1+json"),
        ("application/json", "application/json"),
    ],
)
def test_a_files_provenance_is_served(attested: IndexParts, accept: str, content_type: str) -> None:
    answer = attested.call("GET", PATH, accept=accept)
    assert (answer.status, answer.content_type) == (200, content_type)
    assert document(answer) == PROVENANCE


def test_another_media_type_is_not_acceptable(attested: IndexParts) -> None:
    assert attested.call("GET", PATH, accept="text/html").status == 406


@pytest.mark.parametrize(
    "path",
    [
        f"/integrity/other/1.0/{NAME}/provenance",
        f"/integrity/{PROJECT}/1.1/{NAME}/provenance",
        f"/integrity/{PROJECT}/1.0/other-1.0-py3-none-any.whl/provenance",
        f"/integrity/{PROJECT}/x/{NAME}/provenance",
    ],
)
def test_provenance_is_found_under_its_own_release_only(attested: IndexParts, path: str) -> None:
    assert attested.call("GET", path).status == 404


def test_another_spelling_of_name_and_version_is_the_same(attested: IndexParts) -> None:
    assert attested.call("GET", f"/integrity/Hello_Index/1.0.0/{NAME}/provenance").status == 404
    assert attested.call("GET", f"/integrity/Hello_Index/v1.0/{NAME}/provenance").status == 200


def test_a_file_without_attestations_has_none(index: IndexParts) -> None:
    wheel(index.directory / "dist")
    seed(index.state, index.directory / "dist")
    answer = index.call("GET", PATH)
    expected = {"message": f"No provenance available for {NAME}"}
    assert (answer.status, document(answer)) == (404, expected)


def test_a_quarantined_project_keeps_its_provenance_to_itself(attested: IndexParts) -> None:
    attested.simple.set_status(PROJECT, "quarantined")
    assert attested.call("GET", PATH).status == 403


def test_provenance_can_get_lost(attested: IndexParts) -> None:
    attested.switches.set("index.provenance", "missing")
    assert attested.call("GET", PATH).status == 404
    attested.switches.set("index.provenance", "empty")
    assert document(attested.call("GET", PATH))["attestation_bundles"] == []
    attested.switches.set("index.provenance", "no-attestations")
    (bundle,) = document(attested.call("GET", PATH))["attestation_bundles"]
    assert bundle == {"publisher": {"kind": "GitLab"}, "attestations": []}
    attested.switches.set("index.provenance", "")
    assert document(attested.call("GET", PATH)) == PROVENANCE
