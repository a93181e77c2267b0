"""Each outlet in front of its stand-in: once is enough, twice is the same, a stranger's stays."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sealane.core.advisory.documents import Document
from sealane.core.model.values import replace
from sealane.errors import ChannelError, InputError, NetworkError, SealaneError
from sealane.io.outlets.interface import About, Shown
from sealane.sandbox.running import Running
from support.outlets import Stand, Stands, replaced
from support.recorder import Recorder, recording
from support.relay import Relay, relaying

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

KINDS = ("ghsa", "cve", "osv-git", "csaf-tree")
SERVED = ("ghsa", "cve", "osv-git")
FINAL = {"ghsa": "published", "cve": "PUBLISHED", "osv-git": "branch", "csaf-tree": "complete"}
SWITCHES = {"ghsa": "ghsa", "cve": "cve", "osv-git": "git"}
# Of one publication; more than that would have stored something twice.
WRITES = {"ghsa": ["POST", "PATCH"], "cve": ["POST"], "osv-git": ["POST"]}


@pytest.fixture
def stands(running_sandbox: Running, tmp_path: Path) -> Iterator[Stands]:
    yield Stands(running_sandbox, tmp_path)
    for switch in SWITCHES.values():
        running_sandbox.set_fault(switch, "")


@pytest.fixture
def relay(running_sandbox: Running) -> Iterator[Relay]:
    with relaying(running_sandbox.base) as made:
        yield made


def published(stand: Stand, document: Document | None = None) -> None:
    presence = stand.outlet().publish(document or stand.document())
    assert (presence.shown, presence.state) == (Shown.SAME, FINAL[stand.kind])


def plant(stand: Stand) -> str:
    """Another document where this one belongs, by somebody else; its digest."""
    other = stand.document()
    changed = other.content.replace(b"Acme runs", b"Somebody runs")
    assert changed != other.content
    strange = Document(other.format, other.name, changed)
    outlet = stand.outlet()
    return outlet.publish(strange).sha256


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_published_once_and_again_changes_nothing(
    stands: Stands, relay: Relay, kind: str
) -> None:
    stand = Stands(stands.running, stands.folder, relay.base).make(kind)
    outlet, document = stand.outlet(), stand.document()
    assert outlet.observe(document).shown is Shown.ABSENT
    assert outlet.plan(document)
    published(stand, document)
    written = list(relay.writes)
    assert [method for method, _ in written] == WRITES.get(kind, [])
    assert outlet.plan(document) == ()
    published(stand, document)
    assert relay.writes == written
    assert stand.count() == 1
    assert outlet.hosts == (() if kind == "csaf-tree" else ("127.0.0.1",))


@pytest.mark.parametrize("kind", KINDS)
def test_looking_and_planning_send_nothing(stands: Stands, relay: Relay, kind: str) -> None:
    stand = Stands(stands.running, stands.folder, relay.base).make(kind)
    before = sorted(stand.root.rglob("*"))
    stand.outlet().observe(stand.document())
    stand.outlet().plan(stand.document())
    assert relay.writes == []
    assert bool(relay.asked) == (kind != "csaf-tree")
    assert sorted(stand.root.rglob("*")) == before
    assert stand.count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_step_it_completes(stands: Stands, kind: str) -> None:
    for step in range(1, 60):
        stand = stands.make(kind)
        ended = stand.killed(step)
        published(stand)
        assert stand.count() == 1, f"killed at step {step}"
        if ended == 0:
            assert step > 3
            return
    raise AssertionError("it never ended")


@pytest.mark.parametrize("kind", SERVED)
def test_an_error_after_it_was_stored_stores_nothing_twice(
    stands: Stands, relay: Relay, kind: str
) -> None:
    stand = Stands(stands.running, stands.folder, relay.base).make(kind)
    stands.running.set_fault(SWITCHES[kind], "500-after-store")
    published(stand)
    assert [method for method, _ in relay.writes] == WRITES[kind]
    assert stand.count() == 1


@pytest.mark.parametrize("kind", SERVED)
@pytest.mark.parametrize("stall_s", [0.0, 0.8], ids=["hung-up", "timed-out"])
def test_an_answer_that_is_lost_stores_nothing_twice(
    stands: Stands, relay: Relay, kind: str, stall_s: float
) -> None:
    stand = Stands(stands.running, stands.folder, relay.base).make(kind)
    relay.lost = lambda method, path, _: method != "GET" and "upload-pack" not in path
    relay.stall_s = stall_s
    published(stand)
    # git sends again by itself, and the remote refuses what it has; nobody else does.
    assert kind == "osv-git" or [method for method, _ in relay.writes] == WRITES[kind]
    assert stand.count() == 1


@pytest.mark.parametrize(
    ("kind", "fault"),
    [("ghsa", "429"), ("cve", "429"), ("ghsa", "down"), ("cve", "down"), ("osv-git", "down")],
)
def test_a_service_that_is_not_well_gets_nothing_and_later_all(
    stands: Stands, kind: str, fault: str
) -> None:
    stand = stands.make(kind)
    stands.running.set_fault(SWITCHES[kind], fault)
    for act in (stand.outlet().observe, stand.outlet().plan, stand.outlet().publish):
        with pytest.raises(NetworkError) as caught:
            act(stand.document())
        assert caught.value.hint
    stands.running.set_fault(SWITCHES[kind], "")
    assert stand.count() == 0
    published(stand)


@pytest.mark.parametrize("kind", ["ghsa", "cve", "osv-git"])
def test_what_somebody_else_wrote_is_not_replaced(stands: Stands, kind: str) -> None:
    stand = stands.make(kind)
    digest = plant(stand)
    seen = stand.outlet().observe(stand.document())
    assert (seen.shown, seen.sha256) == (Shown.OTHER, digest)
    for act in (stand.outlet().plan, stand.outlet().publish):
        with pytest.raises(InputError, match="something else stands there") as caught:
            act(stand.document())
        assert f"--replace sha256:{digest}" in caught.value.hint
    assert stand.outlet().observe(stand.document()) == seen


@pytest.mark.parametrize("kind", ["ghsa", "cve", "osv-git"])
def test_what_is_allowed_to_be_replaced_is_replaced(stands: Stands, kind: str) -> None:
    stand = stands.make(kind)
    digest = plant(stand)
    with pytest.raises(InputError):
        stand.outlet(about=replaced(stand, "ab" * 32)).publish(stand.document())
    outlet = stand.outlet(about=replaced(stand, digest))
    assert outlet.plan(stand.document())
    assert outlet.publish(stand.document()).shown is Shown.SAME
    assert stand.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_later_revision_of_ours_takes_the_place_of_the_earlier(stands: Stands, kind: str) -> None:
    stand = stands.make(kind)
    first = stand.outlet().publish(stand.document())
    later = stand.document(revision=2)
    outlet = stand.outlet(about=replaced(stand, first.sha256))
    assert outlet.observe(later).shown is Shown.OTHER
    assert outlet.plan(later)
    assert outlet.publish(later).shown is Shown.SAME
    assert outlet.plan(later) == ()
    assert stand.count() == 1


@pytest.mark.parametrize("kind", ["ghsa", "cve", "osv-git"])
def test_a_wrong_token_is_told_and_never_shown(stands: Stands, kind: str) -> None:
    stand = stands.make(kind)
    wrong = "not-the-token-1234567890"
    stand.environment[stand.settings["token"]] = wrong
    with pytest.raises(ChannelError) as caught:
        stand.outlet().publish(stand.document())
    told = f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"
    assert wrong not in told
    assert caught.value.hint
    assert stand.count() == 0


@pytest.mark.parametrize("kind", ["ghsa", "cve", "osv-git"])
@pytest.mark.parametrize("token", ["", "two words", "line\nend", "ümlaut"])
def test_a_token_that_is_none_is_refused_before_anything_leaves(
    stands: Stands, relay: Relay, kind: str, token: str
) -> None:
    stand = Stands(stands.running, stands.folder, relay.base).make(kind)
    stand.environment[stand.settings["token"]] = token
    with pytest.raises(InputError) as caught:
        stand.outlet().publish(stand.document())
    assert not token or token not in caught.value.message
    assert relay.asked == []


def test_a_redirect_gets_no_token(stands: Stands) -> None:
    for kind in SERVED:
        stand = stands.make(kind)
        with recording(Recorder(302, b"")) as elsewhere:
            for name in ("url", "repository", "push"):
                url = stand.settings.get(name, "")
                if url.startswith("http"):
                    stand.settings[name] = url.replace(stands.running.base, elsewhere.base)
            with pytest.raises(SealaneError):
                stand.outlet().publish(stand.document())
            assert len(elsewhere.requests) == 1, kind


class TestGhsa:
    def test_a_draft_that_was_made_by_hand_is_found_by_its_summary(self, stands: Stands) -> None:
        stand = stands.make("ghsa", cve=False)
        self._post(stand, stand.document().content)
        assert stand.outlet().plan(stand.document()) == ("make it public, which cannot be undone",)
        published(stand)
        assert stand.count() == 1

    def test_it_is_found_by_the_identifier_of_the_journal(self, stands: Stands) -> None:
        stand = stands.make("ghsa", cve=False)
        first = stand.outlet().publish(stand.document())
        renamed = Document(
            "ghsa", "x", stand.document().content.replace(b"case", b"another name of case")
        )
        about = replace(replaced(stand, first.sha256), identifier=first.identifier)
        seen = stand.outlet(about=about).publish(renamed)
        assert (seen.shown, seen.identifier, stand.count()) == (Shown.SAME, first.identifier, 1)

    def test_two_that_could_be_it_are_refused(self, stands: Stands) -> None:
        stand = stands.make("ghsa", cve=False)
        self._post(stand, stand.document().content)
        self._post(stand, stand.document().content)
        with pytest.raises(InputError, match="could all be"):
            stand.outlet().publish(stand.document())

    def test_a_public_one_of_the_same_summary_is_another_one(self, stands: Stands) -> None:
        stand = stands.make("ghsa", cve=False)
        stand.outlet().publish(stand.document(revision=2))
        published(stand)
        assert stand.count() == 2

    def test_one_that_was_closed_stays_closed(self, stands: Stands) -> None:
        stand = stands.make("ghsa")
        made = self._post(stand, stand.document().content)
        self._request(stand, "PATCH", f"/{made}", b'{"state": "closed"}')
        for act in (stand.outlet().plan, stand.outlet().publish):
            with pytest.raises(InputError, match="closed"):
                act(stand.document())

    def test_an_identifier_that_the_repository_does_not_have_is_refused(
        self, stands: Stands
    ) -> None:
        stand = stands.make("ghsa")
        about = About(stand.record.id, ("GHSA-2222-3333-4444",))
        with pytest.raises(InputError, match="has no advisory GHSA-2222-3333-4444"):
            stand.outlet(about=about).observe(stand.document())

    def test_it_is_found_beyond_the_first_page(self, stands: Stands) -> None:
        stand = stands.make("ghsa")
        self._post(stand, stand.document().content)
        other = json.loads(stand.document().content)
        del other["cve_id"]
        for number in range(101):
            other["summary"] = f"Another case, {number}"
            self._post(stand, json.dumps(other).encode())
        published(stand)
        newest = self._request(stand, "GET", "?per_page=100").json()
        assert all(one["state"] == "draft" for one in newest)

    def _post(self, stand: Stand, content: bytes) -> str:
        return str(self._request(stand, "POST", "", content).json()["ghsa_id"])

    @staticmethod
    def _request(stand: Stand, method: str, path: str, content: bytes = b"") -> requests.Response:
        at = stand.settings
        url = f"{at['url']}/repos/{at['repository']}/security-advisories{path}"
        answer = requests.request(
            method, url, data=content or None, timeout=30,
            headers={"Authorization": f"Bearer {stand.environment['GHSA_TOKEN']}"},
        )  # fmt: skip
        answer.raise_for_status()
        return answer


class TestCve:
    def test_an_id_that_nobody_reserved_is_refused(self, stands: Stands) -> None:
        stand = stands.make("cve")
        about = About(stand.record.id, ("CVE-2026-1",))
        with pytest.raises(InputError):
            stand.outlet(about=about).observe(stand.document())
        about = About(stand.record.id, ("CVE-2026-99999",))
        with pytest.raises(InputError, match="nobody reserved"):
            stand.outlet(about=about).observe(stand.document())

    def test_an_id_of_another_organisation_is_refused(self, stands: Stands) -> None:
        stand = stands.make("cve")
        with pytest.raises((InputError, ChannelError)):
            stand.outlet(organisation="other-cna").publish(stand.document())
        assert stand.count() == 0

    def test_a_rejected_id_is_never_published(self, stands: Stands) -> None:
        stand = stands.make("cve")
        stands.cve.move_to_rejected(stand.record.aliases[0])
        for act in (stand.outlet().plan, stand.outlet().publish):
            with pytest.raises(InputError, match="got REJECTED"):
                act(stand.document())

    def test_what_the_official_schema_refuses_is_not_sent(
        self, stands: Stands, relay: Relay
    ) -> None:
        stand = Stands(stands.running, stands.folder, relay.base).make("cve")
        broken = stand.document().content.replace(b'"references"', b'"x_references"')
        with pytest.raises(InputError, match="would refuse it"):
            stand.outlet().publish(Document("cve", "x.json", broken))
        assert relay.writes == []

    def test_an_advisory_without_a_cve_id_has_no_such_outlet(self, stands: Stands) -> None:
        stand = stands.make("cve")
        with pytest.raises(InputError, match="has no CVE id"):
            stand.outlet(about=About(stand.record.id))


class TestOsvGit:
    def test_what_was_merged_is_found_under_its_new_id(self, stands: Stands) -> None:
        stand = stands.make("osv-git")
        published(stand)
        merged = self._merge(stands, stand)
        seen = stand.outlet().observe(stand.document())
        assert (seen.shown, seen.state, seen.identifier) == (Shown.SAME, "merged", merged)
        assert stand.outlet().plan(stand.document()) == ()

    def test_what_the_database_says_otherwise_is_refused(self, stands: Stands) -> None:
        stand = stands.make("osv-git")
        published(stand)
        merged = self._merge(stands, stand)
        content = stand.document().content.replace(b"two colons", b"three colons")
        other = Document("pypa", stand.document().name, content)
        with pytest.raises(InputError, match=f"the database has it as {merged}") as caught:
            stand.outlet().publish(other)
        assert f"name {merged} in `aliases`" in caught.value.hint
        named = content.replace(b"aliases:\n", f"aliases:\n- {merged}\n".encode())
        assert named != content
        with pytest.raises(InputError, match="something else stands there") as caught:
            stand.outlet().publish(Document("pypa", other.name, named))
        assert "--replace sha256:" in caught.value.hint

    def test_an_older_revision_on_main_is_changed_by_its_id(self, stands: Stands) -> None:
        stand = stands.make("osv-git")
        published(stand)
        merged = self._merge(stands, stand)
        name = f"vulns/acme/{merged}.yaml"
        later = stand.document(revision=2).content.replace(
            stand.record.id.encode(), merged.encode()
        )
        later = later.replace(b"2026-11-01T14:00:00Z", b"2036-11-01T14:00:00Z")
        outlet = stand.outlet(about=About(merged, stand.record.aliases))
        document = Document("pypa", name, later)
        assert outlet.observe(document).state == "older"
        assert "over an earlier revision" in outlet.plan(document)[0]
        assert outlet.publish(document).state == "branch"
        assert stands.running.merge(self._name(stand), f"sealane/{merged}")["commit"]

    def test_main_is_never_pushed_to(self, stands: Stands) -> None:
        stand = stands.make("osv-git")
        published(stand)
        requests_ = stands.running.merge_requests(self._name(stand))
        assert [one["branch"] for one in requests_] == [f"sealane/{stand.record.id}"]

    def _merge(self, stands: Stands, stand: Stand) -> str:
        name = self._name(stand)
        branch = stands.running.merge_requests(name)[0]["branch"]
        taken = stands.running.merge(name, branch)["taken"]
        assert len(taken) == 1
        return str(taken[0])

    @staticmethod
    def _name(stand: Stand) -> str:
        return stand.settings["push"].rpartition("/")[2].removesuffix(".git")
