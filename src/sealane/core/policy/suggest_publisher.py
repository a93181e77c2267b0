"""The publisher that a certificate claims to be of, as narrow as a policy can say it.

Spec: sigstore/fulcio, docs/oid-info.md and config/identity/config.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.people import (
    SERVER_ISSUER,
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
from sealane.core.policy.quick import GITHUB_ISSUER, GITLAB_ISSUER
from sealane.core.policy.refs import matches_template
from sealane.core.policy.suggest_toml import toml_list, toml_text
from sealane.errors import PolicyError

_GITLAB = re.compile(r"(?P<base>https://[^/]+)/(?P<project>.+?)//(?P<file>[^@]+)@(?P<ref>.+)")
_GITHUB = re.compile(
    r"(?P<base>https://[^/]+)/(?P<project>[^/]+/[^/]+)/(?P<file>[^@]+)@(?P<ref>.+)"
)
_CIRCLECI = re.compile(
    r"https://circleci\.com/api/v2/projects/(?P<project>[^/]+)/pipeline-definitions/(?P<id>[^/]+)"
)
_CIRCLECI_ISSUER = re.compile(r"https://oidc\.circleci\.com(?:/org/.+)?")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# No template is longer, and to try all places of a version takes the square of this.
_LONGEST_REF = 250
_FORMS = ("pep440", "semver", "base")
# Before or after one of these a number goes on.
_INSIDE = frozenset("0123456789.!+")


def publisher_from(identity: Identity, version: str | None) -> Publisher:
    """The publisher a certificate claims to be of; its name is empty.

    Args:
        identity: Subject, issuer and claims; nothing of it is proven.
        version: PEP 440 version of the artifact; None where nothing tells one.

    Raises:
        PolicyError: It claims to be of a forge, and lacks what a policy asks of one.
    """
    gitlab = _GITLAB.fullmatch(identity.subject)
    if gitlab is not None and gitlab["base"] == identity.issuer:
        return _gitlab(identity, gitlab, version)
    if _is_github(identity.issuer):
        return _github(identity, version)
    circleci = _CIRCLECI.fullmatch(identity.subject)
    if circleci is not None and _CIRCLECI_ISSUER.fullmatch(identity.issuer):
        return _circleci(identity, circleci, version)
    if _ADDRESS.fullmatch(identity.subject):
        return EmailPublisher("", identity.issuer, (identity.subject,))
    return ExactPublisher("", identity.issuer, identity.subject)


def template_of(ref: str, version: str | None) -> str:
    """A ref with the place of the version in it; the ref itself where it does not hold the version.

    Args:
        ref: A full ref.
        version: PEP 440 version of the artifact; None where nothing tells one.
    """
    if len(ref) > _LONGEST_REF:
        return ref
    spans = sorted(_spans(ref), key=lambda span: span[0] - span[1])
    for form in _FORMS:
        for start, end in spans:
            template = f"{ref[:start]}{{{form}}}{ref[end:]}"
            if matches_template(ref, template, version):
                return template
    return ref


def _spans(ref: str) -> Iterator[tuple[int, int]]:
    """Where in a ref a whole version may stand."""
    for start, first in enumerate(ref):
        if not first.isdigit() or (start and ref[start - 1] in _INSIDE):
            continue
        for end in range(start + 1, len(ref) + 1):
            if end == len(ref) or not (ref[end].isalnum() or ref[end] in _INSIDE):
                yield start, end


def _is_github(issuer: str) -> bool:
    cloud = issuer == GITHUB_ISSUER or issuer.startswith(f"{GITHUB_ISSUER}/")
    return cloud or issuer.endswith(SERVER_ISSUER)


def _gitlab(identity: Identity, pipeline: re.Match[str], version: str | None) -> Publisher:
    """The project whose source it was; its pipeline may be a file of another project."""
    source = identity.claim(Claim.SOURCE_REPOSITORY_URI) or ""
    # Certificates of every instance write this host in the claims about the source.
    base = next(
        (one for one in (identity.issuer, GITLAB_ISSUER) if source.startswith(f"{one}/")), ""
    )
    project = source.removeprefix(f"{base}/")
    if project in {"", pipeline["project"]}:
        return _forge(identity, ForgeSort.GITLAB, pipeline, None, version)
    reused = Signer(pipeline["project"], pipeline["file"], (pipeline["ref"],))
    found = _forge(identity, ForgeSort.GITLAB, pipeline, reused, version)
    return replace(found, project=project)


def _github(identity: Identity, version: str | None) -> Publisher:
    """The project whose workflow asked; another one that signed for it is named too."""
    asking = _GITHUB.fullmatch(identity.claim(Claim.BUILD_CONFIG_URI) or "")
    signing = _GITHUB.fullmatch(identity.subject)
    if asking is None or signing is None:
        raise PolicyError("certificate: it names no workflow")
    if (asking["project"], asking["file"]) == (signing["project"], signing["file"]):
        return _forge(identity, ForgeSort.GITHUB, asking, None, version)
    reused = Signer(signing["project"], signing["file"], (signing["ref"],))
    return _forge(identity, ForgeSort.GITHUB, asking, reused, version)


def _forge(
    identity: Identity,
    sort: ForgeSort,
    pipeline: re.Match[str],
    signer: Signer | None,
    version: str | None,
) -> ForgePublisher:
    ref = identity.claim(Claim.SOURCE_REPOSITORY_REF)
    if not ref:
        raise PolicyError("certificate: it names no ref, so any branch could have signed")
    return ForgePublisher(
        "",
        sort,
        identity.issuer,
        pipeline["project"],
        config=pipeline["file"],
        refs=(template_of(ref, version),),
        # An empty claim is how an issuer says that there is none.
        environment=identity.claim(Claim.DEPLOYMENT_ENVIRONMENT) or None,
        runner=identity.claim(Claim.RUNNER_ENVIRONMENT) or None,
        project_id=identity.claim(Claim.SOURCE_REPOSITORY_ID) or None,
        owner_id=identity.claim(Claim.SOURCE_OWNER_ID) or None,
        signer=signer,
    )


def _circleci(identity: Identity, subject: re.Match[str], version: str | None) -> CircleCiPublisher:
    ref = identity.claim(Claim.SOURCE_REPOSITORY_REF)
    return CircleCiPublisher(
        "",
        identity.issuer,
        subject["project"],
        subject["id"],
        vcs_origin=identity.claim(Claim.SOURCE_REPOSITORY_URI) or None,
        vcs_refs=(template_of(ref, version),) if ref else (),
    )


def table_of(publisher: Publisher) -> Iterator[str]:
    """The lines of the `[publisher.NAME]` that says this publisher.

    Args:
        publisher: As `publisher_from` made it.
    """
    match publisher:
        case ForgePublisher():
            yield from _forge_table(publisher)
        case CircleCiPublisher():
            yield 'kind = "circleci"'
            yield f"issuer = {toml_text(publisher.issuer)}"
            yield f"project_id = {toml_text(publisher.project_id)}"
            yield f"pipeline_definition_id = {toml_text(publisher.pipeline_definition_id)}"
            if publisher.vcs_origin:
                yield f"vcs_origin = {toml_text(publisher.vcs_origin)}"
            yield from (f"vcs_ref = {toml_text(ref)}" for ref in publisher.vcs_refs)
        case EmailPublisher():
            yield 'kind = "email"'
            yield f"issuer = {toml_text(publisher.issuer)}"
            yield f"members = {toml_list(publisher.members)}"
        case ExactPublisher():
            yield 'kind = "certificate"'
            yield f"issuer = {toml_text(publisher.issuer)}"
            yield "# nothing else is known of such a signer: the whole subject has to be this"
            yield f"subject = {toml_text(publisher.subject)}"
        case KeyPublisher() | OpenPgpPublisher():
            raise ValueError("no certificate claims to be of such a publisher")
        case _:
            assert_never(publisher)


def _forge_table(publisher: ForgePublisher) -> Iterator[str]:
    file = "config" if publisher.forge is ForgeSort.GITLAB else "workflow"
    yield f'kind = "{publisher.forge.value}"'
    yield f"issuer = {toml_text(publisher.issuer)}"
    yield f"project = {toml_text(publisher.project)}"
    yield f"{file} = {toml_text(publisher.config or '')}"
    for ref in publisher.refs:
        if "{" not in ref:
            yield "# the ref does not hold the version of the file: any release from it would do"
        yield f"ref = {toml_text(ref)}"
    if publisher.environment is None:
        yield "# no environment is claimed: any job on this ref can sign, without an approval"
    named = ("environment", "runner", "project_id", "owner_id")
    for key in named:
        value = getattr(publisher, key)
        if value is not None:
            yield f"{key} = {toml_text(value)}"
    if publisher.signer is not None:
        signer = publisher.signer
        yield (
            f"signer = {{ project = {toml_text(signer.project)}, "
            f"{file} = {toml_text(signer.config)}, ref = {toml_text(signer.refs[0])} }}"
        )
