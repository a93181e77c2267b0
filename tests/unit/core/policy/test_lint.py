"""A policy that does not do what its author believes is refused, whole as it may be."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from sealane.core.policy.lint import covered_troubles
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.schema import Condition, Distrust, Exemption
from sealane.core.policy.windows import exemptible
from sealane.errors import PolicyError
from support.policies import CI, HEAD, PUBLISH, TEAM, parse, refused, rule

EXEMPTION = """[[exemption]]
match = ["*-1.0*"]
code = "SL-PRE-001"
reason = "SEC-9"
expires = 2027-01-01T00:00:00Z
"""
DISTRUST = '[[distrust]]\nreason = "SEC-12"\nrun = "https://x.example/1"\n'
CONDITION = '[condition.lts]\nmatch = ["*lts*"]\nstart = 2026-01-01T00:00:00Z\n'
ONLY = rule(PUBLISH.replace(" }", ', only_if = "lts" }'))
DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "glob", ["*", "pkg:pypi/acme-*", "oci://*/acme/*", "pkg:*", "pkg:*/acme", "*.whl",
             "a?b[cd].tar.gz", "pkg:pypi/acme@1.0+local", "oci://x.example/acme:*",
             "pkg:pypi/acme-[!A_]-*", "a[!/]b", "pkg:npm/%40Acme/a_b",
             "Acme_Utils-1.0-py3-none-any.whl"],
)  # fmt: skip
def test_globs_are_taken(glob: str) -> None:
    assert parse(CI, rule(match=f'["{glob}"]')).rules[0].match == (glob,)


@pytest.mark.parametrize(
    ("glob", "why"),
    [
        (".*", "looks like a regular expression"), ("acme-.+", "looks like a regular expression"),
        ("^acme", "looks like a regular expression"), ("acme$", "looks like a regular expression"),
        ("(a|b)", "looks like a regular expression"),
        (r"acme\\.whl", "looks like a regular expression"),
        ("oci://*.example.org/acme/*", "leaves the host, or the package type, loose"),
        ("oci://x.example*", "leaves the host, or the package type, loose"),
        ("pkg:py*/acme", "leaves the host, or the package type, loose"),
        ("pkg:pypi/Acme", "is met by no package"), ("pkg:pypi/acme_utils", "is met by no package"),
        ("pkg:pypi/acme.utils@1.*", "is met by no package"),
        ("pkg:pypi/acme--x", "is met by no package"), ("pkg:PyPI/acme", "is met by no package"),
        ("PKG:pypi/acme", "is met by no package"), ("pkg:npm/@acme/x", "is met by no package"),
        ("dist/*.whl", "is met by no file"), ("./acme-*", "is met by no file"),
        ("https://?.example/a", "leaves the host"), ("https://[ab].example/a", "leaves the host"),
    ],
)  # fmt: skip
def test_a_loose_glob_is_refused_wherever_it_stands(glob: str, why: str) -> None:
    globs = f'["*", "{glob}"]'
    error = refused(CI, rule(match=globs))
    assert "line 10: rule.0.match: " in error.message
    assert why in error.message
    exempt = EXEMPTION.replace('["*-1.0*"]', globs)
    assert "exemption.0.match: " in refused(CI, rule(), exempt).message
    condition = CONDITION.replace('["*lts*"]', globs)
    assert "condition.lts.match: " in refused(CI, ONLY, condition).message


def test_nobody_and_nothing_is_named_in_vain() -> None:
    error = refused(CI, TEAM, rule())
    assert "line 9: publisher.team: no rule names this publisher" in error.message
    error = refused(CI, rule(), CONDITION)
    assert "condition.lts: no rule names this condition" in error.message
    inside = f'{{ any = [{PUBLISH}, {{ all = [{PUBLISH}], only_if = "lts" }}] }}'
    assert parse(CI, rule(inside), CONDITION).conditions
    trusts = '[trust.a]\n[trust.b]\nroot = "acme"\n'
    error = refused(trusts, CI, rule(PUBLISH.replace(" }", ', trust = "a" }')))
    assert "trust.b: no rule names this trust root" in error.message


def test_a_certificate_is_not_asked_of_a_root_that_knows_none() -> None:
    trusts = '[trust.a]\n[trust.none]\nroot = "none"\nlog = "none"\n'
    key = f'[publisher.k]\nkind = "key"\nfile = "k.pem"\nsha256 = "{"a" * 64}"\n'
    needs = [
        PUBLISH.replace(" }", ', trust = "a" }'),
        '{ predicate = "signature", by = "k", trust = "none" }',
    ]
    assert len(parse(trusts, CI, key, rule(*needs)).trusts) == 2
    wrong = needs[1].replace('"k"', '["k", "ci"]')
    error = refused(trusts, CI, key, rule(needs[0], wrong))
    assert 'rule.0: no certificate holds with [trust.none] root = "none"' in error.message


def test_what_holds_for_a_while_is_read() -> None:
    policy = parse(
        "not_before = 2026-01-01T00:00:00Z\nexpires = 2027-01-01T00:00:00Z\n"
        "no_rejected_evidence = true\n",
        CI, ONLY, CONDITION, DISTRUST, EXEMPTION,
    )  # fmt: skip
    assert policy.not_before == DAY
    assert policy.no_rejected_evidence
    assert policy.conditions == (Condition("lts", ("*lts*",), DAY),)
    assert policy.distrust == (Distrust("SEC-12", run="https://x.example/1"),)
    end = datetime(2027, 1, 1, tzinfo=UTC)
    assert policy.exemptions == (Exemption(("*-1.0*",), "SL-PRE-001", "SEC-9", end),)
    assert not parse(CI, rule()).no_rejected_evidence


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('issuer = "https://x.example"', Distrust("SEC-12", issuer="https://x.example")),
        ('subject = "ann@example.org"', Distrust("SEC-12", subject="ann@example.org")),
        ('project = "https://x.example/a"', Distrust("SEC-12", project="https://x.example/a")),
        (f'digest = "sha256:{"a" * 64}"', Distrust("SEC-12", digest=f"sha256:{'a' * 64}")),
    ],
)
def test_distrust_names_somebody_or_something(line: str, expected: Distrust) -> None:
    text = DISTRUST.replace('run = "https://x.example/1"', line)
    assert parse(CI, rule(), text).distrust == (expected,)


WINDOW = "start = 2026-01-02T00:00:00Z\nend = 2026-01-01T00:00:00Z\n"
BAD = [
    (DISTRUST.partition("run")[0], "distrust.0: expected at least one of issuer, subject"),
    (DISTRUST.replace('reason = "SEC-12"\n', ""), "distrust.0.reason: required, and missing"),
    (DISTRUST + 'digest = "sha256:AB"\n', "distrust.0.digest: expected sha256: and 64"),
    (DISTRUST.replace("/1", "/.*"), "distrust.0.run: 'https://x.example/.*' looks like a pattern"),
    (DISTRUST + WINDOW, "distrust.0.end: expected a time after start"),
    (EXEMPTION.replace('code = "SL-PRE-001"\n', ""), "exemption.0.code: required, and missing"),
    (EXEMPTION.replace('reason = "SEC-9"\n', ""), "exemption.0.reason: required, and missing"),
    (EXEMPTION.partition("expires")[0], "exemption.0.expires: required, and missing"),
    (EXEMPTION.replace("PRE-001", "PRE-999"), "exemption.0.code: there is no finding 'SL-PRE-999'"),
    (EXEMPTION.replace("PRE-001", "REQ-001"), "there is no finding 'SL-REQ-001' to be accepted"),
    (
        EXEMPTION.replace("SL-PRE-001", "SL-ID-002"),
        "exemption.0.code: nothing exempts an artifact from SL-ID-002",
    ),
    (EXEMPTION.replace("SL-PRE-001", "everything"), "exemption.0.code: there is no finding"),
    (EXEMPTION + 'predicate = "zzz"\n', "exemption.0.predicate: there is no predicate 'zzz'"),
    (EXEMPTION + 'predicate = "publsh"\n', "exemption.0.predicate: there is no predicate"),
]


@pytest.mark.parametrize(("text", "why"), BAD)
def test_what_cannot_hold_for_a_while_is_refused(text: str, why: str) -> None:
    assert why in refused(CI, rule(), text).message


def test_an_end_comes_after_its_start() -> None:
    condition = CONDITION + "end = 2025-01-01T00:00:00Z\n"
    assert "condition.lts.end: expected a time after start" in refused(CI, ONLY, condition).message
    times = "not_before = 2027-01-01T00:00:00Z\nexpires = 2027-01-01T00:00:00Z\n"
    assert "expires: expected a time after not_before" in refused(times, CI, rule()).message
    assert parse("not_before = 2027-01-01T00:00:00Z\n", CI, rule()).not_before


def test_what_is_over_is_refused_with_its_line_when_a_time_is_given() -> None:
    text = f"{HEAD}expires = 2027-01-01T00:00:00Z\n{CI}{rule()}{EXEMPTION}".encode()
    read = datetime(2027, 1, 1, tzinfo=UTC)
    assert parse_policy(text, "p.toml", str, at=DAY).expires == read
    with pytest.raises(PolicyError) as raised:
        parse_policy(text, "p.toml", str, at=read)
    first, *others = raised.value.message.splitlines()
    assert first == "policy p.toml: 2 mistakes"
    assert [one.partition(" (")[0].strip() for one in others] == [
        "line 3: expires: expired at 2027-01-01T00:00:00+00:00",
        "line 17: exemption.0.expires: expired at 2027-01-01T00:00:00+00:00",
    ]
    assert parse_policy(text, "p.toml", str).exemptions
    eternal = f"{HEAD}{CI}{rule()}".encode()
    assert parse_policy(eternal, "p.toml", str, at=read).expires is None


def test_a_rule_of_which_every_failure_is_accepted_is_refused() -> None:
    every = [EXEMPTION.replace("SL-PRE-001", code) for code in sorted(exemptible())]
    wide = [one.replace('["*-1.0*"]', '["*"]') for one in every]
    assert parse(CI, rule(), *every).exemptions
    assert parse(CI, rule(), *wide[1:]).exemptions
    assert "rule.0: exemptions accept every failure" in refused(CI, rule(), *wide).message
    same = rule(match='["*-1.0*"]')
    assert "rule.0: exemptions accept every failure" in refused(CI, same, *every).message
    # Of some of its requirements something is left to be demanded.
    some = [one + 'predicate = "publish"\n' for one in wide]
    assert parse(CI, rule(), *some).exemptions


def test_nothing_accepts_every_failure_of_no_rule() -> None:
    assert list(covered_troubles((), (), exemptible())) == []


ADVISED = CONDITION + 'advisory = "a.json"\nby = "team"\n'


def test_a_condition_can_name_an_advisory_and_who_signs_it() -> None:
    policy = parse(CI, TEAM, ONLY, ADVISED)
    (condition,) = policy.conditions
    assert condition.advisory == "/folder/a.json"
    assert [one.name for one in condition.by] == ["team"]
    assert {one.name for one in policy.publishers} == {"ci", "team"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ADVISED.replace('by = "team"\n', ""), "condition.lts.by: required beside advisory"),
        (
            ADVISED.replace('advisory = "a.json"\n', ""),
            "condition.lts.advisory: required beside by",
        ),
        (ADVISED.replace('"team"', '"tame"'), "condition.lts.by: there is no publisher 'tame'"),
        (ADVISED.replace('"team"', '"zzz"'), "condition.lts.by: there is no publisher 'zzz'"),
    ],
)
def test_an_advisory_of_nobody_is_refused(text: str, why: str) -> None:
    assert why in refused(CI, TEAM, ONLY, rule(PUBLISH.replace("ci", "team")), text).message


def test_an_included_file_cannot_name_an_advisory() -> None:
    part = HEAD.partition("\n")[0] + "\n" + ONLY + ADVISED
    include = f'include = [{{ path = "b.toml", sha256 = "{sha256(part.encode()).hexdigest()}" }}]\n'
    error = refused(include, CI, TEAM, rule(), include=lambda _: part.encode())
    assert "advisory: unknown key" in error.message
