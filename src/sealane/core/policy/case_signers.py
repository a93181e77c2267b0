"""The signers of policy cases: what a certificate of a forge says of a pipeline.

Only what a case is about has to be written down; the rest is made as Fulcio makes it, so that a
case differs from a real release in one thing, and not in a claim that was forgotten.

Spec: sigstore/fulcio, docs/oid-info.md and config/identity/config.yaml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.identity import GITLAB_TEMPLATE
from sealane.core.policy.people import ForgePublisher, ForgeSort
from sealane.core.policy.quick import GITHUB_ISSUER, workflow_file
from sealane.core.policy.reading import Place, Trouble
from sealane.errors import PolicyError

_HINT = "write it, or name a signer that has it with like"
_FILES = {ForgeSort.GITLAB: "config", ForgeSort.GITHUB: "workflow"}
_ISSUERS = {ForgeSort.GITLAB: GITLAB_TEMPLATE, ForgeSort.GITHUB: GITHUB_ISSUER}
_RUNNERS = {ForgeSort.GITLAB: "gitlab-hosted", ForgeSort.GITHUB: "github-hosted"}
# What only the certificates of forges have.
_OF_FORGES = (
    "project", "config", "workflow", "ref", "commit", "environment", "runner", "project_id",
    "owner_id", "signer",
)  # fmt: skip
_DIGITS = 9

_Table = Mapping[str, Any]


def merged(own: _Table, like: _Table) -> _Table:
    """A signer's table, with what it does not say from another one; claims one by one."""
    found = {**like, **{key: value for key, value in own.items() if value is not None}}
    if own["claims"] and like["claims"]:
        said = {key: value for key, value in own["claims"].items() if value is not None}
        found["claims"] = {**like["claims"], **said}
    return found


def signer_troubles(table: _Table, place: Place) -> list[Trouble]:
    """What a signer lacks, or has although it is no pipeline."""
    if table["kind"] is None:
        missing = [key for key in ("issuer", "subject") if table[key] is None]
        odd = [key for key in _OF_FORGES if table[key] is not None]
        why, hint = "only the pipeline of a forge has it", 'write kind = "gitlab" or "github"'
        return [
            *(
                Trouble((*place, key), "required without kind, and missing", _HINT)
                for key in missing
            ),
            *(Trouble((*place, key), why, hint) for key in odd),
        ]
    forge = ForgeSort(table["kind"])
    return [
        *_forge_troubles(table, forge, place, ("project", _FILES[forge], "ref")),
        *_forge_troubles(table["signer"] or {}, forge, (*place, "signer"), (_FILES[forge],)),
    ]


def _forge_troubles(
    table: _Table, forge: ForgeSort, place: Place, required: tuple[str, ...]
) -> list[Trouble]:
    if not table:
        return []
    found = [
        Trouble((*place, key), f"required for {forge}, and missing", _HINT)
        for key in required
        if table[key] is None
    ]
    other = next(file for sort, file in _FILES.items() if sort is not forge)
    if table[other] is not None:
        found.append(Trouble((*place, other), f"{forge} calls it {_FILES[forge]}", "rename it"))
    elif table["workflow"] is not None:
        try:
            workflow_file(table["workflow"])
        except PolicyError as error:
            found.append(Trouble((*place, "workflow"), error.message, "write its file name"))
    return found


def identity_of(table: _Table) -> Identity:
    """The identity of a signer in which there is no trouble."""
    if table["kind"] is None:
        issuer, subject, claims = table["issuer"], table["subject"], {Claim.ISSUER: table["issuer"]}
    else:
        issuer, subject, claims = _pipeline(table, ForgeSort(table["kind"]))
        subject = table["subject"] or subject
    said = {
        Claim[name.upper()]: value
        for name, value in (table["claims"] or {}).items()
        if value is not None
    }
    left_out = {Claim[name.upper()] for name in table["without"] or ()}
    found = {**claims, **said}
    kept = sorted((claim, text) for claim, text in found.items() if claim not in left_out)
    return Identity(issuer, subject, tuple((int(claim), text) for claim, text in kept))


def _pipeline(table: _Table, forge: ForgeSort) -> tuple[str, str, dict[Claim, str]]:
    """Issuer, subject and claims of a pipeline."""
    issuer = table["issuer"] or _ISSUERS[forge]
    project, ref = table["project"], table["ref"]
    base = ForgePublisher("", forge, issuer, project).base
    config = f"{_uri(base, forge, table)}@{ref}"
    commit = table["commit"] or hashlib.sha1(ref.encode(), usedforsecurity=False).hexdigest()
    signer, signer_commit = config, commit
    if table["signer"] is not None:
        signer = f"{_uri(base, forge, table['signer'])}@{table['signer']['ref']}"
        signer_commit = table["signer"]["commit"] or commit
        # GitLab's certificates name one file only, wherever it lies.
        config = signer if forge is ForgeSort.GITLAB else config
    # Of every instance of GitLab certificates say gitlab.com here.
    source = GITLAB_TEMPLATE if forge is ForgeSort.GITLAB else base
    owner = project.rpartition("/")[0]
    claims = {
        Claim.ISSUER: issuer,
        Claim.BUILD_SIGNER_URI: signer,
        Claim.BUILD_SIGNER_DIGEST: signer_commit,
        Claim.RUNNER_ENVIRONMENT: table["runner"] or _RUNNERS[forge],
        Claim.SOURCE_REPOSITORY_URI: f"{source}/{project}",
        Claim.SOURCE_REPOSITORY_DIGEST: commit,
        Claim.SOURCE_REPOSITORY_REF: ref,
        Claim.SOURCE_REPOSITORY_ID: table["project_id"] or _number(project),
        Claim.SOURCE_OWNER_URI: f"{source}/{owner}",
        Claim.SOURCE_OWNER_ID: table["owner_id"] or _number(owner),
        Claim.BUILD_CONFIG_URI: config,
        Claim.BUILD_CONFIG_DIGEST: commit,
        Claim.BUILD_TRIGGER: "push",
        Claim.SOURCE_VISIBILITY: "public",
    }
    if table["environment"] is not None:
        claims[Claim.DEPLOYMENT_ENVIRONMENT] = table["environment"]
    return issuer, signer, claims


def _uri(base: str, forge: ForgeSort, table: _Table) -> str:
    if forge is ForgeSort.GITLAB:
        return f"{base}/{table['project']}//{table['config']}"
    return f"{base}/{table['project']}/{workflow_file(table['workflow'])}"


def _number(path: str) -> str:
    """A number that stands for a path, as a forge's id does: always the same, another for each."""
    return str(int(hashlib.sha256(path.encode()).hexdigest(), 16))[:_DIGITS]
