"""`publish`: the documents of one advisory go to every outlet, in order, or nowhere."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.advisory.commands import command_line
from sealane.cli.advisory.given import ONLINE, Asked, Here
from sealane.cli.advisory.look import Look, examine_record
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import plain_lines, shown
from sealane.core.model.values import dataclass
from sealane.core.release.project import CONFIGURATION_FILE, AdvisoryOutlet
from sealane.errors import EmbargoError, UsageError

if TYPE_CHECKING:
    from sealane.core.model.examination import Examination
    from sealane.desk.publish import Line, PublishReport
    from sealane.io.outlets.interface import Surroundings

_JOURNAL = "advisory-journal.jsonl"
_ANNOUNCEMENT = "SL-ADV-024"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is published, and how.

    Attributes:
        record: File of the record.
        documents: Folder of the final documents.
        outlets: Names of outlets; all where none is named.
        manifests: Release manifests of the releases that fix it.
        listings: Saved listings.
        asked: What may be asked of the world, for the checks.
        without: Codes that are not asked.
        journal: File of the journal; "" for the one beside the record.
        replace: Digests of what may be replaced.
        not_before: Nothing is sent earlier, UTC; None for at once.
        trust: Trust root of evidence.
        dry_run: Ask everything, and send nothing.
    """

    record: str
    documents: str
    outlets: tuple[str, ...]
    manifests: tuple[str, ...]
    listings: tuple[str, ...]
    asked: Asked
    without: tuple[str, ...]
    journal: str
    replace: tuple[str, ...]
    not_before: datetime | None
    trust: str | None
    dry_run: bool


def publish_advisory(wanted: Publishing, place: Here) -> int:
    """Examine the documents once more, then publish them, or say what would be done.

    Returns:
        What the process ends with.

    Raises:
        EmbargoError: Not yet.
        UsageError: It must not be published; there is no outlet, or none of a name.
        InputError: A file cannot be read.
        TrustError: A trust root cannot be used.
    """
    from sealane.cli.advisory.shown import show
    from sealane.core.model.verdict import Outcome
    from sealane.core.report.examination import told

    _check_moment(wanted)
    _chosen(wanted.outlets, place.settings.outlets)
    examination = _examined(wanted, place)
    if examination.outcome is not Outcome.PASS:
        code = show([examination], ())
        click.echo(
            "nothing was sent: correct what does not hold, render the documents again, and "
            "publish those",
            err=True,
        )
        return code
    click.echo(f"checked: {told(examination)}", err=True)
    report = _published(wanted, place, examination)
    for line in _told(report):
        click.echo(line)
    if report.failure is not None:
        raise report.failure
    click.echo(f"next: {_next(wanted, place)}", err=True)
    return report.exit_code


def _check_moment(wanted: Publishing) -> None:
    """Refuse before anybody is asked anything: who is asked early may tell others."""
    from sealane.io.adapters.clock import now

    at = now().replace(microsecond=0)
    if wanted.not_before is not None and at < wanted.not_before:
        raise EmbargoError(
            f"--not-before: the embargo holds until {rfc3339(wanted.not_before)}, and it is "
            f"{rfc3339(at)}",
            hint="nothing was asked or sent; run the same command then",
        )


def _examined(wanted: Publishing, place: Here) -> Examination:
    """What the checks say of the record and its final documents, before anybody has them.

    What only shows once it is public is asked afterwards, by `agree`; so is an announcement that
    is not written yet.
    """
    from sealane.core.advisory.checks.interface import Stage
    from sealane.core.advisory.checks.registry import CHECKS

    later = [check.code for check in CHECKS if check.published]
    later += [] if wanted.asked.announcement else [_ANNOUNCEMENT]
    look = Look(
        wanted.record,
        Stage.PUBLISHED,
        wanted.manifests,
        wanted.listings,
        wanted.documents,
        wanted.asked,
        lifted=wanted.not_before,
        without=(*wanted.without, *later),
        trust=wanted.trust,
    )
    return examine_record(look, place)


