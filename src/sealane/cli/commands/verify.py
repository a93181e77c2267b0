"""`sealane verify`: judge files by their evidence and by whom the user trusts."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from sealane.appraise.appraise import Case
    from sealane.core.model.verdict import Appraisal
    from sealane.core.policy.schema import Policy
    from sealane.io.adapters.http import Web
    from sealane.io.evidence.interface import Collected
    from sealane.io.inputs.paths import Located, Named
    from sealane.io.stores.interface import NamedSandbox
    from sealane.io.stores.trust import TrustMaterial

_ONLINE = ("index",)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says, but for the paths."""

    policy: str | None
    publishers: tuple[str, ...]
    cert_identity: str | None
    cert_oidc_issuer: str | None
    evidence: tuple[str, ...]
    online: str | None
    index_url: str | None
    trust: str | None
    formats: tuple[str, ...]
    warn_only: bool


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
@click.option("--evidence", multiple=True, metavar="PATH", help="Further evidence: file or folder.")
@click.option("--online", metavar="WHAT", help="What may be asked over the network: index.")
@click.option("--index-url", metavar="URL", help="Simple API to ask; default the public index.")
@click.option("--trust", metavar="FILE", help="Trust root; default the embedded one.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORM[=FILE]",
    help="text (default) or json; to FILE, or to standard output.",
)
@click.option("--warn-only", is_flag=True, help="Report, and exit with 0 whatever was found.")
@click.pass_context
def verify(ctx: click.Context, /, paths: tuple[str, ...], **options: object) -> int:
    """Check files, folders or sha256:… digests against a policy or a publisher.

    Evidence is looked for beside each file. Nothing is asked over the network without --online.
    """
    from sealane.appraise.setup import exit_code

    chosen = Options(**options)  # type: ignore[arg-type]  # click gives what the options declare
    outputs = _outputs(chosen.formats)
    appraisal = _appraise(paths, chosen, ctx.obj)
    for form, file in outputs:
        _write(form, file, appraisal)
    return 0 if chosen.warn_only else exit_code(appraisal)


def _appraise(paths: Sequence[str], options: Options, sandbox: str | None) -> Appraisal:
    from sealane.appraise.appraise import appraise
    from sealane.appraise.setup import make_setup
    from sealane.io.adapters.clock import now
    from sealane.io.evidence.sidecar import evidence_files
    from sealane.io.inputs.paths import collect_paths

    policy, note = _policy(options)
    named = collect_paths(paths)
    if not named.artifacts:
        raise EvidenceError(
            "there is nothing to verify: no artifact among the paths",
            hint="name at least one artifact; attestations are evidence, not artifacts",
        )
    world = _sandbox(sandbox)
    trust = _trust(options, policy, world)
    web = _web(options, world)
    cases, left = _cases(named, evidence_files(options.evidence), options, world, web)
    appraisal = appraise(cases, make_setup(policy, trust), now())
    unused = tuple(f"SL-EV-003 evidence-unrelated: {one}: it is about no artifact" for one in left)
    return replace(
        appraisal,
        hosts=web.hosts if web else (),
        notes=((note,) if note else ()) + unused,
        enforced=not options.warn_only,
    )


def _policy(options: Options) -> tuple[Policy | None, str]:
    """What was asked to be judged by, and a note on a policy that does not count."""
    from sealane.core.policy.quick import exact_policy, quick_policy
    from sealane.io.stores.policies import discover, load_policy

    identity = (options.cert_identity, options.cert_oidc_issuer)
    named = [options.policy is not None, bool(options.publishers), identity != (None, None)]
    if sum(named) > 1:
        raise UsageError(
            "--policy, --publisher and --cert-identity exclude each other",
            hint="name one way of saying whom you trust",
        )
    if options.policy is not None:
        return load_policy(Path(options.policy)), ""
    if options.publishers:
        return quick_policy(options.publishers), ""
    if identity != (None, None):
        if identity[0] is None or identity[1] is None:
            raise UsageError(
                "--cert-identity and --cert-oidc-issuer belong together",
                hint="an identity without its issuer can be anybody's",
            )
        return exact_policy(identity[0], identity[1]), ""
    found = discover(Path.cwd(), os.environ)
    return found.policy, found.note


def _sandbox(directory: str | None) -> NamedSandbox | None:
    from sealane.io.stores.sandbox import load_named_sandbox

    return None if directory is None else load_named_sandbox(directory)


