"""`new`: a record to begin with, and what is still to be written in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.advisory.given import Asked, Here, ask_of, listings_in
from sealane.core.model.shown import plain_lines, shown
from sealane.core.model.values import dataclass, replace
from sealane.errors import InputError, SealaneError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sealane.core.advisory.listing import Listing
    from sealane.core.advisory.record import Credit, Record, Reference, Severity
    from sealane.desk.manifests import LoadedManifest

_DETAILS_LIMIT = 1024 * 1024  # bytes
_GHSA_LIMIT = 4 * 1024 * 1024  # bytes
_VECTOR_HINT = "write e.g. CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
_VECTORS = {"CVSS:3.": "CVSS_V3", "CVSS:4.": "CVSS_V4"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the record is made from, and what is said of it.

    Attributes:
        id: Its identifier; "" for that of the draft it is made from.
        package: A package, where it is made from nothing.
        manifests: Release manifests of the releases that fix it.
        ghsa: File of the forge's draft.
        introduced: FIXED=FIRST for each series.
        listings: Saved listings.
        asked: What may be asked: the index.
        summary: One line.
        details: File of the text.
        aliases: Other identifiers.
        vectors: CVSS vectors.
        weaknesses: E.g. "CWE-79".
        references: TYPE=URL.
        credits: NAME or NAME=TYPE.
        unaffected: Series that are not affected.
    """

    id: str
    package: str
    manifests: tuple[str, ...]
    ghsa: str
    introduced: tuple[str, ...]
    listings: tuple[str, ...]
    asked: Asked
    summary: str
    details: str
    aliases: tuple[str, ...]
    vectors: tuple[str, ...]
    weaknesses: tuple[str, ...]
    references: tuple[str, ...]
    credits: tuple[str, ...]
    unaffected: tuple[str, ...]


def write_record(wanted: Wanted, place: Here, out: str, *, ask_for: bool) -> Path:
    """Make a record and write it; a file that is there is never replaced.

    Args:
        wanted: What it is made from.
        place: Where.
        out: The file; "" for one called after the identifier.
        ask_for: Whether somebody sits there to be asked what was not given.

    Returns:
        Where it was written.

    Raises:
        UsageError: Made from nothing, or from several things; something is malformed.
        InputError: A file cannot be read or written, or what it says cannot be a record.
        NetworkError: The index does not answer.
    """
    from sealane.core.advisory.record_render import render_record
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.files import refuse_existing, write_new

    if ask_for:
        wanted = _identified(wanted)
        if out or wanted.id:
            # Before somebody has typed what would be lost.
            refuse_existing(_path(out, wanted.id))
        wanted = _completed(wanted)
    record = _described(_begun(wanted, place, now().replace(microsecond=0)), wanted)
    path = _path(out, record.id)
    write_new(path, render_record(record))
    stamp = " [sandbox]" if place.world is not None else ""
    click.echo(f"written: {shown(str(path))}{stamp}")
    return path


def _path(out: str, identifier: str) -> Path:
    """Where a record is written; an identifier is no path, and whoever drafted it chooses none."""
    from sealane.core.advisory.projects import stem_of

    return Path(out or f"{stem_of(identifier)}.json")


