"""What each engine can judge, and so where a policy asks too much of the one it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher, Publisher
from sealane.core.policy.schema import DEFAULT_DEMANDS, EngineName, Policy, Trust
from sealane.core.verify.interface import Demands

ENGINE_HINT = 'write engine = "sealane", or leave engine out'


def engine_conflicts(policy: Policy) -> tuple[str, ...]:
    """What a policy asks for that its engine cannot judge; empty where it judges everything."""
    worlds: list[tuple[Demands, Trust | None]] = [(one.demands, one) for one in policy.trusts]
    worlds = worlds or [(policy.demands, None)]
    found = [
        f"{'.'.join(place)}: {why}"
        for demands, trust in worlds
        for place, why in beyond(policy.engine, demands, policy.publishers, trust)
    ]
    return tuple(dict.fromkeys(found))


def beyond(
    engine: EngineName, demands: Demands, publishers: Sequence[Publisher], trust: Trust | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is asked for that an engine cannot judge: keys of the policy, and why."""
    if engine is EngineName.SEALANE:
        return
    # Also for both: such evidence would pass with one opinion only, or could never pass.
    for one in publishers:
        if isinstance(one, KeyPublisher | OpenPgpPublisher):
            place = ("publisher", one.name)
            yield place, f'engine = "{engine}": the library does not judge signatures by keys'
    if engine is EngineName.SIGSTORE and demands != DEFAULT_DEMANDS:
        why = f'engine = "{engine}": the library knows the usual thresholds only, and no promises'
        yield ("engine",) if trust is None else ("trust", trust.name), why
