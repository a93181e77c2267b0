"""`sealane inspect`: what evidence claims of itself, and a policy that would accept it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.output import write_out
from sealane.errors import InputError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from sealane.core.verify.inspection import Inspection

MOST_FILES = 1000
_HINT = "name a file of evidence, e.g. FILE.sigstore.json; docs/guides/evidence.md lists the forms"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--suggest-policy", is_flag=True, help="Write the tightest policy that would accept it."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="text (default) or json.",
)
def inspect(files: tuple[str, ...], suggest_policy: bool, form: str) -> None:
    """Explain files of evidence: what each claims of itself, UNVERIFIED.

    Nothing is checked and nothing is asked over the network; `sealane verify` judges.
    """
    if suggest_policy and form != "text":
        raise UsageError(
            "--suggest-policy writes a policy, and --format does not change it",
            hint="leave --format out",
        )
    if len(files) > MOST_FILES:
        raise InputError(f"more than {MOST_FILES} files", hint="name fewer in one run")
    found, unread = _read(files)
    if found:
        write_out((_rendered(found, form, suggest=suggest_policy),))
    if unread:
        raise _together(unread, len(files))


def _read(files: Sequence[str]) -> tuple[list[Inspection], list[InputError]]:
    """What could be taken apart, and why the rest could not: one hides none of the others."""
    from sealane.core.verify.inspection import inspect_evidence
    from sealane.io.adapters.files import read_bounded
    from sealane.io.evidence.interface import LIMIT

    found, unread = [], []
    for name in files:
        try:
            content = read_bounded(Path(name), LIMIT, what="evidence")
            found.append(_with_library(inspect_evidence(content, name), content))
        except InputError as error:
            unread.append(InputError(error.message, hint=error.hint or _HINT))
    return found, unread


def _with_library(found: Inspection, content: bytes) -> Inspection:
    """What only a library reads of a form: who an OpenPGP signature says made it, and when."""
    from sealane.core.model.evidence import EvidenceForm

    if found.form != EvidenceForm.OPENPGP_SIGNATURE:
        return found
    from sealane.io.adapters.clock import now
    from sealane.io.adapters.openpgp import OpenPgpChecker

    try:
        said = OpenPgpChecker(now()).describe(content)
    except (InputError, MissingExtraError) as error:
        said = f"who made it is not known: {error.message}"
    return replace(found, notes=(*found.notes, said))


def _rendered(found: Sequence[Inspection], form: str, *, suggest: bool) -> str:
    if suggest:
        from sealane.core.policy.suggest import suggest_policy

        return suggest_policy(found)
    from sealane.core.report.inspection import render_inspection, render_inspection_json

    return render_inspection_json(found) if form == "json" else render_inspection(found)


def _together(unread: Sequence[InputError], asked: int) -> InputError:
    if len(unread) == 1:
        return unread[0]
    listed = "\n".join(f"  {one.message}" for one in unread)
    return InputError(
        f"{len(unread)} of {asked} files cannot be read:\n{listed}", hint=unread[0].hint
    )
