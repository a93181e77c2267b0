"""A policy file is read whole, or refused with its line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.parse import parse_policy
from sealane.core.policy.people import EmailPublisher, ForgePublisher
from sealane.core.policy.schema import Policy, Trust
from sealane.errors import PolicyError

HEAD = 'schema = "sealane.policy/1"\nid = "acme"\n'
CI = """[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "acme/hello"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"
"""
RULE = '[[rule]]\nmatch = ["*"]\nrequire = [{ predicate = "publish", by = "ci" }]\n'
HUB = (
    CI.replace('"gitlab"', '"github"')
    .replace("config", "workflow")
    .replace("https://gitlab.com", "https://token.actions.githubusercontent.com")
)
TEAM = """[publisher.ci]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org"]
"""


def parse(text: str | bytes) -> Policy:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_policy(content, "p.toml", lambda name: f"/folder/{name}")


def test_a_whole_policy_is_read() -> None:
    more = 'environment = "release"\nrunner = "gitlab-hosted"\nproject_id = "42"\n'
    trust = f'[trust.own]\nroot = "root.json"\nsha256 = "{"a" * 64}"\n'
    expires = "expires = 2027-06-30T02:00:00+02:00\ndefault = 'deny'\n"
    policy = parse(HEAD + expires + trust + CI + more + RULE)
    (requirement,) = policy.rules[0].requirements
    publisher = requirement.by[0]
    assert isinstance(publisher, ForgePublisher)
    assert (publisher.config, publisher.environment) == (".gitlab-ci.yml", "release")
    assert (publisher.runner, publisher.project_id) == ("gitlab-hosted", "42")
    assert policy.expires == datetime(2027, 6, 30, tzinfo=UTC)
    assert policy.trust == Trust("own", "/folder/root.json", "a" * 64)
    policy.check_current(datetime(2027, 6, 29, tzinfo=UTC))
    with pytest.raises(PolicyError, match="expired"):
        policy.check_current(datetime(2027, 6, 30, tzinfo=UTC))


def test_the_other_kinds_are_read() -> None:
    github = parse(HEAD + HUB + RULE).rules[0].requirements[0].by[0]
    assert isinstance(github, ForgePublisher)
    assert github.config == ".github/workflows/.gitlab-ci.yml"
    assert isinstance(parse(HEAD + TEAM + RULE).rules[0].requirements[0].by[0], EmailPublisher)
    assert parse(HEAD + CI + RULE + "[trust.public]\n").trust == Trust("public", "embedded", None)


BAD = [
    ("", "schema: required, and missing"),
    (HEAD, "publisher: required"),
    (HEAD + CI, "rule: required"),
    (HEAD + RULE, "publisher: required"),
    (HEAD.replace("/1", "/2") + CI + RULE, "line 1: schema"),
    (HEAD + "default = 'allow'\n" + CI + RULE, "line 3: default"),
    (HEAD + "extra = 1\n" + CI + RULE, "line 3: extra: unknown key"),
    (HEAD + "expires = 2027-06-30\n" + CI + RULE, "line 3: expires"),
    (HEAD + "expires = 2027-06-30T00:00:00\n" + CI + RULE, "expected a zone"),
    (HEAD + CI.replace('issuer = "https://gitlab.com"\n', "") + RULE, "publisher.ci.issuer: req"),
    (HEAD + CI.replace("https://gitlab.com", "https://gitlab.com/x") + RULE, "line 5: publisher"),
    (
        HEAD + CI.replace("acme/hello", "acme/.*") + RULE,
        "'acme/.*' looks like a pattern, and is compared",
    ),
    (HEAD + CI.replace("acme/hello", "acme") + RULE, "expected a path like group/project"),
    (HEAD + CI.replace(".gitlab-ci.yml", "../x") + RULE, "expected a path in the project"),
    (HEAD + CI.replace("v{pep440}", "*") + RULE, "expected a full ref"),
    (HEAD + CI.replace("v{pep440}", "{x}") + RULE, "at most one of"),
    (HEAD + CI.replace('ref = "refs/tags/v{pep440}"\n', "") + RULE, "publisher.ci.ref: required"),
    (HEAD + CI + "workflow = 'x'\n" + RULE, "publisher.ci.workflow: unknown key"),
    (HEAD + CI.replace("gitlab", "jenkins", 1) + RULE, "publisher.ci"),
    (HEAD + CI.replace('kind = "gitlab"\n', "") + RULE, "publisher.ci.kind: required, and missing"),
    (HEAD + CI.replace('"gitlab"', "1", 1) + RULE, 'expected "gitlab" or "github" or'),
    (HEAD + CI + "environment = 1\n" + RULE, "environment: expected text, got 1"),
    (HEAD + CI + 'environment = ""\n' + RULE, "environment"),
    (HEAD + TEAM.replace('["ann@example.org"]', "[]") + RULE, "members"),
    (HEAD + CI + RULE.replace('["*"]', "[]"), "rule.0.match"),
    (
        HEAD + CI + RULE.replace('[{ predicate = "publish", by = "ci" }]', "[]"),
        "rule.0.require",
    ),
    (HEAD + CI + RULE.replace('"publish"', '"witness-policy"'), "predicate 'witness-policy'"),
    (HEAD + CI + RULE.replace('by = "ci"', 'by = "co"'), "there is no [publisher.co]"),
    (HEAD + CI + RULE.replace(', by = "ci"', ""), "by: required, and missing"),
    (HEAD + CI + RULE + "mode = 'warm'\n", 'expected "enforce" or "warn" or "audit", got'),
    (HEAD + CI + RULE + "[trust.a]\n[trust.b]\n", "trust: required where there are several"),
    (HEAD + CI + RULE + "[trust.a]\nroot = './x'\n", "a root file needs its sha256"),
    (HEAD + CI + RULE + "[trust.a]\nsha256 = 'x'\n", "trust.a.sha256"),
    ("publisher = 1\nrule = 1\ntrust = 1\n" + HEAD, "publisher"),
    ("rule = [1]\n" + HEAD, "rule.0"),
    ("rule = [{ require = [1] }]\n" + HEAD, "require"),
    ("a = " + "[" * 5000, "p.toml"),
    (b"\xff", "not UTF-8 at byte 0"),
    ("a =", "p.toml"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_mistake_is_refused_by_name(text: str | bytes, message: str) -> None:
    with pytest.raises(PolicyError) as raised:
        parse(text)
    assert message in raised.value.message
    assert raised.value.hint


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = HEAD.replace('"acme"', "7") + CI.replace("config", "confg") + RULE.replace("by", "bye")
    with pytest.raises(PolicyError) as raised:
        parse(text)
    first, *others = raised.value.message.splitlines()
    assert first == "policy p.toml: 5 mistakes"
    places = [line.split(": ")[:2] for line in others]
    assert [(line.strip(), place) for line, place in places] == [
        ("line 2", "id"),
        ("line 3", "publisher.ci.config"),
        ("line 7", "publisher.ci.confg"),
        ("line 11", "rule.0.require.0.bye"),
        ("line 11", "rule.0.require.0.by"),
    ]
    assert "unknown key (did you mean 'config'?)" in raised.value.message
    assert raised.value.hint == "correct it, then run: sealane policy check"


def test_a_hint_is_given_once_and_a_key_forges_no_line_of_an_error() -> None:
    forged = '"a\\n  line 9: fine" = 1\n"b\\n  x" = 1\n'
    with pytest.raises(PolicyError) as raised:
        parse(HEAD + forged + CI + RULE)
    lines = raised.value.message.splitlines()
    assert len(lines) == 3
    assert [line.count("(known are") for line in lines] == [0, 1, 0]


def test_of_many_troubles_the_first_are_shown_and_the_others_counted() -> None:
    extra = "".join(f"x{number} = 1\n" for number in range(14))
    with pytest.raises(PolicyError, match=r"x9: unknown key\n  and 4 more$"):
        parse(HEAD + extra + CI + RULE)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: str | bytes) -> None:
    for text in (
        content,
        HEAD.encode() + content if isinstance(content, bytes) else HEAD + content,
    ):
        with pytest.raises(PolicyError):
            parse(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
