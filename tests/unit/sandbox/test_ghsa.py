import re
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.sandbox.ghsa_store import IDENTIFIER
from support.advisory_parts import GHSA, AdvisoryParts
from support.sandbox_parts import document

ADVISORY: dict[str, Any] = {
    "summary": "A widget says more than it should",
    "description": "It says more than it should.",
    "severity": "high",
    "cwe_ids": ["CWE-200"],
    "vulnerabilities": [
        {
            "package": {"ecosystem": "pip", "name": "acme-widgets"},
            "vulnerable_version_range": ">= 1.0, < 1.2",
            "patched_versions": "1.2",
        }
    ],
}
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
VECTOR_4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"


@pytest.fixture
def forge(world: AdvisoryParts) -> AdvisoryParts:
    world.administer("ghsa-repository", repository="acme/widgets")
    return world


def create(forge: AdvisoryParts, **change: object) -> dict[str, Any]:
    answer = forge.ghsa("POST", "", ADVISORY | change)
    assert answer.status == 201, answer.body
    return dict(document(answer))


def test_a_draft_is_made_and_shown_as_it_was_sent(forge: AdvisoryParts) -> None:
    made = create(forge)
    assert re.fullmatch(IDENTIFIER, made["ghsa_id"])
    assert (made["state"], made["published_at"], made["cve_id"]) == ("draft", None, None)
    assert {name: made[name] for name in ADVISORY} == ADVISORY
    assert document(forge.ghsa("GET", f"/{made['ghsa_id']}")) == made


@pytest.mark.parametrize(
    ("vector", "score", "severity"), [(VECTOR, 9.8, "critical"), (VECTOR_4, 8.7, "high")]
)
def test_a_vector_is_rated(forge: AdvisoryParts, vector: str, score: float, severity: str) -> None:
    made = create(forge, severity=None, cvss_vector_string=vector)
    assert made["cvss"] == {"vector_string": vector, "score": score}
    assert made["severity"] == severity
    again = document(forge.ghsa("PATCH", f"/{made['ghsa_id']}", {"severity": "low"}))
    assert (again["severity"], again["cvss"]["score"]) == ("low", None)
    asked = {"cvss_vector_string": vector}
    back = document(forge.ghsa("PATCH", f"/{made['ghsa_id']}", asked))
    assert (back["severity"], back["cvss"]["score"]) == (severity, score)


