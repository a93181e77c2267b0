import pytest

from sealane.errors import InputError
from sealane.sandbox.advisory_store import AdvisoryStore
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


def test_an_advisory_reaches_the_releases_it_is_about(index: IndexParts) -> None:
    for version in ("1.0", "1.2", "2.0"):
        wheel(index.directory / "dist", version=version)
    seed(index.state, index.directory / "dist")
    events = [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}, {"fixed": "2.1"}]
    record = {
        "id": "PYSEC-7", "aliases": ["CVE-7"], "summary": "s", "details": "d",
        "affected": [{"package": {"ecosystem": "PyPI", "name": PROJECT},
                      "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }  # fmt: skip
    AdvisoryStore(index.state).put(record)

    def known(version: str) -> list[dict[str, object]]:
        answer = document(index.call("GET", f"/pypi/{PROJECT}/{version}/json"))
        return list(answer["vulnerabilities"])

    assert known("1.2") == []
    for version in ("1.0", "2.0"):
        (found,) = known(version)
        assert (found["id"], found["fixed_in"], found["withdrawn"]) == (
            "PYSEC-7", ["1.2", "2.1"], None,
        )  # fmt: skip
    index.switches.set("index.vulnerabilities", "lag")
    assert known("1.0") == []
    index.switches.set("index.vulnerabilities", "")
    AdvisoryStore(index.state).put(record | {"withdrawn": "2026-01-01T00:00:00Z"})
    assert known("1.0")[0]["withdrawn"] == "2026-01-01T00:00:00Z"
