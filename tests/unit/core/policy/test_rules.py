"""Rules are read with all that they demand, and what could never hold is refused."""

from datetime import UTC, datetime

import pytest

from sealane.core.policy.needs import (
    AllOf,
    AnyOf,
    Requirement,
    SbomDemand,
    ScanDemand,
    Severity,
    TestDemand,
)
from sealane.core.policy.people import ForgePublisher
from sealane.core.policy.schema import Continuity, Downgrade, Mode, Rule
from support.policies import CI, PUBLISH, TEAM, parse, refused, rule

SCAN = 'scan = { worst = "low", allowed = ["CVE-2026-1"], scanners = ["urn:s"], max_age_days = 7 }'
PGP = f'[publisher.pgp]\nkind = "openpgp"\nfile = "a.asc"\nsha256 = "{"a" * 64}"\n'
KEY = f'[publisher.k]\nkind = "key"\nfile = "k.pem"\nsha256 = "{"a" * 64}"\n'
EXACT = """[publisher.x]
kind = "certificate"
issuer = "https://login.example.org"
subject = "ann@example.org"
"""
MORE = """[publisher.hub]
kind = "github"
issuer = "https://token.actions.githubusercontent.com"
project = "acme/hello"
workflow = "release.yml"
ref = ["refs/tags/v{pep440}", "refs/heads/main"]
signer = { project = "acme/shared", workflow = "sign.yml", ref = "refs/tags/v1" }
[publisher.circle]
kind = "circleci"
issuer = "https://oidc.circleci.com/org/00000000-0000-0000-0000-000000000001"
project_id = "00000000-0000-0000-0000-000000000002"
pipeline_definition_id = "00000000-0000-0000-0000-000000000003"
"""


def one(text: str, *others: str, people: str = "") -> Requirement:
    (found,) = parse(people, *others, CI, rule(text)).rules[0].require
    assert isinstance(found, Requirement)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("threshold = 1", {}),
        ('source = "https://gitlab.com/acme/hello"', {"source": "https://gitlab.com/acme/hello"}),
        (
            "not_before = 2026-01-01T02:00:00+02:00",
            {"not_before": datetime(2026, 1, 1, tzinfo=UTC)},
        ),
        ("max_age_days = 30", {"max_age_days": 30}),
        ('when = "predicate == {}"', {"when": "predicate == {}"}),
        ("complete = false", {}),
    ],
)
def test_a_demand_is_read(text: str, expected: dict[str, object]) -> None:
    found = one(f'{{ predicate = "publish", by = "ci", {text} }}')
    assert found == Requirement(("publish",), found.by, **expected)  # type: ignore[arg-type]  # of each its own


@pytest.mark.parametrize(
    ("predicate", "text", "expected"),
    [
        ("release", "complete = true", {"complete": True}),
        ("slsa-provenance", 'builder = "https://x.example/b@v1"',
         {"builder": "https://x.example/b@v1"}),
        ("slsa-provenance", "level = 2", {"level": 2}),
        ("sbom-spdx", "sbom = {}", {"sbom": SbomDemand()}),
        ("sbom-cyclonedx", "sbom = { components = 5, describes = true }",
         {"sbom": SbomDemand(5, describes=True)}),
        ("vulns", "scan = {}", {"scan": ScanDemand()}),
        ("vulns", SCAN,
         {"scan": ScanDemand(Severity.LOW, ("CVE-2026-1",), ("urn:s",), 7)}),
        ("test-result", "tests = {}", {"tests": TestDemand()}),
        ("test-result", 'tests = { warned = true, configurations = ["urn:c"] }',
         {"tests": TestDemand(warned=True, configurations=("urn:c",))}),
        ("vsa", 'verifier = "urn:v", resource = "https://x.example/{name}/{version}", level = 3',
         {"verifier": "urn:v", "resource": "https://x.example/{name}/{version}", "level": 3}),
        ("svr", 'verifier = "urn:v", properties = ["SLSA_BUILD_LEVEL_2"]',
         {"verifier": "urn:v", "properties": ("SLSA_BUILD_LEVEL_2",)}),
    ],
)  # fmt: skip
def test_a_demand_on_one_kind_of_statement_is_read(
    predicate: str, text: str, expected: dict[str, object]
) -> None:
    found = one(f'{{ predicate = "{predicate}", by = "ci", {text} }}')
    assert found == Requirement((predicate,), found.by, **expected)  # type: ignore[arg-type]  # as above


def test_several_names_may_stand_in_a_list() -> None:
    text = '{ predicate = ["publish", "slsa-provenance"], by = ["ci", "team"], threshold = 3 }'
    found = one(text, people=TEAM)
    assert found.predicates == ("publish", "slsa-provenance")
    assert [who.name for who in found.by] == ["ci", "team"]
    assert found.threshold == 3


