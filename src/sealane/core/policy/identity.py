"""Whether a proven signer is the publisher a policy names; every difference is named.

Rules: the issuer is always compared; of another GitLab instance every certificate still says
`https://gitlab.com/…` in its source claims, so the host is also compared where only the instance
itself can write it: in the subject and in the pipeline's URI. A key, or an OpenPGP certificate, has
an issuer that no certificate can have, so neither is ever taken for the other.

A reusable pipeline signs for whoever calls it: its own file is in the subject and in claim 9, the
caller is in claims 12 and 18, and neither is ever taken for the other.

Spec: sigstore/fulcio, docs/oid-info.md and config/identity/config.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from sealane.core.model.identity import Claim, Identity
from sealane.core.model.values import dataclass
from sealane.core.policy.people import (
    OPENPGP_ISSUER,
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
    Signer,
)
from sealane.core.policy.refs import is_release_tag, matches_template
from sealane.core.verify.keys import KEY_ISSUER

# Whoever may open a shell in a job may sign anything there; no policy can want that.
_RERUN = "ssh-rerun"
# Fulcio's template writes this base for every instance of GitLab.
GITLAB_TEMPLATE = "https://gitlab.com"
NOTHING = "nothing"

Claims: TypeAlias = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about a signer, or about what was signed, that is not what the policy demands.

    Attributes:
        code: The finding's code.
        place: Which claim, or which member of a statement.
        expected: What the policy demands.
        actual: What was found.
        hint: What to do about it; "" for what the code says.
    """

    code: str
    place: str
    expected: str
    actual: str
    hint: str = ""


def differences(
    publisher: Publisher, signer: Identity, version: str | None
) -> tuple[Difference, ...]:
    """Everything in which a signer is not a publisher; empty where it is.

    Args:
        publisher: Whom the policy names.
        signer: Who signed, proven.
        version: PEP 440 version of the artifact; None where its name tells none.
    """
    claims = dict(signer.extensions)
    found = _equal("SL-ID-002", "issuer", issuer_of(publisher), signer.issuer)
    runner = claims.get(Claim.RUNNER_ENVIRONMENT)
    # Some issuers' claims are logged with their JSON quotes.
    if runner is not None and runner.strip('"') == _RERUN:
        found.append(Difference("SL-ID-007", "runner environment", f"not {_RERUN}", runner))
    match publisher:
        case ForgePublisher():
            found += _forge(publisher, signer, claims, version)
        case CircleCiPublisher():
            found += _circleci(publisher, signer, claims, version)
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


def issuer_of(publisher: Publisher) -> str:
    """The issuer that a publisher's signatures have, or what stands in its place for a key."""
    match publisher:
        case KeyPublisher():
            return KEY_ISSUER
        case OpenPgpPublisher():
            return OPENPGP_ISSUER
        case _:
            return publisher.issuer


def claim_name(claim: Claim) -> str:
    """What findings call a claim, e.g. "source repository ref"."""
    return claim.name.lower().replace("_", " ")


def repositories_of(publisher: ForgePublisher) -> tuple[str, ...]:
    """What a forge's certificates may call a publisher's project, the project's own URL first."""
    own = f"{publisher.base}/{publisher.project}"
    if publisher.forge is ForgeSort.GITLAB and publisher.base != GITLAB_TEMPLATE:
        return own, f"{GITLAB_TEMPLATE}/{publisher.project}"
    return (own,)


def folded(text: str, forge: ForgeSort) -> str:
    """A URL as a forge compares it.

    GitHub does not tell owners and repositories apart by case; GitLab's paths are exact.
    """
    # Only ASCII is folded: "\u212a" (the Kelvin sign) would become a plain k.
    return text.lower() if forge is ForgeSort.GITHUB and text.isascii() else text


def _one_of(members: Sequence[str], signer: Identity) -> list[Difference]:
    if signer.subject in members:
        return []
    # A key that was never loaded is nobody's.
    expected = " or ".join(members) or "a key that was loaded"
    return [Difference("SL-ID-009", "subject", expected, signer.subject)]


