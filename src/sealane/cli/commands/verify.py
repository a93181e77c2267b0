"""`sealane verify`: judge files by their evidence and by whom the user trusts."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.cli.asked import INDEX, Network, named_advisories
from sealane.core.model.values import dataclass, replace
from sealane.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sealane.appraise.collect import Sources
    from sealane.cli.emit import Emission
    from sealane.core.model.verdict import Appraisal
    from sealane.core.policy.pins import Pins
    from sealane.core.policy.schema import Policy
    from sealane.io.adapters.http import Web
    from sealane.io.inputs.paths import Named
    from sealane.io.stores.interface import NamedSandbox
    from sealane.io.stores.trust.load import TrustMaterial


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says, but for the paths."""

    policy: str | None
    policy_signed_by: str | None
    publishers: tuple[str, ...]
    cert_identity: str | None
    cert_oidc_issuer: str | None
    evidence: tuple[str, ...]
    online: str | None
    index_url: str | None
    osv_url: str | None
    advisories: tuple[str, ...]
    trust: str | None
    formats: tuple[str, ...]
    jobs: int | None
    warn_only: bool
    pins: str | None
    explain: bool
    emit_vsa: str | None
    emit_svr: str | None
    sign: str | None
    resource_uri: str | None
    verifier_id: str | None

    @property
    def detailed(self) -> bool:
        """Whether what is written wants digests of evidence, or claims beside demands."""
        from sealane.core.report.registry import form

        forms = (form(text.partition("=")[0]) for text in self.formats)
        return self.emit_vsa is not None or any(one is not None and one.detailed for one in forms)

    @property
    def tells_facts(self) -> bool:
        """Whether what is written tells more of what was proven than that it was."""
        return self.detailed or self.explain or self.emit_svr is not None


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--publisher",
    "publishers",
    multiple=True,
    metavar="WHO",
    help="Trust this publisher, e.g. gitlab:group/project//file@ref; see the guide.",
)
@click.option("--cert-identity", metavar="SAN", help="Subject of the certificate, exact.")
@click.option("--cert-oidc-issuer", metavar="URL", help="Issuer of the certificate, exact.")
@click.option("--policy", metavar="FILE", help="Judge by this policy.")
@click.option("--policy-signed-by", metavar="WHO", help="Who has to have signed the policy.")
@click.option("--pins", metavar="FILE", help="Hold publishers and evidence against these pins.")
@click.option("--evidence", multiple=True, metavar="PATH", help="Further evidence: file or folder.")
@click.option(
    "--advisory",
    "advisories",
    multiple=True,
    metavar="FILE|ID",
    help="Files have to agree with this OSV record.",
)
@click.option("--online", metavar="WHAT", help="What may be asked over the network: index, osv.")
@click.option("--index-url", metavar="URL", help="Simple API to ask; default the public index.")
@click.option("--osv-url", metavar="URL", help="OSV service to ask for an advisory's ID.")
@click.option("--trust", metavar="ROOT", help="Trust root, by name or file; default the embedded.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORM[=FILE]",
    help="text (default), json, sarif, junit, markdown or html; to FILE, or to standard output.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes for many files; default as many as there are processors.",
)
@click.option("--warn-only", is_flag=True, help="Report, and exit with 0 whatever was found.")
@click.option("--explain", is_flag=True, help="Also say in plain words what was checked and found.")
@click.option("--emit-vsa", metavar="FILE", help="Write SLSA verification summaries.")
@click.option("--emit-svr", metavar="FILE", help="Write simple verification results.")
@click.option("--sign", metavar="HOW", help="Sign what is emitted: key:FILE or keyless.")
@click.option("--resource-uri", metavar="URI", help="Where the artifact is had; default its purl.")
@click.option("--verifier-id", metavar="URI", help="Who you are to those who rely on summaries.")
@click.pass_context
def verify(ctx: click.Context, /, paths: tuple[str, ...], **options: object) -> int:
    """Check files, folders or sha256:… digests against a policy or a publisher.

    Evidence is looked for beside each file. Nothing is asked over the network without --online.
    """
    from sealane.appraise.ending import as_error
    from sealane.core.model.ending import exit_code

    chosen = Options(**options)  # type: ignore[arg-type]  # click gives what the options declare
    outputs = _outputs(chosen.formats)
    if chosen.explain and any(file is None and form != "text" for form, file in outputs):
        raise UsageError(
            "--explain goes to standard output, where another report goes",
            hint="write that report to a file: --format FORM=FILE",
        )
    _check_written(chosen, outputs, paths)
    emission = _emission(chosen, ctx.obj)
    appraisal = _appraise(paths, chosen, ctx.obj)
    if not appraisal.verdicts and len(appraisal.problems) == 1 and not chosen.warn_only:
        # A report without a verdict would say no more than the error itself.
        raise as_error(appraisal.problems[0])
    for form, file in outputs:
        _write(form, file, appraisal)
    if chosen.explain:
        _explain(appraisal)
    if emission is not None:
        emission.write(appraisal)
    return 0 if chosen.warn_only else exit_code(appraisal)


