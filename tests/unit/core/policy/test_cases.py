"""A file of policy cases is read whole, or refused with its line."""

import contextlib
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Digest
from sealane.core.model.identity import Claim
from sealane.core.model.verdict import Outcome
from sealane.core.policy.cases import Cases, artifact_named, parse_cases
from sealane.errors import PolicyError

NAME = "hello-1.0-py3-none-any.whl"
HEAD = """schema = "sealane.policy-cases/1"
policy = "../p.toml"
at = 2026-11-01T12:00:00Z
"""
CI = """[signer.ci]
kind = "gitlab"
project = "acme/hello"
config = ".gitlab-ci.yml"
ref = "refs/tags/v1.0"
claims = { build_trigger = "web", token_subject = "x" }
"""
CONTENT = """[content.release]
purl = "pkg:pypi/hello@1.0"
nested = { list = [1, 2.5, true, 2026-01-01T00:00:00Z, 2026-01-01, 12:00:00, "text"] }
"""
CASE = f"""[[case]]
name = "a release"
expect = "fail"
codes = ["SL-ID-004"]
at = 2026-11-02T12:00:00Z
artifact = {{ name = "{NAME}" }}
files = ["hello-1.0.tar.gz"]

[[case.fact]]
predicate = "release"
content = "release"
signer = {{ like = "ci", ref = "refs/heads/main", claims = {{ token_subject = "y" }} }}
signed_at = 2026-10-01T12:00:00Z
trust = "public"
lists = ["hello-1.0.tar.gz"]
repeat = 2

[[case.fact]]
predicate = "signature"
signer = {{ issuer = "https://login.example.org", subject = "ann@example.org" }}
timeless = true

[[case.fact]]
predicate = "https://example.org/type/v1"
signer = {{ like = "ci", without = ["build_trigger"] }}

[[case.refused]]
code = "SL-SIG-001"
"""
WHOLE = HEAD + CI + CONTENT + CASE


def parse(text: str | bytes) -> Cases:
    return parse_cases(text if isinstance(text, bytes) else text.encode(), "c.toml")


def facts(*lines: str) -> str:
    """A file with one case, of these lines of a fact."""
    case = f'[[case]]\nname = "x"\nexpect = "pass"\nartifact = {{ name = "{NAME}" }}\n'
    return HEAD + CI + case + "[[case.fact]]\n" + "\n".join(lines) + "\n"


PUBLISH = 'predicate = "publish"'
LIKE = 'signer = { like = "ci" }'


def test_a_whole_file_is_read() -> None:
    found = parse(WHOLE)
    assert (found.origin, found.policy) == ("c.toml", "../p.toml")
    (case,) = found.cases
    assert (case.name, case.expect, case.codes) == ("a release", Outcome.FAIL, ("SL-ID-004",))
    assert case.at == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert (case.artifact.purl, case.artifact.version) == ("pkg:pypi/hello@1.0", "1.0")
    assert [one.name for one in case.others] == ["hello-1.0.tar.gz"]
    assert [one.code for one in case.refused] == ["SL-SIG-001 bundle-refused"]
    first, second, signature, foreign = case.facts
    assert first.signer == second.signer
    assert first.roots == ("public",)
    assert signature.roots == ()
    assert first.signed_at == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert signature.signed_at is None
    assert foreign.signed_at == case.at
    assert [one.evidence.origin for one in case.facts] == [
        "fact 1, 1", "fact 1, 2", "fact 2", "fact 3",
    ]  # fmt: skip
    assert signature.statement is None
    assert foreign.statement is not None
    assert foreign.statement.predicate_type == "https://example.org/type/v1"
    assert first.statement is not None
    assert [one.name for one in first.statement.subjects] == [NAME, "hello-1.0.tar.gz"]
    assert first.statement.subjects[0].digests == case.artifact.digests
    assert first.statement.predicate["nested"] == {
        "list": [1, 2.5, True, "2026-01-01T00:00:00Z", "2026-01-01", "12:00:00", "text"]
    }


