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


def _sarif(appraisal: Appraisal) -> str:
    from sealane.core.report.sarif import render_sarif

    return render_sarif(appraisal)


def _junit(appraisal: Appraisal) -> str:
    from sealane.core.report.junit import render_junit

    return render_junit(appraisal)


def _markdown(appraisal: Appraisal) -> str:
    from sealane.core.report.markdown import render_markdown

    return render_markdown(appraisal)


def _html(appraisal: Appraisal) -> str:
    from sealane.core.report.html.page import render_html

    return render_html(appraisal)


FORMS = (
    ReportForm("text", _text),
    ReportForm("json", _json, detailed=True),
    ReportForm("sarif", _sarif, detailed=True),
    ReportForm("junit", _junit),
    ReportForm("markdown", _markdown, detailed=True),
    ReportForm("html", _html, detailed=True),
)
_SHORT = {"md": "markdown"}


def form(name: str) -> ReportForm | None:
    """The form of a name, or of its short one; None where there is none."""
    return next((one for one in FORMS if one.name == _SHORT.get(name, name)), None)
