import pytest

from sealane.errors import InputError
from sealane.sandbox.index_store import seed
from sealane.sandbox.services.vulnerabilities import CANARY
from support.index_parts import PROJECT, IndexParts, wheel
from support.sandbox_parts import document


def test_the_canary_is_always_known_to_be_vulnerable(index: IndexParts) -> None:
    name, version = CANARY
    found = document(index.call("GET", f"/pypi/{name}/{version}/json"))["vulnerabilities"]
    assert found[0]["id"]
    assert found[0]["fixed_in"]
    assert index.call("GET", f"/pypi/{name}/9999/json").status == 404


def test_a_release_is_vulnerable_once_it_is_said_so(index: IndexParts) -> None:
    wheel(index.directory / "dist")
    seed(index.state, index.directory / "dist")
    path = f"/pypi/{PROJECT}/1.0/json"
    before = document(index.call("GET", path))
    assert before["vulnerabilities"] == []
    assert before["urls"]
    assert "releases" not in before
    for summary in ("first", "second"):
        index.vulnerabilities.add_vulnerability(
            "Hello_Index", "v1.0", "PYSEC-1", aliases=["CVE-1"], fixed_in=["1.1"], summary=summary
        )
    (found,) = document(index.call("GET", path))["vulnerabilities"]
    assert (found["id"], found["aliases"], found["fixed_in"], found["summary"]) == (
        "PYSEC-1", ["CVE-1"], ["1.1"], "second",
    )  # fmt: skip


def test_an_unknown_release_is_not_found(index: IndexParts) -> None:
    index.vulnerabilities.add_vulnerability(PROJECT, "1.0", "PYSEC-1")
    assert index.call("GET", f"/pypi/{PROJECT}/1.0/json").status == 404


def test_another_spelling_is_redirected(index: IndexParts) -> None:
    assert index.call("GET", "/pypi/Jinja2/2.10/json").status == 301


@pytest.mark.parametrize(
    ("project", "version", "identifier"),
    [("-", "1", "X"), ("p", "one", "X"), ("p", "1", "")],
)
def test_a_malformed_vulnerability_is_refused(
    index: IndexParts, project: str, version: str, identifier: str
) -> None:
    with pytest.raises(InputError, match="vulnerability"):
        index.vulnerabilities.add_vulnerability(project, version, identifier)
