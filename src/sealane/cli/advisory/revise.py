"""`revise`: one revision more of a published record."""

from __future__ import annotations

from pathlib import Path

import click

from sealane.core.model.shown import shown
from sealane.errors import UsageError


def revise_record(file: str, summary: str, *, withdraw: bool) -> None:
    """Write the next revision into the record's file.

    Raises:
        UsageError: The file is YAML, whose comments would be lost.
        InputError: It cannot be read or written, or has no next revision.
    """
    from sealane.core.advisory.record_render import render_record
    from sealane.core.advisory.revise import revised
    from sealane.desk.record import load_record
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.files import write_atomically

    path = Path(file)
    if path.suffix in (".yaml", ".yml"):
        raise UsageError("revise writes JSON, and the record is YAML", hint="revise the OSV record")
    at = now().replace(microsecond=0)
    record = revised(load_record(path).record, summary, at, withdraw=withdraw)
    write_atomically(path, render_record(record))
    number = record.provenance.revisions[-1].number if record.provenance else "1"
    click.echo(f"revision {number}: {shown(str(path))}")
    click.echo(f"next: sealane advisory render {shown(str(path))} --final --out DIR …")
