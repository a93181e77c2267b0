"""What a wheel carries inside: told beside its verdict, which it never changes.

A bill of materials in a wheel is covered by whatever covers the wheel, so it is worth telling only
of a wheel that passed. A wheel that several readers could read differently is what its publisher
signed all the same; that it cannot be looked into is told too.
"""

from __future__ import annotations

from dataclasses import replace

from sealane.appraise.collect import Case
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.answers import finding
from sealane.errors import InputError


def with_enclosed(verdict: Verdict, case: Case) -> Verdict:
    """A verdict with notes on the bills of materials inside the wheel it is about."""
    path = case.path
    if path is None or path.suffix != ".whl" or verdict.outcome is not Outcome.PASS:
        return verdict
    from sealane.io.evidence.inside_wheel import names_sboms, sboms_in_wheel

    try:
        if not names_sboms(path):
            return verdict
        found = [str(one) for one in sboms_in_wheel(path, case.artifact.sha256)]
    except InputError as error:
        found = [f"bills of materials inside were not read: {error.message}"]
    except OSError as error:
        found = [f"bills of materials inside were not read: {error.strerror}"]
    notes = tuple(_note(case, text) for text in found)
    return replace(verdict, findings=verdict.findings + notes)


def _note(case: Case, text: str) -> Finding:
    return finding("SL-EV-004", Outcome.NOTE, case.artifact.name, "", text)
