"""What a run ends with: one place decides the exit code, for the process and for reports."""

from __future__ import annotations

from sealane.core.model.verdict import Appraisal, Outcome
from sealane.errors import ExitCode

# Several at once: the first of these that happened. What could not be judged comes before what was.
_GRAVEST_FIRST = (
    ExitCode.INTERNAL,
    ExitCode.USAGE,
    ExitCode.INPUT,
    ExitCode.TRUST,
    ExitCode.NETWORK,
    ExitCode.FAILED,
    ExitCode.EVIDENCE,
)


def exit_code(appraisal: Appraisal) -> int:
    """What a run ends with: 0 only when there is a verdict and every one of them is a pass.

    An artifact about which only rules in mode warn or audit speak was not to be kept from anything.

    Returns:
        0; 1 where an artifact failed; 3 where evidence is missing, or there is no verdict; or the
        code of something that could not be judged. Of several the gravest.
    """
    found = {ExitCode(problem.exit_code) for problem in appraisal.problems}
    outcomes = {verdict.outcome for verdict in appraisal.verdicts}
    if Outcome.FAIL in outcomes:
        found.add(ExitCode.FAILED)
    if not outcomes or Outcome.MISSING in outcomes:
        found.add(ExitCode.EVIDENCE)
    if found:
        return next(code for code in _GRAVEST_FIRST if code in found)
    # A warning is for the reader; a verdict's own outcome is never NOTE.
    return ExitCode.PASS if outcomes <= {Outcome.PASS, Outcome.WARN} else ExitCode.INTERNAL