def test_needs_are_read_however_deep() -> None:
    condition = '[condition.lts]\nmatch = ["*lts*"]\n'
    text = (
        f'{{ any = [{PUBLISH}, {{ all = [{{ predicate = "slsa-provenance", by = "ci" }}, '
        '{ predicate = "signature", by = "ci", only_if = "lts" }] }], only_if = "lts" }'
    )
    policy = parse(condition, CI, rule(text))
    (ci,) = policy.publishers
    inner = AllOf(
        (
            Requirement(("slsa-provenance",), (ci,)),
            Requirement(("signature",), (ci,), only_if="lts"),
        )
    )
    assert policy.rules[0].require == (
        AnyOf((Requirement(("publish",), (ci,)), inner), only_if="lts"),
    )
    assert policy.conditions[0].match == ("*lts*",)


def test_a_rule_has_a_mode_a_name_and_may_ask_for_continuity() -> None:
    policy = parse(CI, rule(more='mode = "audit"\n'), rule(more="continuity = {}\n"))
    first, second = policy.rules
    assert (first.mode, first.name, first.continuity) == (Mode.AUDIT, "rule 1", None)
    assert (second.mode, second.name, second.continuity) == (Mode.ENFORCE, "rule 2", Continuity())
    assert (first.added, second.added) == (False, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", Continuity()),
        ('{ publisher = "pin", no_downgrade = "same-major", since = "1.4" }',
         Continuity(since="1.4")),
        ('{ publisher = "any", no_downgrade = "all" }',
         Continuity(publisher=False, no_downgrade=Downgrade.ALL)),
        ('{ no_downgrade = "none" }', Continuity(no_downgrade=None)),
    ],
)  # fmt: skip
def test_continuity_is_read(text: str, expected: Continuity) -> None:
    (found,) = parse(CI, rule(more=f"continuity = {text}\n")).rules
    assert found.continuity == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{ publisher = "any", no_downgrade = "none" }', "rule.0.continuity: it demands nothing"),
        ('{ since = "one" }', "rule.0.continuity.since: expected a version of PEP 440, got 'one'"),
        ("{ since = 1.4 }", "rule.0.continuity.since: expected text, got 1.4"),
        ('{ no_downgrade = "major" }', "rule.0.continuity.no_downgrade: expected"),
    ],
)  # fmt: skip
def test_continuity_that_demands_nothing_is_refused(text: str, why: str) -> None:
    assert why in refused(CI, rule(more=f"continuity = {text}\n")).message


@pytest.mark.parametrize(
    ("text", "why", "hint"),
    [
        (PUBLISH.replace("publish", "publsh"), "'publsh' is not supported", "'publish'?"),
        (PUBLISH.replace('"ci"', '"cci"'), "by: there is no [publisher.cci]", "did you mean 'ci'?"),
        (PUBLISH.replace("ci", "ann"), "by: there is no [publisher.ann]", "define [publisher.ann]"),
        (PUBLISH.replace(" }", ', trust = "x" }'), "trust: there is no [trust.x]", "[trust.x]"),
        (PUBLISH.replace(" }", ', only_if = "x" }'), "there is no [condition.x]", "[condition.x]"),
        (PUBLISH.replace('"ci"', '["ci", "ci"]'), "by.1: 'ci' stands here twice", "leave"),
        (PUBLISH.replace(" }", ", threshold = 2 }"), "there are 1 who can sign, and 2 have to", ""),
        (PUBLISH.replace(" }", ", threshold = 0 }"), "a whole number from 1 to 100, got 0", ""),
        (PUBLISH.replace(" }", ', when = " " }'), "when: expected an expression in CEL, no", ""),
        (PUBLISH.replace(" }", ', source = "http://x.example" }'), "source: expected an https", ""),
        (PUBLISH.replace(" }", ', source = "https://x.example/.*" }'), "looks like a pattern", ""),
        (PUBLISH.replace("publish", "signature").replace(" }", ', when = "true" }'),
         "when: a signature makes no statement", "name the kind"),
        (f"{PUBLISH}, {PUBLISH}", "require.1: the same entry stands here twice", "threshold"),
        (f"{{ any = [{PUBLISH}, {PUBLISH}] }}", "require.0.any.1: the same entry stands here", ""),
        ("{ any = [] }", "any: expected a list of 1 to 1000 entries, got 0", ""),
        ("{ all = [1] }", "all.0: expected a table, got 1", ""),
        (f"{{ any = [{PUBLISH}], threshold = 2 }}", "require.0.threshold: unknown key", ""),
        (f"{{ any = [{PUBLISH}], all = [{PUBLISH}] }}", "require.0.all: unknown key", ""),
    ],
)  # fmt: skip
def test_a_requirement_that_means_nothing_is_refused(text: str, why: str, hint: str) -> None:
    error = refused(CI, rule(text))
    assert why in error.message
    assert hint in str(error.hint)


