"""What is included is what was pinned, lies below the policy, and only demands more."""

from hashlib import sha256

import pytest

from sealane.core.policy.including import DEEPEST_INCLUDE, MOST_BYTES, MOST_INCLUDED
from sealane.errors import InputError, PolicyError
from support.policies import CI, HEAD, PUBLISH, parse, refused, rule

SCHEMA = 'schema = "sealane.policy/1"\n'
RULE = rule(PUBLISH.replace("publish", "slsa-provenance"))


class Files:
    """Files by their path, and what each of them is pinned as."""

    def __init__(self, **files: str) -> None:
        self.files = {name.replace("__", "/") + ".toml": text for name, text in files.items()}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise InputError(f"included file {path!r}: No such file", hint="name an existing file")
        return self.files[path].encode()

    def entry(self, path: str, written: str = "") -> str:
        digest = sha256(self.files.get(path, "").encode()).hexdigest()
        return f'{{ path = "{written or path}", sha256 = "{digest}" }}'

    def include(self, *paths: str) -> str:
        return f"include = [{', '.join(self.entry(path) for path in paths)}]\n"


def test_rules_distrust_and_conditions_are_added() -> None:
    part = (
        SCHEMA
        + rule(PUBLISH.replace(" }", ', only_if = "lts" }'))
        + '[[distrust]]\nreason = "SEC-1"\nrun = "urn:1"\n[condition.lts]\nmatch = ["*lts*"]\n'
    )
    files = Files(rules__base=part)
    policy = parse(files.include("rules/base.toml"), CI, rule(), include=files.read)
    assert [one.name for one in policy.rules] == ["rule 1", "rules/base.toml rule 1"]
    assert [one.added for one in policy.rules] == [False, True]
    assert [one.name for one in policy.conditions] == ["lts"]
    assert [one.reason for one in policy.distrust] == ["SEC-1"]
    digest = sha256(part.encode()).hexdigest()
    assert policy.includes == (f"rules/base.toml (sha256:{digest})",)
    assert policy.rules[1].requirements[0].by == policy.publishers


def test_an_included_file_names_the_conditions_of_the_policy() -> None:
    condition = '[condition.lts]\nmatch = ["*lts*"]\n'
    files = Files(base=SCHEMA + rule(PUBLISH.replace(" }", ', only_if = "lts" }')))
    assert parse(files.include("base.toml"), CI, rule(), condition, include=files.read).includes


def test_a_path_is_relative_to_the_file_that_names_it() -> None:
    files = Files(a__two=SCHEMA + RULE, a__b__three=SCHEMA + RULE)
    deeper = f"include = [{files.entry('a/b/three.toml', 'b/three.toml')}]\n"
    files.files["a/one.toml"] = SCHEMA + f"include = [{files.entry('a/two.toml', 'two.toml')}]\n"
    files.files["a/two.toml"] = SCHEMA + deeper + RULE
    files.files["a/one.toml"] = SCHEMA + f"include = [{files.entry('a/two.toml', 'two.toml')}]\n"
    policy = parse(files.include("a/one.toml"), CI, rule(), include=files.read)
    assert [one.partition(" ")[0] for one in policy.includes] == [
        "a/one.toml", "a/two.toml", "a/b/three.toml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/etc/base.toml", "../base.toml", "a/../base.toml", "./base.toml", "a//base.toml",
     "base.toml/", ".hidden", "a b.toml", "https://x.example/base.toml", "C:\\\\base.toml",
     "~/base.toml"],
)  # fmt: skip
def test_a_path_that_may_lead_elsewhere_is_refused(path: str) -> None:
    text = f'include = [{{ path = "{path}", sha256 = "{"a" * 64}" }}]\n'
    error = refused(text, CI, rule(), include=Files().read)
    assert "line 3: include.0.path: expected a file below the policy's folder" in error.message


def test_another_digest_is_refused() -> None:
    files = Files(base=SCHEMA + RULE)
    text = files.include("base.toml")
    wanted = sha256(files.read("base.toml")).hexdigest()
    files.files["base.toml"] += "# changed\n"
    got = sha256(files.read("base.toml")).hexdigest()
    error = refused(text, CI, rule(), include=files.read)
    assert error.message == (
        f"policy p.toml: line 3: include.0.sha256: 'base.toml': expected {wanted}, got {got}"
    )
    assert "look at what was changed in it" in str(error.hint)


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("", "policy base.toml: schema: required, and missing"),
        (RULE, "policy base.toml: schema: required, and missing"),
        (SCHEMA, "policy base.toml: file: expected at least one of include, rule, distrust"),
        (HEAD + RULE, "policy base.toml: line 2: id: unknown key"),
        (SCHEMA + CI + RULE, "policy base.toml: publisher: unknown key"),
        (SCHEMA + RULE + "[trust.x]\n", "trust: unknown key"),
        (SCHEMA + 'engine = "both"\n' + RULE, "engine: unknown key"),
        (SCHEMA + "no_rejected_evidence = false\n" + RULE, "no_rejected_evidence: unknown key"),
        (SCHEMA + RULE + "[[exemption]]\n", "exemption: unknown key"),
        (SCHEMA + "expires = 2099-01-01T00:00:00Z\n" + RULE, "expires: unknown key"),
        (SCHEMA + RULE.replace('"ci"', '"co"'), "rule.0.require.0: by: there is no"),
        (SCHEMA + rule(match='[".*"]'), "rule.0.match: '.*' looks like a regular expression"),
        (SCHEMA + RULE + '[condition.x]\nmatch = ["*"]\n', "condition.x: no rule names this"),
        (SCHEMA + rule(PUBLISH.replace(" }", ', only_if = "own" }')) +
         '[condition.own]\nmatch = ["*"]\n', "condition.own: there is a condition of that name"),
        ("a =", "policy base.toml: Invalid value"),
    ],
)  # fmt: skip
def test_what_an_included_file_may_not_hold_is_refused_with_its_own_place(
    part: str, why: str
) -> None:
    own = rule(PUBLISH.replace(" }", ', only_if = "own" }')) + '[condition.own]\nmatch = ["*"]\n'
    files = Files(base=part)
    error = refused(files.include("base.toml"), CI, own, include=files.read)
    assert error.message.startswith("policy base.toml: ")
    place, _, said = why.rpartition("policy base.toml: ")
    assert (place, said in error.message) == ("", True)


