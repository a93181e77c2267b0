"""`sealane x-conformance`: what the public Sigstore conformance suite asks of a client.

Hidden, because it is a protocol and no command for people: one bundle, one answer, by exit code.

Spec: sigstore-conformance, docs/cli_protocol.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sealane.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from sealane.core.model.artifact import Artifact
    from sealane.core.policy.schema import Policy
    from sealane.io.stores.interface import NamedSandbox

_STAGING = click.option("--staging", is_flag=True, help="The staging instance's trust root.")
_ROOT = click.option("--trusted-root", metavar="FILE", help="Trust root; default the packaged one.")
_BUNDLE = click.option("--bundle", required=True, metavar="FILE")


@click.group()
def conformance() -> None:
    """Answer the public Sigstore conformance suite."""


@conformance.command("verify-bundle")
@click.pass_context
@_STAGING
@_BUNDLE
@click.option("--certificate-identity", metavar="SAN")
@click.option("--certificate-oidc-issuer", metavar="URL")
@click.option("--key", metavar="PEM")
@_ROOT
@click.argument("subject", metavar="FILE_OR_DIGEST")
def verify_bundle(
    ctx: click.Context,
    /,
    *,
    staging: bool,
    bundle: str,
    certificate_identity: str | None,
    certificate_oidc_issuer: str | None,
    key: str | None,
    trusted_root: str | None,
    subject: str,
) -> int:
    """Exit with 0 only if a bundle proves a file, or a digest, to be signed by this signer."""
    from sealane.appraise.appraise import appraise
    from sealane.appraise.collect import Case
    from sealane.appraise.setup import make_setup
    from sealane.core.model.ending import exit_code
    from sealane.core.report.text import text_lines
    from sealane.io.adapters.clock import now
    from sealane.io.evidence.interface import read_evidence
    from sealane.io.stores.trust.load import load_trust

    world = _sandbox(ctx)
    policy = _policy(certificate_identity, certificate_oidc_issuer, key)
    trust = load_trust(_root_of(trusted_root, world, staging=staging), sandbox=world)
    found = read_evidence(Path(bundle))
    if not found.evidence:
        raise EvidenceError(f"--bundle {bundle!r}: {found.broken[0][1]}")
    case = Case(_artifact(subject), found.evidence)
    appraisal = appraise([case], make_setup(policy, trust), now())
    click.echo("".join(text_lines(appraisal)), nl=False)
    return exit_code(appraisal)


@conformance.command("sign-bundle")
@click.pass_context
@_STAGING
@click.option("--in-toto", is_flag=True, help="FILE is an in-toto statement to be enveloped.")
@click.option("--identity-token", required=True, metavar="TOKEN")
@_BUNDLE
@_ROOT
@click.option("--signing-config", metavar="FILE")
@click.argument("file", metavar="FILE")
def sign_bundle(
    ctx: click.Context,
    /,
    *,
    staging: bool,
    in_toto: bool,
    identity_token: str,
    bundle: str,
    trusted_root: str | None,
    signing_config: str | None,
    file: str,
) -> int:
    """Sign a file, or a statement, and write the bundle."""
    from sealane.io.adapters.files import read_bounded, write_atomically
    from sealane.io.adapters.secret import Secret
    from sealane.io.adapters.sigstore_sign import open_signer
    from sealane.io.inputs.paths import read_artifact
    from sealane.io.stores.trust.load import load_trust

    world = _sandbox(ctx)
    root = load_trust(_root_of(trusted_root, world, staging=staging), sandbox=world).root
    signing = json.loads(_signing_config(signing_config, world, staging=staging))
    signer = open_signer(
        trust_config=_trust_config(json.loads(root), signing),
        token=Secret(identity_token),
        log_version=_log_version(signing),
    )
    signed = (
        signer.sign(read_bounded(Path(file), what="statement"))
        if in_toto
        else signer.sign_digest(read_artifact(Path(file)).sha256)
    )
    write_atomically(Path(bundle), signed)
    return 0


def _policy(identity: str | None, issuer: str | None, key: str | None) -> Policy:
    from sealane.core.policy.quick import exact_policy, quick_policy
    from sealane.io.stores.policies.keys import load_keys

    if key is not None and identity is None and issuer is None:
        return load_keys(quick_policy([f"key:{key}"]))
    if key is None and identity is not None and issuer is not None:
        return exact_policy(identity, issuer)
    raise UsageError("expected --certificate-identity with --certificate-oidc-issuer, or --key")


def _artifact(subject: str) -> Artifact:
    from sealane.core.model.artifact import Artifact
    from sealane.io.inputs.paths import find_paths, read_artifact

    if Path(subject).exists():
        return read_artifact(Path(subject), ("sha512",))
    found = find_paths([subject])
    if found.unread:
        raise found.unread[0]
    (artifact,) = found.artifacts
    if not isinstance(artifact, Artifact):
        raise UsageError(f"{subject!r}: expected a file or sha256:…")
    return artifact


def _sandbox(ctx: click.Context) -> NamedSandbox | None:
    from sealane.io.stores.sandbox import load_named_sandbox

    return None if ctx.obj is None else load_named_sandbox(ctx.obj)


def _root_of(trusted_root: str | None, world: NamedSandbox | None, *, staging: bool) -> str | None:
    """What `load_trust` is to load: a path, a name, or None for the sandbox's own."""
    if trusted_root is not None:
        return str(Path(trusted_root).absolute())
    if world is not None:
        return None
    return "staging" if staging else "public-good"


def _signing_config(
    signing_config: str | None, world: NamedSandbox | None, *, staging: bool
) -> bytes:
    from sealane.io.adapters.files import read_bounded
    from sealane.io.stores.trust.packaged import SIGNING, packaged_file

    if signing_config is not None:
        return read_bounded(Path(signing_config), what="signing configuration")
    if world is not None:
        config = json.loads(read_bounded(world.trust_config, what="trust configuration"))
        return json.dumps(config["signingConfig"]).encode()
    return packaged_file("staging" if staging else "public-good", SIGNING)


def _trust_config(root: Any, signing: Any) -> bytes:  # noqa: ANN401 - parsed JSON
    media_type = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
    config = {"mediaType": media_type, "trustedRoot": root, "signingConfig": signing}
    return json.dumps(config).encode()


def _log_version(signing: Any) -> int:  # noqa: ANN401 - parsed JSON
    """The newest generation of the log that a signing configuration offers."""
    try:
        return max(int(log["majorApiVersion"]) for log in signing["rekorTlogUrls"])
    except (TypeError, LookupError, ValueError) as error:
        raise UsageError("--signing-config: it names no log") from error
