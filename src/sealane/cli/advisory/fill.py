"""`check --fill`: the list of versions of a record, written anew from the index."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.advisory.given import Here, ask_of, listings_in
from sealane.core.model.shown import shown
from sealane.errors import UsageError

if TYPE_CHECKING:
    from sealane.cli.advisory.look import Look


def fill_record(look: Look, place: Here, lifted: datetime | None) -> None:
    """Write the versions that the index has inside the ranges into the record's file.

    Args:
        look: Which record, and what the index is seen by.
        place: Where.
        lifted: When it became public, UTC, which is written too; None to leave that as it is.

    Raises:
        UsageError: No index was seen, or the file is YAML, whose comments would be lost.
        InputError: The file cannot be read, written, or its ranges cannot be compared; the lift is
            still to come.
        NetworkError: The index does not answer.
    """
    from sealane.core.advisory.fill import corrected_times, fill_versions
    from sealane.core.advisory.record_render import render_record
    from sealane.core.advisory.revise import with_first_revision
    from sealane.core.model.values import replace
    from sealane.desk.listings import predicted_listings
    from sealane.desk.manifests import load_manifest
    from sealane.desk.record import load_record
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.files import write_atomically

    path = Path(look.record)
    if path.suffix in (".yaml", ".yml"):
        raise UsageError("--fill writes JSON, and the record is YAML", hint="fill the OSV record")
    record = load_record(path).record
    ask, means = ask_of(look.asked, place)
    manifests = [load_manifest(Path(one)) for one in look.manifests]
    listings = predicted_listings(record, manifests, listings_in(look.listings), ask, means)
    if not listings:
        raise UsageError(
            "--fill: no index was seen",
            hint="name a saved listing, --index FILE, or --online=index",
        )
    filled, at = fill_versions(record, listings), now().replace(microsecond=0)
    if lifted is not None:
        filled = replace(corrected_times(filled, lifted, at), modified=record.modified)
        filled = with_first_revision(filled)
    if filled == record:
        click.echo(f"unchanged: {shown(str(path))}", err=True)
        return
    write_atomically(path, render_record(replace(filled, modified=at)))
    click.echo(f"filled: {shown(str(path))}", err=True)
