"""Holds evidence against the policy, as a downstream user would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sealane.appraise.appraise import appraise
from sealane.appraise.collect import Case
from sealane.appraise.setup import Setup, make_setup
from sealane.core.attestation.predicates.release_manifest import ManifestArtifact
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Basis, Finding, Outcome, Verdict
from sealane.core.policy.derive import derive_policy
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import Publisher
from sealane.core.policy.schema import Rule
from sealane.core.verify.naming import purl_and_version
from sealane.errors import EvidenceError, VerificationError
from sealane.io.adapters import clock
from sealane.io.stores.trust.load import TrustMaterial, check_trust_age, load_trust
from sealane.lane.release import SignedRelease
from sealane.lane.work import Context

if TYPE_CHECKING:
    from sealane.core.policy.schema import Policy

_MANIFEST = "release-manifest"


@dataclass(frozen=True, slots=True)
class Judge:
    """Says what evidence is worth under the project's policy.

    Attributes:
        files: Judges files by their attestations.
        manifests: The same policy, asked of the release manifest alone.
        now: The time, aware, UTC.
    """

    files: Setup
    manifests: Setup
    now: Callable[[], datetime] = clock.now

    @property
    def based_on(self) -> tuple[Basis, ...]:
        """What is judged by, one line each."""
        return self.files.based_on

    def accept_manifest(self, release: SignedRelease) -> None:
        """Accept a signed manifest: about every one of its artifacts, by whom the policy names.

        The manifest's bundle is the only evidence, so that nothing else can stand in for it.

        Raises:
            VerificationError: It does not hold.
            EvidenceError: It names no artifact.
        """
        manifest = release.manifest
        cases = [Case(_artifact(one), (release.evidence,)) for one in manifest.artifacts]
        self._demand(self.manifests, cases)

    def accept_files(
        self,
        artifacts: Sequence[ManifestArtifact],
        evidence: Mapping[str, tuple[Evidence, ...]],
    ) -> None:
        """Accept files by their attestations.

        Args:
            artifacts: The files.
            evidence: What there is about each, by its name.

        Raises:
            VerificationError: One of them does not hold.
            EvidenceError: There is none.
        """
        cases = [Case(_artifact(one), evidence.get(one.name, ())) for one in artifacts]
        self._demand(self.files, cases)

    def holds(self, artifact: ManifestArtifact, evidence: tuple[Evidence, ...]) -> bool:
        """Whether evidence is enough for one file."""
        try:
            self._demand(self.files, [Case(_artifact(artifact), evidence)])
        except VerificationError:
            return False
        return True

    def _demand(self, setup: Setup, cases: Sequence[Case]) -> None:
        appraisal = appraise(cases, setup, self.now())
        for verdict in appraisal.verdicts:
            if verdict.outcome is not Outcome.PASS:
                raise _refused(verdict)
        if not appraisal.verdicts:
            raise EvidenceError("there is nothing to verify")


def make_judge(context: Context) -> Judge:
    """The judge of a project's release: the configured policy, or the one that follows from it.

    Raises:
        PolicyError: The policy cannot be used.
        TrustError: The trust root cannot.
    """
    policy = _policy(context)
    trust = _trust(context, policy)
    check_trust_age(trust, clock.now(), policy.trust.max_age_days if policy.trust else None)
    rules = tuple(
        Rule(rule.match, (Requirement((_MANIFEST,), _publishers(rule)),)) for rule in policy.rules
    )
    return Judge(make_setup(policy, trust), make_setup(replace(policy, rules=rules), trust))


def _policy(context: Context) -> Policy:
    project = context.project
    if project.trust.policy is not None:
        from sealane.io.stores.policies.load import load_policy

        return load_policy(context.directory / project.trust.policy)
    return derive_policy(
        project.forge,
        environment=project.environment,
        tags=tuple(rule.pattern for rule in project.tags),
    )


def _trust(context: Context, policy: Policy) -> TrustMaterial:
    project = context.project
    if context.sandbox is not None:
        return load_trust(None, sandbox=context.sandbox)
    if project.trust.root is not None:
        root = str(context.directory / project.trust.root)
        return load_trust(root, sandbox=None, sha256=project.trust.sha256)
    if policy.trust is not None:
        return load_trust(policy.trust.root, sandbox=None, sha256=policy.trust.sha256)
    return load_trust(None, sandbox=None, sha256=project.trust.sha256)


def _publishers(rule: Rule) -> tuple[Publisher, ...]:
    """Everybody whose word a rule accepts, each once."""
    return tuple(dict.fromkeys(one for required in rule.requirements for one in required.by))


def _artifact(artifact: ManifestArtifact) -> Artifact:
    purl, version = purl_and_version(artifact.name)
    digests = (Digest("sha256", artifact.sha256), Digest("sha512", artifact.sha512))
    return Artifact(artifact.name, digests, artifact.size, purl, version)


def _refused(verdict: Verdict) -> VerificationError:
    wrong = [one for one in verdict.findings if one.outcome in (Outcome.FAIL, Outcome.MISSING)]
    first = wrong[0] if wrong else Finding("SL-EV-001 evidence-missing", Outcome.MISSING)
    rest = "".join(f"\n  {one.code}: {one.place}" for one in wrong[1:5])
    place = f" ({first.place})" if first.place else ""
    return VerificationError(
        first.code,
        f"{verdict.artifact.name}: {first.code}{place}{rest}",
        expected=first.expected,
        actual=first.actual,
        hint=first.hint,
    )