def _published(wanted: Publishing, place: Here, examination: Examination) -> PublishReport:
    from sealane.desk.publish import Configured, open_outlets, parse_replaceable, publish
    from sealane.desk.publish_plan import Publication
    from sealane.desk.record import load_documents, load_record
    from sealane.io.adapters.clock import now
    from sealane.io.stores.weaknesses import load_weaknesses

    loaded = load_record(Path(wanted.record))
    record = loaded.record
    journal = Path(wanted.journal) if wanted.journal else Path(wanted.record).parent / _JOURNAL
    chosen = _chosen(wanted.outlets, place.settings.outlets)
    outlets = open_outlets(
        [Configured(one.kind, one.name, one.settings) for one in chosen],
        (record.id, *record.aliases),
        journal,
        _surroundings(place),
        replace=frozenset(parse_replaceable(one) for one in wanted.replace),
    )
    publication = Publication(
        record.id,
        load_documents(Path(wanted.documents)),
        examination,
        _command(wanted, place),
        wanted.not_before,
        dict(load_weaknesses()),
        place.world is not None,
        loaded.sha256,
    )
    return publish(
        publication, outlets, journal, dry_run=wanted.dry_run, now=now,
        say=lambda line: click.echo(plain_lines(line), err=True),
    )  # fmt: skip


def _chosen(
    names: Sequence[str], configured: Sequence[AdvisoryOutlet]
) -> tuple[AdvisoryOutlet, ...]:
    if not configured:
        raise UsageError(
            "there is no outlet to publish at",
            hint=f"write [[advisory.outlet]] in {CONFIGURATION_FILE}",
        )
    known = {one.name: one for one in configured}
    for name in names:
        if name not in known:
            raise UsageError(
                f"--outlet {name[:60]!r}: there is none of that name",
                hint=f"there are: {', '.join(known)}",
            )
    return tuple(one for one in configured if not names or one.name in names)


def _surroundings(place: Here) -> Surroundings:
    from sealane import __version__
    from sealane.io.adapters.clock import now
    from sealane.io.outlets.interface import Surroundings

    return Surroundings(
        environment=os.environ,
        root=place.root,
        agent=f"sealane/{__version__}",
        sandbox=place.world is not None,
        sleep=time.sleep,
        now=now,
    )


def _command(wanted: Publishing, place: Here) -> str:
    """The command that goes on; who reads of a failure copies it."""
    asked = wanted.asked
    flags: dict[str, Sequence[str] | bool] = {
        "--documents": (wanted.documents,),
        "--outlet": wanted.outlets,
        "--manifest": wanted.manifests,
        "--index": wanted.listings,
        "--online": (asked.online or "",),
        "--index-url": (asked.index_url or "",),
        "--announcement": (asked.announcement or "",),
        "--without": wanted.without,
        "--replace": wanted.replace,
        "--not-before": (rfc3339(wanted.not_before) if wanted.not_before else "",),
        "--journal": (wanted.journal,),
    }
    return command_line("publish", wanted.record, flags, place)


def _next(wanted: Publishing, place: Here) -> str:
    """The command that comes after this one; which services are asked is for its user to add."""
    if wanted.dry_run:
        return _command(wanted, place)
    asked = wanted.asked
    known = {one.kind for one in place.settings.outlets}
    osv = place.world is not None or asked.osv_url is not None
    there = {"osv": osv, "cve": "cve" in known, "csaf": "csaf-tree" in known}
    flags: dict[str, Sequence[str] | bool] = {
        "--published": True,
        "--documents": (wanted.documents,),
        "--manifest": wanted.manifests,
        "--lifted": (rfc3339(wanted.not_before) if wanted.not_before else "",),
        "--online": (",".join(one for one in ONLINE if there.get(one, True)),),
        "--index-url": (asked.index_url or "",),
        "--osv-url": (asked.osv_url or "",),
        "--announcement": (asked.announcement or "",),
        "--repository": (asked.repository or "",),
        "--evidence": asked.evidence,
        "--wait": ("48h",),
    }
    return command_line("agree", wanted.record, flags, place)


def _told(report: PublishReport) -> Iterator[str]:
    for line in report.lines:
        yield from _line(line, dry_run=report.dry_run)
    if report.dry_run or report.failure is not None:
        yield report.public
    if report.hosts:
        yield f"asked: {', '.join(report.hosts)}"
    if report.command and not report.dry_run:
        yield f"to go on: {report.command}"


def _line(line: Line, *, dry_run: bool) -> Iterator[str]:
    words = "public" if line.done else "failed" if line.error else "would publish"
    if not dry_run and not line.done and not line.error:
        words = "not sent"
    # What would be done says where by itself.
    there = line.presence is not None and (line.done or not line.steps)
    where = f" at {shown(line.presence.place)}" if line.presence and there else ""
    yield f"{words:<13} {line.outlet} ({line.kind}): {shown(line.document)}{where}"
    if not line.done:
        yield from (f"              {shown(step)}" for step in line.steps)
    if line.error:
        yield f"              {shown(line.error)}"