def _circleci(
    publisher: CircleCiPublisher, signer: Identity, claims: Claims, version: str | None
) -> list[Difference]:
    """The pipeline definition, in the subject and in claim 9; claim 18 is another in every run."""
    found = _equal("SL-ID-009", "subject", publisher.subject, signer.subject)
    uri = claims.get(Claim.BUILD_SIGNER_URI)
    found += _equal("SL-ID-005", _SIGNER, publisher.subject, uri)
    if publisher.vcs_origin is not None:
        source = claims.get(Claim.SOURCE_REPOSITORY_URI)
        found += _equal("SL-ID-003", _SOURCE, publisher.vcs_origin, source)
    if publisher.vcs_refs:
        found += _ref(publisher.vcs_refs, claims.get(Claim.SOURCE_REPOSITORY_REF), version)
    return found


def _forge(
    publisher: ForgePublisher, signer: Identity, claims: Claims, version: str | None
) -> list[Difference]:
    """What differs; of another project's pipeline and ref nothing is worth saying."""
    found = _project(publisher, claims)
    if not found:
        found = _pipeline(publisher, signer, claims, version)
        foreign = [one for one in found if one.code == "SL-ID-003"]
        found = foreign[:1] or found
        if not foreign:
            found += _ref(publisher.refs, claims.get(Claim.SOURCE_REPOSITORY_REF), version)
    return found + _asked(publisher, claims)


def forge_differences(
    publisher: ForgePublisher, signer: Identity, version: str | None
) -> tuple[Difference, ...]:
    """Everything in which a signer is not a pipeline, also what is not worth saying in a finding.

    Args:
        publisher: The pipeline.
        signer: Who signed, proven.
        version: PEP 440 version of the artifact; None where its name tells none.
    """
    claims = dict(signer.extensions)
    return (
        *_equal("SL-ID-002", "issuer", publisher.issuer, signer.issuer),
        *_project(publisher, claims),
        *_pipeline(publisher, signer, claims, version),
        *_ref(publisher.refs, claims.get(Claim.SOURCE_REPOSITORY_REF), version),
        *_asked(publisher, claims),
    )


def _asked(publisher: ForgePublisher, claims: Claims) -> list[Difference]:
    """Claims that a policy may ask for, and need not."""
    found: list[Difference] = []
    asked = (
        ("SL-ID-006", Claim.DEPLOYMENT_ENVIRONMENT, publisher.environment),
        ("SL-ID-007", Claim.RUNNER_ENVIRONMENT, publisher.runner),
        ("SL-ID-008", Claim.SOURCE_REPOSITORY_ID, publisher.project_id),
        ("SL-ID-012", Claim.SOURCE_OWNER_ID, publisher.owner_id),
    )
    for code, claim, expected in asked:
        if expected is not None:
            found += _equal(code, claim_name(claim), expected, claims.get(claim))
    return found


def _project(publisher: ForgePublisher, claims: Claims) -> list[Difference]:
    source = claims.get(Claim.SOURCE_REPOSITORY_URI)
    allowed = repositories_of(publisher)
    if source is not None:
        forge = publisher.forge
        if source in allowed or folded(source, forge) in [folded(one, forge) for one in allowed]:
            return []
    return [Difference("SL-ID-003", _SOURCE, allowed[0], source or NOTHING)]


