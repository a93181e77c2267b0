"""The document itself: 6.2.4 to 6.2.7, 6.2.10, 6.2.11, 6.2.13, 6.2.17, 6.2.20."""

import json

import pytest

from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named
from support.csaf import Json, broken, document, rich

TRACKING = "/document/tracking"


def test_a_revision_has_no_build_metadata() -> None:
    assert broken("6.2.4", document("1.0.0", "1.1.0-rc.1", "1.1.0")) == []
    place = f"{TRACKING}/revision_history/1/number"
    assert broken("6.2.4", document("1.0.0", "1.1.0+abc")) == [place]


@pytest.mark.parametrize(
    ("rule", "name", "same", "earlier"),
    [
        ("6.2.5", "initial_release_date", "2026-11-01T12:00:00Z", "2026-11-01T11:59:59Z"),
        ("6.2.5", "initial_release_date", "2026-11-01T13:00:00+01:00", "2026-11-01T12:00:00+01:00"),
        ("6.2.6", "current_release_date", "2026-11-03T12:00:00Z", "2026-11-02T12:00:00Z"),
        ("6.2.6", "current_release_date", "2026-11-04T12:00:00Z", "2026-11-03T11:59:59.999Z"),
    ],
)
def test_a_release_date_is_not_before_its_revision(
    rule: str, name: str, same: str, earlier: str
) -> None:
    made = document("1", "2", "3")
    made["document"]["tracking"][name] = same
    assert broken(rule, made) == []
    made["document"]["tracking"][name] = earlier
    assert broken(rule, made) == [f"{TRACKING}/{name}"]


@pytest.mark.parametrize("rule", ["6.2.5", "6.2.6"])
def test_without_revisions_no_date_is_before_one(rule: str) -> None:
    # The form asks for one; the rules do not fail where it was not asked before.
    made = document()
    del made["document"]["tracking"]["revision_history"]
    assert list(rule_named(rule).broken(Csaf(made, {}))) == []


@pytest.mark.parametrize("rule", ["6.2.5", "6.2.6"])
def test_what_is_no_time_is_before_nothing(rule: str) -> None:
    made = document()
    for name in ("initial_release_date", "current_release_date"):
        made["document"]["tracking"][name] = "yesterday"
    assert list(rule_named(rule).broken(Csaf(made, {}))) == []


def test_an_involvement_has_a_date() -> None:
    dated = {"party": "vendor", "status": "open", "date": "2026-11-01T12:00:00Z"}
    undated = {"party": "user", "status": "open"}
    assert broken("6.2.7", document(vulnerabilities=[{"involvements": [dated]}])) == []
    found = broken("6.2.7", document(vulnerabilities=[{"involvements": [dated, undated]}]))
    assert found == ["/vulnerabilities/0/involvements/1"]


@pytest.mark.parametrize(
    ("distribution", "holds"),
    [({"tlp": {"label": "WHITE"}}, True), ({"text": "Freely."}, False), (None, False)],
)
def test_a_document_has_a_label(distribution: Json | None, holds: bool) -> None:
    members: Json = {"distribution": distribution} if distribution else {}
    assert broken("6.2.10", document(**members)) == ([] if holds else ["/document"])


@pytest.mark.parametrize(
    ("category", "url", "holds"),
    [
        ("self", "https://acme.example/csaf/white/2026/acme-2026-1.json", True),
        ("external", "https://acme.example/csaf/white/2026/acme-2026-1.json", False),
        ("", "https://acme.example/csaf/white/2026/acme-2026-1.json", False),
        ("self", "http://acme.example/csaf/white/2026/acme-2026-1.json", False),
        ("self", "https://acme.example/csaf/white/2026/ACME-2026-1.json", False),
        ("self", "https://acme.example/acme-2026-1.html", False),
    ],
)
def test_a_document_names_its_own_address(category: str, url: str, holds: bool) -> None:
    reference = {"summary": "This", "url": url} | ({"category": category} if category else {})
    other = {"category": "self", "summary": "As text", "url": "https://acme.example/1.html"}
    made = document(references=[other, reference])
    assert broken("6.2.11", made) == ([] if holds else ["/document/references"])


def test_a_document_without_references_has_no_address() -> None:
    made = document()
    assert [place for place, _ in rule_named("6.2.11").broken(Csaf(made, {}))] == [
        "/document/references"
    ]


def ordered(value: Json) -> Json:
    found: Json = json.loads(json.dumps(value, sort_keys=True))
    return found


def test_members_are_in_order_at_every_depth() -> None:
    made = ordered(rich())
    assert broken("6.2.13", made) == []
    score = made["vulnerabilities"][0]["scores"][0]["cvss_v3"]
    score["attackVector"] = score.pop("attackVector")
    assert broken("6.2.13", made) == ["/vulnerabilities/0/scores/0/cvss_v3"]


def test_each_object_out_of_order_is_told_once() -> None:
    made = ordered(document())
    tracking = made["document"].pop("tracking")
    made["document"] = {"tracking": tracking, **made["document"]}
    made["document"]["publisher"] = dict(reversed(made["document"]["publisher"].items()))
    assert broken("6.2.13", made) == ["/document", "/document/publisher"]


def test_a_cve_does_not_stand_among_the_other_ids() -> None:
    ids = [{"system_name": "Acme", "text": text} for text in ("7", "CVE-2026-1234", "CVE-26-1")]
    found = broken("6.2.17", document(vulnerabilities=[{"ids": ids}]))
    assert found == ["/vulnerabilities/0/ids/1/text"]


def test_members_that_csaf_does_not_know_are_told() -> None:
    assert broken("6.2.20", rich()) == []
    made = rich()
    made["x"] = 1
    made["document"]["a/b"] = {"c": 1}
    made["vulnerabilities"][0]["scores"][0]["cvss_v3"]["mood"] = "BAD"
    assert sorted(broken("6.2.20", made)) == [
        "/document/a~1b",
        "/vulnerabilities/0/scores/0/cvss_v3/mood",
        "/x",
    ]
