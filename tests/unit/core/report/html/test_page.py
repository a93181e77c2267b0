"""The page can be read by everybody, and nothing in it runs or is loaded."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.verdict import Appraisal, Outcome, Verdict
from sealane.core.report.html.page import render_html
from support import appraisals as made
from support.pages import Page

PAGE = Page(render_html(made.EVERYTHING))
TEXT = " ".join(PAGE.texts)
ATTRIBUTES = {
    "aria-hidden", "aria-labelledby", "charset", "class", "content", "datetime", "href",
    "http-equiv", "id", "lang", "name", "open", "role", "scope", "tabindex",
}  # fmt: skip


def heading(appraisal: Appraisal) -> str:
    text = render_html(appraisal)
    return re.sub("<[^>]*>", "", text.partition("<h1>")[2].partition("</h1>")[0])


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((made.PASSED,), "Every file passed"),
        ((made.PASSED, made.ONLY_WARNED), "A file has a warning and no pass"),
        ((made.PASSED, made.WITHOUT), "Not enough evidence"),
        ((made.SILENT,), "Not enough evidence"),
        ((), "Not enough evidence"),
        ((made.PASSED, made.WITHOUT, made.FAILED), "A file failed"),
    ],
)
def test_the_heading_is_the_answer(verdicts: tuple[Verdict, ...], words: str) -> None:
    assert words in heading(made.appraisal(*verdicts))


def test_what_could_not_be_judged_keeps_the_heading_from_a_pass() -> None:
    run = replace(made.appraisal(made.PASSED), problems=(made.PROBLEM,))
    assert "Not everything could be judged" in heading(run)
    text = " ".join(Page(render_html(run)).texts)
    assert made.PROBLEM.message in text
    assert made.PROBLEM.hint in text


def test_a_run_that_judged_nothing_says_so() -> None:
    text = render_html(made.appraisal())
    assert "nothing was judged" in text
    assert "PASS" not in text


def test_a_rehearsal_and_an_unenforced_run_are_stamped_in_title_and_heading() -> None:
    stamped = replace(made.EVERYTHING, sandbox=True, enforced=False)
    text = render_html(stamped)
    assert "<title>[sandbox] [not enforced] " in text
    assert "[sandbox] [not enforced] " in heading(stamped)
    assert text.count('<p class="stamp">') == 2
    assert "stamp" not in [one.get("class") for one in PAGE.of("p")]


def test_nothing_runs_and_nothing_is_loaded() -> None:
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & set(PAGE.tags)
    (policy,) = [one for one in PAGE.of("meta") if "http-equiv" in one]
    assert policy["http-equiv"] == "Content-Security-Policy"
    content = policy["content"] or ""
    assert content.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert {name for _, attributes in PAGE.elements for name in attributes} <= ATTRIBUTES
    assert not re.search(r"url\(|@import|expression", render_html(made.EVERYTHING))


def test_links_lead_within_the_page() -> None:
    places = {attributes.get("id") for _, attributes in PAGE.elements}
    links = [one["href"] or "" for one in PAGE.of("a")]
    assert links[0] == "#results"
    assert {link[1:] for link in links} <= places
    assert len(links) == 1 + len(made.EVERYTHING.verdicts)


def test_names_of_places_are_used_once_and_labels_lead_to_them() -> None:
    names = [found for _, attributes in PAGE.elements if (found := attributes.get("id"))]
    assert len(names) == len(set(names))
    labels = {found for _, one in PAGE.elements if (found := one.get("aria-labelledby"))}
    assert labels <= set(names)
    assert labels


def test_landmarks_headings_and_language_are_there() -> None:
    for landmark in ("header", "main", "footer", "h1", "title"):
        assert PAGE.tags.count(landmark) == 1
    assert PAGE.of("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag in PAGE.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes() -> None:
    assert PAGE.tags.count("caption") == PAGE.tags.count("table")
    assert {one.get("scope") for one in PAGE.of("th")} == {"col", "row"}
    assert {one.get("role") for one in PAGE.of("td")} == {"cell"}


def test_an_outcome_is_a_word_and_its_sign_is_not_read_out() -> None:
    text = render_html(made.EVERYTHING)
    for outcome, word in (("pass", "PASS"), ("fail", "FAIL"), ("warn", "WARN")):
        pattern = rf'<span class="mark {outcome}"><span [^>]*aria-hidden="true">.</span> {word}</s'
        assert re.search(pattern, text)


def test_both_schemes_phones_and_paper_have_a_style() -> None:
    text = render_html(made.EVERYTHING)
    for query in ("prefers-color-scheme: dark", "max-width: 40rem", "@media print"):
        assert query in text


def test_the_chain_of_trust_is_drawn_in_order() -> None:
    text = render_html(made.appraisal(made.PASSED))
    chain = text.partition('<ol class="chain">')[2].partition("</ol>")[0]
    links = re.findall(r'<strong class="link">([^<]*)<', chain)
    assert links == [
        "Trust root", "Issuer", "Certificate of the signer", "Log entry and time", "Signature",
        "Statement", "Artifact",
    ]  # fmt: skip
    for part in (
        made.ROOT, "public", "https://gitlab.com", made.signer().subject, "f" * 64, "extension 99",
        "1234", "2026-11-24T07:06:13Z", f"{made.WHEEL.name}.sigstore.json",
        "https://slsa.dev/provenance/v1", "e" * 64, f"sha512:{'a' * 128}",
        "SHA-256 of the evidence",
    ):  # fmt: skip
        assert part in chain


def test_a_chain_without_login_log_time_or_statement_says_so() -> None:
    signer = replace(made.signer(), issuer="urn:sealane:key", subject="sha256:ab", extensions=())
    bare = replace(
        made.fact(made.WHEEL, signer),
        statement=None, signed_at=None, log_index=None, certificate="", roots=(), notes=(),
        evidence=Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "x"),
    )  # fmt: skip
    text = render_html(made.appraisal(replace(made.PASSED, facts=(bare,))))
    for part in ("Key of the signer", "nothing proves when", "no entry was", "the file itself"):
        assert part in text
    assert "login that vouched" not in text
    assert "in the policy" not in text
    assert "of the evidence" not in text


def test_claims_stand_beside_what_the_policy_demands() -> None:
    text = re.sub(r'<span class="column"[^>]*>[^<]*</span>', "", render_html(made.EVERYTHING))
    rows = [re.sub("<[^>]*>", "|", row) for row in re.findall("<tr.*?</tr>", text, re.DOTALL)]
    cells = [[cell for cell in row.split("|") if cell.strip()] for row in rows]
    assert ["source repository ref", "refs/tags/v1.2.0", "refs/heads/main", "✗ no"] in cells
    assert ["deployment environment", "does not ask", "release", "not judged"] in cells
    assert ["issuer", "https://gitlab.com", "https://gitlab.com", "✓ yes"] in cells
    assert ["runner environment", "gitlab-hosted", "nothing", "✗ no"] in cells


def test_nobody_is_told_how_to_pass_but_where_nobody_was_named() -> None:
    assert "vouch for itself" in render_html(made.appraisal(made.UNDECIDED))
    for verdict in made.EVERYTHING.verdicts:
        text = render_html(made.appraisal(verdict))
        assert "vouch for itself" not in text


@pytest.mark.parametrize(("number", "opened"), [(5, 6), (6, 1)])
def test_of_many_artifacts_only_the_chains_of_those_that_did_not_pass_are_open(
    number: int, opened: int
) -> None:
    verdicts = (*[made.PASSED] * (number - 1), made.FAILED)
    page = Page(render_html(made.appraisal(*verdicts)))
    assert [("open" in one) for one in page.of("details")].count(True) == min(opened, number)


def test_what_is_not_known_has_no_line() -> None:
    bare = replace(made.WHEEL, size=None, purl=None, version=None)
    text = render_html(made.appraisal(replace(made.PASSED, artifact=bare, facts=())))
    for name in ("size", "package", "version"):
        assert f"<dt>{name}</dt>" not in text
    assert "no chain of trust" in text
    empty = replace(made.MISMATCH, place="", expected="", actual="", hint="", compared=())
    text = render_html(made.appraisal(replace(made.FAILED, findings=(empty,))))
    for name in ("expected", "actual", "where", "what to do"):
        assert f"<dt>{name}</dt>" not in text


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.MISSING])
@pytest.mark.parametrize("name", made.HOSTILE)
def test_no_text_of_a_stranger_is_html(name: str, outcome: Outcome) -> None:
    code = "SL-ID-011" if outcome is Outcome.MISSING else "SL-ID-004"
    good = Page(render_html(made.hostile("x", outcome, code)))
    page = Page(render_html(made.hostile(made.HOSTILE[name], outcome, code)))
    assert set(page.tags) <= set(good.tags)
    assert {key for _, one in page.elements for key in one} <= ATTRIBUTES
    if made.HOSTILE[name]:
        assert page.elements == good.elements


def test_letters_of_another_direction_are_isolated() -> None:
    text = render_html(made.hostile(made.HOSTILE["hebrew"]))
    shown = text.count(made.HOSTILE["hebrew"])
    assert text.count(f"<bdi>{made.HOSTILE['hebrew']}</bdi>") == shown > 5
