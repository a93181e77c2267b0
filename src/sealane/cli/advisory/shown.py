"""Shows examinations, to standard output or to files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.cli import output
from sealane.cli.written import check_written
from sealane.core.report.registry import EXAMINATION_FORMS
from sealane.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from sealane.core.model.examination import Examination


def outputs(formats: Sequence[str], read: Sequence[str] = ()) -> list[tuple[str, str | None]]:
    """What `--format` names: form, and file; None for standard output.

    Args:
        formats: Values of `--format`.
        read: Files that the run reads, and that a report may not replace.

    Raises:
        UsageError: No such form, two for standard output, or one file for two things.
    """
    found = output.outputs(formats, tuple(EXAMINATION_FORMS), EXAMINATION_FORMS.__contains__)
    check_written([(f"--format {name}", file) for name, file in found if file], read)
    return found


def show(examinations: Sequence[Examination], formats: Sequence[str]) -> int:
    """Write reports, and tell what the process ends with: the worst of all.

    Args:
        examinations: One for each document.
        formats: Values of `--format`, which `outputs` has checked.

    Raises:
        UsageError: A form holds one examination, and there are several.
        InputError: A file cannot be written.
    """
    from sealane.io.adapters.files import write_atomically

    for form, file in outputs(formats):
        if form != "text" and len(examinations) > 1:
            raise UsageError(
                f"--format {form}: it holds one document, and {len(examinations)} were named",
                hint="name one, or use the text report",
            )
        pieces = (EXAMINATION_FORMS[form](one) for one in examinations)
        if file is None:
            output.write_out(pieces)
        else:
            write_atomically(Path(file), "".join(pieces).encode())
    codes = [one.exit_code for one in examinations]
    for worst in (ExitCode.FAILED, ExitCode.EVIDENCE):
        if worst in codes:
            return worst
    return ExitCode.PASS if codes else ExitCode.EVIDENCE
