"""What findings about an advisory that artifacts have to agree with mean."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.verdict import Outcome

_PLACE = "acme-1.4.2-py3-none-any.whl"
_RECORD = "PYSEC-2026-7.json"


def _about(
    text: str, place: str, expected: str, actual: str, outcome: Outcome = Outcome.FAIL
) -> Explanation:
    return Explanation(Step.POLICY, text, place, expected, actual, outcome)


AGREEMENT_EXPLANATIONS = {
    "SL-AGR-001": _about(
        "The advisory is about this package, this version is not affected, and where the advisory "
        "lists files this is one of them. That alone makes nothing pass: who signed the file is "
        "asked by the policy.",
        _RECORD,
        "no contradiction",
        "PYSEC-2026-7: 1.4.2 fixes it, and this file is listed",
        Outcome.NOTE,
    ),
    "SL-AGR-002": _about(
        "A rule with `advisory = true` is about releases that answer an advisory. Whoever judges "
        "one of them has to say which: else a release that fixes nothing would pass as well.",
        _PLACE,
        "an advisory, named with --advisory",
        "none",
        Outcome.MISSING,
    ),
    "SL-AGR-003": _about(
        "Its record carries the time of its withdrawal. Scanners do not report it any more, and "
        "what its ranges say may be wrong.",
        _RECORD,
        "an advisory that holds",
        "PYSEC-2026-7 was withdrawn at 2026-06-01T00:00:00+00:00",
    ),
    "SL-AGR-004": _about(
        "None of its entries names this package. Perhaps the wrong file was named; an advisory "
        "that names the wrong package is a defect that happens, too.",
        _RECORD,
        "an advisory about acme",
        "PYSEC-2026-7 is not about acme",
    ),
    "SL-AGR-005": _about(
        "The version is inside one of the ranges, or in the list of versions. Either the release "
        "does not have the fix, or the advisory has a wrong range; with both in hand nobody can "
        "tell which.",
        _PLACE,
        "a fixed version: 1.4.2",
        "1.4.1, which PYSEC-2026-7 says is affected",
    ),
    "SL-AGR-006": _about(
        "An artifact that is named by its digest alone has no version. An advisory leaves it open "
        "where its ranges are of another kind than PEP 440 versions, or contradict each other.",
        _RECORD,
        "an answer for this version",
        "PYSEC-2026-7 leaves open whether 1.4.2 is affected",
        Outcome.MISSING,
    ),
    "SL-AGR-007": _about(
        "An advisory made by sealane lists every file of the releases that fix it, with digests. A "
        "file of that version with another digest was built by somebody else, or at another time.",
        _PLACE,
        "one of the 2 files of this version that PYSEC-2026-7 lists",
        "sha256:9b1d…",
    ),
}
