"""The trust roots that are judged by, each with an engine of its own; they are never merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sealane.core.model.values import dataclass
from sealane.core.policy.schema import DEFAULT_DEMANDS, EngineName, Policy, Trust
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands, Engine
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.root import parse_root
from sealane.errors import InputError, TrustError
from sealane.io.stores.trust.load import TrustMaterial


@dataclass(frozen=True, slots=True)
class Root:
    """A trust root with the engine that proves by it.

    Attributes:
        names: What the policy calls it; empty where it names none.
        trust: Its name and digest, for the report.
        engine: Proves bundles against it, as the policy demands it of this root.
    """

    names: tuple[str, ...]
    trust: str
    engine: Engine


def make_roots(policy: Policy | None, materials: tuple[TrustMaterial, ...]) -> Iterator[Root]:
    """Every trust root with its engine, in the policy's order.

    Args:
        policy: What must be true; None where nobody was named to trust.
        materials: One for each root that the policy names, or a single one.

    Raises:
        TrustError: A root cannot be read.
        MissingExtraError: The policy names an engine that is not installed.
    """
    if policy is None:
        yield _root((), materials[0], EngineName.SEALANE, (), DEFAULT_DEMANDS)
    elif len(policy.trusts) < 2 or materials[0].sandbox:
        # In a rehearsal the sandbox's root stands for every one that the policy names.
        names = tuple(one.name for one in policy.trusts)
        yield _root(names, materials[0], policy.engine, policy.keys, policy.demands)
    else:
        for named, material in pairs(policy, materials):
            yield _root((named.name,), material, policy.engine, policy.keys, named.demands)


def pairs(
    policy: Policy, materials: tuple[TrustMaterial, ...]
) -> tuple[tuple[Trust, TrustMaterial], ...]:
    """What a policy says of each trust root it names, and the root."""
    return tuple(zip(policy.trusts, materials, strict=True)) if policy.trusts else ()


def _root(
    names: tuple[str, ...],
    material: TrustMaterial,
    engine: EngineName,
    keys: tuple[TrustedKey, ...],
    demands: Demands,
) -> Root:
    return Root(names, str(material), _engine(material, engine, keys, demands))


def _engine(
    material: TrustMaterial, name: EngineName, keys: tuple[TrustedKey, ...], demands: Demands
) -> Engine:
    match name:
        case EngineName.SEALANE:
            return _own(material, keys, demands)
        case EngineName.SIGSTORE:
            return _second(material)
        case EngineName.BOTH:
            from sealane.core.verify.both import BothEngines

            return BothEngines(_own(material, keys, demands), _second(material))
        case _:
            assert_never(name)


def _own(material: TrustMaterial, keys: tuple[TrustedKey, ...], demands: Demands) -> Engine:
    try:
        root = parse_root(material.root)
    except InputError as error:
        raise TrustError(
            f"trust root {material.name!r}: {error.message}",
            hint="name a trusted_root.json of a Sigstore instance",
        ) from error
    return SealaneEngine(root, keys, demands)


def _second(material: TrustMaterial) -> Engine:
    from sealane.io.adapters.sigstore_check import SigstoreEngine

    return SigstoreEngine(material.root)