def can_ask() -> bool:
    """Whether somebody sits in front of a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _begun(wanted: Wanted, place: Here, at: datetime) -> Record:
    from sealane.core.advisory.draft import blank, from_manifests
    from sealane.desk.manifests import load_manifest

    if (bool(wanted.package) + bool(wanted.manifests) + bool(wanted.ghsa)) != 1:
        raise UsageError(
            "sealane advisory new: expected one of --package, --manifest and --from-ghsa",
            hint="--manifest names the signed release manifest of the release that fixes it",
        )
    if wanted.introduced and not wanted.manifests:
        raise UsageError("--introduced is about releases that fix it", hint="add --manifest")
    if wanted.ghsa:
        return _of_ghsa(wanted, place, at)
    if not wanted.id:
        raise UsageError(
            "sealane advisory new: which identifier is the record's?",
            hint="add --id with its CVE or GHSA id, or PYSEC-0000-NAME while there is none",
        )
    if wanted.package:
        return _filled(blank(wanted.id, wanted.package, at), wanted, place, ())
    manifests = [load_manifest(Path(one)) for one in wanted.manifests]
    _check_world(manifests, place)
    starts = dict(_pair(one, "--introduced", "FIXED=FIRST") for one in wanted.introduced)
    first = from_manifests(
        wanted.id,
        [one.manifest for one in manifests],
        [one.id for one in manifests],
        (),
        introduced=starts,
        at=at,
    )
    return _filled(first, wanted, place, manifests)


def _of_ghsa(wanted: Wanted, place: Here, at: datetime) -> Record:
    """The forge's draft; whether its ranges end where its fixes begin only the index can tell."""
    from sealane.core.advisory.draft import blank
    from sealane.core.advisory.draft_ghsa import from_ghsa, projects_in
    from sealane.io.adapters.files import read_bounded

    content = read_bounded(Path(wanted.ghsa), _GHSA_LIMIT, what="draft")
    try:
        listings = [
            listing
            for project in projects_in(content)
            for listing in _listings(blank(wanted.id, project, at), wanted, place, ())
        ]
        if not listings:
            raise UsageError(
                "--from-ghsa: no index was seen, and a draft cannot be read without",
                hint="name a saved listing, --index FILE, or --online=index",
            )
        return from_ghsa(content, listings, at, wanted.id)
    except InputError as error:
        hint = error.hint or "name what the forge's REST API answers for the advisory, JSON"
        raise InputError(f"{wanted.ghsa[:200]!r}: {error.message}", hint=hint) from error


def _check_world(manifests: Sequence[LoadedManifest], place: Here) -> None:
    """Refuse to draft a real advisory from a rehearsal's files."""
    for one in manifests:
        if one.manifest.sandbox and place.world is None:
            raise InputError(
                f"release manifest {one.manifest.tag}: it is a rehearsal's",
                hint="name the manifest of the real release, or the sandbox: sealane --sandbox DIR",
            )


def _filled(
    record: Record, wanted: Wanted, place: Here, manifests: Sequence[LoadedManifest]
) -> Record:
    """The record with all versions that the index has inside its ranges."""
    from sealane.core.advisory.fill import fill_versions

    listings = _listings(record, wanted, place, manifests)
    if not listings:
        click.echo(
            "note: no index was seen, so the list of versions is empty: --index FILE or "
            "--online=index, or later sealane advisory check --fill",
            err=True,
        )
        return record
    return fill_versions(record, listings)


def _listings(
    record: Record, wanted: Wanted, place: Here, manifests: Sequence[LoadedManifest]
) -> tuple[Listing, ...]:
    """The index of each package, as it will be with the manifests' files; none where none is."""
    from sealane.desk.listings import predicted_listings

    ask, means = ask_of(wanted.asked, place)
    return predicted_listings(record, manifests, listings_in(wanted.listings), ask, means)


def _described(record: Record, wanted: Wanted) -> Record:
    """The record with what was said of it, in place of what its draft says."""
    from sealane.core.advisory.record import Provenance
    from sealane.io.adapters.files import read_text

    details = record.details
    if wanted.details:
        details = read_text(Path(wanted.details), _DETAILS_LIMIT, what="details")
    provenance = record.provenance
    if wanted.unaffected:
        provenance = replace(provenance or Provenance(), unaffected=wanted.unaffected)
    return replace(
        record,
        summary=wanted.summary or record.summary,
        details=details,
        aliases=wanted.aliases or record.aliases,
        severity=tuple(_severity(one) for one in wanted.vectors) or record.severity,
        weaknesses=wanted.weaknesses or record.weaknesses,
        references=tuple(_reference(one) for one in wanted.references) or record.references,
        credits=tuple(_credit(one) for one in wanted.credits) or record.credits,
        rating=_rating(wanted.vectors) or record.rating,
        provenance=provenance,
    )


