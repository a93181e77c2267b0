"""An advisory and its files, from the secret draft to the public record, with real clients."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.core.advisory.audited import audits_of
from sealane.core.advisory.checks.interface import Stage
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.core.release.audit import parse_report
from sealane.io.clients.vulnerabilities import ask_versions
from sealane.sandbox import launch
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running
from support.advisory_story import FIXES, OLD, PROJECT, Story, failing, waiting
from support.advisory_world import write_wheels
from support.answering import Answering, Reply, answering
from support.repositories import git

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

# The slow ones: programs are started for each version.
QUICK = frozenset({"SL-ADV-022"})


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def service() -> Iterator[Answering]:
    with answering() as state:
        yield state


def sandbox(folder: Path) -> Running:
    write_wheels(folder / "wheels", OLD, PROJECT)
    return launch.start(folder / "state", until_eof=True, wheelhouse=folder / "wheels")


@pytest.fixture(scope="module")
def story(service: Answering, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole of it, published."""
    folder = tmp_path_factory.mktemp("story")
    with sandbox(folder) as running:
        told = Story(running, service, folder)
        told.lift()
        told.publish_record()
        told.publish_csaf()
        told.publish_cve()
        yield told


def test_an_advisory_goes_from_draft_to_agreement(service: Answering, tmp_path: Path) -> None:
    with sandbox(tmp_path) as running:
        story = Story(running, service, tmp_path)
        draft = story.agreed(Stage.DRAFT)
        assert failing(draft) == set()
        assert draft.outcome is Outcome.PASS
        assert draft.sandbox
        story.lift()
        early = story.agreed(audits=frozenset(), left_out=QUICK)
        assert failing(early) == {"SL-ADV-019", "SL-ADV-020", "SL-ADV-021"}
        assert early.outcome is Outcome.MISSING, "none of them is due yet"
        story.publish_record()
        story.publish_csaf()
        assert failing(story.agreed(audits=frozenset(), left_out=QUICK)) == {"SL-ADV-020"}
        story.publish_cve()
        public = story.agreed()
        assert failing(public) == set()
        assert public.outcome is Outcome.PASS
        kinds = {one.kind for one in public.based_on}
        assert {"release manifest", "index", "CVE record", "evidence", "trust root"} <= kinds


def test_a_feed_that_lags_is_missing_and_passes_once_it_is_there(story: Story) -> None:
    for name in ("osv", "index.vulnerabilities"):
        story.running.set_fault(name, "lag")
    try:
        lagging = story.agreed()
        assert failing(lagging) == {"SL-ADV-021", "SL-ADV-022"}
        assert lagging.outcome is Outcome.MISSING

        def catch_up() -> None:
            for name in ("osv", "index.vulnerabilities"):
                story.running.set_fault(name, "")

        assert story.agreed(patience=waiting(300, catch_up)).outcome is Outcome.PASS
    finally:
        for name in ("osv", "index.vulnerabilities"):
            story.running.set_fault(name, "")


def test_a_fix_that_was_yanked_is_found(story: Story) -> None:
    story.running.yank(PROJECT, version=FIXES[0], reason="broken")
    try:
        found = story.agreed(audits=frozenset(), left_out=QUICK)
    finally:
        story.running.yank(PROJECT, version=FIXES[0], yanked=False)
    assert "SL-ADV-007" in failing(found)
    assert found.outcome is Outcome.FAIL


def test_another_digest_on_the_index_is_found(story: Story) -> None:
    story.running.set_fault("index.simple", "wrong-digest")
    try:
        found = story.agreed(audits=frozenset(), left_out=QUICK)
    finally:
        story.running.set_fault("index.simple", "")
    assert failing(found) == {"SL-ADV-007"}
    assert found.outcome is Outcome.FAIL


def test_an_osv_service_that_is_down_lets_nothing_pass(story: Story) -> None:
    story.running.set_fault("osv", "down")
    try:
        found = story.agreed()
    finally:
        story.running.set_fault("osv", "")
    assert failing(found) == {"SL-ADV-021", "SL-ADV-022"}
    assert found.outcome is Outcome.MISSING
    assert any("503" in note for note in found.notes)


@pytest.mark.parametrize("service_name", ["index", "osv"])
def test_silence_about_a_project_that_nobody_knows_is_no_answer(
    story: Story, service_name: str
) -> None:
    base = story.running.base
    url = f"{base}/osv/v1/query" if service_name == "osv" else ""
    asked = [("no-such-project", "1.0")]
    report = ask_versions(asked, url, child_environment(story.running.directory, base))
    answers = [one for document in report.documents for one in parse_report(document)]
    assert answers
    assert audits_of(service_name, asked, answers, {story.record.id}) == ()


def test_a_csaf_folder_is_read_where_it_lies_too(story: Story) -> None:
    def agreed() -> set[str]:
        here = str(story.tree)
        return failing(story.agreed(audits=frozenset(), left_out=QUICK, tree=here))

    assert agreed() == set()
    (document,) = (one for one in story.tree.glob("white/*/*.json") if "vex" not in one.name)
    content = document.read_bytes()
    document.write_bytes(content.replace(b"two colons", b"10 colons"))
    try:
        assert agreed() == {"SL-ADV-019"}
    finally:
        document.write_bytes(content)


def test_a_link_that_is_gone_is_found(story: Story, service: Answering) -> None:
    service.replies["/advisory"] = Reply(404)
    try:
        found = story.agreed(audits=frozenset(), left_out=QUICK)
    finally:
        service.replies["/advisory"] = Reply(200)
    assert failing(found) == {"SL-ADV-016"}
    assert found.outcome is Outcome.FAIL


def test_signatures_from_before_the_lift_are_found(story: Story) -> None:
    lifted = story.lifted
    assert lifted is not None
    story.lifted = lifted + timedelta(minutes=5)
    try:
        found = story.agreed(audits=frozenset(), left_out=QUICK)
    finally:
        story.lifted = lifted
    assert "SL-ADV-025" in failing(found)


def test_times_that_nobody_proved_clear_nobody(story: Story) -> None:
    found = story.agreed(audits=frozenset(), left_out=QUICK, trust=None)
    assert failing(found) == {"SL-ADV-025"}
    assert found.outcome is Outcome.MISSING


def test_a_fix_that_no_public_branch_has_is_found(story: Story, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(story.clone), str(other))
    git(other, "remote", "rename", "origin", "private")
    found = story.agreed(audits=frozenset(), left_out=QUICK, repository=other)
    assert failing(found) == {"SL-ADV-016"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("1.0.2", "1.0.3", "SL-ADV-006", id="fix-never-published"),
        pytest.param("2.0.1", "2.0.2", "SL-ADV-008", id="fix-inside-the-range"),
    ],
)
def test_a_record_that_says_something_untrue_is_found(
    story: Story, old: str, new: str, code: str
) -> None:
    (entry,) = story.record.affected
    (spans,) = entry.about.ranges
    events = tuple((kind, new if text == old else text) for kind, text in spans.events)
    about = replace(entry.about, ranges=(replace(spans, events=events),))
    wrong = replace(story.record, affected=(replace(entry, about=about),))
    found = story.agreed(record=wrong, audits=frozenset(), left_out=QUICK)
    assert code in failing(found)
    assert found.outcome is Outcome.FAIL
