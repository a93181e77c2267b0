"""An appraisal as one file for a browser: no script, and nothing that is loaded from anywhere.

Spec: HTML (WHATWG); WCAG 2.2, level AA.
"""

from __future__ import annotations

from collections.abc import Iterator

from sealane import __version__
from sealane.core.model.moment import rfc3339
from sealane.core.model.verdict import Appraisal, Outcome, Problem
from sealane.core.report.html.artifact import article
from sealane.core.report.html.style import STYLE
from sealane.core.report.html.text import code, foreign, in_full, mark, pairs, sign, table
from sealane.core.report.interface import NOTHING, stamps, summary

# Should a text get past the escaping, it still could run, load and send nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_UNSIGNED = "This page proves nothing by itself: whoever has it can change it."
# With more artifacts than this only those that did not pass show their chains at once.
_FEW = 5


def render_html(appraisal: Appraisal) -> str:
    """The report as one page."""
    stamp = "".join(f"[{text.partition(':')[0]}] " for text in stamps(appraisal))
    outcome, head = _head(appraisal)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{stamp}{head}: sealane report</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#results">Skip to the results</a>',
        "<header>",
        '<p class="soft">sealane verify, report</p>',
        f"<h1>{sign(outcome)} {stamp}{head}</h1>",
        f"<p>{summary(appraisal)}</p>",
        *(f'<p class="stamp">{text}</p>' for text in stamps(appraisal)),
        "</header>",
        '<main id="results" tabindex="-1">',
        *_body(appraisal),
        "</main>",
        f"<footer><p>Made by sealane {__version__}. {_UNSIGNED}</p></footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _head(appraisal: Appraisal) -> tuple[Outcome, str]:
    """The whole answer in a few words: a pass only where every artifact passed."""
    outcomes = {verdict.outcome for verdict in appraisal.verdicts}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL, "A file failed"
    if appraisal.problems:
        return Outcome.FAIL, "Not everything could be judged"
    if outcomes == {Outcome.PASS}:
        return Outcome.PASS, "Every file passed"
    if outcomes and outcomes <= {Outcome.PASS, Outcome.WARN}:
        return Outcome.WARN, "A file has a warning and no pass"
    return Outcome.MISSING, "Not enough evidence"


def _body(appraisal: Appraisal) -> Iterator[str]:
    yield from _problems(appraisal.problems)
    yield from _overview(appraisal)
    yield from _basis(appraisal)
    if appraisal.verdicts:
        yield '<section aria-labelledby="details"><h2 id="details">Artifacts in detail</h2>'
        few = len(appraisal.verdicts) <= _FEW
        for number, verdict in enumerate(appraisal.verdicts, start=1):
            yield from article(number, verdict, opened=few or verdict.outcome is not Outcome.PASS)
        yield "</section>"


def _problems(problems: tuple[Problem, ...]) -> Iterator[str]:
    if not problems:
        return
    yield '<section aria-labelledby="problems"><h2 id="problems">What could not be judged</h2>'
    for one in problems:
        yield f'<div class="problem"><p>{mark(Outcome.FAIL, "ERROR")} {foreign(one.message)}</p>'
        hint = foreign(one.hint) if one.hint else ""
        yield from pairs([("what to do", hint), ("exit code", str(one.exit_code))])
        yield "</div>"
    yield "</section>"


def _overview(appraisal: Appraisal) -> Iterator[str]:
    yield '<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>'
    if appraisal.verdicts:
        rows = (
            (
                f'<a href="#artifact-{number}">{code(verdict.artifact.name)}</a>',
                mark(verdict.outcome),
                code(str(verdict.artifact.digests[0])),
            )
            for number, verdict in enumerate(appraisal.verdicts, start=1)
        )
        heads = ("Artifact", "Verdict", "Digest")
        yield from table("Every artifact and what became of it", heads, rows)
    else:
        yield f"<p>{mark(Outcome.MISSING)} {NOTHING}</p>"
    yield "</section>"


def _basis(appraisal: Appraisal) -> Iterator[str]:
    moment = rfc3339(appraisal.at)
    yield '<section aria-labelledby="basis"><h2 id="basis">Judged by</h2>'
    rows = (
        (foreign(one.kind), in_full(one.name), code(one.sha256) if one.sha256 else "none")
        for one in appraisal.based_on
    )
    heads = ("What", "Name", "SHA-256")
    yield from table("What had to be true, and what was trusted in advance", heads, rows)
    hosts = ", ".join(code(host) for host in appraisal.hosts)
    yield from pairs(
        [
            ("judged at", f'<time datetime="{moment}">{moment}</time>'),
            ("asked over the network", hosts or "nobody"),
            *(("note", foreign(note)) for note in appraisal.notes),
        ]
    )
    yield "</section>"
