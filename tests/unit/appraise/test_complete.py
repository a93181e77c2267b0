"""Whole releases, refused evidence and warnings, with evidence that was really signed."""

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.appraise.appraise import appraise, judge
from sealane.appraise.batch import Run, appraise_named
from sealane.appraise.collect import Case, Sources, collect
from sealane.appraise.complete import decided
from sealane.appraise.setup import Setup, make_setup
from sealane.core.attestation.predicates.release import PREDICATE
from sealane.core.model.ending import exit_code
from sealane.core.model.verdict import Appraisal, Outcome, Problem
from sealane.core.policy.needs import AnyOf, Need, Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.schema import Exemption, Mode, Policy, Rule, policy_of
from sealane.io.evidence.sidecar import Pile
from sealane.io.inputs.paths import find_paths
from sealane.io.stores.trust.load import load_trust
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.world import World

WORLD = World("complete")
CI = ExactPublisher("ci", ISSUERS["gitlab"], SUBJECTS["gitlab"])
BOM = '{"bomFormat": "CycloneDX", "specVersion": "1.6"}'
COMPLETE = Requirement(("release",), (CI,), complete=True)
WHEEL, SDIST = "acme-1.0-py3-none-any.whl", "acme-1.0.tar.gz"


def policy(*needs: Need, mode: Mode = Mode.ENFORCE) -> Policy:
    return policy_of("p", "test", (Rule(("*",), needs or (COMPLETE,), mode),))


def release(folder: Path, *names: str, listed: tuple[str, ...] = ()) -> Path:
    """Files with the same release statement beside each of them."""
    folder.mkdir()
    for name in names:
        if name.endswith(".whl"):
            with zipfile.ZipFile(folder / name, "w") as wheel:
                wheel.writestr(
                    "acme-1.0.dist-info/sboms/bom.json",
                    BOM + " " * len(names) + "\n" * names.index(name),
                )
        else:
            (folder / name).write_bytes(name.encode())
    digests = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listed or names]
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": name, "digest": {"sha256": digest}}
            for name, digest in zip(listed or names, digests, strict=True)
        ],
        "predicateType": PREDICATE,
        "predicate": {"purl": "pkg:pypi/acme@1.0"},
    }
    bundle = json.dumps(WORLD.bundle(statement=statement))
    for name in names:
        (folder / f"{name}.sigstore.json").write_text(bundle)
    return folder


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    root = tmp_path / "root.json"
    root.write_bytes(WORLD.root_json())
    return make_setup(policy(), load_trust(str(root), sandbox=None))


def judged(folder: Path, setup: Setup, *left_out: str, jobs: int = 1) -> Appraisal:
    named = [one for one in find_paths([str(folder)]).artifacts if one.name not in left_out]
    pile = Pile([], [one.name for one in named])
    return appraise_named(named, Run(setup, Sources(pile), WORLD.at), jobs)


def codes(found: Appraisal) -> list[list[str]]:
    return [[one.code.split()[0] for one in verdict.findings] for verdict in found.verdicts]


def test_all_files_of_a_release_pass_together(tmp_path: Path, setup: Setup) -> None:
    found = judged(release(tmp_path / "dist", WHEEL, SDIST), setup)
    assert [one.outcome for one in found.verdicts] == [Outcome.PASS] * 2
    assert exit_code(found) == 0
    for verdict in found.verdicts:
        (fact,) = verdict.facts
        assert fact.statement is not None
        # What no report shows is not kept, neither here nor where nothing had to wait.
        assert (fact.statement.subjects, fact.evidence.content) == ((), b"")


def test_a_wheel_that_had_to_wait_is_looked_into_all_the_same(tmp_path: Path, setup: Setup) -> None:
    found = judged(release(tmp_path / "dist", WHEEL, SDIST), setup)
    wheel = next(one for one in found.verdicts if one.artifact.name == WHEEL)
    assert [one.code.split()[0] for one in wheel.findings] == ["SL-REQ-001", "SL-EV-004"]


@pytest.mark.parametrize("left_out", [WHEEL, SDIST])
def test_a_file_that_is_held_back_fails_the_others(
    tmp_path: Path, setup: Setup, left_out: str
) -> None:
    found = judged(release(tmp_path / "dist", WHEEL, SDIST), setup, left_out)
    assert codes(found) == [["SL-REQ-017"]]
    assert found.verdicts[0].findings[0].expected == left_out
    assert exit_code(found) == 1


def test_a_file_that_was_slipped_in_fails_the_others(tmp_path: Path, setup: Setup) -> None:
    folder = release(tmp_path / "dist", WHEEL, SDIST, listed=(WHEEL,))
    assert exit_code(judged(folder, setup)) == 1
    assert exit_code(judged(folder, setup, SDIST)) == 0


def test_a_file_that_cannot_be_read_is_not_there(tmp_path: Path, setup: Setup) -> None:
    folder = release(tmp_path / "dist", WHEEL, SDIST)
    (folder / SDIST).unlink()
    (folder / SDIST).symlink_to(folder / "gone")
    named = [folder / WHEEL, folder / SDIST]
    run = Run(setup, Sources(Pile([], [WHEEL, SDIST])), WORLD.at)
    found = appraise_named(named, run, 1)
    assert codes(found) == [["SL-REQ-017"]]
    assert len(found.problems) == 1
    assert isinstance(found.problems[0], Problem)


