"""A policy file is read whole, or refused with its line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.parse import parse_policy
from sealane.core.policy.people import EmailPublisher, ForgePublisher
from sealane.core.policy.schema import Policy, Trust
from sealane.core.policy.tables import UNSUPPORTED_KEYS, UNSUPPORTED_VALUES
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
HUB = CI.replace('"gitlab"', '"github"').replace("config", "workflow")
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
    (HEAD + CI.replace("acme/hello", "acme/.*") + RULE, "expected a path like group/project"),
    (HEAD + CI.replace(".gitlab-ci.yml", "../x") + RULE, "expected a path in the project"),
    (HEAD + CI.replace("v{pep440}", "*") + RULE, "expected a full ref"),
    (HEAD + CI.replace("v{pep440}", "{x}") + RULE, "at most one of"),
    (HEAD + CI.replace('ref = "refs/tags/v{pep440}"\n', "") + RULE, "publisher.ci.ref: required"),
    (HEAD + CI + "workflow = 'x'\n" + RULE, "publisher.ci.workflow: unknown key"),
    (HEAD + CI.replace("gitlab", "jenkins", 1) + RULE, "publisher.ci"),
    (HEAD + CI.replace("gitlab", "circleci", 1) + RULE, "'circleci' is not supported in this"),
    (HEAD + CI + "environment = 1\n" + RULE, "environment: Input should be a valid string"),
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
    (HEAD + CI + RULE + "mode = 'warn'\n", "'warn' is not supported in this version"),
    (HEAD + CI + RULE + "[trust.a]\n[trust.b]\n", "trust"),
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


@pytest.mark.parametrize(
    ("room", "key"),
    [(room, key) for room, keys in UNSUPPORTED_KEYS.items() for key in sorted(keys)],
)
def test_a_key_of_a_later_version_is_refused_by_name(room: str, key: str) -> None:
    line = f"{key} = 1\n"
    text = {
        "": HEAD + line + CI + RULE,
        "trust": HEAD + CI + RULE + "[trust.a]\n" + line,
        "publisher": HEAD + CI + line + RULE,
        "rule": HEAD + CI + RULE + line,
        "require": HEAD + CI + RULE.replace('by = "ci"', f'by = "ci", {key} = 1'),
    }[room]
    with pytest.raises(PolicyError, match=f"{key}: not supported in this version"):
        parse(text)


def test_values_of_a_later_version_are_known() -> None:
    assert ("rule", "mode") in UNSUPPORTED_VALUES


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: str | bytes) -> None:
    for text in (
        content,
        HEAD.encode() + content if isinstance(content, bytes) else HEAD + content,
    ):
        with pytest.raises(PolicyError):
            parse(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
