"""`render` and `validate`: documents of all formats, made from the record or judged alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.advisory.given import Here, ask_of, formats_of, rendering_of
from sealane.core.model.shown import shown
from sealane.errors import InputError

if TYPE_CHECKING:
    from sealane.cli.advisory.look import Look
    from sealane.core.advisory.documents import Fault
    from sealane.core.advisory.formats.interface import Format
    from sealane.core.model.examination import Examination
    from sealane.core.model.verdict import Finding

TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
# Their names are lower case: beside the record, one would replace the other on some systems.
_FOLDERS = {"csaf": "csaf", "csaf-vex": "csaf"}
_LARGEST = 16 * 1024 * 1024  # bytes of a document
_SCHEMA = "SL-ADV-001"
_SPELLED = ("csaf", "csaf-vex")


def render_documents(
    look: Look, place: Here, folder: str, named: Sequence[str], *, final: bool, tlp: str
) -> None:
    """Make documents, and write them into a folder; what was there of their names is replaced.

    Raises:
        InputError: A format cannot say what the record says, or a file cannot be written.
        UsageError: There is no such format, or it names an issuer and nobody says who that is.
    """
    from sealane.cli.advisory.look import subject_of
    from sealane.core.model.values import replace
    from sealane.desk.listings import predicted_listings
    from sealane.desk.record import render_all
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.files import write_atomically

    formats = formats_of(place, named)
    subject = subject_of(look, place)
    ask, means = ask_of(look.asked, place)
    record = subject.record.record
    listings = predicted_listings(record, subject.manifests, subject.listings, ask, means)
    rendering = rendering_of(place, now(), final=final, tlp=tlp)
    made = render_all(record, replace(rendering, listings=listings), formats)
    for document in made:
        path = Path(folder, _FOLDERS.get(document.format, ""), document.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, document.content)
        digest = hashlib.sha256(document.content).hexdigest()
        click.echo(f"{document.format:<9} {shown(str(path))}  sha256:{digest}")
    stamp = " [sandbox]" if place.world is not None else ""
    click.echo(f"{len(made)} documents, {'final' if final else 'draft'}, TLP:{tlp}{stamp}")


def validate_document(file: str, named: str | None, dictionaries: str | None) -> Examination:
    """What a document breaks of its own format's rules.

    Args:
        file: Its path.
        named: Name of its format; None to tell it from name and content.
        dictionaries: Folder of Hunspell's dictionaries, for the rule of CSAF that asks for them.

    Raises:
        InputError: It cannot be read, or is of no format that is known.
        UsageError: There is no such format.
        MissingExtraError: A library is not installed that a rule needs.
    """
    from sealane.core.advisory.formats.registry import format_named, format_of
    from sealane.core.model.examination import Examination
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.files import read_bounded

    path = Path(file)
    content = read_bounded(path, _LARGEST, what="document")
    try:
        found = format_named(named) if named else format_of(content, path.name)
    except InputError:
        found = None  # Not JSON either.
    if found is None:
        raise InputError(
            f"{file[:200]!r}: of no format that is known", hint="name it: --as csaf, for example"
        )
    try:
        faults = _faults(found, content, path.name, dictionaries)
    except InputError as error:
        hint = error.hint or f"name a document of the format {found.name}, or another with --as"
        raise InputError(f"{file[:200]!r}: {error.message}", hint=hint) from error
    held = () if any(not one.warns for one in faults) else (_held(file),)
    return Examination(
        subject=found.title,
        place=file,
        sha256=hashlib.sha256(content).hexdigest(),
        findings=(*held, *(_finding(one) for one in faults)),
        based_on=(),
        at=now(),
    )


def _faults(
    found: Format, content: bytes, name: str, dictionaries: str | None
) -> tuple[Fault, ...]:
    from sealane.io.stores.weaknesses import load_weaknesses

    weaknesses = dict(load_weaknesses())
    if dictionaries is None or found.name not in _SPELLED:
        return found.faults(content, name, weaknesses)
    from sealane.core.advisory.csaf.validate import csaf_faults
    from sealane.io.adapters.spelling import load_speller

    return csaf_faults(content, name, weaknesses, load_speller(Path(dictionaries)))


def _finding(fault: Fault) -> Finding:
    from sealane.core.model.codes import code_of
    from sealane.core.model.verdict import Finding, Outcome

    known = code_of(_SCHEMA)
    outcome = Outcome.WARN if fault.warns else Outcome.FAIL
    rule = f"rule {fault.rule}"
    return Finding(known.label, outcome, fault.place, rule, fault.message, known.hint)


def _held(place: str) -> Finding:
    from sealane.core.advisory.answers import passed

    return passed(_SCHEMA, place)