def _check_written(
    options: Options, outputs: Sequence[tuple[str, str | None]], paths: Sequence[str]
) -> None:
    """Nothing that is written may take the place of another file that is written or read."""
    asked = [("--format", file) for _, file in outputs]
    asked += [("--emit-vsa", options.emit_vsa), ("--emit-svr", options.emit_svr)]
    written = [(flag, file) for flag, file in asked if file is not None]
    if not written:
        return
    from sealane.cli.written import check_written

    named = (options.policy, options.pins, options.trust, options.sign, *options.publishers)
    # The files among them; "key:FILE" is how a key is named.
    read = [one.removeprefix("key:") for one in (*named, *options.advisories) if one is not None]
    check_written(written, (*paths, *options.evidence, *read))


def _emission(options: Options, sandbox: str | None) -> Emission | None:
    """What is to be written for others; most runs write nothing, and load nothing for it."""
    asked = (
        options.emit_vsa,
        options.emit_svr,
        options.sign,
        options.resource_uri,
        options.verifier_id,
    )
    if asked == (None,) * len(asked):
        return None
    from sealane.cli.emit import Asked, prepare

    return prepare(Asked(*asked), os.environ, sandbox, warn_only=options.warn_only)


def _appraise(paths: Sequence[str], options: Options, sandbox: str | None) -> Appraisal:
    from sealane.appraise.batch import Run, appraise_named, available_processors
    from sealane.appraise.collect import as_problem
    from sealane.appraise.setup import make_setup
    from sealane.core.model.verdict import Appraisal
    from sealane.io.adapters.clock import now
    from sealane.io.inputs.paths import find_paths
    from sealane.io.stores.trust.choose import check_ages, choose_roots

    policy, note = _policy(options)
    named = find_paths(paths)
    world = _sandbox(sandbox)
    roots = choose_roots(policy, options.trust, world, os.environ)
    at = now()
    _check_signed(options, policy, world, at)
    ages = check_ages(roots, policy, at)
    policy, unknown = _advised(policy, roots, at)
    network = Network(options.online, options.index_url, options.osv_url, world)
    web = network.web()
    sources = _sources(named, options, network, web)
    # What lies beside an artifact is looked for again, and these names are as much as its verdict.
    named = replace(named, evidence=())
    setup = make_setup(
        policy,
        *roots,
        detailed=options.detailed,
        pins=_pins(options.pins),
        advisories=named_advisories(options.advisories, network, web),
    )
    unread = tuple(as_problem(error) for error in named.unread)
    if named.artifacts or not unread:
        # What was loaded until now is there to stay: it need not be looked through again.
        gc.freeze()
        jobs = options.jobs or available_processors()
        run = Run(setup, sources, at, lean=policy is not None and not options.tells_facts)
        appraisal = appraise_named(named.artifacts, run, jobs)
    else:
        # Nothing could be read: each of them is told, and no verdict stands in for one.
        appraisal = Appraisal((), setup.based_on, at, sandbox=setup.trust.sandbox)
    left = sources.pile.left(verdict.artifact for verdict in appraisal.verdicts)
    unused = tuple(f"SL-EV-003 evidence-unrelated: {one}: it is about no artifact" for one in left)
    return replace(
        appraisal,
        hosts=web.hosts if web else (),
        notes=tuple(one for one in (note, *ages, *unknown) if one) + unused,
        enforced=not options.warn_only,
        problems=unread + appraisal.problems,
    )


