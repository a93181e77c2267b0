"""Every claim of a signer beside what a publisher's policy demands of it, for reports.

What is judged by are the differences that `identity` finds; here nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sealane.core.model.identity import Claim, Identity
from sealane.core.model.verdict import Compared
from sealane.core.policy.identity import (
    Difference,
    claim_name,
    differences,
    expected_refs,
    forge_differences,
    issuer_of,
)
from sealane.core.policy.people import (
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
)

_ISSUER, _SUBJECT = "issuer", "subject"


def comparisons(
    publisher: Publisher, signer: Identity, version: str | None
) -> tuple[Compared, ...]:
    """Issuer, subject and every claim, each with what is demanded of it.

    Args:
        publisher: Whom the policy names.
        signer: Who signed, proven.
        version: PEP 440 version of the artifact; None where its name tells none.

    Returns:
        Issuer and subject, then the claims in the order of their numbers; those that are demanded
        and missing too. A claim holds where nothing about it differs.
    """
    found = differences(publisher, signer, version)
    if isinstance(publisher, ForgePublisher):
        # A finding tells the gravest only; beside a claim stands what is wrong with that claim.
        found += forge_differences(publisher, signer, version)
    demanded = dict(_demands(publisher, version))
    actual = {_ISSUER: signer.issuer, _SUBJECT: signer.subject}
    for claim in Claim:
        # The issuer stands at the beginning; where it came from is no second claim.
        if claim is not Claim.ISSUER:
            actual[claim_name(claim)] = signer.claim(claim) or ""
    return tuple(
        Compared(name, demanded.get(name, ""), text, held=_held(name, found))
        for name, text in actual.items()
        if text or name in demanded or not _held(name, found)
    )


def _held(name: str, found: tuple[Difference, ...]) -> bool:
    # The place of a file's revision is the claim's name and more.
    return not any(one.place == name or one.place.startswith(f"{name}:") for one in found)


def _demands(publisher: Publisher, version: str | None) -> Iterator[tuple[str, str]]:
    yield _ISSUER, issuer_of(publisher)
    match publisher:
        case ForgePublisher():
            yield from _of_forge(publisher, version)
        case CircleCiPublisher():
            yield _SUBJECT, publisher.subject
            yield claim_name(Claim.BUILD_SIGNER_URI), publisher.subject
            if publisher.vcs_origin is not None:
                yield claim_name(Claim.SOURCE_REPOSITORY_URI), publisher.vcs_origin
            if publisher.vcs_refs:
                refs = expected_refs(publisher.vcs_refs, version)
                yield claim_name(Claim.SOURCE_REPOSITORY_REF), refs
        case EmailPublisher():
            yield _SUBJECT, " or ".join(publisher.members)
        case ExactPublisher():
            yield _SUBJECT, publisher.subject
        case KeyPublisher():
            yield _SUBJECT, " or ".join(key.identity.subject for key in publisher.keys)
        case OpenPgpPublisher():
            yield _SUBJECT, " or ".join(publisher.fingerprints)
        case _:
            assert_never(publisher)


def _of_forge(publisher: ForgePublisher, version: str | None) -> Iterator[tuple[str, str]]:
    own = _pipeline(publisher, publisher.project, publisher.config)
    reused = publisher.signer
    if reused is None:
        signing = asking = f"{own}@ref or commit of the source"
    else:
        refs = " or ".join(reused.refs)
        signing = f"{_pipeline(publisher, reused.project, reused.config)}@{refs}"
        github = publisher.forge is ForgeSort.GITHUB
        asking = f"{own}@ref or commit of the source" if github else signing
    yield _SUBJECT, signing
    yield claim_name(Claim.BUILD_SIGNER_URI), signing
    yield claim_name(Claim.BUILD_CONFIG_URI), asking
    yield claim_name(Claim.SOURCE_REPOSITORY_URI), f"{publisher.base}/{publisher.project}"
    unknown = "a ref named by the policy"
    refs = expected_refs(publisher.refs, version) if publisher.refs or version else unknown
    yield claim_name(Claim.SOURCE_REPOSITORY_REF), refs
    for claim, wanted in (
        (Claim.RUNNER_ENVIRONMENT, publisher.runner),
        (Claim.SOURCE_REPOSITORY_ID, publisher.project_id),
        (Claim.SOURCE_OWNER_ID, publisher.owner_id),
        (Claim.DEPLOYMENT_ENVIRONMENT, publisher.environment),
    ):
        if wanted is not None:
            yield claim_name(claim), wanted


def _pipeline(publisher: ForgePublisher, project: str, file: str | None) -> str:
    between = "//" if publisher.forge is ForgeSort.GITLAB else "/"
    return f"{publisher.base}/{project}{between}{file or 'any file'}"
