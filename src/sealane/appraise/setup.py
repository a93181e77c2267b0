"""What artifacts are judged by: policy and trust root, and the engine that follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sealane.appraise.roots import Root, make_roots, pairs
from sealane.core.model.artifact import Artifact
from sealane.core.model.verdict import Basis
from sealane.core.policy.engines import ENGINE_HINT, engine_conflicts
from sealane.core.policy.schema import DEFAULT_DEMANDS, Policy, Trust
from sealane.core.verify.interface import Demands, Proven
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason
from sealane.errors import PolicyError, VerificationError
from sealane.io.stores.trust.load import TrustMaterial
from sealane.io.stores.trust.packaged import INSTANCES, packaged_root

if TYPE_CHECKING:
    from sealane.core.policy.agreement import NamedAdvisory
    from sealane.core.policy.pins import Pins


@dataclass(frozen=True, slots=True)
class Setup:
    """What is judged by.

    It is handed to other processes as the two values it is made of: each of them makes an engine of
    its own, when it first proves something.

    Attributes:
        policy: What must be true; None where nobody was named to trust.
        trust: The trust root; of several that the policy names the first.
        detailed: Whether reports want each claim beside what is demanded of it, and the digests of
            what was proven from.
        more: The other trust roots that the policy names, in its order.
        pins: What is pinned of publishers; None where no file of pins was named.
        advisories: What artifacts have to agree with; () where no advisory was named.
    """

    policy: Policy | None
    trust: TrustMaterial
    detailed: bool = False
    more: tuple[TrustMaterial, ...] = ()
    pins: Pins | None = None
    advisories: tuple[NamedAdvisory, ...] = ()
    _made: list[Root] = field(default_factory=list, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Setup], tuple[object, ...]]:
        """Leave the engine behind: what it remembers is worth less than it weighs."""
        return Setup, (
            self.policy, self.trust, self.detailed, self.more, self.pins, self.advisories
        )  # fmt: skip

    @property
    def roots(self) -> tuple[Root, ...]:
        """Every trust root with its engine, in the policy's order; at least one.

        Raises:
            TrustError: A root cannot be read.
            MissingExtraError: The policy names an engine that is not installed.
        """
        if not self._made:
            self._made.extend(make_roots(self.policy, (self.trust, *self.more)))
        return tuple(self._made)

    @property
    def root_names(self) -> tuple[str, ...]:
        """What the policy calls its trust roots."""
        return () if self.policy is None else tuple(one.name for one in self.policy.trusts)

    def prove(self, bundle: bytes, artifact: Artifact) -> tuple[Proven, Root]:
        """What a bundle proves, and by which root: the first by which it holds.

        Args:
            bundle: A Sigstore bundle, JSON.
            artifact: What it may be about.

        Raises:
            VerificationError: It holds by none of them; the reason is that of the first root which
                knows whoever issued its certificate, or else of the first.
        """
        refused: list[VerificationError] = []
        for root in self.roots:
            try:
                return root.engine.prove(bundle, artifact), root
            except VerificationError as error:
                refused.append(error)
        known = [error for error in refused if error.code not in _OF_ANOTHER_WORLD]
        raise (known or refused)[0]

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
            else Basis("policy", f"{policy.id}, {policy.origin}", policy.sha256, policy.id)
        )
        roots = (self.trust, *self.more)
        pins = () if self.pins is None else (Basis("pins", self.pins.origin, self.pins.sha256),)
        told = (
            Basis("advisory", f"{one.record.id}, {one.origin}", one.sha256)
            for one in self.advisories
        )
        return (judge, *(Basis("trust root", one.name, one.sha256) for one in roots), *pins, *told)


# Nobody whom a root knows issued the certificate, keeps the log or stamps the time: what is found
# of any bundle by the root of another world, and tells nothing about it.
_OF_ANOTHER_WORLD = frozenset(
    {
        Reason.CERTIFICATE_UNTRUSTED.value,
        Reason.LOG_UNKNOWN.value,
        Reason.TIMESTAMP_INVALID.value,
        Reason.KEY_UNKNOWN.value,
    }
)


def make_setup(
    policy: Policy | None,
    trust: TrustMaterial,
    *more: TrustMaterial,
    detailed: bool = False,
    pins: Pins | None = None,
    advisories: tuple[NamedAdvisory, ...] = (),
) -> Setup:
    """A setup that can be used.

    Args:
        policy: What must be true, its keys loaded; None where nobody was named to trust.
        trust: The trust root; of several that the policy names the first.
        more: The others, in the policy's order; none in a rehearsal.
        detailed: As in `Setup`.
        pins: As in `Setup`.
        advisories: As in `Setup`.

    Raises:
        PolicyError: The policy's engine cannot judge what it asks for, or it demands less of its
            own root and another one is to be judged by.
        TrustError: A root cannot be read.
        MissingExtraError: The policy names an engine that is not installed.
    """
    if policy is not None:
        conflicts = engine_conflicts(policy)
        if conflicts:
            raise PolicyError(f"policy {policy.origin}: {conflicts[0]}", hint=ENGINE_HINT)
        if not trust.sandbox:
            for named, material in pairs(policy, (trust, *more)):
                _check_own_root(policy.origin, named, material)
    setup = Setup(policy, trust, detailed, more, pins, advisories)
    # Made now, so that whatever is wrong with them is found before anything is judged.
    _ = setup.roots
    return setup


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