def _severity(vector: str) -> Severity:
    from sealane.core.advisory.record import Severity

    kind = next((kind for start, kind in _VECTORS.items() if vector.startswith(start)), None)
    if kind is None:
        raise UsageError(
            f"--cvss {vector[:60]!r}: expected a vector of CVSS 3 or 4",
            hint=_VECTOR_HINT,
        )
    return Severity(kind, vector)


def _rating(vectors: Sequence[str]) -> str:
    """The word for the first vector; "" without one."""
    return next((_rated(one) for one in vectors), "")


def _rated(vector: str) -> str:
    """The word for a vector, e.g. "HIGH"."""
    from sealane.core.advisory.cvss import rating_of

    severity = _severity(vector)
    try:
        return rating_of(severity.type, severity.score).severity.upper()
    except InputError as error:
        raise UsageError(f"--cvss: {error.message}", hint=_VECTOR_HINT) from error


def _reference(text: str) -> Reference:
    from sealane.core.advisory.record import Reference

    kind, url = _pair(text, "--reference", "TYPE=URL, e.g. FIX=https://…")
    return Reference(kind.upper(), url)


def _credit(text: str) -> Credit:
    from sealane.core.advisory.record import Credit

    name, _, kind = text.rpartition("=")
    return Credit(name, kind.upper()) if name else Credit(text)


def _pair(text: str, flag: str, shape: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (separator and name and value):
        raise UsageError(f"{flag} {text[:60]!r}: expected {shape}", hint="write both, with a =")
    return name, value


def _identified(wanted: Wanted) -> Wanted:
    """Ask what it is about and how it is called, where that was not given."""
    click.echo("Empty answers can be filled in later; sealane advisory check says what is left.",
               err=True)  # fmt: skip
    if wanted.ghsa:
        return wanted
    if not (wanted.package or wanted.manifests):
        wanted = replace(wanted, package=_answer("Package"))
    if wanted.id:
        return wanted
    first = next(iter(wanted.aliases), f"PYSEC-0000-{wanted.package or 'new'}")
    answer = _answer("Identifier: its CVE or GHSA id", first)
    return replace(wanted, id=answer, aliases=tuple(one for one in wanted.aliases if one != answer))


def _completed(wanted: Wanted) -> Wanted:
    """Ask for what was not given; an empty answer leaves it open."""
    if wanted.ghsa:
        return wanted
    return replace(
        wanted,
        summary=wanted.summary or _answer("Summary, one line"),
        aliases=wanted.aliases or _answers("Other CVE or GHSA identifiers"),
        vectors=wanted.vectors or _answers("CVSS vectors", _rated),
        weaknesses=wanted.weaknesses or _answers("Weaknesses, e.g. CWE-79"),
        references=wanted.references or _answers("References, e.g. FIX=https://…", _reference),
        credits=wanted.credits or _answers("Credits, e.g. Ann=FINDER"),
    )


def _answer(question: str, default: str = "") -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return plain_lines(answer).strip()


def _answers(question: str, read: Callable[[str], object] = str) -> tuple[str, ...]:
    """Several answers; one that cannot be read is asked for again."""

    def parted(text: str) -> tuple[str, ...]:
        found = tuple(one for each in plain_lines(text).split(",") if (one := each.strip()))
        for one in found:
            try:
                read(one)
            except SealaneError as error:
                raise click.UsageError(f"{plain_lines(error.message)}; {error.hint}") from error
        return found

    found: tuple[str, ...] = click.prompt(
        f"{question}; separated by commas", default="", show_default=False, err=True,
        value_proc=parted,
    )  # fmt: skip
    return found