def _pipeline(
    publisher: ForgePublisher, signer: Identity, claims: Claims, version: str | None
) -> list[Difference]:
    """Which file ran, as the certificate says it: who signed (twice), and who asked for it."""
    reused = publisher.signer
    config = claims.get(Claim.BUILD_CONFIG_URI)
    own = f"{publisher.base}/{publisher.project}"
    theirs = own if reused is None else f"{publisher.base}/{reused.project}"
    # GitLab's certificates name one file only, wherever it lies; GitHub's name the caller's too.
    asking, by = (theirs, reused) if publisher.forge is ForgeSort.GITLAB else (own, None)
    named = (
        ("subject", signer.subject, theirs, reused),
        (_SIGNER, claims.get(Claim.BUILD_SIGNER_URI), theirs, reused),
        (_CONFIG, config, asking, by),
    )
    found: list[Difference] = []
    for place, uri, project, wanted in named:
        file = _file_of(uri, project, publisher.forge)
        if file is None:
            expected = f"a pipeline of {project}"
            found.append(Difference("SL-ID-003", place, expected, uri or NOTHING))
            continue
        path, revision = file
        if place == _CONFIG and publisher.config is not None:
            found += _equal("SL-ID-005", place, publisher.config, path)
        if wanted is None:
            found += _own_revision(place, revision, claims)
        else:
            found += _equal("SL-ID-005", place, wanted.config, path)
            found += _reused_revision(place, revision, wanted, claims, version)
    return found


def _file_of(uri: str | None, project: str, forge: ForgeSort) -> tuple[str, str] | None:
    """File and revision of a pipeline's URI; None where it is not of a project."""
    if uri is None:
        return None
    prefix = project + ("//" if forge is ForgeSort.GITLAB else "/")
    path, at, revision = uri[len(prefix) :].partition("@")
    same = uri.startswith(prefix) or folded(uri[: len(prefix)], forge) == folded(prefix, forge)
    return (path, revision) if same and path and at else None


def _own_revision(place: str, revision: str, claims: Claims) -> list[Difference]:
    """Whether a pipeline of the project's own is of the same revision as the source."""
    same = (
        claims.get(Claim.SOURCE_REPOSITORY_REF),
        claims.get(Claim.SOURCE_REPOSITORY_DIGEST),
    )
    if revision and revision in same:
        return []
    expected = " or ".join(sorted(one for one in same if one)) or "a ref"
    return [Difference("SL-ID-005", f"{place}: ref", expected, revision or NOTHING)]


def _reused_revision(
    place: str, revision: str, signer: Signer, claims: Claims, version: str | None
) -> list[Difference]:
    """Whether a reusable pipeline is of a revision that the policy names."""
    # A commit may be pinned where the caller named a tag: claim 10 says which it was.
    if claims.get(Claim.BUILD_SIGNER_DIGEST) in signer.refs:
        return []
    if any(matches_template(revision, one, version) for one in signer.refs):
        return []
    expected = " or ".join(signer.refs)
    return [Difference("SL-ID-005", f"{place}: ref", expected, revision or NOTHING)]


def _ref(refs: tuple[str, ...], ref: str | None, version: str | None) -> list[Difference]:
    if refs:
        if ref and any(matches_template(ref, one, version) for one in refs):
            return []
        return [Difference("SL-ID-004", _REF, expected_refs(refs, version), ref or NOTHING)]
    if version is None:
        return [Difference("SL-ID-010", _REF, "a ref named by the policy", ref or NOTHING)]
    if ref and is_release_tag(ref, version):
        return []
    return [Difference("SL-ID-004", _REF, expected_refs(refs, version), ref or NOTHING)]


def expected_refs(refs: tuple[str, ...], version: str | None) -> str:
    """The refs that would do, for a reader."""
    if not refs:
        return f"a tag that ends in the version {version}"
    expected = " or ".join(refs)
    if "{" in expected:
        expected += f" for version {version}" if version else ", of a file that has a version"
    return expected


def _equal(code: str, place: str, expected: str, actual: str | None) -> list[Difference]:
    if actual == expected:
        return []
    return [Difference(code, place, expected, actual or NOTHING)]


_SOURCE = claim_name(Claim.SOURCE_REPOSITORY_URI)
_SIGNER = claim_name(Claim.BUILD_SIGNER_URI)
_CONFIG = claim_name(Claim.BUILD_CONFIG_URI)
_REF = claim_name(Claim.SOURCE_REPOSITORY_REF)
