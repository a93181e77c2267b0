"""Markdown for a job's page: the word, never the sign alone, and strangers' text in code only."""

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.report.markdown import render_markdown
from support import appraisals as made

# With HTML, tables and links, as the pages of forges have them.
READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


class Page(HTMLParser):
    """What a page shows: tags in order, and the text of each code span."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[str] = []
        self.codes: list[str] = []
        self.cells: list[int] = []
        self._in_code = False
        self.feed(READER.render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert [name for name, _ in attrs if name not in {"open", "style"}] == []
        if tag == "code":
            self.codes.append("")
            self._in_code = True
        elif tag == "tr":
            self.cells.append(0)
        elif tag in {"td", "th"}:
            self.cells[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.codes[-1] += data


def test_every_artifact_has_a_row_with_the_word_of_its_outcome() -> None:
    rows = [line for line in render_markdown(made.EVERYTHING).splitlines() if line[:1] == "|"]
    for verdict, word in zip(
        made.EVERYTHING.verdicts, ("PASS", "FAIL", "WARN", "MISSING", "MISSING"), strict=True
    ):
        digest = str(verdict.artifact.digests[0])
        (row,) = [line for line in rows if verdict.artifact.name in line and digest in line]
        assert f" {word} |" in row


@pytest.mark.parametrize(
    ("verdict", "details"),
    [
        (made.PASSED, "<details>\n"),
        (made.FAILED, "<details open>\n"),
        (made.SILENT, "<details open>\n"),
        (replace(made.PASSED, findings=(made.MET,)), ""),
    ],
)
def test_what_there_is_to_know_opens_for_what_did_not_pass(verdict: Verdict, details: str) -> None:
    text = render_markdown(made.appraisal(verdict))
    assert ("<details" in text) == bool(details)
    assert details in text


def test_a_failure_tells_demand_and_what_was_found() -> None:
    text = render_markdown(made.appraisal(made.FAILED))
    for part in ("expected: `refs/tags/v{pep440}`", "actual: `refs/heads/main`", "hint: `"):
        assert part in text
    assert "| `source repository ref` | `refs/tags/v1.2.0` | `refs/heads/main` | **no** |" in text
    assert "| `issuer` | `https://gitlab.com` | `https://gitlab.com` | yes |" in text
    assert "| `runner environment` | `gitlab-hosted` | nothing | **no** |" in text
    assert "| `deployment environment` | not asked | `release` | not judged |" in text


def test_a_run_that_judged_nothing_says_so() -> None:
    text = render_markdown(made.appraisal())
    assert "**ERROR** nothing was judged" in text
    assert "PASS" not in text


def test_a_signer_is_shown_to_be_compared_only_where_nobody_was_named() -> None:
    subject = made.signer().subject
    text = render_markdown(made.appraisal(made.UNDECIDED))
    assert f"| `{subject}` | `https://gitlab.com` |" in text
    assert "evidence cannot vouch for itself" in text
    assert "vouch for itself" not in render_markdown(made.EVERYTHING)


def test_the_stamps_stand_in_the_heading() -> None:
    text = render_markdown(replace(made.EVERYTHING, sandbox=True, enforced=False))
    assert text.startswith("## [sandbox] [not enforced] sealane: 5 artifacts: ")


def test_the_time_is_told_in_utc() -> None:
    assert isinstance(made.AT, datetime)
    assert "judged at 2026-11-25T07:06:13Z" in render_markdown(made.EVERYTHING)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.MISSING])
@pytest.mark.parametrize("name", made.HOSTILE)
def test_no_text_of_a_stranger_is_markdown_or_html(name: str, outcome: Outcome) -> None:
    code = "SL-ID-011" if outcome is Outcome.MISSING else "SL-ID-004"
    good = Page(render_markdown(made.hostile("x", outcome, code)))
    page = Page(render_markdown(made.hostile(made.HOSTILE[name], outcome, code)))
    blanks = {"blank", "empty"}
    assert set(page.tags) <= set(good.tags)
    assert page.cells == good.cells
    if name not in blanks:
        assert page.tags == good.tags


@pytest.mark.parametrize("text", ["a`b", "`", "``", " a ", "a|b", "a\\|b", "\\", "*a*", "[a](b)"])
def test_a_code_span_shows_the_text_as_it_is(text: str) -> None:
    finding = replace(made.MISMATCH, actual=text, compared=())
    page = Page(render_markdown(made.appraisal(replace(made.FAILED, findings=(finding,)))))
    assert text in page.codes


@pytest.mark.parametrize("name", ["a|b", "a\\|b", "`|`", "a\\", "|"])
def test_a_name_in_a_table_stays_in_its_cell(name: str) -> None:
    verdict = replace(made.PASSED, artifact=replace(made.WHEEL, name=name))
    page = Page(render_markdown(made.appraisal(verdict)))
    assert name in page.codes
    assert page.cells[:2] == [3, 3]
