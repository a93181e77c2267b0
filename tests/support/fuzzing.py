"""Random changes to good bundles, and what may become of them: nothing that passes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from sealane.core.verify.interface import Engine, Proven
from support.alter import Mutation, Place, places, random_mutation
from support.deviations import THEIRS, deviation_of
from support.good import Good, made, real
from support.opinions import Opinion, Pair, opinion

Json = dict[str, Any]


@dataclass(frozen=True)
class Start:
    """A good bundle, and everything that is needed to change and to judge it many times.

    Attributes:
        good: The bundle.
        own: Our engine.
        second: The other one.
        places: Where the bundle can be changed.
        proven: What it proves before it is changed.
    """

    good: Good
    own: Engine
    second: Engine
    places: list[Place]
    proven: Proven

    def wrong(self, change: Mutation, *, twice: bool) -> str:
        """Why what the engines say of a changed bundle is wrong; "" where it is not.

        1. A change of the meaning is refused.
        2. Any other one may be accepted, and proves what the bundle proved before.
        3. The other engine does the same; where it reads something laxer, that is in the table of
           deviations, and it proves nothing new.

        Args:
            change: The changed bundle.
            twice: Whether the other engine is asked.
        """
        ours = opinion(self.own, change.content, self.good.artifact)
        if ours.proven is not None:
            if not change.same:  # 1
                return "sealane accepts it"
            if not self._is_the_same(ours.proven):  # 2
                return f"sealane proves something else: {ours.proven}"
        return self._wrong_there(change, ours) if twice else ""

    def _wrong_there(self, change: Mutation, ours: Opinion) -> str:
        theirs = opinion(self.second, change.content, self.good.artifact)
        if theirs.proven is None:
            return ""
        if not self._is_the_same(theirs.proven):
            return f"sigstore proves something else: {theirs.proven}"
        found = deviation_of(Pair(change.content, ours, theirs))  # 3
        laxer = found is not None and found.accepts == THEIRS
        return "" if change.same or laxer else "sigstore accepts it"

    def _is_the_same(self, found: Proven) -> bool:
        before = self.proven
        kept = ("certificate", "payload_type", "payload", "signer")
        alike = all(getattr(found, name) == getattr(before, name) for name in kept)
        return alike and found.log_index in self._indexes()

    def _indexes(self) -> set[int | None]:
        """The positions of the bundle's entries: with a promise, and without it, in each log."""
        entries = self.good.document["verificationMaterial"].get("tlogEntries", [])
        proofs = [one["inclusionProof"] for one in entries if one.get("inclusionProof")]
        return {int(one.get("logIndex") or 0) for one in (*entries, *proofs)}


@cache
def starts() -> tuple[Start, ...]:
    """Good bundles of every form, and those of the pack where it is to be had."""
    return tuple(map(_start, (*made(), *real())))


def changes(rng: Random) -> Iterator[tuple[Start, Mutation]]:
    """Changes to good bundles without an end; the same ones for the same bundles and seed."""
    found = starts()
    documents = [one.good.document for one in found]
    while True:
        start = rng.choice(found)
        yield start, random_mutation(start.good.document, rng, documents, start.places)


def _start(good: Good) -> Start:
    own = good.own
    return Start(
        good, own, good.second, places(good.document), own.prove(good.content, good.artifact)
    )


def described(start: Start, change: Mutation, why: str) -> str:
    """What went wrong, with all that is needed to see it again: keys are new in every process."""
    return json.dumps(
        {
            "bundle": start.good.name,
            "change": str(change),
            "wrong": why,
            "content": change.content.decode(errors="replace"),
            "artifact": [str(one) for one in start.good.artifact.digests],
            "root": json.loads(start.good.root),
        }
    )
