"""Which publisher a verified identity token stands for, judged by its claims alone.

What the index checks, and what it is known not to check, is the same for every publisher of one
kind; nothing here asks for a protected ref or a hosted runner, because no index does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sealane.sandbox.publishers import GITHUB, Publisher

Claims: TypeAlias = Mapping[str, object]

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "gitlab": ("sub", "project_path", "ci_config_ref_uri", "jti", "ref_path", "sha"),
    "github": (
        "sub",
        "repository",
        "repository_owner",
        "repository_owner_id",
        "job_workflow_ref",
        "jti",
        "event_name",
        "ref",
        "sha",
    ),
}


class InvalidPublisherError(Exception):
    """No publisher stands behind these claims; the text is the index's reason."""


def find_publisher(claims: Claims, kind: str, candidates: Sequence[Publisher]) -> Publisher:
    """The publisher of a token.

    1. All claims its kind needs are there.
    2. Look up by repository, file and environment; a publisher that names the environment wins
       over one that takes any.
    3. Check each claim against the publisher.

    Args:
        claims: Verified claims.
        kind: "gitlab" or "github".
        candidates: Publishers of the token's issuer.

    Raises:
        InvalidPublisherError: There is none.
    """
    for name in _REQUIRED[kind]:  # 1
        if name not in claims:
            raise InvalidPublisherError(f"Missing claim '{name}'")
    find = _lookup_github if kind == GITHUB else _lookup_gitlab
    found = find(claims, candidates)  # 2
    environment = _text(claims, "environment")
    environment = environment.lower() if kind == GITHUB else environment
    chosen = [one for one in found if one.environment and one.environment == environment]
    chosen = chosen or [one for one in found if not one.environment]
    if not chosen:
        raise InvalidPublisherError("Publisher with matching claims was not found")
    check = _check_github if kind == GITHUB else _check_gitlab
    check(claims, chosen[0])  # 3
    return chosen[0]


def _lookup_gitlab(claims: Claims, candidates: Sequence[Publisher]) -> list[Publisher]:
    match = re.search(r"//([^@]+\.(?:yml|yaml))@", _text(claims, "ci_config_ref_uri"))
    if match is None and _text(claims, "ci_config_ref_uri"):
        raise InvalidPublisherError("Could not extract workflow filename from OIDC claims")
    file = match[1] if match else ""
    path = _text(claims, "project_path").lower()
    return [
        one for one in candidates
        if one.repository.lower() == path and (not file or one.workflow == file)
    ]  # fmt: skip


def _check_gitlab(claims: Claims, publisher: Publisher) -> None:
    subject = _text(claims, "sub").split(":")[:2]
    _require(subject == ["project_path", publisher.repository], "sub")
    _require(_text(claims, "project_path") == publisher.repository, "project_path")
    host = publisher.issuer.removeprefix("https://")
    _check_config(
        claims,
        "ci_config_ref_uri",
        f"{host}/{publisher.repository}//{publisher.workflow}",
        ("ref_path", "sha"),
    )


def _lookup_github(claims: Claims, candidates: Sequence[Publisher]) -> list[Publisher]:
    # The file's own name, also where the repository before it has one that looks like it.
    reference = _text(claims, "job_workflow_ref")
    match = re.search(r"([^/]+\.(?:yml|yaml))(?=@)", reference)
    if match is None and reference:
        raise InvalidPublisherError("Could not job extract workflow filename from OIDC claims")
    owner_id = _text(claims, "repository_owner_id")
    return [
        one for one in candidates
        if one.repository == _text(claims, "repository")
        and one.repository.split("/")[0] == _text(claims, "repository_owner")
        and one.owner_id == owner_id
        and (match is None or one.workflow == match[1])
    ]  # fmt: skip


def _check_github(claims: Claims, publisher: Publisher) -> None:
    _require(bool(_text(claims, "sub")), "sub")
    if _text(claims, "event_name") == "pull_request_target":
        raise InvalidPublisherError(
            "Publishing from a workflow invoked via 'pull_request_target' is not supported."
        )
    _require(bool(_text(claims, "event_name")), "event_name")
    _check_config(
        claims,
        "job_workflow_ref",
        f"{publisher.repository}/.github/workflows/{publisher.workflow}",
        ("ref", "sha"),
    )


def _check_config(claims: Claims, name: str, prefix: str, refs: tuple[str, str]) -> None:
    """The pipeline's file must be the publisher's, at the ref or the commit of this very run."""
    actual = _text(claims, name)
    if not actual:
        raise InvalidPublisherError(f"The {name} claim is empty")
    suffixes = [_text(claims, ref) for ref in refs if _text(claims, ref)]
    if not suffixes:
        raise InvalidPublisherError(f"The {refs[0]} and {refs[1]} claims are empty")
    expected = [f"{prefix}@{suffix}" for suffix in suffixes]
    if actual not in expected:
        raise InvalidPublisherError(
            f"The {name} claim does not match, expecting one of {expected!r}, got {actual!r}"
        )


def _require(held: bool, name: str) -> None:
    if not held:
        raise InvalidPublisherError(f"Check failed for required claim '{name}'")


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