def _advised(
    policy: Policy | None, roots: tuple[TrustMaterial, ...], at: datetime
) -> tuple[Policy | None, tuple[str, ...]]:
    """The policy with what its conditions' advisories say, and a note on each that is unknown."""
    if policy is None or not any(one.advisory for one in policy.conditions):
        return policy, ()
    from sealane.appraise.advisories import with_advisories

    return with_advisories(policy, roots, at)


def _policy(options: Options) -> tuple[Policy | None, str]:
    """What was asked to be judged by, and a note on a policy that does not count."""
    from sealane.core.policy.quick import exact_policy

    identity = (options.cert_identity, options.cert_oidc_issuer)
    named = [options.policy is not None, bool(options.publishers), identity != (None, None)]
    if sum(named) > 1:
        raise UsageError(
            "--policy, --publisher and --cert-identity exclude each other",
            hint="name one way of saying whom you trust",
        )
    if options.publishers:
        return _quick(options.publishers), ""
    if identity != (None, None):
        if identity[0] is None or identity[1] is None:
            raise UsageError(
                "--cert-identity and --cert-oidc-issuer belong together",
                hint="an identity without its issuer can be anybody's",
            )
        return exact_policy(identity[0], identity[1]), ""
    from sealane.io.stores.policies.load import discover, load_policy

    if options.policy is not None:
        return load_policy(Path(options.policy)), ""
    found = discover(Path.cwd(), os.environ)
    return found.policy, found.note


def _check_signed(
    options: Options, policy: Policy | None, world: NamedSandbox | None, at: datetime
) -> None:
    if options.policy_signed_by is None:
        return
    if options.policy is None or policy is None:
        raise UsageError("--policy-signed-by says nothing without --policy", hint="add --policy")
    from sealane.cli.signed import check_signed_by

    who = ("--policy-signed-by", options.policy_signed_by)
    check_signed_by(policy, who, options.trust, world, at)


def _pins(file: str | None) -> Pins | None:
    if file is None:
        return None
    from sealane.io.stores.pins import load_pins

    return load_pins(Path(file))


def _quick(publishers: tuple[str, ...]) -> Policy:
    from sealane.core.policy.quick import quick_policy

    policy = quick_policy(publishers)
    if not policy.names_files:
        return policy
    from sealane.io.stores.policies.keys import load_keys

    return load_keys(policy)


def _sandbox(directory: str | None) -> NamedSandbox | None:
    if directory is None:
        return None
    from sealane.io.stores.sandbox import load_named_sandbox

    return load_named_sandbox(directory)


def _sources(named: Named, options: Options, network: Network, web: Web | None) -> Sources:
    """Where evidence is looked for besides the files beside an artifact."""
    from sealane.appraise.collect import Sources, pile_of
    from sealane.io.evidence.sidecar import Folders

    pile = pile_of(named, options.evidence)
    folders = Folders(one for one in named.artifacts if isinstance(one, Path))
    if web is None or not network.may_ask(INDEX):
        return Sources(pile, folders=folders)
    from sealane.io.evidence.integrity_api import IndexEvidence

    return Sources(pile, IndexEvidence(web, network.simple_url()), folders)


def _outputs(formats: Sequence[str]) -> list[tuple[str, str | None]]:
    from sealane.cli.output import outputs
    from sealane.core.report.registry import FORMS, form

    return outputs(formats, [one.name for one in FORMS], lambda name: form(name) is not None)


def _explain(appraisal: Appraisal) -> None:
    from sealane.cli.output import write_out
    from sealane.core.report.explain import render_explained

    write_out((render_explained(appraisal),))


def _write(name: str, file: str | None, appraisal: Appraisal) -> None:
    from sealane.core.report.registry import form
    from sealane.io.adapters.files import write_atomically

    found = form(name)
    if found is None:
        raise UsageError(f"--format {name!r}: there is none")
    if file is None:
        from sealane.cli.output import write_out

        write_out(found.pieces(appraisal))
    else:
        write_atomically(Path(file), found.render(appraisal).encode())