def test_two_included_files_do_not_define_the_same_condition() -> None:
    part = rule(PUBLISH.replace(" }", ', only_if = "x" }')) + '[condition.x]\nmatch = ["*"]\n'
    files = Files(a=SCHEMA + part, b=SCHEMA + "# b\n" + part)
    error = refused(files.include("a.toml", "b.toml"), CI, rule(), include=files.read)
    assert "policy b.toml: line 6: condition.x: there is a condition of that name" in error.message


def test_an_included_rule_is_asked_no_certificate_of_a_root_that_knows_none() -> None:
    trusts = '[trust.a]\n[trust.n]\nroot = "none"\nlog = "none"\n'
    key = f'[publisher.k]\nkind = "key"\nfile = "k.pem"\nsha256 = "{"a" * 64}"\n'
    own = rule(
        PUBLISH.replace(" }", ', trust = "a" }'),
        '{ predicate = "signature", by = "k", trust = "n" }',
    )
    files = Files(base=SCHEMA + rule(PUBLISH.replace(" }", ', trust = "n" }')))
    error = refused(files.include("base.toml"), trusts, CI, key, own, include=files.read)
    assert "policy base.toml: line 2: rule.0: no certificate holds with [trust.n]" in error.message


def test_without_a_digest_nothing_is_included() -> None:
    error = refused('include = [{ path = "base.toml" }]\n', CI, rule(), include=Files().read)
    assert "include.0.sha256: required, and missing" in error.message
    assert "whoever can write the file can write the policy" in str(error.hint)


def test_a_file_that_cannot_be_read_is_refused_with_its_line() -> None:
    files = Files()
    error = refused(files.include("no.toml"), CI, rule(), include=files.read)
    assert "line 3: include.0.path: included file 'no.toml': No such file" in error.message
    assert error.hint == "name an existing file"
    assert "include.0: there is no folder" in refused(files.include("no.toml"), CI, rule()).message


def test_a_cycle_is_refused_whatever_digest_it_is_pinned_with() -> None:
    again = f'include = [{{ path = "base.toml", sha256 = "{"a" * 64}" }}]\n'
    files = Files(base=SCHEMA + again)
    error = refused(files.include("base.toml"), CI, rule(), include=files.read)
    assert "line 2: include.0.path: a cycle: base.toml -> base.toml" in error.message


@pytest.mark.parametrize(("depth", "fits"), [(DEEPEST_INCLUDE, True), (DEEPEST_INCLUDE + 1, False)])
def test_files_include_files_to_a_depth(depth: int, *, fits: bool) -> None:
    files = Files(**{f"part{depth}": SCHEMA + RULE})
    for number in range(depth - 1, 0, -1):
        files.files[f"part{number}.toml"] = SCHEMA + files.include(f"part{number + 1}.toml")
    text = files.include("part1.toml")
    if fits:
        assert len(parse(text, CI, rule(), include=files.read).includes) == depth
        return
    error = refused(text, CI, rule(), include=files.read)
    assert f"include.0.path: included more than {DEEPEST_INCLUDE} deep" in error.message


def test_a_file_is_included_once() -> None:
    files = Files(base=SCHEMA + RULE)
    text = files.include("base.toml", "base.toml")
    error = refused(text, CI, rule(), include=files.read)
    assert "include.1.path: 'base.toml' is included twice" in error.message


def test_neither_files_nor_bytes_are_without_bound() -> None:
    files = Files(**{f"part{number}": SCHEMA + RULE for number in range(MOST_INCLUDED + 1)})
    most = [f"part{number}.toml" for number in range(MOST_INCLUDED)]
    assert len(parse(files.include(*most), CI, rule(), include=files.read).includes) == len(most)
    more = files.include(*most, f"part{MOST_INCLUDED}.toml")
    assert "more than 50 files" in refused(more, CI, rule(), include=files.read).message
    half = "#" + "x" * (MOST_BYTES // 2) + "\n"
    files = Files(a=half + SCHEMA + RULE, b=half + SCHEMA + RULE)
    error = refused(files.include("a.toml", "b.toml"), CI, rule(), include=files.read)
    assert f"have more than {MOST_BYTES} bytes together" in error.message


def test_the_digest_of_the_policy_pins_what_it_includes() -> None:
    files = Files(base=SCHEMA + RULE)
    policy = parse(files.include("base.toml"), CI, rule(), include=files.read)
    text = HEAD + files.include("base.toml") + CI + rule()
    assert policy.sha256 == sha256(text.encode()).hexdigest()
    with pytest.raises(PolicyError):
        parse(files.include("base.toml"), CI, include=files.read)
