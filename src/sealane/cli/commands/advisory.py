"""`sealane advisory`: one record, every format rendered from it, held against the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from sealane.errors import UsageError

_F = TypeVar("_F", bound=Callable[..., Any])
# In the order in which they are used.
_ORDER = ("new", "check", "render", "validate", "publish", "agree", "revise")
_CONFIG = click.option(
    "--config", default=".", metavar="PATH", show_default=True,
    help="The project's folder, or its sealane.toml.",
)  # fmt: skip
_MANIFEST = click.option(
    "--manifest", "manifests", multiple=True, metavar="PATH",
    help="Release manifest of a release that fixes it: its file, or the lane's work folder.",
)  # fmt: skip
_FORMAT = click.option(
    "--format", "formats", multiple=True, metavar="FORM[=FILE]",
    help="Report: text (default), json or sarif; to FILE, or to standard output.",
)  # fmt: skip
_WITHOUT = click.option(
    "--without", multiple=True, metavar="CODE", help="Do not ask this check, e.g. SL-ADV-023."
)
_INDEX = (
    click.option("--index", "listings", multiple=True, metavar="FILE",
                 help="A saved listing of a package: what the simple API answers, JSON."),
    click.option("--index-url", metavar="URL",
                 help="Simple API to ask instead of the public index's."),
)  # fmt: skip
_ONLINE = click.option(
    "--online", metavar="WHAT", help="What may be asked over the network: index; without it nobody."
)
_WORLD = (
    click.option("--online", metavar="WHAT",
                 help="What may be asked over the network, separated by commas: index, osv, cve, "
                 "links, csaf, pip-audit; without it nobody."),
    click.option("--osv-url", metavar="URL", help="Base URL of the OSV service."),
    click.option("--cve-url", metavar="URL", help="Base URL of CVE Services."),
    click.option("--csaf", metavar="PATH|URL",
                 help="The published CSAF folder; a URL needs --online=csaf."),
    click.option("--repository", metavar="DIR",
                 help="A clone of the project that knows the commits of FIX references."),
    click.option("--remote", default="origin", metavar="NAME", show_default=True,
                 help="The remote of that clone whose branches are public."),
    click.option("--announcement", metavar="FILE", help="The text that announces the advisory."),
    click.option("--evidence", multiple=True, metavar="FILE",
                 help="Signed evidence about the fixed files, which tells when it was logged."),
    click.option("--trust", metavar="ROOT",
                 help="Trust root, by name or file, that proves the times of --evidence."),
)  # fmt: skip


def _with(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Several options at once, in this order."""

    def decorate(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


class _Advisory(click.Group):
    """A group that lists its commands in the order they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names; one that has no place in the order would be an error here."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)


@click.group(cls=_Advisory)
def advisory() -> None:
    """Write an advisory once, publish it in every format, and keep it true.

    The record is an OSV document. Nothing is asked over the network without --online, but for the
    outlets that publish sends to.
    """


@advisory.command(short_help="Begin a record.")
@click.option("--id", "identifier", default="", metavar="ID",
              help="Identifier of the record: its CVE or GHSA id, which stays; PYSEC-0000-NAME "
              "while there is none.")  # fmt: skip
@click.option(
    "--package", default="", metavar="NAME",
    help="Begin with a package, all of whose versions are affected until you say better.",
)  # fmt: skip
@_MANIFEST
@click.option("--introduced", multiple=True, metavar="FIXED=FIRST",
              help="First affected version of the series that FIXED ends, 0 for all before; e.g. "
              "2.1=2.0. Needed where several series are fixed.")  # fmt: skip
@click.option("--from-ghsa", "ghsa", default="", metavar="FILE",
              help="Begin with a forge's draft advisory, JSON of its REST API.")  # fmt: skip
@click.option("--summary", default="", metavar="TEXT", help="What it is, in one line.")
@click.option("--details", default="", metavar="FILE", help="The whole text, CommonMark.")
@click.option("--alias", "aliases", multiple=True, metavar="ID",
              help="Another identifier of it: CVE, GHSA.")  # fmt: skip
@click.option("--cvss", "vectors", multiple=True, metavar="VECTOR",
              help="Severity, as a vector of CVSS 3 or 4.")  # fmt: skip
@click.option("--cwe", "weaknesses", multiple=True, metavar="ID", help="Weakness, e.g. CWE-79.")
@click.option("--reference", "references", multiple=True, metavar="TYPE=URL",
              help="Link, e.g. FIX=https://… or ADVISORY=https://…")  # fmt: skip
@click.option("--credit", "credits_", multiple=True, metavar="NAME[=TYPE]",
              help="Whom it thanks, e.g. 'Ann Example=FINDER'.")  # fmt: skip
@click.option("--unaffected", multiple=True, metavar="SERIES",
              help="A series that is not affected, e.g. 1.3.")  # fmt: skip
@_with(*_INDEX, _ONLINE)
@click.option("--out", default="", metavar="FILE", help="Where to write it; default ID.json.")
@click.option("--no-input", is_flag=True, help="Never ask, not in a terminal either.")
@_CONFIG
@click.pass_context
def new(ctx: click.Context, /, out: str, *, no_input: bool, config: str, **options: Any) -> int:  # noqa: ANN401 - click's
    """Begin a record: from release manifests, from a forge's draft, or from a package's name.

    In a terminal you are asked for what is not given. Then the checks say what is left to do.
    """
    from sealane.cli.advisory.commands import command_line
    from sealane.cli.advisory.given import Asked, here
    from sealane.cli.advisory.look import Look, examine_record
    from sealane.cli.advisory.new import Wanted, can_ask, write_record
    from sealane.cli.advisory.shown import show
    from sealane.core.advisory.checks.interface import Stage
    from sealane.core.model.shown import quoted

    asked = Asked(options.pop("online"), options.pop("index_url"))
    wanted = Wanted(
        id=options.pop("identifier"), credits=options.pop("credits_"), asked=asked, **options
    )
    place = here(config, ctx.obj)
    path = write_record(wanted, place, out, ask_for=can_ask() and not no_input)
    look = Look(str(path), Stage.DRAFT, wanted.manifests, wanted.listings, asked=asked)
    # What is left to do is no failure of this command: the record was written.
    show([examine_record(look, place)], ())
    flags = {
        "--manifest": wanted.manifests, "--index": wanted.listings,
        "--online": (asked.online or "",), "--index-url": (asked.index_url or "",),
    }  # fmt: skip
    line = command_line("check", str(path), flags, place)
    click.echo(f"next: edit {quoted(str(path))}, then {line}", err=True)
    return 0


@advisory.command(short_help="Hold a draft against the index to come.")
@click.argument("record", metavar="RECORD")
@_MANIFEST
@_with(*_INDEX, _ONLINE)
@click.option("--fill", is_flag=True,
              help="First write the list of versions into RECORD, as the index has them.",
)  # fmt: skip
@click.option("--lifted", metavar="TIME",
              help="With --fill: when the releases became public; written as `published`.",
)  # fmt: skip
@_WITHOUT
@_FORMAT
@_CONFIG
@click.pass_context
def check(
    ctx: click.Context,
    /,
    record: str,
    *,
    fill: bool,
    lifted: str | None,
    formats: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - click's
) -> int:
    """Hold a draft against the index as it will be, and all its formats against each other.

    The index as it will be: as it is (--online=index), or was saved (--index), and the files of the
    release manifests.

    Exit code 1: something is untrue. 3: something could not be seen.
    """
    from sealane.cli.advisory.fill import fill_record
    from sealane.cli.advisory.given import Asked, here, moment_of
    from sealane.cli.advisory.look import Look, examine_record
    from sealane.cli.advisory.shown import outputs, show
    from sealane.core.advisory.checks.interface import Stage

    outputs(formats, (record, *options["manifests"], *options["listings"]))
    if lifted is not None and not fill:
        raise UsageError("--lifted is written into the record by --fill", hint="add --fill")
    moment = moment_of(lifted, "--lifted")
    place = here(options["config"], ctx.obj)
    asked = Asked(options["online"], options["index_url"])
    look = Look(
        record, Stage.DRAFT, options["manifests"], options["listings"], asked=asked,
        without=options["without"],
    )  # fmt: skip
    if fill:
        fill_record(look, place, moment)
    return show([examine_record(look, place)], formats)


@advisory.command(short_help="Make documents in every format.")
@click.argument("record", metavar="RECORD")
@click.option("--out", required=True, metavar="DIR", help="Where the documents are written.")
@click.option(
    "--as",
    "named",
    multiple=True,
    metavar="FORMAT",
    help="osv, pypa, cve, csaf, csaf-vex, openvex, ghsa, markdown; default all that can be made.",
)
@click.option("--final", is_flag=True,
              help="For publication, after the lift; without it they are drafts.")  # fmt: skip
@click.option("--tlp", metavar="LABEL",
              help="Traffic light: CLEAR, GREEN, AMBER, AMBER+STRICT or RED; default AMBER, with "
              "--final CLEAR.")  # fmt: skip
@_MANIFEST
@_with(*_INDEX, _ONLINE)
@_CONFIG
@click.pass_context
def render(
    ctx: click.Context,
    /,
    record: str,
    out: str,
    named: tuple[str, ...],
    *,
    final: bool,
    tlp: str | None,
    **options: Any,  # noqa: ANN401 - click's
) -> None:
    """Make a document in each format; they say what the record says, or are not made."""
    from sealane.cli.advisory.documents import TLP, render_documents
    from sealane.cli.advisory.given import Asked, here
    from sealane.cli.advisory.look import DRAFT_TLP, PUBLIC_TLP, Look
    from sealane.core.advisory.checks.interface import Stage

    label = tlp or (PUBLIC_TLP if final else DRAFT_TLP)
    if label not in TLP:
        raise UsageError(
            f"--tlp {label[:40]!r}: expected one of {', '.join(TLP)}",
            hint="leave it out for AMBER, and with --final for CLEAR",
        )
    place = here(options["config"], ctx.obj)
    asked = Asked(options["online"], options["index_url"])
    look = Look(record, Stage.DRAFT, options["manifests"], options["listings"], asked=asked)
    render_documents(look, place, out, named, final=final, tlp=label)


@advisory.command(short_help="Hold documents against their formats' rules.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--as", "named", metavar="FORMAT",
              help="osv, pypa, cve, csaf, csaf-vex, openvex, ghsa, markdown; default: told from "
              "name and content.")  # fmt: skip
@click.option("--dictionaries", metavar="DIR",
              help="Hunspell's dictionaries: also spell CSAF documents.")  # fmt: skip
@_FORMAT
def validate(
    files: tuple[str, ...], named: str | None, dictionaries: str | None, formats: tuple[str, ...]
) -> int:
    """Hold documents against the rules of their own formats, among them all 43 of CSAF 2.0.

    Exit code 1: a document breaks a rule; one that only warns is valid.
    """
    from sealane.cli.advisory.documents import validate_document
    from sealane.cli.advisory.shown import outputs, show

    outputs(formats, files)
    return show([validate_document(one, named, dictionaries) for one in files], formats)


@advisory.command(short_help="Publish final documents at every outlet.")
@click.argument("record", metavar="RECORD")
@click.option("--documents", required=True, metavar="DIR",
              help="The final documents: what render --final wrote.")  # fmt: skip
@click.option("--outlet", "outlets", multiple=True, metavar="NAME",
              help="Where to; default all [[advisory.outlet]] of sealane.toml.")  # fmt: skip
@click.option("--dry-run", is_flag=True,
              help="Ask every outlet, say what would be done, and send nothing.")  # fmt: skip
@click.option("--journal", default="", metavar="FILE",
              help="What was sent where; default advisory-journal.jsonl beside RECORD. Keep it.",
)  # fmt: skip
@click.option("--replace", multiple=True, metavar="DIGEST",
              help="What stands at an outlet may be replaced if it is this: sha256:…")  # fmt: skip
@click.option("--not-before", metavar="TIME",
              help="The lift, e.g. 2026-06-01T14:00:00Z: nothing is asked or sent earlier.",
)  # fmt: skip
@_MANIFEST
@_with(*_INDEX, *_WORLD)
@_WITHOUT
@_CONFIG
@click.pass_context
def publish(ctx: click.Context, /, record: str, config: str, **options: Any) -> int:  # noqa: ANN401 - click's
    """Publish final documents at every outlet, once each; the same command goes on after a failure.

    First all checks are asked that can be before it is public, and all outlets; if anything does
    not hold, or is not as it was left, nothing is sent.

    Exit code 1: something is untrue. 3: something could not be seen. 7: the embargo holds.
    """
    from sealane.cli.advisory.given import here, moment_of
    from sealane.cli.advisory.publish import Publishing, publish_advisory

    moment = moment_of(options.pop("not_before"), "--not-before")
    asked, trust = _asked(options)
    wanted = Publishing(record, asked=asked, trust=trust, not_before=moment, **options)
    return publish_advisory(wanted, here(config, ctx.obj))


@advisory.command(short_help="Hold what is public against the files.")
@click.argument("record", metavar="RECORD")
@click.option("--published", is_flag=True,
              help="It is public: hold it against the index as it is, and against the world.",
)  # fmt: skip
@click.option("--lifted", metavar="TIME",
              help="When it became public, e.g. 2026-06-01T14:00:00Z: until the deadlines that "
              "begin then, what is not there yet is no failure.")  # fmt: skip
@click.option("--documents", metavar="DIR",
              help="The documents that were published; without it they are made from RECORD.",
)  # fmt: skip
@_MANIFEST
@_with(*_INDEX, *_WORLD)
@click.option("--wait", metavar="TIME",
              help="How long to look again at what is not there yet, e.g. 30m, 48h.")  # fmt: skip
@_WITHOUT
@_FORMAT
@_CONFIG
@click.pass_context
def agree(ctx: click.Context, /, record: str, **options: Any) -> int:  # noqa: ANN401 - click's
    """Hold an advisory against the files: on the index, in the databases, and in every document.

    Exit code 1: something is untrue. 3: something could not be seen, or is not there yet.
    """
    from sealane.cli.advisory.given import here, moment_of
    from sealane.cli.advisory.look import Look, examine_record
    from sealane.cli.advisory.shown import outputs, show
    from sealane.core.advisory.checks.interface import Stage

    formats = options.pop("formats")
    outputs(formats, _read(record, options))
    place = here(options.pop("config"), ctx.obj)
    stage = Stage.PUBLISHED if options.pop("published") else Stage.DRAFT
    lifted = moment_of(options.pop("lifted"), "--lifted")
    asked, trust = _asked(options)
    look = Look(record, stage, asked=asked, lifted=lifted, trust=trust, **options)
    return show([examine_record(look, place)], formats)


def _read(record: str, options: dict[str, Any]) -> list[str]:
    """Every file that `agree` reads: a report must not take the place of one."""
    named = (options[name] for name in ("announcement", "documents", "csaf", "trust"))
    several = ("manifests", "listings", "evidence")
    files = [one for name in several for one in options[name]]
    return [record, *files, *(one for one in named if one is not None)]


@advisory.command(short_help="Correct or withdraw one that is public.")
@click.argument("record", metavar="RECORD")
@click.option("--summary", required=True, metavar="TEXT", help="What changed, one line.")
@click.option("--withdraw", is_flag=True, help="Withdraw it by this revision.")
def revise(record: str, summary: str, *, withdraw: bool) -> None:
    """Write the next revision into a published record, after what is wrong in it was corrected.

    Then render it again and publish it: a published revision is never changed.
    """
    from sealane.cli.advisory.revise import revise_record

    revise_record(record, summary, withdraw=withdraw)


def _asked(options: dict[str, Any]) -> tuple[Any, str | None]:
    """What may be asked of the world, taken out of the options; and the trust root."""
    from sealane.cli.advisory.given import Asked

    names = (
        "online", "index_url", "osv_url", "cve_url", "csaf", "repository", "remote",
        "announcement", "evidence",
    )  # fmt: skip
    return Asked(**{name: options.pop(name) for name in names}), options.pop("trust")