ABOUT = [
    ("complete = true", "publish", "complete: it is asked of release or release-manifest"),
    ("sbom = {}", "vulns", "sbom: it is asked of sbom-spdx or sbom-cyclonedx"),
    ("scan = {}", "sbom-spdx", "scan: it is asked of vulns"),
    ("tests = {}", "publish", "tests: it is asked of test-result, and not of 'publish'"),
    ('builder = "urn:b"', "publish", "builder: it is asked of slsa-provenance"),
    ("level = 1", "publish", "level: it is asked of slsa-provenance or vsa or svr"),
    ('verifier = "urn:v"', "publish", "verifier: it is asked of vsa or svr"),
    ('resource = "urn:r"', "publish", "resource: it is asked of vsa"),
    ('properties = ["X"]', "publish", "properties: it is asked of vsa or svr"),
    ("level = 1", "vsa", "verifier: required for 'vsa', and missing"),
    ('verifier = "urn:v"', "svr", "properties: required for 'svr', and missing"),
    ("level = 3", "slsa-provenance", "level: 3 needs a signer, and [publisher.ci] has none"),
]


@pytest.mark.parametrize(("text", "predicate", "why"), ABOUT)
def test_a_demand_that_no_such_statement_can_meet_is_refused(
    text: str, predicate: str, why: str
) -> None:
    error = refused(CI, rule(f'{{ predicate = "{predicate}", by = "ci", {text} }}'))
    assert f"rule.0.require.0: {why}" in error.message
    mixed = refused(CI, rule(f'{{ predicate = ["{predicate}", "openvex"], by = "ci", {text} }}'))
    assert "rule.0.require.0: " in mixed.message


def test_the_third_level_needs_somebody_whom_the_project_cannot_be() -> None:
    text = '{ predicate = "slsa-provenance", by = ["hub"], level = 3 }'
    (who,) = parse(MORE.partition("[publisher.circle]")[0], rule(text)).publishers
    assert isinstance(who, ForgePublisher)
    assert who.signer is not None
    both = text.replace('"hub"', '"hub", "circle"')
    assert "3 needs a signer, and [publisher.circle] has none" in refused(MORE, rule(both)).message
    own = MORE.partition("[publisher.circle]")[0].replace("acme/shared", "Acme/Hello")
    assert "3 needs a signer, and [publisher.hub] has none" in refused(own, rule(text)).message
    # GitLab's certificates do not tell whose pipeline signed.
    lab = CI + 'signer = { project = "acme/shared", config = "a.yml", ref = "refs/tags/v1" }\n'
    error = refused(lab, rule(text.replace("hub", "ci")))
    assert "3 needs a signer, and [publisher.ci] has none" in error.message


@pytest.mark.parametrize(
    ("people", "by", "most"),
    [
        (TEAM, ["team"], 2), (MORE, ["hub", "circle"], 2), (CI + TEAM, ["ci", "team"], 3),
        (TEAM + TEAM.replace("team", "too").replace("bo@", "BO@"), ["team", "too"], 2),
        (KEY + EXACT, ["k", "x"], 2),
    ],
)  # fmt: skip
def test_no_more_can_have_to_sign_than_there_are(people: str, by: list[str], most: int) -> None:
    text = f'{{ predicate = "signature", by = {by}, threshold = {most} }}'.replace("'", '"')
    assert parse(people, rule(text)).rules
    more = text.replace(f"threshold = {most}", f"threshold = {most + 1}")
    assert (
        f"there are {most} who can sign, and {most + 1} have to"
        in refused(people, rule(more)).message
    )


def test_how_many_certificates_a_file_holds_is_not_known_before_it_is_read() -> None:
    text = '{ predicate = "signature", by = "pgp", threshold = 5 }'
    assert parse(PGP, rule(text)).rules[0].requirements[0].threshold == 5


def test_with_several_trust_roots_each_requirement_names_its_own() -> None:
    trusts = '[trust.a]\n[trust.b]\nroot = "acme"\n'
    named = [PUBLISH.replace(" }", f', trust = "{name}" }}') for name in "ab"]
    policy = parse(trusts, CI, rule(*named))
    assert [one.trust for one in policy.rules[0].requirements] == ["a", "b"]
    assert [one.name for one in policy.trusts] == ["a", "b"]
    assert policy.trust is None
    error = refused(trusts, CI, rule(named[0], PUBLISH.replace("publish", "signature")))
    assert "require.1: trust: required where there are several, and missing" in error.message
    assert error.hint == "write trust = one of a, b"
    assert "did you mean" in str(refused("[trust.aa]\n[trust.b]\n", CI, rule(named[0])).hint)


def test_what_is_wrong_with_a_publisher_is_told_once_where_it_stands() -> None:
    error = refused(CI.replace("acme/hello", "acme"), TEAM, rule(f"{{ all = [{PUBLISH}] }}"))
    assert "publisher.ci.project: project 'acme': expected a path" in error.message
    assert "rule" not in error.message


def test_rules_of_equal_texts_are_equal() -> None:
    policy = parse(CI, rule())
    assert policy.rules == (
        Rule(("*",), (Requirement(("publish",), policy.publishers),), name="rule 1"),
    )
