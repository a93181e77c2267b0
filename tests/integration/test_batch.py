"""Several processes give the answers of one, in the same order; a lost one is never a pass."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from sealane.appraise.batch import Run, appraise_named, available_processors
from sealane.appraise.collect import Sources
from sealane.appraise.setup import Setup, make_setup
from sealane.core.model.verdict import Appraisal, Outcome
from sealane.core.policy.quick import exact_policy
from sealane.core.report.json import render_json
from sealane.errors import EvidenceError, ExitCode, PolicyError, SealaneError
from sealane.io.evidence.sidecar import Pile
from sealane.io.inputs.paths import find_paths
from sealane.io.stores.trust.load import load_trust
from support.maker.claims import ISSUERS, SUBJECTS
from support.signed_files import WORLD, signed

NUMBER = 100


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred files by five certificates; every seventh is changed, every ninth is unsigned."""
    folder = tmp_path_factory.mktemp("dist")
    leaves = [WORLD.leaf("gitlab") for _ in range(5)]
    for number in range(NUMBER):
        path = signed(folder, f"f-{number:03}.0.tar.gz", leaf=leaves[number % 5])
        if number % 7 == 0:
            path.write_bytes(b"changed")
        if number % 9 == 0:
            path.with_name(f"{path.name}.sigstore.json").unlink()
    return folder


@pytest.fixture(scope="module")
def setup(dist: Path) -> Setup:
    root = dist.parent / "root.json"
    root.write_bytes(WORLD.root_json())
    policy = exact_policy(SUBJECTS["gitlab"], ISSUERS["gitlab"])
    return make_setup(policy, load_trust(str(root), sandbox=None))


def appraised(dist: Path, setup: Setup, jobs: int) -> Appraisal:
    named = find_paths([str(dist)]).artifacts
    pile = Pile([], [one.name for one in named])
    return appraise_named(named, Run(setup, Sources(pile), WORLD.at), jobs)


@pytest.mark.parametrize(
    ("start", "jobs"), [("fork", 2), ("fork", 16), ("spawn", 2), ("forkserver", 3)]
)
def test_the_answers_do_not_depend_on_the_processes(
    dist: Path, setup: Setup, monkeypatch: pytest.MonkeyPatch, start: str, jobs: int
) -> None:
    monkeypatch.setenv("SEALANE_START_METHOD", start)
    alone = appraised(dist, setup, 1)
    assert render_json(appraised(dist, setup, jobs)) == render_json(alone)
    outcomes = [verdict.outcome for verdict in alone.verdicts]
    assert len(outcomes) == NUMBER
    assert {one: outcomes.count(one) for one in set(outcomes)} == {
        Outcome.PASS: 75, Outcome.FAIL: 13, Outcome.MISSING: 12,
    }  # fmt: skip


def test_what_was_named_once_has_one_answer(dist: Path, setup: Setup) -> None:
    names = [verdict.artifact.name for verdict in appraised(dist, setup, 2).verdicts]
    assert names == sorted(path.name for path in dist.glob("*.tar.gz"))


class _Dies(Sources):
    """Sources whose use ends the process, as the kernel ends one that takes too much memory."""

    def __getattribute__(self, name: str) -> object:
        if name == "pile" and os.getpid() != _PARENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


_PARENT = os.getpid()


def test_a_lost_worker_is_an_internal_error_and_never_a_pass(dist: Path, setup: Setup) -> None:
    named = find_paths([str(dist)]).artifacts
    run = Run(setup, _Dies(Pile([], [one.name for one in named])), WORLD.at)
    with pytest.raises(SealaneError) as raised:
        appraise_named(named, run, 2)
    assert raised.value.exit_code == ExitCode.INTERNAL
    assert "worker" in raised.value.message


def test_nothing_named_is_an_error(setup: Setup) -> None:
    with pytest.raises(EvidenceError):
        appraise_named([], Run(setup, Sources(Pile([], [])), WORLD.at), 2)


def test_an_expired_policy_judges_nothing(dist: Path, setup: Setup) -> None:
    assert setup.policy is not None
    expired = Setup(replace(setup.policy, expires=WORLD.at), setup.trust)
    with pytest.raises(PolicyError, match="expired"):
        appraised(dist, expired, 2)


def test_results_carry_no_evidence(dist: Path, setup: Setup) -> None:
    facts = [fact for verdict in appraised(dist, setup, 2).verdicts for fact in verdict.facts]
    assert facts
    assert all(fact.evidence.content == b"" for fact in facts)


def test_there_is_at_least_one_processor() -> None:
    assert 1 <= available_processors() <= (os.cpu_count() or 1)
