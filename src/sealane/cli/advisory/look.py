"""`check` and `agree`: a record held against what is, or will be, on the index."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.advisory.given import (
    Asked,
    Here,
    ask_of,
    formats_of,
    listings_in,
    rendering_of,
    seconds_of,
)
from sealane.core.advisory.checks.interface import Stage
from sealane.core.model.values import dataclass
from sealane.errors import UsageError

if TYPE_CHECKING:
    from sealane.core.model.examination import Examination
    from sealane.desk.agree import Patience, Subject, Terms

DRAFT_TLP, PUBLIC_TLP = "AMBER", "CLEAR"


@dataclass(frozen=True, slots=True)
class Look:
    """What a record is held against.

    Attributes:
        record: Its file.
        stage: Draft or published.
        manifests: Release manifests of the releases that fix it: files or work folders.
        listings: Saved listings.
        documents: Folder of documents; None to make them.
        asked: What may be asked of the world.
        lifted: When it became public, UTC; None for a draft.
        wait: How long to wait, as written; None for one look.
        without: Codes that are not asked.
        trust: Trust root of evidence.
    """

    record: str
    stage: Stage
    manifests: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    documents: str | None = None
    asked: Asked = Asked()
    lifted: datetime | None = None
    wait: str | None = None
    without: tuple[str, ...] = ()
    trust: str | None = None


def examine_record(look: Look, place: Here) -> Examination:
    """The answers of all checks.

    Raises:
        UsageError: It asks for what cannot be asked, or contradicts itself.
        InputError: A file cannot be read.
        TrustError: A trust root cannot be used.
    """
    from sealane.desk.agree import agree

    if look.stage is Stage.DRAFT and (look.lifted or look.wait):
        flag = "--lifted" if look.lifted else "--wait"
        raise UsageError(f"{flag} is about what is public", hint="add --published")
    ask, means = ask_of(look.asked, place, look.trust)
    return agree(
        subject_of(look, place),
        look.stage,
        terms_of(look, place, look.without),
        ask,
        means,
        patience=_patience(look),
    )


def subject_of(look: Look, place: Here) -> Subject:
    """What is held against the files, from the disk.

    Raises:
        InputError: A file cannot be read.
    """
    from sealane.desk.agree import Subject
    from sealane.desk.manifests import load_manifest
    from sealane.desk.record import load_documents, load_record
    from sealane.io.adapters.clock import now

    final = look.stage is Stage.PUBLISHED
    tlp = PUBLIC_TLP if final else DRAFT_TLP
    return Subject(
        record=load_record(Path(look.record)),
        manifests=tuple(load_manifest(Path(one)) for one in look.manifests),
        documents=load_documents(Path(look.documents)) if look.documents else (),
        rendering=rendering_of(place, now(), final=final, tlp=tlp),
        formats=formats_of(place, ()),
        listings=listings_in(look.listings),
    )


def terms_of(look: Look, place: Here, without: Collection[str]) -> Terms:
    """What the project says of its advisories.

    Raises:
        UsageError: There is no check of a code that is to be left out.
    """
    from sealane.core.advisory.checks.registry import CHECKS
    from sealane.desk.agree import Terms
    from sealane.io.stores.weaknesses import load_unmappable, load_weaknesses

    known = [check.code for check in CHECKS]
    for code in without:
        if code not in known:
            raise UsageError(
                f"--without {code[:40]!r}: there is no such check",
                hint=f"write one of {known[0]} to {known[-1]}",
            )
    settings = place.settings
    return Terms(
        supported=settings.supported,
        outlets=frozenset(one.kind for one in settings.outlets),
        yanks=settings.yank,
        lifted=look.lifted,
        weaknesses=load_weaknesses(),
        unmappable=load_unmappable(),
        left_out=frozenset(without),
        sandbox=place.world is not None,
    )


def _patience(look: Look) -> Patience | None:
    from sealane.desk.agree import Patience

    if look.wait is None:
        return None
    return Patience(seconds_of(look.wait), time.sleep, lambda line: click.echo(line, err=True))
