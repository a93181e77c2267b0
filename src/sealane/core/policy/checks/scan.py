"""Whether a vulnerability scan found nothing that is graver than what is accepted.

A scan is the signer's word: nobody here looks for vulnerabilities.

1. The scan says what it found, in a form that is read.
2. Its scanner is one that counts.
3. It is not too old; a scan that claims to be younger than its signature is as old as that. Where
   nothing proves when it was signed, one that claims to end later than now has no age.
4. Of everything it found, what is not allowed by its id is grave no more than accepted. A severity
   that is missing, or that is not understood, counts as critical; of several the gravest does.

Spec: in-toto attestation, spec/predicates/vulns_02.md; CVSS v3.1, section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from sealane.core.attestation.predicates.vulns import Scan, Vulnerability
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import Difference
from sealane.core.policy.needs import ScanDemand, Severity

_GRAVER = tuple(Severity)
# GitHub's word for it, beside those of CVSS.
_WORDS = {one.value: one for one in Severity} | {"moderate": Severity.MEDIUM}
# The lowest base score of each rating.
_SCORES = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
)
_SCORE = re.compile(r"(?:10(?:\.0)?|[0-9](?:\.[0-9])?)")
_SHOWN = 5


def check_scan(question: Question) -> Iterator[Difference]:
    """The scan holds what the requirement demands of it."""
    wanted, found = question.requirement.scan or ScanDemand(), parsed(question.fact)
    if not isinstance(found, Scan):  # 1
        actual = f"a statement of kind {question.kind}, whose result is not read"
        yield Difference("SL-REQ-015", "scanner.result", "a result in the form of vulns", actual)
        return
    if wanted.scanners and found.scanner not in wanted.scanners:  # 2
        expected = " or ".join(wanted.scanners)
        yield Difference("SL-REQ-015", "scanner.uri", expected, found.scanner)
    if wanted.max_age_days is not None:  # 3
        signed = question.fact.signed_at
        ended = found.finished if signed is None else min(found.finished, signed)
        unborn = signed is None and ended > question.at
        oldest = timedelta(days=min(wanted.max_age_days, timedelta.max.days))
        if unborn or question.at - ended > oldest:
            expected = f"at most {wanted.max_age_days} days before {question.at.isoformat()}"
            yield Difference("SL-REQ-015", "scanFinishedOn", expected, ended.isoformat())
    worse = [  # 4
        f"{one.id} ({severity_of(one)})"
        for one in found.found
        if one.id not in wanted.allowed and _grave(severity_of(one)) > _grave(wanted.worst)
    ]
    if worse:
        more = f" and {len(worse) - _SHOWN} more" if len(worse) > _SHOWN else ""
        expected = f"nothing graver than {wanted.worst}"
        yield Difference("SL-REQ-014", "scanner.result", expected, ", ".join(worse[:_SHOWN]) + more)


def severity_of(found: Vulnerability) -> Severity:
    """The gravest severity that a vulnerability is said to have; critical where none is known."""
    rated = [_rating(score) for _, score in found.severities] or [Severity.CRITICAL]
    return max(rated, key=_grave)


def _rating(score: str) -> Severity:
    text = score.strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    if _SCORE.fullmatch(text) is None:
        return Severity.CRITICAL
    number = float(text)
    return next((rating for least, rating in _SCORES if number >= least), Severity.NONE)


def _grave(severity: Severity) -> int:
    return _GRAVER.index(severity)
