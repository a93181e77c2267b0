"""Whom a policy names, in plain words."""

from __future__ import annotations

import re
from typing import assert_never

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
from sealane.core.policy.refs import TAGS

_HEADS = "refs/heads/"
_PLACEHOLDER = re.compile(r"\{(pep440|semver|base)\}")
_WORDS = {
    "pep440": "version",
    "semver": "version, as SemVer",
    "base": "version, without its suffix",
}
_WORKFLOWS = ".github/workflows/"


def describe_publisher(publisher: Publisher, version: str | None = None) -> str:
    """Who a publisher is.

    Args:
        publisher: Whom a requirement names.
        version: Version of the artifact, for the refs; None for any.
    """
    match publisher:
        case ForgePublisher():
            return _forge(publisher, version)
        case CircleCiPublisher():
            return _circleci(publisher, version)
        case EmailPublisher():
            one = " or ".join(publisher.members)
            return f"{one}, logged in at {publisher.issuer}"
        case ExactPublisher():
            return f"{publisher.subject}, logged in at {publisher.issuer}"
        case KeyPublisher():
            return _key(publisher)
        case OpenPgpPublisher():
            return (
                f"an OpenPGP certificate in {publisher.file} (sha256:{publisher.sha256}): "
                f"{', '.join(publisher.fingerprints) or 'none was read'}"
            )
        case _:
            assert_never(publisher)


def _forge(one: ForgePublisher, version: str | None) -> str:
    project = f"{one.base}/{one.project}"
    word = "workflow" if one.forge is ForgeSort.GITHUB else "pipeline"
    file = f"the {word} {one.config.removeprefix(_WORKFLOWS)}" if one.config else f"a {word}"
    said = [f"{file} of {project}", f"running for {_refs(one.refs, version)}"]
    if one.signer is not None:
        refs = _refs(one.signer.refs, version)
        said.append(
            f"through the reusable {word} {one.signer.config.removeprefix(_WORKFLOWS)} of "
            f"{one.base}/{one.signer.project} at {refs}"
        )
    said += [
        f"{what} {text}"
        for what, text in (
            ("in the environment", one.environment),
            ("on a runner of kind", one.runner),
            ("with the project id", one.project_id),
            ("with the owner id", one.owner_id),
        )
        if text is not None
    ]
    return f"{', '.join(said)} (issuer {one.issuer})"


def _circleci(one: CircleCiPublisher, version: str | None) -> str:
    said = [f"the pipeline {one.pipeline_definition_id} of the CircleCI project {one.project_id}"]
    if one.vcs_origin is not None:
        said.append(f"building {one.vcs_origin}")
    if one.vcs_refs:
        said.append(f"running for {_refs(one.vcs_refs, version)}")
    return f"{', '.join(said)} (issuer {one.issuer})"


def _key(one: KeyPublisher) -> str:
    pinned = f" (sha256:{one.sha256})" if one.sha256 else ""
    start = f", from {one.start.isoformat()} on" if one.start else ""
    end = f", until {one.end.isoformat()}" if one.end else ""
    return f"whoever holds the key in {one.file}{pinned}{start}{end}"


def _refs(refs: tuple[str, ...], version: str | None) -> str:
    if not refs:
        return f"the tag that ends in {version or 'its version'}"
    return " or ".join(_ref(one, version) for one in refs)


def _ref(ref: str, version: str | None) -> str:
    kind, name = "", ref
    for prefix, word in ((TAGS, "the tag "), (_HEADS, "the branch ")):
        if ref.startswith(prefix):
            kind, name = word, ref.removeprefix(prefix)
    found = _PLACEHOLDER.search(name)
    if found is None:
        return f"{kind}{name}"
    # Which way of writing a version is one, only the tag decides: 1.0 and 1.0.0 are equal.
    said = _WORDS[found[1]]
    filled = _PLACEHOLDER.sub(lambda one: f"<{_WORDS[one[1]]}>", name)
    return f"{kind}{filled}" if version is None else f"{kind}{filled}, where {said} is {version}"