@pytest.mark.parametrize(
    "change",
    [
        {"cvss_vector_string": VECTOR}, {"severity": "High"}, {"summary": ""}, {"summary": 1},
        {"summary": "x" * 1025}, {"description": None}, {"state": "published"}, {"more": 1},
        {"cve_id": "CVE-1"}, {"cwe_ids": ["200"]}, {"cwe_ids": "CWE-200"}, {"vulnerabilities": {}},
        {"severity": None, "cvss_vector_string": "CVSS:3.1/AV:N"},
        {"severity": None, "cvss_vector_string": "AV:N/AC:L/Au:N/C:P/I:P/A:P"},
        {"credits": [{"login": "x"}]}, {"credits": [{"login": "x", "type": "hero"}]},
        {"start_private_fork": "yes"}, {"collaborating_users": ["a b"]},
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_refused(forge: AdvisoryParts, change: dict[str, Any]) -> None:
    answer = forge.ghsa("POST", "", ADVISORY | change)
    assert answer.status == 422
    assert document(answer)["errors"][0]["field"] in change or "severity" in str(answer.body)
    assert document(forge.ghsa("GET")) == []


@pytest.mark.parametrize("name", ["summary", "description", "vulnerabilities"])
def test_a_field_that_is_required_is_named(forge: AdvisoryParts, name: str) -> None:
    sent = {key: value for key, value in ADVISORY.items() if key != name}
    (fault,) = document(forge.ghsa("POST", "", sent))["errors"]
    assert (fault["field"], fault["code"]) == (name, "missing_field")


@pytest.mark.parametrize(
    "span", ["= 1.0", "< 1.2", "<= 1.2", "> 1.0", ">= 1.0", ">= 1.0, < 1.2", "> 1.0, <= 2!1.0"]
)
def test_a_range_of_the_grammar_is_taken(forge: AdvisoryParts, span: str) -> None:
    (entry,) = ADVISORY["vulnerabilities"]
    create(forge, vulnerabilities=[{**entry, "vulnerable_version_range": span}])


@pytest.mark.parametrize(
    "change",
    [
        *({"vulnerable_version_range": span} for span in (
            "1.0", ">=1.0", "< 1.2, >= 1.0", ">= 1, < 2, >= 3", ">= 1.0 < 1.2", "== 1.0", "", 1,
            "~= 1.0", ">= 1.0,< 1.2", "= 1.0, = 1.1",
        )),
        {"package": {"ecosystem": "PyPI", "name": "x"}}, {"package": None},
        {"package": {"ecosystem": "pip", "name": 1}}, {"patched_versions": ["1.2"]},
        {"vulnerable_functions": "f"}, {"vulnerable_functions": [1]}, {"more": 1},
    ],
)  # fmt: skip
def test_a_package_that_is_wrong_is_refused(
    forge: AdvisoryParts, change: dict[str, object]
) -> None:
    (entry,) = ADVISORY["vulnerabilities"]
    answer = forge.ghsa("POST", "", ADVISORY | {"vulnerabilities": [entry | change]})
    assert answer.status == 422
    answer = forge.ghsa("POST", "", ADVISORY | {"vulnerabilities": ["x"]})
    assert answer.status == 422


MOVES = [
    ("draft", "published", 200), ("draft", "closed", 200), ("draft", "draft", 200),
    ("triage", "draft", 200), ("triage", "published", 200), ("triage", "closed", 200),
    ("closed", "draft", 200), ("closed", "published", 422), ("published", "draft", 422),
    ("published", "closed", 422), ("published", "published", 200), ("draft", "triage", 422),
    ("draft", None, 422),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "status"), MOVES)
def test_states_follow_each_other(
    forge: AdvisoryParts, before: str, after: str | None, status: int
) -> None:
    path = "/reports" if before == "triage" else ""
    made = document(forge.ghsa("POST", path, ADVISORY))
    place = f"/{made['ghsa_id']}"
    if before in ("closed", "published"):
        assert forge.ghsa("PATCH", place, {"state": before}).status == 200
    assert document(forge.ghsa("GET", place))["state"] == before
    assert forge.ghsa("PATCH", place, {"state": after, "summary": "New"}).status == status
    shown = document(forge.ghsa("GET", place))
    expected = (after, "New") if status == 200 else (before, ADVISORY["summary"])
    assert (shown["state"], shown["summary"]) == expected
    assert bool(shown["published_at"]) is (shown["state"] == "published")


@pytest.mark.parametrize("change", [{"severity": None}, {"vulnerabilities": []}])
def test_what_is_not_ready_is_not_published(
    forge: AdvisoryParts, change: dict[str, object]
) -> None:
    made = create(forge, **change)
    answer = forge.ghsa("PATCH", f"/{made['ghsa_id']}", {"state": "published"})
    assert (answer.status, document(answer)["errors"][0]["field"]) == (422, next(iter(change)))


def test_only_what_is_published_is_shown_without_a_token(forge: AdvisoryParts) -> None:
    draft, public = create(forge)["ghsa_id"], create(forge)["ghsa_id"]
    forge.ghsa("PATCH", f"/{public}", {"state": "published"})
    listed = document(forge.call("GET", GHSA))
    assert [one["ghsa_id"] for one in listed] == [public]
    assert forge.call("GET", f"{GHSA}/{public}").status == 200
    assert forge.call("GET", f"{GHSA}/{draft}").status == 404
    assert forge.call("POST", GHSA, ADVISORY).status == 401


@pytest.mark.parametrize("shown", ["Bearer wrong", "Bearer ", "Basic {}", "{}", "Bearer é"])
def test_a_wrong_token_is_refused_everywhere(forge: AdvisoryParts, shown: str) -> None:
    header = shown.format(forge.accounts.ghsa_token)
    for method in ("GET", "POST"):
        assert forge.call(method, GHSA, ADVISORY, authorization=header).status == 401


def test_pages_hold_every_advisory_once_newest_first(forge: AdvisoryParts) -> None:
    made = [create(forge)["ghsa_id"] for _ in range(3)]
    found: list[str] = []
    query = {"per_page": "2", "state": "draft"}
    while query:
        answer = forge.ghsa("GET", "", b"", **query)
        found += [one["ghsa_id"] for one in document(answer)]
        link = re.search(r"[?]([^>]+)>; rel=\"next\"", answer.headers.get("Link", ""))
        query = dict(pair.split("=") for pair in link[1].split("&")) if link else {}
    assert found == made[::-1]


@pytest.mark.parametrize("query", [{"per_page": "0"}, {"per_page": "101"}, {"after": "x"}])
def test_a_page_that_cannot_be_is_refused(forge: AdvisoryParts, query: dict[str, str]) -> None:
    assert forge.ghsa("GET", "", b"", **query).status == 422


def test_a_cve_identifier_is_asked_for_and_comes_later(forge: AdvisoryParts) -> None:
    identifier = create(forge)["ghsa_id"]
    asked = {"repository": "acme/widgets", "ghsa_id": identifier, "cve_id": "CVE-2026-1234"}
    with pytest.raises(InputError, match="waits for no"):
        forge.administer("ghsa-cve", **asked)
    assert forge.ghsa("POST", f"/{identifier}/cve").status == 202
    assert document(forge.ghsa("GET", f"/{identifier}"))["cve_id"] is None
    assert forge.ghsa("POST", f"/{identifier}/cve").status == 422
    with pytest.raises(InputError, match="not a CVE"):
        forge.administer("ghsa-cve", **(asked | {"cve_id": "x"}))
    forge.administer("ghsa-cve", **asked)
    shown = document(forge.ghsa("GET", f"/{identifier}"))
    assert shown["identifiers"][1] == {"type": "CVE", "value": "CVE-2026-1234"}


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PATCH", ""), ("POST", "/cve")])
def test_an_unknown_advisory_is_not_found(forge: AdvisoryParts, method: str, path: str) -> None:
    assert forge.ghsa(method, f"/GHSA-2222-3333-4444{path}", {}).status == 404


def test_an_unknown_repository_is_not_found(world: AdvisoryParts) -> None:
    assert world.ghsa("POST", "", ADVISORY).status == 404
    with pytest.raises(InputError, match="is not a name"):
        world.administer("ghsa-repository", repository="../x")


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_what_is_no_object_is_refused(forge: AdvisoryParts, body: bytes) -> None:
    identifier = create(forge)["ghsa_id"]
    assert forge.ghsa("POST", "", body).status == 400
    assert forge.ghsa("PATCH", f"/{identifier}", body).status == 400


@pytest.mark.parametrize(("value", "status", "stored"), [
    ("down", 503, 0), ("429", 429, 0), ("500-after-store", 500, 1),
])  # fmt: skip
def test_switches_make_it_fail(forge: AdvisoryParts, value: str, status: int, stored: int) -> None:
    forge.switches.set("ghsa", value)
    assert forge.ghsa("POST", "", ADVISORY).status == status
    forge.switches.set("ghsa", "")
    assert len(document(forge.ghsa("GET"))) == stored
