"""Attest: sign what was built, prove it to ourselves, and only then put it in place.

1. No credential but the signing token's is in the environment.
2. Nothing of an earlier attest was sent anywhere.
3. Commit, tag object, tree and configuration are still those of the plan.
4. Both builds and the frozen files are the same, byte for byte, and exactly what was recorded.
5. Sign every file's attestations, then the manifest that names them all.
6. Verify everything with the policy, as a downstream user would.
7. Put the evidence in place, and the manifest last: it stands for the whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import ClassVar

from sealane.core.attestation.pep740 import attestation_from_bundle
from sealane.core.attestation.predicates.release_manifest import (
    ManifestArtifact,
    ManifestAttestation,
    render_manifest_statement,
)
from sealane.core.model.chain import canonical
from sealane.core.model.values import dataclass
from sealane.errors import InputError, LaneError, LaneExit
from sealane.io.adapters.files import write_atomically
from sealane.io.adapters.oidc import ambient_token, foreign_credentials, unverified_claims
from sealane.io.adapters.secret import Secret
from sealane.io.adapters.sigstore_sign import open_signer
from sealane.io.stores.trust.load import load_trust_config
from sealane.lane.assemble import (
    SUFFIXES,
    Made,
    manifest_of_release,
    provenance_statement,
    publish_statement,
)
from sealane.lane.gather import gather
from sealane.lane.judge import make_judge
from sealane.lane.publisher import builder_id, differences, expected_claims
from sealane.lane.record import Record
from sealane.lane.release import (
    SignedRelease,
    as_evidence,
    load_signed_release,
    parse_signed_release,
)
from sealane.lane.stages.interface import Context, StageReport

_AUDIENCE = "sigstore"


@dataclass(frozen=True, slots=True)
class _Signed:
    """What was signed: the manifest's bundle, and attestations by the name of their file."""

    release: SignedRelease
    attestations: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Attest:
    """Signs the release."""

    name: ClassVar[str] = "attest"
    title: ClassVar[str] = "Provenance and the release manifest, signed"

    def run(self, context: Context) -> StageReport:
        """Sign, verify, and write `evidence/` and the signed manifest: all or nothing.

        Raises:
            LaneError: 13; nothing is public but log entries.
            SealaneError: As `Stage.run`.
        """
        _refuse_other_credentials()  # 1
        _refuse_after_sending(context)  # 2
        token = ambient_token(_AUDIENCE, os.environ)
        claims = unverified_claims(token)
        made = gather(context, claims)  # 3, 4
        _check_claims(context, made)
        signed = _sign(context, made, token)  # 5
        _verify(context, signed)  # 6
        _put_in_place(context, signed)  # 7
        release = signed.release
        return StageReport(
            f"attested {len(release.manifest.artifacts)} files of {release.manifest.tag}",
            (
                ("release", release.id),
                ("signed by", builder_id(claims)),
                ("manifest", str(context.work.manifest)),
            ),
        )


STAGE = Attest()


def _refuse_other_credentials() -> None:
    foreign = foreign_credentials(os.environ, _AUDIENCE)
    if foreign:
        raise LaneError(
            LaneExit.ATTEST,
            f"credentials in the environment: {', '.join(foreign)}; only the signing token may be",
            hint="declare each token in the job that needs it, and nowhere else",
        )


def _refuse_after_sending(context: Context) -> None:
    if not context.work.manifest.exists():
        return
    journal = Record(context.work.journal, context.say).journal
    release = load_signed_release(context.work)
    if journal.sent_anything(release.id):
        raise LaneError(
            LaneExit.ATTEST,
            f"release {release.id} is being published already; new attestations would not fit",
            public="files may be public; `sealane lane status` looks",
            hint="go on with it: sealane lane resume",
        )


def _check_claims(context: Context, made: Made) -> None:
    expected = expected_claims(context.project.forge, made.plan.tag, context.project.environment)
    expected["sha"] = made.plan.commit
    wrong = differences(made.claims, expected)
    if wrong or not builder_id(made.claims):
        listed = "".join(f"\n  {line}" for line in wrong)
        raise LaneError(
            LaneExit.ATTEST,
            f"the identity token is not that of this release's job{listed}",
            hint="attest runs in the tag's own pipeline, in the environment of sealane.toml",
        )


def _sign(context: Context, made: Made, token: Secret) -> _Signed:
    statements = [
        (artifact, predicate, statement)
        for artifact in made.artifacts
        for predicate, statement in zip(
            SUFFIXES, (publish_statement(artifact), provenance_statement(artifact, made)),
            strict=True,
        )
    ]  # fmt: skip
    context.say(f"attest: signing {len(statements)} attestations and the manifest")
    signer = open_signer(trust_config=load_trust_config(sandbox=context.sandbox), token=token)
    attestations, listed = {}, []
    for artifact, predicate, statement in statements:
        name = f"{artifact.name}{SUFFIXES[predicate]}"
        attestations[name] = attestation_from_bundle(signer.sign(statement))
        listed.append(_listed(name, predicate, artifact, attestations[name]))
    manifest = canonical(render_manifest_statement(manifest_of_release(made, listed)))
    release = parse_signed_release(signer.sign(manifest), context.work.manifest.name)
    if release.id != hashlib.sha256(manifest).hexdigest():
        raise InputError("release manifest: what was signed is not what was asked to be signed")
    return _Signed(release, attestations)


def _listed(
    name: str, predicate: str, artifact: ManifestArtifact, content: bytes
) -> ManifestAttestation:
    return ManifestAttestation(name, predicate, artifact.name, hashlib.sha256(content).hexdigest())


def _verify(context: Context, signed: _Signed) -> None:
    context.say("attest: verifying what was signed")
    manifest = signed.release.manifest
    evidence = {
        artifact.name: as_evidence(
            [
                signed.attestations[one.file]
                for one in manifest.attestations
                if one.artifact == artifact.name
            ],
            artifact.name,
        )
        for artifact in manifest.artifacts
    }
    judge = make_judge(context)
    judge.accept_manifest(signed.release)
    judge.accept_files(manifest.artifacts, evidence)


def _put_in_place(context: Context, signed: _Signed) -> None:
    work = context.work
    fresh = work.root / ".evidence.new"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        for name, content in signed.attestations.items():
            write_atomically(fresh / name, content)
        # Without its manifest half an attest is none, and is made again as a whole.
        work.manifest.unlink(missing_ok=True)
        if work.evidence.exists():
            shutil.rmtree(work.evidence)
        fresh.rename(work.evidence)
    except OSError as error:
        raise InputError(f"cannot write {str(work.evidence)!r}: {error.strerror}") from error
    write_atomically(work.manifest, signed.release.evidence.content)
