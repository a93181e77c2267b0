"""Whether a proven signer is the publisher a policy names; every difference is named.

Rules: the issuer is always compared; of another GitLab instance every certificate still says
`https://gitlab.com/…` in its source claims, so the host is also compared where only the instance
itself can write it: in the subject and in the pipeline's URI. A key, or an OpenPGP certificate, has
an issuer that no certificate can have, so neither is ever taken for the other.

Spec: sigstore/fulcio, docs/oid-info.md and config/identity/config.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from sealane.core.model.identity import Claim, Identity
from sealane.core.model.values import dataclass
from sealane.core.policy.people import (
    OPENPGP_ISSUER,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
)
from sealane.core.policy.refs import is_release_tag, matches_template
from sealane.core.verify.keys import KEY_ISSUER

# Whoever may open a shell in a job may sign anything there; no policy can want that.
_RERUN = "ssh-rerun"
# Fulcio's template writes this base for every instance of GitLab.
_GITLAB_TEMPLATE = "https://gitlab.com"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about a signer that is not what the policy demands."""

    code: str
    place: str
    expected: str
    actual: str


def differences(
    publisher: Publisher, signer: Identity, version: str | None
) -> tuple[Difference, ...]:
    """Everything in which a signer is not a publisher; empty where it is.

    Args:
        publisher: Whom the policy names.
        signer: Who signed, proven.
        version: PEP 440 version of the artifact; None where its name tells none.
    """
    found = _equal("SL-ID-002", "issuer", _issuer(publisher), signer.issuer)
    runner = signer.claim(Claim.RUNNER_ENVIRONMENT)
    # Some issuers' claims are logged with their JSON quotes.
    if runner is not None and runner.strip('"') == _RERUN:
        found.append(Difference("SL-ID-007", "runner environment", f"not {_RERUN}", runner))
    match publisher:
        case ForgePublisher():
            found += _forge(publisher, signer, version)
        case EmailPublisher():
            found += _one_of(publisher.members, signer)
        case ExactPublisher():
            found += _equal("SL-ID-009", "subject", publisher.subject, signer.subject)
        case KeyPublisher():
            found += _one_of([key.identity.subject for key in publisher.keys], signer)
        case OpenPgpPublisher():
            found += _one_of(publisher.fingerprints, signer)
        case _:
            assert_never(publisher)
    return tuple(found)


def _issuer(publisher: Publisher) -> str:
    match publisher:
        case KeyPublisher():
            return KEY_ISSUER
        case OpenPgpPublisher():
            return OPENPGP_ISSUER
        case _:
            return publisher.issuer


def _one_of(members: Sequence[str], signer: Identity) -> list[Difference]:
    if signer.subject in members:
        return []
    # A key that was never loaded is nobody's.
    expected = " or ".join(members) or "a key that was loaded"
    return [Difference("SL-ID-009", "subject", expected, signer.subject)]


def _forge(publisher: ForgePublisher, signer: Identity, version: str | None) -> list[Difference]:
    found = _project(publisher, signer)
    # Of another project's pipeline and ref nothing is worth saying.
    if not found:
        found = [*_pipeline(publisher, signer), *_ref(publisher, signer, version)]
    asked = (
        ("SL-ID-006", Claim.DEPLOYMENT_ENVIRONMENT, publisher.environment),
        ("SL-ID-007", Claim.RUNNER_ENVIRONMENT, publisher.runner),
        ("SL-ID-008", Claim.SOURCE_REPOSITORY_ID, publisher.project_id),
    )
    for code, claim, expected in asked:
        if expected is not None:
            found += _equal(code, _name(claim), expected, signer.claim(claim))
    return found