def _trust(options: Options, policy: Policy | None, world: NamedSandbox | None) -> TrustMaterial:
    """The root to judge by: the policy's, if it names one; the flag may name no other.

    In a rehearsal it is the named sandbox's, or the flag's; everything is stamped then.
    """
    from sealane.io.stores.trust import load_trust

    if world is None and policy is not None and policy.trust is not None:
        pinned = load_trust(policy.trust.root, sandbox=None, sha256=policy.trust.sha256)
        if options.trust is None:
            return pinned
        return load_trust(options.trust, sandbox=None, sha256=pinned.sha256)
    return load_trust(options.trust, sandbox=world)


def _web(options: Options, world: NamedSandbox | None) -> Web | None:
    from sealane import __version__
    from sealane.io.adapters.http import Web, origin_of

    if options.online is None:
        if options.index_url is not None:
            raise UsageError(
                "--index-url asks nobody without --online=index", hint="add --online=index"
            )
        return None
    for what in options.online.split(","):
        if what not in _ONLINE:
            raise UsageError(
                f"--online={what[:40]!r}: not supported in this version",
                hint="write --online=index",
            )
    # An index that was named may have a private address; what it hands out may not.
    origins = (origin_of(_index_url(options, world)),)
    return Web(f"sealane/{__version__}", loopback=world is not None, origins=origins)


def _cases(
    named: Named,
    extra: Sequence[Path],
    options: Options,
    world: NamedSandbox | None,
    web: Web | None,
) -> tuple[list[Case], list[str]]:
    from sealane.io.evidence.integrity_api import IndexEvidence
    from sealane.io.evidence.interface import Collected, read_evidence
    from sealane.io.evidence.sidecar import Pile, sidecars

    beside = {one: sidecars(one.path) if one.path else () for one in named.artifacts}
    known = {os.path.abspath(file) for files in beside.values() for file in files}
    apart = {os.path.abspath(file): file for file in (*named.evidence, *extra)}
    files = [file for name, file in apart.items() if name not in known]
    pile = Pile(files, [one.artifact for one in named.artifacts])
    index = IndexEvidence(web, _index_url(options, world)) if web else None
    cases = []
    for one in named.artifacts:
        collected = sum((read_evidence(file) for file in beside[one]), Collected())
        collected += pile.about(one.artifact)
        if index:
            collected += index.about(one.artifact)
        cases.append(_case(one, collected))
    return cases, pile.left


def _case(located: Located, collected: Collected) -> Case:
    from sealane.appraise.appraise import Case
    from sealane.core.model.verdict import Outcome
    from sealane.core.policy.evaluate import finding

    broken = tuple(
        finding("SL-SIG-002", Outcome.FAIL, origin, "", reason)
        for origin, reason in collected.broken
    )
    return Case(located.artifact, collected.evidence, broken)


def _index_url(options: Options, world: NamedSandbox | None) -> str:
    from sealane.io.clients.index_read import default_simple_url

    if options.index_url is not None:
        return options.index_url
    return f"{world.base}/simple/" if world else default_simple_url()


def _outputs(formats: Sequence[str]) -> list[tuple[str, str | None]]:
    from sealane.core.report.registry import FORMS, form

    outputs = []
    for text in formats or ("text",):
        name, separator, file = text.partition("=")
        if form(name) is None or (separator and not file):
            known = ", ".join(one.name for one in FORMS)
            raise UsageError(
                f"--format {text[:60]!r}: expected FORM or FORM=FILE",
                hint=f"forms are {known}; write e.g. --format json=report.json",
            )
        outputs.append((name, file if separator else None))
    if sum(file is None for _, file in outputs) > 1:
        raise UsageError(
            "--format: only one report fits on standard output", hint="write FORM=FILE"
        )
    return outputs


def _write(name: str, file: str | None, appraisal: Appraisal) -> None:
    from sealane.core.report.registry import form
    from sealane.io.adapters.files import write_atomically

    found = form(name)
    if found is None:
        raise UsageError(f"--format {name!r}: there is none")
    report = found.render(appraisal)
    if file is None:
        # A name that the terminal has no letters for must not end the run.
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        click.echo(report.encode(encoding, "backslashreplace").decode(encoding), nl=False)
    else:
        write_atomically(Path(file), report.encode())
