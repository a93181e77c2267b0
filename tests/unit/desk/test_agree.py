"""An advisory agrees with the files, or is told where it does not; who waits sees it come true."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.core.advisory.checks.interface import Stage
from sealane.core.advisory.record import FixedFile, Provenance, Record, Reference
from sealane.core.advisory.record_render import render_record
from sealane.core.model.examination import Examination
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.desk.agree import Patience, Subject, Terms, agree
from sealane.desk.ask import Ask, Means
from sealane.desk.manifests import LoadedManifest, load_manifest
from sealane.desk.record import load_record, render_all
from sealane.errors import InputError
from sealane.io.adapters import clock
from support.answering import Answering, Reply, told
from support.manifests import manifest_of_files, statement_bytes
from support.outside import show_listing
from support.records import entry_of, listed, record_of
from support.renderings import rendering_of

LIFTED = clock.now().replace(microsecond=0) - timedelta(hours=1)
FILES = {"acme-1.2-py3-none-any.whl": b"wheel", "acme-1.2.tar.gz": b"sdist"}
BEFORE = listed("acme", ["1.0", "1.1"])
MANIFEST = manifest_of_files("acme", "1.2", FILES)
RECORD = record_of(
    modified=LIFTED + timedelta(minutes=5),
    published=LIFTED + timedelta(minutes=5),
    references=(Reference("WEB", "https://acme.example/1"),),
    provenance=Provenance(
        files=tuple(FixedFile("acme", "1.2", one.name, one.sha256) for one in MANIFEST.artifacts)
    ),
)
# What only the world knows has tests of its own; here it would need programs of others.
OTHERS = frozenset(f"SL-ADV-0{number}" for number in (16, 19, 20, 22, 24, 25))
TERMS = Terms(
    supported=("1.2",), lifted=LIFTED, left_out=OTHERS, weaknesses=(("CWE-78", "OS Command"),)
)
DRAFT = replace(TERMS, lifted=None)
AFTER = ("1.0", "1.1", "1.2")


def released(service: Answering, *, yanked: tuple[str, ...] = ()) -> None:
    """The index once the fix is on it."""
    full = listed("acme", AFTER, yanked=yanked)
    signed = {one.name: one.sha256 for one in MANIFEST.artifacts}
    releases = tuple(
        replace(
            release,
            files=tuple(
                replace(file, sha256=signed.get(file.name, file.sha256)) for file in release.files
            ),
        )
        for release in full.releases
    )
    show_listing(service, replace(full, releases=releases))


def loaded(folder: Path, *manifests: bytes) -> tuple[LoadedManifest, ...]:
    found = []
    for number, content in enumerate(manifests or (statement_bytes(MANIFEST),)):
        path = folder / f"manifest-{number}.json"
        path.write_bytes(content)
        found.append(load_manifest(path))
    return tuple(found)


def subject_of(folder: Path, record: Record = RECORD) -> Subject:
    path = folder / "record.json"
    path.write_bytes(render_record(record))
    return Subject(
        load_record(path), loaded(folder), rendering=rendering_of(), formats=("cve", "openvex")
    )


def failing(examination: Examination) -> set[str]:
    bad = (Outcome.FAIL, Outcome.MISSING)
    return {one.code.partition(" ")[0] for one in examination.findings if one.outcome in bad}


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return subject_of(tmp_path)


def as_draft(subject: Subject) -> Subject:
    """The same before the lift: its documents are neither final nor public."""
    return replace(subject, rendering=rendering_of(final=False, tlp="AMBER"))


def draft(subject: Subject, service: Answering, means: Means) -> Examination:
    ask = Ask(index=f"{service.base}/simple/", osv=f"{service.base}/osv", references=True)
    return agree(as_draft(subject), Stage.DRAFT, DRAFT, ask, means)


def test_a_draft_agrees_with_the_index_as_it_will_be(
    subject: Subject, service: Answering, means: Means
) -> None:
    show_listing(service, BEFORE)
    found = draft(subject, service, means)
    assert failing(found) == set()
    assert (found.outcome, found.stage) == (Outcome.PASS, "draft")
    assert found.subject == RECORD.id
    assert [one.kind for one in found.based_on] == [
        "release manifest", "index", "index", *["document, made from the record"] * 2,
    ]  # fmt: skip
    assert "not signed" in found.based_on[0].name
    assert "release manifest v1.2" in found.based_on[2].name
    assert found.hosts == ("127.0.0.1",)


def test_nobody_but_the_index_is_asked_about_a_draft(
    subject: Subject, service: Answering, means: Means
) -> None:
    show_listing(service, BEFORE)
    draft(subject, service, means)
    assert {path for _, path, _ in service.asked} == {"/simple/acme/"}


def test_a_draft_is_not_held_against_manifests_alone(
    subject: Subject, service: Answering, means: Means
) -> None:
    service.replies["/simple/acme/"] = Reply(503)
    found = draft(subject, service, means)
    assert found.outcome is not Outcome.PASS
    assert "SL-ADV-009" in failing(found)
    assert any("HTTP 503" in note for note in found.notes)


def test_a_saved_listing_needs_no_network(subject: Subject) -> None:
    held = replace(as_draft(subject), listings=(BEFORE,))
    found = agree(held, Stage.DRAFT, DRAFT, Ask(), Means(None, {}))
    assert failing(found) == set()
    assert found.outcome is Outcome.PASS
    assert found.hosts == ()


def test_a_manifest_whose_file_is_taken_already_is_found(
    subject: Subject, service: Answering, means: Means
) -> None:
    show_listing(service, listed("acme", AFTER))  # another 1.2 is there
    found = draft(subject, service, means)
    assert "SL-ADV-007" in failing(found)
    assert found.outcome is Outcome.FAIL


def test_a_format_that_cannot_say_it_keeps_it_from_passing(
    tmp_path: Path, service: Answering, means: Means
) -> None:
    show_listing(service, BEFORE)
    record = replace(RECORD, affected=(entry_of(events="0 <one.two"),))
    found = draft(subject_of(tmp_path, record), service, means)
    (said,) = [one for one in found.findings if one.place == "cve"]
    assert said.outcome is Outcome.MISSING
    assert "one.two" in said.actual


def test_documents_that_were_published_are_compared_as_they_are(subject: Subject) -> None:
    other = replace(RECORD, affected=(entry_of(events="0 <1.1", versions=["1.0"]),))
    documents = render_all(other, rendering_of(BEFORE, final=False), ("cve",))
    held = replace(subject, listings=(BEFORE,), documents=documents)
    found = agree(held, Stage.DRAFT, DRAFT, Ask(), Means(None, {}))
    assert "SL-ADV-013" in failing(found)


def test_a_rehearsals_manifest_is_none_of_the_world(tmp_path: Path) -> None:
    rehearsed = statement_bytes(replace(MANIFEST, sandbox=True))
    held = replace(subject_of(tmp_path), manifests=loaded(tmp_path, rehearsed))
    with pytest.raises(InputError, match="a rehearsal's"):
        agree(held, Stage.DRAFT, TERMS, Ask(), Means(None, {}))
    assert RECORD.provenance is not None
    drafted = replace(RECORD, provenance=replace(RECORD.provenance, sandbox=True))
    with pytest.raises(InputError, match="a rehearsal's"):
        agree(subject_of(tmp_path, drafted), Stage.DRAFT, TERMS, Ask(), Means(None, {}))
    marked = agree(held, Stage.DRAFT, replace(TERMS, sandbox=True), Ask(), Means(None, {}))
    assert marked.sandbox


def test_an_advisory_without_any_observation_never_passes(subject: Subject) -> None:
    for stage in Stage:
        found = agree(subject, stage, TERMS, Ask(), Means(None, {}))
        assert found.outcome is not Outcome.PASS


def osv_says(service: Answering, *, known: bool) -> None:
    """The service knows the record, or not yet: 1.1 is asked about, then 1.2."""
    vulnerable = told({"vulns": [{"id": RECORD.id}]} if known else {})
    service.replies["/osv/v1/query"] = [vulnerable, told({}), vulnerable, told({})]


def published(
    subject: Subject,
    service: Answering,
    means: Means,
    *,
    wait_s: float = 0,
    meanwhile: Callable[[], None] = lambda: None,
    terms: Terms = TERMS,
    references: bool = False,
) -> tuple[Examination, list[str], list[float]]:
    index, osv = f"{service.base}/simple/", f"{service.base}/osv"
    ask = Ask(index=index, osv=osv, references=references)
    said: list[str] = []
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        meanwhile()

    found = agree(
        subject, Stage.PUBLISHED, terms, ask, means, patience=Patience(wait_s, pause, said.append)
    )
    return found, said, pauses


def test_a_published_advisory_agrees_with_the_world(
    subject: Subject, service: Answering, means: Means
) -> None:
    released(service)
    osv_says(service, known=True)
    found, said, pauses = published(subject, service, means, wait_s=60)
    assert failing(found) == set()
    assert (found.outcome, found.stage) == (Outcome.PASS, "published")
    assert (said, pauses) == ([], [])


def test_a_feed_that_lags_is_waited_for_and_nothing_else_is_asked_again(
    subject: Subject, service: Answering, means: Means
) -> None:
    released(service)
    osv_says(service, known=False)
    lagging, _, _ = published(subject, service, means)
    assert lagging.outcome is Outcome.MISSING
    assert failing(lagging) == {"SL-ADV-021"}
    osv_says(service, known=False)
    service.asked.clear()
    found, said, pauses = published(
        subject, service, means, wait_s=60, meanwhile=lambda: osv_says(service, known=True)
    )
    assert found.outcome is Outcome.PASS
    assert pauses == [2.0]
    assert "SL-ADV-021" in said[0]
    paths = [path for _, path, _ in service.asked]
    assert paths.count("/simple/acme/") == 1
    assert paths.count("/osv/v1/query") == 4


def test_an_index_that_lags_is_looked_at_again(
    subject: Subject, service: Answering, means: Means
) -> None:
    show_listing(service, BEFORE)
    osv_says(service, known=True)

    def appear() -> None:
        released(service)
        osv_says(service, known=True)

    found, said, _ = published(subject, service, means, wait_s=60, meanwhile=appear)
    assert "SL-ADV-006" in said[0]
    assert failing(found) == set()


def test_a_link_that_does_not_answer_yet_is_followed_again(
    tmp_path: Path, service: Answering, means: Means
) -> None:
    released(service)
    osv_says(service, known=True)
    record = replace(RECORD, references=(Reference("WEB", f"{service.base}/advisory"),))

    def appear() -> None:
        service.replies["/advisory"] = Reply(200)

    found, said, _ = published(
        subject_of(tmp_path, record), service, means, wait_s=60, meanwhile=appear,
        terms=replace(TERMS, left_out=OTHERS - {"SL-ADV-016"}), references=True,
    )  # fmt: skip
    assert "SL-ADV-016" in said[0]
    assert failing(found) == set()
    assert [path for _, path, _ in service.asked].count("/simple/acme/") == 1


def test_without_an_index_a_service_is_asked_again_together_with_it(
    subject: Subject, service: Answering, means: Means
) -> None:
    service.replies["/simple/acme/"] = Reply(503)

    def appear() -> None:
        released(service)
        osv_says(service, known=True)

    found, _, _ = published(
        subject, service, means, wait_s=60, meanwhile=appear,
        terms=replace(TERMS, left_out=OTHERS | {"SL-ADV-006", "SL-ADV-007", "SL-ADV-009"}),
    )  # fmt: skip
    assert failing(found) == set()


def test_patience_ends(subject: Subject, service: Answering, means: Means) -> None:
    released(service)
    service.replies["/osv/v1/query"] = Reply(503)
    start = clock.now()
    found, said, pauses = published(subject, service, means, wait_s=0.3)
    assert found.outcome is Outcome.MISSING
    assert any("HTTP 503" in note for note in found.notes)
    # No pause is longer than what is left.
    assert len(said) == len(pauses) > 0
    assert max(pauses) <= 0.3
    assert clock.now() - start < timedelta(seconds=30)


def test_what_cannot_come_true_is_not_waited_for(
    tmp_path: Path, service: Answering, means: Means
) -> None:
    released(service)
    osv_says(service, known=True)
    wrong = subject_of(tmp_path, replace(RECORD, modified=LIFTED + timedelta(days=2)))
    found, _, pauses = published(wrong, service, means, wait_s=60)
    assert failing(found) == {"SL-ADV-017"}
    assert pauses == []


def test_a_fix_that_was_yanked_is_found(subject: Subject, service: Answering, means: Means) -> None:
    released(service, yanked=("1.2",))
    osv_says(service, known=True)
    found, _, _ = published(subject, service, means)
    assert "SL-ADV-007" in failing(found)
    assert found.outcome is Outcome.FAIL