def test_claims_are_taken_over_one_by_one_and_can_be_left_out() -> None:
    case = parse(WHOLE).cases[0]
    first, foreign = case.facts[0].signer, case.facts[-1].signer
    assert first.claim(Claim.BUILD_TRIGGER) == "web"
    assert first.claim(Claim.TOKEN_SUBJECT) == "y"
    assert first.claim(Claim.SOURCE_REPOSITORY_REF) == "refs/heads/main"
    assert foreign.claim(Claim.BUILD_TRIGGER) is None
    assert foreign.claim(Claim.TOKEN_SUBJECT) == "x"


def test_what_a_name_does_not_tell_can_be_said() -> None:
    said = f'{{ name = "x.tgz", sha256 = "{"a" * 64}", purl = "pkg:npm/x@2", version = "2" }}'
    text = facts(PUBLISH, LIKE).replace(f'{{ name = "{NAME}" }}', said)
    artifact = parse(text).cases[0].artifact
    assert artifact.digests == (Digest("sha256", "a" * 64),)
    assert (artifact.purl, artifact.version) == ("pkg:npm/x@2", "2")


def test_a_short_name_of_a_type_is_its_first_uri() -> None:
    statement = parse(facts(PUBLISH, LIKE)).cases[0].facts[0].statement
    assert statement is not None
    assert statement.predicate_type == PUBLISH_V1


@pytest.mark.parametrize(
    ("name", "purl", "version"),
    [
        (NAME, "pkg:pypi/hello@1.0", "1.0"),
        ("x.tgz", None, None),
        ("pkg:npm/%40acme/x@1.2?a=b#c", "pkg:npm/%40acme/x@1.2?a=b#c", "1.2"),
    ],
)
def test_an_artifact_can_be_named_alone(name: str, purl: str | None, version: str | None) -> None:
    found = artifact_named(name)
    assert (found.name, found.purl, found.version) == (name, purl, version)


