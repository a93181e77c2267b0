"""What a policy distrusts: one match is enough to fail, whatever else holds.

1. Everything that a distrust names has to match, or it would be about somebody else.
2. The window is about the time of signing. What proves no time may have been signed inside it.
3. A project or run is compared with every claim that names one: certificates of every instance of
   GitLab call them `https://gitlab.com/…`, and only the pipeline's URI has the instance's own host.
   CircleCI leaves the scheme out, and git takes a `.git` at the end: neither tells two apart.
4. A digest is about the artifact, with or without evidence; a subject that shares a digest with the
   artifact tells its others.

Letters of both cases count as one: of what is distrusted, too much is safer than too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import finding
from sealane.core.policy.identity import GITLAB_TEMPLATE
from sealane.core.policy.schema import Distrust
from sealane.core.verify.subject import is_about

_CODE = "SL-DIS-001"


def distrusted(
    distrusts: Sequence[Distrust], artifact: Artifact, facts: Sequence[Fact]
) -> Iterator[Finding]:
    """A failure for each distrust that the artifact, or somebody who signed for it, matches."""
    for one in distrusts:
        if one.digest and not _is_artifact(one.digest, artifact, facts):  # 1, 4
            continue
        found = next((fact for fact in facts if _signed(one, fact)), None)
        if found is not None:
            who = f"{found.signer.subject} ({found.signer.issuer})"
            yield _finding(one, found.evidence.origin, who)
        elif one.digest and not facts and not _asks_for_signer(one):
            yield _finding(one, artifact.name, one.digest)


def _finding(distrust: Distrust, place: str, actual: str) -> Finding:
    hint = f"do not use the artifact: {distrust.reason}"
    return finding(_CODE, Outcome.FAIL, place, f"not {_named(distrust)}", actual, hint=hint)


def _named(distrust: Distrust) -> str:
    parts = (
        distrust.digest,
        distrust.subject,
        distrust.issuer and f"issuer {distrust.issuer}",
        distrust.project and f"project {distrust.project}",
        distrust.run and f"run {distrust.run}",
        distrust.start and f"from {distrust.start.isoformat()}",
        distrust.end and f"until {distrust.end.isoformat()}",
    )
    return ", ".join(part for part in parts if part)


def _asks_for_signer(distrust: Distrust) -> bool:
    return bool(distrust.issuer or distrust.subject or distrust.project or distrust.run)


def _is_artifact(digest: str, artifact: Artifact, facts: Sequence[Fact]) -> bool:
    known = {str(one) for one in artifact.digests}
    for fact in facts:
        for subject in fact.statement.subjects if fact.statement else ():
            if is_about(subject, artifact):
                known.update(map(str, subject.digests))
    return digest.lower() in known


def _signed(distrust: Distrust, fact: Fact) -> bool:
    signer, signed = fact.signer, fact.signed_at
    if signed is not None:  # 2
        if distrust.start is not None and signed < distrust.start:
            return False
        if distrust.end is not None and distrust.end < signed:
            return False
    return (
        _agree(distrust.issuer, signer.issuer)
        and _agree(distrust.subject, signer.subject)
        and (not distrust.project or _of_project(distrust.project, signer))
        and (not distrust.run or _of_run(distrust.run, signer))
    )


def _agree(wanted: str, actual: str) -> bool:
    return not wanted or wanted.lower() == actual.lower()


def _of_project(project: str, signer: Identity) -> bool:
    """Whether a project is where the source lies, or whose pipeline signed or asked for it."""
    prefix = _url(project)
    named = (
        signer.claim(Claim.SOURCE_REPOSITORY_URI),
        signer.claim(Claim.BUILD_SIGNER_URI),
        signer.claim(Claim.BUILD_CONFIG_URI),
        signer.subject,
    )
    # A file's URI begins with its project's, and so does the URI of every project of a group.
    return any(_begins(_url(one), prefix) for one in named if one) or _by_template(
        prefix, signer.claim(Claim.SOURCE_REPOSITORY_URI), signer
    )


def _of_run(run: str, signer: Identity) -> bool:
    """Whether it was signed in a run; the URI of a run is the beginning of its attempts'."""
    claimed, prefix = signer.claim(Claim.RUN_INVOCATION_URI), _url(run)
    if claimed is None:
        return False
    return _begins(_url(claimed), prefix) or _by_template(prefix, claimed, signer)


def _begins(uri: str, prefix: str) -> bool:
    return uri == prefix or uri.startswith(prefix + "/")


def _by_template(prefix: str, claimed: str | None, signer: Identity) -> bool:  # 3
    base = _url(signer.issuer)
    if claimed is None or not prefix.startswith(base + "/"):
        return False
    return _begins(_url(claimed), _url(GITLAB_TEMPLATE) + prefix.removeprefix(base))


def _url(text: str) -> str:
    """A URL as it is compared: host and path."""
    scheme, slashes, rest = text.lower().partition("://")
    return (rest if slashes else scheme).rstrip("/").removesuffix(".git")