def _project(publisher: ForgePublisher, signer: Identity) -> list[Difference]:
    """The source repository, and whose pipeline file it was: both are the project's."""
    expected = f"{publisher.base}/{publisher.project}"
    allowed = {_folded(expected, publisher)}
    if publisher.forge is ForgeSort.GITLAB:
        allowed.add(f"{_GITLAB_TEMPLATE}/{publisher.project}")
    source = signer.claim(Claim.SOURCE_REPOSITORY_URI)
    if source is None or _folded(source, publisher) not in allowed:
        place = _name(Claim.SOURCE_REPOSITORY_URI)
        return [Difference("SL-ID-003", place, expected, source or NOTHING)]
    for place, uri in _pipeline_uris(signer):
        if uri is None or _file_of(uri, publisher) is None:
            return [Difference("SL-ID-003", place, f"a pipeline of {expected}", uri or NOTHING)]
    return []


def _pipeline(publisher: ForgePublisher, signer: Identity) -> list[Difference]:
    """The pipeline file, and that it is of the same revision as the source."""
    same = {
        signer.claim(Claim.SOURCE_REPOSITORY_REF),
        signer.claim(Claim.SOURCE_REPOSITORY_DIGEST),
    } - {None, ""}
    place, uri = _name(Claim.BUILD_CONFIG_URI), signer.claim(Claim.BUILD_CONFIG_URI)
    file = _file_of(uri or "", publisher) or ("", "")
    found = []
    if publisher.config is not None:
        found += _equal("SL-ID-005", place, publisher.config, file[0])
    for place, uri in _pipeline_uris(signer):
        revision = (_file_of(uri or "", publisher) or ("", ""))[1]
        if revision not in same:
            expected = " or ".join(sorted(str(one) for one in same)) or "a ref"
            found.append(Difference("SL-ID-005", f"{place}: ref", expected, revision or NOTHING))
    return found


def _ref(publisher: ForgePublisher, signer: Identity, version: str | None) -> list[Difference]:
    ref = signer.claim(Claim.SOURCE_REPOSITORY_REF)
    place = _name(Claim.SOURCE_REPOSITORY_REF)
    if publisher.refs:
        if ref and any(matches_template(ref, one, version) for one in publisher.refs):
            return []
        expected = " or ".join(publisher.refs)
        if "{" in expected:
            expected += f" for version {version}" if version else ", of a file that has a version"
        return [Difference("SL-ID-004", place, expected, ref or NOTHING)]
    if version is None:
        return [Difference("SL-ID-010", place, "a ref named by the policy", ref or NOTHING)]
    if ref and is_release_tag(ref, version):
        return []
    expected = f"a tag that ends in the version {version}"
    return [Difference("SL-ID-004", place, expected, ref or NOTHING)]


def _pipeline_uris(signer: Identity) -> tuple[tuple[str, str | None], ...]:
    """Where a certificate says which file ran: who signed, and who asked for it."""
    return (
        ("subject", signer.subject),
        (_name(Claim.BUILD_SIGNER_URI), signer.claim(Claim.BUILD_SIGNER_URI)),
        (_name(Claim.BUILD_CONFIG_URI), signer.claim(Claim.BUILD_CONFIG_URI)),
    )


def _file_of(uri: str, publisher: ForgePublisher) -> tuple[str, str] | None:
    """File and revision of a pipeline's URI; None where it is not the project's."""
    separator = "//" if publisher.forge is ForgeSort.GITLAB else "/"
    prefix = f"{publisher.base}/{publisher.project}{separator}"
    path, at, revision = uri[len(prefix) :].partition("@")
    if _folded(uri[: len(prefix)], publisher) != _folded(prefix, publisher) or not at or not path:
        return None
    return path, revision


def _folded(text: str, publisher: ForgePublisher) -> str:
    """GitHub does not tell owners and repositories apart by case; GitLab's paths are exact."""
    # Only ASCII is folded: "\u212a" (the Kelvin sign) would become a plain k.
    folds = publisher.forge is ForgeSort.GITHUB and text.isascii()
    return text.lower() if folds else text


def _equal(code: str, place: str, expected: str, actual: str | None) -> list[Difference]:
    if actual == expected:
        return []
    return [Difference(code, place, expected, actual or NOTHING)]


def _name(claim: Claim) -> str:
    return claim.name.lower().replace("_", " ")
