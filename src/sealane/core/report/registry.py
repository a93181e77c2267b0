"""All forms of report; one is imported when it is asked for."""

from __future__ import annotations

from sealane.core.model.verdict import Appraisal
from sealane.core.report.interface import ReportForm


def _text(appraisal: Appraisal) -> str:
    from sealane.core.report.text import render_text

    return render_text(appraisal)


def _json(appraisal: Appraisal) -> str:
    from sealane.core.report.json import render_json

    return render_json(appraisal)


FORMS = (ReportForm("text", _text), ReportForm("json", _json))


def form(name: str) -> ReportForm | None:
    """The form of a name; None where there is none."""
    return next((one for one in FORMS if one.name == name), None)
