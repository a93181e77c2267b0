"""Whether certificate and provenance both name the source repository that is demanded.

The certificate says which project's pipeline ran; what it built stands in the provenance. Either
alone could be another project's, and what says nothing says nothing good.

1. Claim 12 of the certificate is the repository.
2. Every source that a provenance's parameters name is the repository; in-toto's version 0.1
   names it by its number among the materials.
3. So is one of the git repositories among its dependencies, where there are any.
4. One of both is there.

Spec: slsa.dev, provenance v1 and v0.2; build types of GitHub, GitLab and this lane.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sealane.core.attestation.predicates.provenance import Provenance, Resource
from sealane.core.model.identity import Claim
from sealane.core.model.statement import JsonValue
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import (
    GITLAB_TEMPLATE,
    NOTHING,
    Difference,
    claim_name,
    folded,
)
from sealane.core.policy.people import CircleCiPublisher, ForgePublisher, ForgeSort, Publisher

_CODE = "SL-REQ-005"
_GIT = "git+"
_COMMIT = "gitCommit"
_RECIPE = "definedInMaterial"
# Where the parameters of the known build types name a repository.
_PLACES = (
    ("source",),
    ("source", "uri"),
    ("source", "repository"),
    ("repository",),
    ("workflow", "repository"),
    ("configSource", "uri"),
)


def check_source(question: Question) -> Iterator[Difference]:
    """Certificate, and provenance where it is one, name the repository."""
    wanted, publisher = question.requirement.source, question.publisher
    claimed = question.fact.signer.claim(Claim.SOURCE_REPOSITORY_URI)
    if claimed is None or not _certified(claimed, wanted, publisher):  # 1
        place = claim_name(Claim.SOURCE_REPOSITORY_URI)
        yield Difference(_CODE, place, wanted, claimed or NOTHING)
    found = parsed(question.fact)
    if isinstance(found, Provenance):
        yield from _provenance(found, wanted, publisher)


def _provenance(found: Provenance, wanted: str, publisher: Publisher) -> Iterator[Difference]:
    named = [*_parameters(found.external), *_recipe(found)]
    for place, uri in named:  # 2
        if not _same(uri, wanted, publisher):
            yield Difference(_CODE, f"externalParameters: {place}", wanted, uri or NOTHING)
    taken = [one.uri for one in found.dependencies if _is_git(one)]
    if taken and not any(_same(uri, wanted, publisher) for uri in taken):  # 3
        yield Difference(_CODE, "resolvedDependencies", wanted, ", ".join(taken[:3]))
    if not named and not taken:  # 4
        yield Difference(_CODE, "provenance", wanted, "no source")


def _parameters(external: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
    for path in _PLACES:
        value: JsonValue = dict(external)
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            yield ".".join(path), value


def _recipe(found: Provenance) -> Iterator[tuple[str, str]]:
    number, taken = found.external.get(_RECIPE), found.dependencies
    if number is None:
        return
    # `True` would be a number to Python, and a negative one would count from the end.
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(taken):
        yield _RECIPE, taken[number].uri
    else:
        yield _RECIPE, ""


def _is_git(one: Resource) -> bool:
    commit = any(digest.algorithm == _COMMIT for digest in one.digests)
    return bool(one.uri) and (one.uri.startswith(_GIT) or commit)


def _certified(claimed: str, wanted: str, publisher: Publisher) -> bool:
    if _same(claimed, wanted, publisher):
        return True
    if isinstance(publisher, CircleCiPublisher):
        # CircleCI leaves the scheme out.
        return claimed == _repository(wanted).partition("://")[2]
    # Of every instance of GitLab certificates say gitlab.com here; the publisher's own host has
    # been compared with the subject before.
    if not isinstance(publisher, ForgePublisher) or publisher.forge is not ForgeSort.GITLAB:
        return False
    base, repository = f"{publisher.base}/", _repository(wanted)
    path = repository.removeprefix(base)
    return path != repository and claimed == f"{GITLAB_TEMPLATE}/{path}"


def _same(uri: str, wanted: str, publisher: Publisher) -> bool:
    one, other = _repository(uri), _repository(wanted)
    if isinstance(publisher, ForgePublisher):
        return folded(one, publisher.forge) == folded(other, publisher.forge)
    return one == other


def _repository(uri: str) -> str:
    """A repository's URL without the tool's prefix, the ref, and git's suffix."""
    scheme, slashes, rest = uri.removeprefix(_GIT).partition("://")
    # Before the path an `@` ends a user's name; that is no ref, and stays another repository.
    host, slash, path = rest.partition("/")
    path = path.partition("@")[0].removesuffix("/").removesuffix(".git")
    return f"{scheme}{slashes}{host}{slash}{path}"
