"""What a policy demands of proof material; its parts may not contradict each other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.engines import engine_conflicts
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.schema import (
    DEFAULT_DEMANDS,
    PUBLIC_ROOTS,
    EngineName,
    LogClass,
    Policy,
    Trust,
)
from sealane.core.verify.interface import Demands
from sealane.errors import ExitCode, PolicyError
from sealane.io.stores.trust.interface import EMBEDDED
from sealane.io.stores.trust.packaged import INSTANCES

HEAD = 'schema = "sealane.policy/1"\nid = "acme"\n'
TEAM = """[publisher.ci]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org"]
"""
KEY = f'[publisher.ci]\nkind = "key"\nfile = "a.pem"\nsha256 = "{"a" * 64}"\n'
PGP = f'[publisher.ci]\nkind = "openpgp"\nfile = "a.asc"\nsha256 = "{"a" * 64}"\n'
RULE = '[[rule]]\nmatch = ["*"]\nrequire = [{ predicate = "signature", by = "ci" }]\n'
OWN = f'root = "root.json"\nsha256 = "{"b" * 64}"\n'
STORED = 'root = "acme"\n'
NO_ROOT = 'root = "none"\nlog = "none"\n'


def parse(trust: str = "", publisher: str = TEAM, top: str = "") -> Policy:
    table = f"[trust.t]\n{trust}" if trust else ""
    text = HEAD + top + publisher + RULE + table
    return parse_policy(text.encode(), "p.toml", lambda name: f"/folder/{name}")


def refusal(trust: str = "", publisher: str = TEAM, top: str = "") -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        parse(trust, publisher, top)
    assert raised.value.exit_code == ExitCode.INPUT
    assert raised.value.hint
    return raised.value


@pytest.mark.parametrize(
    ("trust", "demands"),
    [
        pytest.param("", Demands(), id="no-table"),
        pytest.param("max_age_days = 9\n", Demands(), id="nothing-said"),
        pytest.param("logs = 2\n", Demands(logs=2, key_logs=2), id="logs"),
        pytest.param("timestamps = 1\n", Demands(timestamps=1), id="timestamps"),
        pytest.param("scts = 8\n", Demands(scts=8), id="scts"),
        pytest.param("promises = true\n", Demands(promise_alone=True), id="promises"),
        pytest.param(OWN + "scts = 0\n", Demands(scts=0), id="an-own-authority-without-ct"),
        pytest.param(OWN + 'log = "private"\n', Demands(), id="private"),
        pytest.param(STORED + 'log = "private"\n', Demands(), id="private-stored"),
        pytest.param(OWN + 'log = "private"\nlogs = 2\n', Demands(logs=2, key_logs=2), id="two"),
        pytest.param(OWN + 'log = "none"\n', Demands(logs=0, key_logs=0), id="none"),
        pytest.param(
            OWN + 'log = "none"\ntimestamps = 1\nscts = 0\nlogs = 0\n',
            Demands(logs=0, key_logs=0, timestamps=1, scts=0), id="time-stamps-alone",
        ),
    ],
)  # fmt: skip
def test_a_table_says_what_has_to_hold(trust: str, demands: Demands) -> None:
    policy = parse(trust)
    assert policy.demands == demands
    assert policy.trust is None or policy.trust.demands == demands


@pytest.mark.parametrize("log", list(LogClass))
def test_the_class_of_the_log_is_kept(log: LogClass) -> None:
    trust = parse(OWN + f'log = "{log}"\n').trust
    assert trust is not None
    assert trust.log is log
    assert trust.weakened is (log is LogClass.NONE)


def test_no_root_leaves_keys_alone() -> None:
    for publisher in (KEY, PGP):
        policy = parse(NO_ROOT, publisher)
        assert policy.trust == Trust(
            "t", "none", None, log=LogClass.NONE, demands=Demands(logs=0, key_logs=0)
        )


def test_the_names_of_public_roots_are_those_of_the_package() -> None:
    assert {*PUBLIC_ROOTS} == {*INSTANCES, EMBEDDED}


@pytest.mark.parametrize("root", PUBLIC_ROOTS)
@pytest.mark.parametrize(
    ("line", "place", "why"),
    [
        ('log = "private"', "trust.t.log", 'expected "required" with the public root'),
        ('log = "none"', "trust.t.log", 'expected "required" with the public root'),
        ("logs = 0", "trust.t.logs", 'log = "required" and logs = 0 contradict'),
        ("scts = 0", "trust.t.scts", "expected 1 or more with the public root"),
    ],
)
def test_of_a_public_root_nobody_may_demand_less(
    root: str, line: str, place: str, why: str
) -> None:
    error = refusal(f'root = "{root}"\n{line}\n')
    assert f"p.toml: line 12: {place}: {why}" in error.message


def test_the_root_that_is_not_named_is_the_public_one() -> None:
    assert "trust.t.log" in refusal('log = "none"\n').message


@pytest.mark.parametrize(
    ("trust", "publisher", "message"),
    [
        pytest.param(OWN + "logs = 0\n", TEAM, "trust.t.logs", id="required-and-no-log"),
        pytest.param(OWN + 'log = "private"\nlogs = 0\n', TEAM, "trust.t.logs",
                     id="private-and-no-log"),
        pytest.param(OWN + 'log = "none"\nlogs = 1\n', TEAM, "trust.t.logs", id="none-and-a-log"),
        pytest.param(OWN + 'log = "none"\npromises = true\n', TEAM, "trust.t.promises",
                     id="promises-of-no-log"),
        pytest.param('root = "none"\n', KEY, "trust.t.log", id="no-root-and-a-log"),
        pytest.param('root = "none"\nlog = "private"\n', KEY, "trust.t.log",
                     id="no-root-and-a-private-log"),
        pytest.param(NO_ROOT + f'sha256 = "{"a" * 64}"\n', KEY, "trust.t.sha256",
                     id="digest-of-no-root"),
        pytest.param(NO_ROOT + "max_age_days = 9\n", KEY, "trust.t.max_age_days",
                     id="age-of-no-root"),
        pytest.param(NO_ROOT + "timestamps = 1\n", KEY, "trust.t.timestamps",
                     id="time-stamps-of-no-root"),
        pytest.param(NO_ROOT, TEAM, "publisher.ci: no certificate holds with", id="nobody"),
        pytest.param('log = "off"\n', TEAM, "trust.t.log", id="unknown-class"),
        pytest.param("logs = 9\n", TEAM, "trust.t.logs", id="too-many"),
        pytest.param("logs = -1\n", TEAM, "trust.t.logs", id="negative"),
        pytest.param("logs = 1.0\n", TEAM, "trust.t.logs", id="not-whole"),
        pytest.param("logs = true\n", TEAM, "trust.t.logs", id="no-number"),
        pytest.param('timestamps = "1"\n', TEAM, "trust.t.timestamps", id="text"),
        pytest.param("promises = 1\n", TEAM, "trust.t.promises", id="no-truth-value"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_by_place(trust: str, publisher: str, message: str) -> None:
    error = refusal(trust, publisher)
    assert message in error.message
    assert " line " in error.message


DEFAULTS = {
    "engine": '"sealane"', "log": '"required"', "logs": "1", "timestamps": "0", "scts": "1",
    "promises": "false",
}  # fmt: skip


@given(
    st.sets(st.sampled_from(sorted(DEFAULTS))), st.sampled_from(["", OWN, STORED]),
    st.dictionaries(st.sampled_from(["logs", "timestamps", "scts"]), st.integers(1, 8)),
)  # fmt: skip
def test_leaving_a_key_out_is_the_same_as_writing_its_default(
    written: set[str], root: str, others: dict[str, int]
) -> None:
    said = "".join(f"{key} = {number}\n" for key, number in others.items())
    spelt = {key: text for key, text in DEFAULTS.items() if key in written and key not in others}
    top = f"engine = {spelt.pop('engine')}\n" if "engine" in spelt else ""
    table = root + said + "".join(f"{key} = {text}\n" for key, text in spelt.items())
    short = parse(root + said + "max_age_days = 1\n")
    long = parse(table + "max_age_days = 1\n", top=top)
    assert replace(long, sha256=short.sha256) == short


@given(
    st.sampled_from([EMBEDDED, "root.json", "acme"]), st.sampled_from(list(LogClass)),
    *[st.none() | st.integers(0, 8) for _ in range(3)],
)  # fmt: skip
def test_less_is_demanded_only_of_a_root_of_ones_own(
    root: str, log: LogClass, logs: int | None, timestamps: int | None, scts: int | None
) -> None:
    numbers = {"logs": logs, "timestamps": timestamps, "scts": scts}
    table = f'root = "{root}"\nsha256 = "{"b" * 64}"\nlog = "{log}"\n' + "".join(
        f"{key} = {number}\n" for key, number in numbers.items() if number is not None
    )
    try:
        policy = parse(table)
    except PolicyError:
        return
    assert policy.trust is not None
    if policy.trust.weakened:
        assert root != EMBEDDED
    # Without a log a policy has to say so in words.
    assert (policy.demands.logs == 0) is (policy.demands.key_logs == 0) is (log == "none")


@pytest.mark.parametrize("engine", list(EngineName))
def test_the_engine_is_read(engine: EngineName) -> None:
    policy = parse(top=f'engine = "{engine}"\n')
    assert policy.engine is engine
    assert engine_conflicts(policy) == ()
    assert parse().engine is EngineName.SEALANE


@pytest.mark.parametrize("engine", ["", "Sealane", "cosign"])
def test_an_unknown_engine_is_refused(engine: str) -> None:
    assert "line 3: engine" in refusal(top=f'engine = "{engine}"\n').message


@pytest.mark.parametrize("publisher", [KEY, PGP])
@pytest.mark.parametrize("engine", ["sigstore", "both"])
def test_the_library_does_not_judge_keys(engine: str, publisher: str) -> None:
    error = refusal(publisher=publisher, top=f'engine = "{engine}"\n')
    assert f'line 4: publisher.ci: engine = "{engine}"' in error.message
    assert error.hint == 'write engine = "sealane", or leave engine out'


@pytest.mark.parametrize(
    "trust", ["logs = 2\n", "timestamps = 1\n", "scts = 2\n", "promises = true\n",
              OWN + 'log = "none"\n', OWN + "scts = 0\n"],
)  # fmt: skip
def test_the_library_alone_does_not_judge_by_other_thresholds(trust: str) -> None:
    error = refusal(trust, top='engine = "sigstore"\n')
    assert "p.toml: line 11: trust.t: " in error.message
    assert parse(trust, top='engine = "both"\n').engine is EngineName.BOTH


def test_of_several_trust_roots_each_is_asked() -> None:
    policy = replace(parse("logs = 2\n"), engine=EngineName.SIGSTORE)
    (strict,) = policy.trusts
    usual = replace(strict, name="usual", demands=DEFAULT_DEMANDS)
    for trusts in ((usual, strict), (strict, usual)):
        (conflict,) = engine_conflicts(replace(policy, trusts=trusts))
        assert conflict.startswith("trust.t: ")
    assert engine_conflicts(replace(policy, trusts=(usual, usual))) == ()


def test_a_policy_that_no_file_holds_is_asked_the_same() -> None:
    policy = replace(parse("logs = 2\n"), engine=EngineName.SIGSTORE)
    (conflict,) = engine_conflicts(policy)
    assert conflict.startswith("trust.t: ")
    assert "the usual thresholds only" in conflict
    assert engine_conflicts(replace(policy, trusts=())) == ()
    (conflict,) = engine_conflicts(replace(policy, trusts=(), rootless_demands=Demands(logs=2)))
    assert conflict.startswith("engine: ")
    assert policy.demands != DEFAULT_DEMANDS == replace(policy, trusts=()).demands


def test_several_trust_roots_are_each_asked_the_same() -> None:
    trusts = '[trust.a]\n[trust.b]\nroot = "acme"\nlogs = 2\n'
    rule = "".join(
        RULE.replace('by = "ci"', f'by = "ci", trust = "{name}"') for name in "ab"
    )  # fmt: skip
    text = HEAD + TEAM + rule + trusts
    policy = parse_policy(text.encode(), "p.toml", str)
    assert [one.demands for one in policy.trusts] == [Demands(), Demands(logs=2, key_logs=2)]
    alone = text.replace(HEAD, f'{HEAD}engine = "sigstore"\n')
    with pytest.raises(PolicyError, match=r"trust\.b: engine"):
        parse_policy(alone.encode(), "p.toml", str)
    with pytest.raises(PolicyError, match=r"publisher\.ci: engine .* keys$"):
        parse_policy(alone.replace(TEAM, KEY).replace("logs = 2\n", "").encode(), "p.toml", str)
