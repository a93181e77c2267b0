"""Where a requirement demands what its kind of statement cannot show, or contradicts itself.

What could never hold is found when the policy is written, not when a release is refused by it; what
would be asked of nothing would look like a check, and be none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sealane.core.attestation.predicates.registry import SIGNATURE
from sealane.core.policy.needs import Requirement
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
from sealane.core.policy.reading import Place, Trouble

# From this level on somebody has to have signed whom the project's own pipeline cannot change.
_HARDENED = 3
_PROVENANCE = ("slsa-provenance",)
_SUMMARIES = ("vsa", "svr")
_SIGNER_HINT = "pin a reusable workflow of another project in its signer, or demand level 2"
# Attribute of a requirement, and the predicates that have what it asks for.
_ABOUT = (
    ("complete", ("release", "release-manifest")),
    ("sbom", ("sbom-spdx", "sbom-cyclonedx")),
    ("scan", ("vulns",)),
    ("tests", ("test-result",)),
    ("builder", _PROVENANCE),
    ("level", (*_PROVENANCE, *_SUMMARIES)),
    ("verifier", _SUMMARIES),
    ("resource", ("vsa",)),
    ("properties", _SUMMARIES),
)


def requirement_troubles(requirement: Requirement, place: Place) -> Iterator[Trouble]:
    """Everything in which a requirement contradicts itself."""
    yield from _of_predicates(requirement, place)
    yield from _of_summaries(requirement, place)
    yield from _of_level(requirement, place)
    yield from _of_publishers(requirement, place)


def _of_predicates(requirement: Requirement, place: Place) -> Iterator[Trouble]:
    for key, about in _ABOUT:
        others = [name for name in requirement.predicates if name not in about]
        if getattr(requirement, key) and others:
            why = f"{key}: it is asked of {' or '.join(about)}, and not of {others[0]!r}"
            yield Trouble(
                place, why, f"write predicate = one of {', '.join(about)}, or leave {key} out"
            )
    if requirement.when and SIGNATURE in requirement.predicates:
        hint = "name the kind of statement that it is about"
        yield Trouble(place, "when: a signature makes no statement that could be asked", hint)


def _of_summaries(requirement: Requirement, place: Place) -> Iterator[Trouble]:
    asked = [name for name in requirement.predicates if name in _SUMMARIES]
    if asked and not requirement.verifier:
        why = f"verifier: required for {asked[0]!r}, and missing"
        yield Trouble(place, why, "name the verifier whose summary counts; anybody can write one")
    if "svr" in asked and not (requirement.level or requirement.properties):
        why = "properties: required for 'svr', and missing"
        yield Trouble(place, why, "name what the summary has to list; an empty one would do")


def _of_level(requirement: Requirement, place: Place) -> Iterator[Trouble]:
    if requirement.level < _HARDENED:
        return
    if not any(name in _PROVENANCE for name in requirement.predicates):
        return
    for one in requirement.by:
        if not _is_hardened(one):
            why = f"level: {requirement.level} needs a signer, and [publisher.{one.name}] has none"
            yield Trouble(place, why, _SIGNER_HINT)


def _is_hardened(publisher: Publisher) -> bool:
    """Whether somebody signs whom the project itself cannot change; `level.py` says why."""
    if not isinstance(publisher, ForgePublisher) or publisher.signer is None:
        return False
    own = publisher.signer.project.lower() == publisher.project.lower()
    return publisher.forge is ForgeSort.GITHUB and not own


def _of_publishers(requirement: Requirement, place: Place) -> Iterator[Trouble]:
    for name in requirement.predicates:
        if name != SIGNATURE and any(isinstance(one, OpenPgpPublisher) for one in requirement.by):
            why = f"an OpenPGP signature makes no statement, and none of {name!r}"
            yield Trouble(place, why, f'write predicate = "{SIGNATURE}" for it')
    names = [_names(one) for one in requirement.by]
    if None not in names:
        most = len(set().union(*(one or () for one in names)))
        if requirement.threshold > most:
            why = f"threshold: there are {most} who can sign, and {requirement.threshold} have to"
            yield Trouble(place, why, "name more members or publishers in by, or demand fewer")


def _names(publisher: Publisher) -> set[tuple[str, str]] | None:
    """Everybody who can sign as a publisher, as `principals.py` tells them apart.

    Returns:
        Issuer and name of each; None where only a file tells how many there are.
    """
    match publisher:
        case EmailPublisher():
            return {(publisher.issuer.lower(), one.lower()) for one in publisher.members}
        case ForgePublisher():
            # A pipeline stays one signer, whatever it signs from.
            file = f"{publisher.base}/{publisher.project}/{publisher.config}"
            return {(publisher.issuer.lower(), file.lower())}
        case CircleCiPublisher() | ExactPublisher():
            return {(publisher.issuer.lower(), publisher.subject.lower())}
        case KeyPublisher():
            return {("", publisher.sha256 or publisher.file)}
        case OpenPgpPublisher():
            return None
        case _:
            assert_never(publisher)
