"""What artifacts are judged by: policy and trust root, and the engine that follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from sealane.core.model.verdict import Basis
from sealane.core.policy.engines import ENGINE_HINT, engine_conflicts
from sealane.core.policy.schema import DEFAULT_DEMANDS, EngineName, Policy, Trust
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands, Engine
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.root import parse_root
from sealane.errors import InputError, PolicyError, TrustError
from sealane.io.stores.trust.load import TrustMaterial
from sealane.io.stores.trust.packaged import INSTANCES, packaged_root


@dataclass(frozen=True, slots=True)
class Setup:
    """What is judged by.

    It is handed to other processes as the two values it is made of: each of them makes an engine of
    its own, when it first proves something.

    Attributes:
        policy: What must be true; None where nobody was named to trust.
        trust: The trust root.
        detailed: Whether reports want each claim beside what is demanded of it, and the digests of
            what was proven from.
    """

    policy: Policy | None
    trust: TrustMaterial
    detailed: bool = False
    _made: list[Engine] = field(default_factory=list, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Setup], tuple[object, ...]]:
        """Leave the engine behind: what it remembers is worth less than it weighs."""
        return Setup, (self.policy, self.trust, self.detailed)

    @property
    def engine(self) -> Engine:
        """Proves bundles against the trust root, as the policy demands it.

        Raises:
            TrustError: The root cannot be read.
            MissingExtraError: The policy names an engine that is not installed.
        """
        if not self._made:
            self._made.append(_engine(self))
        return self._made[0]

    @property
    def demands(self) -> Demands:
        """How much proof material has to hold."""
        return DEFAULT_DEMANDS if self.policy is None else self.policy.demands

    @property
    def keys(self) -> tuple[TrustedKey, ...]:
        """Keys whose signatures count, each once."""
        return () if self.policy is None else self.policy.keys

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """OpenPGP certificates whose signatures count, armoured or binary."""
        return () if self.policy is None else self.policy.certificates

    @property
    def based_on(self) -> tuple[Basis, ...]:
        """Policy and trust root with their digests."""
        policy = self.policy
        judge = (
            Basis("policy", "none: nobody was named to trust", "")
            if policy is None
            else Basis("policy", f"{policy.id}, {policy.origin}", policy.sha256)
        )
        return (judge, Basis("trust root", self.trust.name, self.trust.sha256))


def make_setup(policy: Policy | None, trust: TrustMaterial, *, detailed: bool = False) -> Setup:
    """A setup that can be used.

    Args:
        policy: What must be true, its keys loaded; None where nobody was named to trust.
        trust: The trust root.
        detailed: As in `Setup`.

    Raises:
        PolicyError: The policy's engine cannot judge what it asks for, or it demands less of its
            own root and another one is to be judged by.
        TrustError: The root cannot be read.
        MissingExtraError: The policy names an engine that is not installed.
    """
    if policy is not None:
        conflicts = engine_conflicts(policy)
        if conflicts:
            raise PolicyError(f"policy {policy.origin}: {conflicts[0]}", hint=ENGINE_HINT)
        if policy.trust is not None and not trust.sandbox:
            _check_own_root(policy.origin, policy.trust, trust)
    setup = Setup(policy, trust, detailed)
    # Made now, so that whatever is wrong with it is found before anything is judged.
    _ = setup.engine
    return setup


def _engine(setup: Setup) -> Engine:
    name = EngineName.SEALANE if setup.policy is None else setup.policy.engine
    match name:
        case EngineName.SEALANE:
            return _own(setup)
        case EngineName.SIGSTORE:
            return _second(setup)
        case EngineName.BOTH:
            from sealane.core.verify.both import BothEngines

            return BothEngines(_own(setup), _second(setup))
        case _:
            assert_never(name)


def _own(setup: Setup) -> Engine:
    try:
        root = parse_root(setup.trust.root)
    except InputError as error:
        raise TrustError(
            f"trust root {setup.trust.name!r}: {error.message}",
            hint="name a trusted_root.json of a Sigstore instance",
        ) from error
    return SealaneEngine(root, setup.keys, setup.demands)


def _second(setup: Setup) -> Engine:
    from sealane.io.adapters.sigstore_check import SigstoreEngine

    return SigstoreEngine(setup.trust.root)


def _check_own_root(origin: str, named: Trust, trust: TrustMaterial) -> None:
    """Check that whoever demands less demands it of the root that the policy names.

    Raises:
        PolicyError: Another root is judged by, or it is a public instance's under another name.
    """
    if not named.weakened:
        return
    same = trust.name == named.root if named.sha256 is None else trust.sha256 == named.sha256
    public = {one.record.sha256 for one in map(packaged_root, INSTANCES) if one is not None}
    if same and trust.sha256 not in public:
        return
    raise PolicyError(
        f"policy {origin}: trust.{named.name}: it demands less than the public instances give, of "
        f"{named.root!r}; judged by is {trust}",
        hint="judge by a root of your own that the policy names, or leave out what demands less",
    )