def test_many_processes_decide_as_one(tmp_path: Path, setup: Setup) -> None:
    names = [f"acme-1.0-{number}-py3-none-any.whl" for number in range(40)]
    folder = release(tmp_path / "dist", *names)
    for left_out, passing in (((), 40), ((names[7],), 0)):
        one, two = (judged(folder, setup, *left_out, jobs=jobs) for jobs in (1, 2))
        assert one == two
        assert sum(each.outcome is Outcome.PASS for each in one.verdicts) == passing


def test_a_choice_that_holds_without_it_does_not_wait(tmp_path: Path, setup: Setup) -> None:
    any_release = replace(COMPLETE, complete=False)
    chosen = replace(setup, policy=policy(AnyOf((any_release, COMPLETE))))
    assert exit_code(judged(release(tmp_path / "dist", WHEEL, SDIST), chosen, SDIST)) == 0


def test_the_only_artifact_of_a_run_is_the_whole_of_it(tmp_path: Path, setup: Setup) -> None:
    folder = release(tmp_path / "dist", SDIST)
    case = collect(folder / SDIST, Sources(Pile([], [SDIST])))
    assert isinstance(case, Case)
    assert judge(case, setup, WORLD.at).outcome is Outcome.PASS
    assert exit_code(appraise([case], setup, WORLD.at)) == 0
    more = collect(release(tmp_path / "two", WHEEL, SDIST) / SDIST, Sources(Pile([], [SDIST])))
    assert isinstance(more, Case)
    assert judge(more, setup, WORLD.at).outcome is Outcome.FAIL


def test_digests_of_evidence_survive_the_wait(tmp_path: Path, setup: Setup) -> None:
    folder = release(tmp_path / "dist", WHEEL, SDIST)
    content = (folder / f"{SDIST}.sigstore.json").read_bytes()
    found = judged(folder, replace(setup, detailed=True))
    for verdict in found.verdicts:
        assert verdict.facts[0].evidence.sha256 == hashlib.sha256(content).hexdigest()
        assert verdict.findings[0].compared


def test_what_is_decided_stays_as_it_is() -> None:
    problem = Problem(5, "x")
    assert decided([problem], lambda _one, _files: pytest.fail("nothing waits")) == [problem]


# Refused evidence beside good one, and rules that are not enforced.
ANY = replace(COMPLETE, complete=False)


def with_refused(folder: Path) -> Path:
    """A release with a second bundle beside it whose signature was changed."""
    bundle = json.loads((folder / f"{SDIST}.sigstore.json").read_text())
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = "AAAA"
    (folder / f"{SDIST}.2.sigstore.json").write_text(json.dumps(bundle))
    (folder / f"{SDIST}.sigstore.jsonl").write_text(
        json.dumps(json.loads((folder / f"{SDIST}.sigstore.json").read_text()))
        + "\n" + json.dumps(bundle) + "\n"
    )  # fmt: skip
    return folder


def refused(found: Appraisal) -> set[Outcome]:
    return {one.outcome for one in found.verdicts[0].findings if one.code.startswith("SL-SIG")}


def test_refused_evidence_beside_good_one_is_a_note_unless_the_policy_says_otherwise(
    tmp_path: Path, setup: Setup
) -> None:
    folder = with_refused(release(tmp_path / "dist", SDIST))
    plain = replace(setup, policy=policy(ANY))
    found = judged(folder, plain)
    assert (exit_code(found), refused(found)) == (0, {Outcome.NOTE})
    strict = replace(setup, policy=replace(policy(ANY), no_rejected_evidence=True))
    found = judged(folder, strict)
    assert (exit_code(found), refused(found)) == (1, {Outcome.FAIL})
    assert strict.policy is not None
    (code,) = {one.code for one in found.verdicts[0].findings if one.outcome is Outcome.FAIL}
    exemption = Exemption(("*",), code, "SEC-3", WORLD.at + timedelta(days=1))
    exempted = replace(setup, policy=replace(strict.policy, exemptions=(exemption,)))
    found = judged(folder, exempted)
    assert (exit_code(found), refused(found)) == (0, {Outcome.NOTE})
    expired = replace(exempted, policy=replace(
        strict.policy, exemptions=(replace(exemption, expires=WORLD.at),),
    ))  # fmt: skip
    assert exit_code(judged(folder, expired)) == 1


@pytest.mark.parametrize("mode", [Mode.WARN, Mode.AUDIT])
def test_a_rule_that_is_not_enforced_keeps_nobody_from_anything(
    tmp_path: Path, setup: Setup, mode: Mode
) -> None:
    folder = with_refused(release(tmp_path / "dist", SDIST))
    other = replace(ANY, by=(replace(CI, subject="https://example.org/other"),))
    found = judged(folder, replace(setup, policy=policy(other, mode=mode)))
    assert [one.outcome for one in found.verdicts] == [Outcome.WARN]
    assert exit_code(found) == 0
    assert exit_code(judged(folder, replace(setup, policy=policy(other)))) == 1


def test_an_expression_is_asked_in_a_real_run(tmp_path: Path, setup: Setup) -> None:
    folder = release(tmp_path / "dist", SDIST)
    for expression, code in (
        ("predicate.purl == 'pkg:pypi/acme@1.0'", 0),
        ("predicate.purl == 'pkg:pypi/acme@1.1'", 1),
        ("predicate.gone", 1),
    ):
        asked = replace(setup, policy=policy(replace(ANY, when=expression)))
        assert exit_code(judged(folder, asked)) == code
