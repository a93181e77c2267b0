"""All forms of report, of verdicts and of examinations; one is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from sealane.core.model.verdict import Appraisal
from sealane.core.report.interface import ReportForm

if TYPE_CHECKING:
    from sealane.core.model.examination import Examination


def _text(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.text import text_lines

    return text_lines(appraisal)


def _json(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.json import render_json

    return (render_json(appraisal),)


def _sarif(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.sarif.appraisal import render_sarif

    return (render_sarif(appraisal),)


def _junit(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.junit import render_junit

    return (render_junit(appraisal),)


def _markdown(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.markdown import render_markdown

    return (render_markdown(appraisal),)


def _html(appraisal: Appraisal) -> Iterable[str]:
    from sealane.core.report.html.page import render_html

    return (render_html(appraisal),)


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


def _examined_text(examination: Examination) -> str:
    from sealane.core.report.examination import render_examination_text

    return render_examination_text(examination)


def _examined_json(examination: Examination) -> str:
    from sealane.core.report.examination import render_examination_json

    return render_examination_json(examination)


def _examined_sarif(examination: Examination) -> str:
    from sealane.core.report.sarif.examination import render_examination_sarif

    return render_examination_sarif(examination)


EXAMINATION_FORMS: Mapping[str, Callable[[Examination], str]] = {
    "text": _examined_text,
    "json": _examined_json,
    "sarif": _examined_sarif,
}
