"""One artifact on the page: its findings, claims beside demands, and its chains of trust."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Compared, Finding, Outcome, Verdict
from sealane.core.report.html.chain import chain
from sealane.core.report.html.text import code, foreign, mark, pairs, table
from sealane.core.report.interface import COMPARE, answers, nobody_named

_DEMANDS = ("Claim", "The policy demands", "The certificate says", "Enough")


def article(number: int, verdict: Verdict, *, opened: bool) -> Iterator[str]:
    """Everything about one artifact.

    Args:
        number: Its place in the report, from 1; links lead to it by that.
        verdict: What was found of it.
        opened: Whether its first chain of trust is seen at once.
    """
    name = f"artifact-{number}"
    yield f'<article id="{name}" aria-labelledby="{name}-name">'
    yield f'<h3 id="{name}-name">{mark(verdict.outcome)} {code(verdict.artifact.name)}</h3>'
    yield from pairs(_about(verdict.artifact))
    yield '<h4>Findings</h4><ul class="findings">'
    for finding in answers(verdict):
        yield from _finding(finding)
    yield "</ul>"
    yield from _chains(verdict, opened=opened)
    yield "</article>"


def _about(artifact: Artifact) -> list[tuple[str, str]]:
    digests = "<br>".join(code(str(digest)) for digest in artifact.digests)
    return [
        ("digests", digests),
        ("size", "" if artifact.size is None else f"{artifact.size} bytes"),
        ("package", code(artifact.purl) if artifact.purl else ""),
        ("version", code(artifact.version) if artifact.version else ""),
    ]


def _finding(finding: Finding) -> Iterator[str]:
    known = code_of(finding.code)
    yield f"<li><p>{mark(finding.outcome)} <strong>{known.label}</strong></p>"
    yield f'<p class="soft">{foreign(known.meaning)}</p>'
    hint = "" if finding.outcome is Outcome.PASS else finding.hint
    yield from pairs(
        [
            ("expected", code(finding.expected) if finding.expected else ""),
            ("actual", code(finding.actual) if finding.actual else ""),
            ("where", code(finding.place) if finding.place else ""),
            ("what to do", foreign(hint) if hint else ""),
        ]
    )
    if finding.compared:
        caption = f"Claims of the signer beside the policy's demands, for {known.label}"
        yield from table(caption, _DEMANDS, (_compared(one) for one in finding.compared))
    yield "</li>"


def _compared(one: Compared) -> tuple[str, str, str, str]:
    return (
        foreign(one.claim),
        code(one.demanded) if one.demanded else "does not ask",
        code(one.actual) if one.actual else "nothing",
        _enough(one),
    )


def _enough(one: Compared) -> str:
    if not one.held:
        return '<strong class="fail">\u2717 no</strong>'
    return '<strong class="pass">\u2713 yes</strong>' if one.demanded else "not judged"


def _chains(verdict: Verdict, *, opened: bool) -> Iterator[str]:
    if not verdict.facts:
        yield '<p class="soft">Nothing was proven of it, so there is no chain of trust.</p>'
        return
    if nobody_named(verdict):
        yield f'<p class="stamp">{COMPARE}</p>'
    for number, fact in enumerate(verdict.facts):
        yield f"<details{' open' if opened and not number else ''}>"
        yield f"<summary>Chain of trust of {code(fact.evidence.origin)}</summary>"
        yield from _told(fact)
        yield from chain(fact)
        yield "</details>"


def _told(fact: Fact) -> Iterator[str]:
    yield '<p class="soft">This held, each link by the one before it. Whether the signer is one '
    yield "that may sign is what the findings say.</p>"
    yield from pairs(("note", foreign(note)) for note in fact.notes)
