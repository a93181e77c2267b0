"""Policy files for tests: a whole one, and what is changed in it."""

import pytest

from sealane.core.policy.including import Read
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.schema import Policy
from sealane.errors import ExitCode, PolicyError

HEAD = 'schema = "sealane.policy/1"\nid = "acme"\n'
CI = """[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "acme/hello"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"
"""
TEAM = """[publisher.team]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org", "bo@example.org"]
"""
PUBLISH = '{ predicate = "publish", by = "ci" }'


def rule(*needs: str, more: str = "", match: str = '["*"]') -> str:
    """A `[[rule]]` of some entries."""
    return f"[[rule]]\nmatch = {match}\n{more}require = [{', '.join(needs or (PUBLISH,))}]\n"


def parse(*parts: str, include: Read | None = None) -> Policy:
    """The policy of a file, from its parts after the head."""
    text = HEAD + "".join(parts)
    return parse_policy(text.encode(), "p.toml", lambda name: f"/folder/{name}", include=include)


def refused(*parts: str, include: Read | None = None) -> PolicyError:
    """Why such a file is refused; it names the file, ends in 5, and says what to do."""
    with pytest.raises(PolicyError) as raised:
        parse(*parts, include=include)
    assert raised.value.message.startswith("policy ")
    assert raised.value.exit_code == ExitCode.INPUT
    assert raised.value.hint
    return raised.value
