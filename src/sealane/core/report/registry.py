"""All forms of report."""

from __future__ import annotations

from sealane.core.report import json, text
from sealane.core.report.interface import ReportForm

FORMS = (ReportForm("text", text.render_text), ReportForm("json", json.render_json))


def form(name: str) -> ReportForm | None:
    """The form of a name; None where there is none."""
    return next((one for one in FORMS if one.name == name), None)