BAD = [
    pytest.param(b"\xff", "not UTF-8 at byte 0", id="not-utf-8"),
    pytest.param("x = ", "Invalid value", id="not-toml"),
    pytest.param("x = " + "[" * 5000, "c.toml", id="nested-too-deep-for-toml"),
    pytest.param(HEAD + CI, "case: required, and missing", id="no-case"),
    pytest.param(HEAD + "case = []", "1 to 1000 entries, got 0", id="no-case-in-it"),
    pytest.param(HEAD + "case = 7", "expected a list", id="case-is-no-list"),
    pytest.param(HEAD + "case = [7]", "expected a table", id="case-is-no-table"),
    pytest.param(WHOLE.replace("policy-cases/1", "policy-cases/2"), "line 1: schema", id="schema"),
    pytest.param(WHOLE.replace("at = 2026-11-01T12:00:00Z\n", ""), "at: required", id="no-time"),
    pytest.param(WHOLE.replace('expect = "fail"', 'expect = "note"'), "expect", id="no-verdict"),
    pytest.param(WHOLE.replace('expect = "fail"', 'expct = "fail"'), "expct", id="unknown-key"),
    pytest.param(
        WHOLE.replace('codes = ["SL-ID-004"]\n', ""),
        'codes: required where the verdict is "fail"',
        id="fails-for-whatever-reason",
    ),
    pytest.param(WHOLE.replace("SL-ID-004", "SL-ID-999"), "no finding 'SL-ID-999'", id="code"),
    pytest.param(WHOLE.replace("SL-SIG-001", "x"), "no finding 'x'", id="code-of-a-refusal"),
    pytest.param(
        HEAD + CI + CONTENT + CASE + CASE, "there is a case of that name already", id="name-twice"
    ),
    pytest.param(
        WHOLE.replace("timeless = true", "timeless = true\nsigned_at = 2026-01-01T00:00:00Z"),
        "it has a time",
        id="timeless-with-a-time",
    ),
    pytest.param(WHOLE.replace('like = "ci", ref', 'like = "cj", ref'), "[signer.cj]", id="like"),
    pytest.param(facts(PUBLISH), "signer: required", id="no-signer"),
    pytest.param(facts('predicate = "signature"', LIKE, "content = {}"), "makes no statement",
                 id="signature-that-says-something"),
    pytest.param(facts('predicate = "signature"', LIKE, 'lists = ["x"]'), "makes no statement",
                 id="signature-over-several-files"),
    pytest.param(facts('predicate = "publsh"', LIKE), "type of statement 'publsh'", id="type"),
    pytest.param(facts(PUBLISH, LIKE, "content = { x = 1 }"), "expected nothing, got x",
                 id="content-of-another-type"),
    pytest.param(facts('predicate = "slsa-provenance"', LIKE), "buildDefinition",
                 id="content-left-out"),
    pytest.param(facts(PUBLISH, LIKE, 'content = "x"'), "there is no [content.x]",
                 id="content-not-defined"),
    pytest.param(facts(PUBLISH, LIKE, "content = 7"), "expected a table, got 7",
                 id="content-is-a-number"),
    pytest.param(facts(PUBLISH, LIKE) + CONTENT, "content.release: no fact has it",
                 id="content-not-used"),
    pytest.param(HEAD.replace("at =", "content = 7\nat ="), "expected tables, got 7",
                 id="contents-are-a-number"),
    pytest.param(HEAD + "[content]\nx = 7\n", "content.x: expected a table", id="content-in-none"),
    pytest.param(facts(PUBLISH, LIKE, "content = { x = nan }"), "JSON does not have", id="nan"),
    pytest.param(facts(PUBLISH, LIKE, "content = { x = inf }"), "JSON does not have", id="inf"),
    pytest.param(facts(PUBLISH, LIKE, f"content = {{ x = 0x{'f' * 9000} }}"),
                 "JSON does not have", id="number-too-large"),
    pytest.param(facts(PUBLISH, LIKE, f"content = {{ x = {'[' * 40}{']' * 40} }}"),
                 "nested more than 32 deep", id="lists-too-deep"),
    pytest.param(facts(PUBLISH, LIKE, f"content = {'{ x = ' * 40}1{'}' * 40}"),
                 "nested more than 32 deep", id="tables-too-deep"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_mistake_is_refused_by_name(text: str | bytes, message: str) -> None:
    with pytest.raises(PolicyError) as raised:
        parse(text)
    assert raised.value.message.startswith("cases c.toml")
    assert message in raised.value.message
    assert raised.value.hint


def test_a_mistake_is_told_with_its_line_and_what_reads_the_file() -> None:
    with pytest.raises(
        PolicyError, match=r"^cases c.toml: line 2: policy: expected text"
    ) as raised:
        parse(WHOLE.replace('policy = "../p.toml"', "policy = 7"))
    assert raised.value.hint == "correct it, then run: sealane policy test"


VALUES = ("7", "-1", "true", '""', '"x"', "[]", "[1]", "{}", "{ x = 1 }", "nan", "1979-05-27",
          '["x", "x"]', "[[[]]]", '"\\u0000"')  # fmt: skip
LINES = WHOLE.splitlines()


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: str | bytes) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    for text in (raw, HEAD.encode() + raw):
        with pytest.raises(PolicyError):
            parse(text)


@given(st.integers(0, len(LINES) - 1), st.sampled_from(VALUES), st.booleans())
def test_no_value_anywhere_raises_anything_else(number: int, value: str, whole: bool) -> None:
    pattern = r"= .*" if whole else r"= (?:\"[^\"]*\"|[^{}\[\], ]+)"
    changed = [*LINES]
    changed[number] = re.sub(pattern, lambda _: f"= {value}", changed[number], count=1)
    with contextlib.suppress(PolicyError):
        assert parse("\n".join(changed)).cases


@given(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=4))
def test_lines_left_out_raise_nothing_else(gone: set[int]) -> None:
    with contextlib.suppress(PolicyError):
        assert parse("\n".join(one for n, one in enumerate(LINES) if n not in gone)).cases
