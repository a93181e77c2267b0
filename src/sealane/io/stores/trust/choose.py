"""Which trust roots a run judges by: its policy's, the one a flag names, or a sandbox's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sealane.core.model.values import replace
from sealane.core.policy.schema import Policy
from sealane.errors import UsageError
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust.load import (
    TrustMaterial,
    check_trust_age,
    load_trust,
    root_on_command_line,
)


def choose_roots(
    policy: Policy | None,
    flag: str | None,
    world: NamedSandbox | None,
    environment: Mapping[str, str],
) -> tuple[TrustMaterial, ...]:
    """The roots to judge by: the policy's, if it names any; the flag may name no other.

    In a rehearsal it is the named sandbox's, or the flag's; everything is stamped then.

    Args:
        policy: What must be true; None where nobody was named to trust.
        flag: What `--trust` says; None where it is not given.
        world: The sandbox that was named; None outside of rehearsals.
        environment: Where the user's state directory is named.

    Returns:
        One for each root that the policy names, in its order; else a single one.

    Raises:
        UsageError: The flag names a root although the policy names several.
        TrustError: A root is missing, unreadable, or has another digest.
    """
    named = None if flag is None else root_on_command_line(flag, environment)
    if world is not None or policy is None or not policy.trusts:
        return (load_trust(named, sandbox=world),)
    pinned = [load_trust(one.root, sandbox=None, sha256=one.sha256) for one in policy.trusts]
    if named is None:
        return tuple(pinned)
    if len(pinned) > 1:
        raise UsageError(
            f"--trust {flag!r}: the policy names {len(pinned)} trust roots",
            hint="leave --trust out: a policy says which root each requirement is proven with",
        )
    same = load_trust(named, sandbox=None, sha256=pinned[0].sha256)
    # The same bytes have the same age, wherever they are read.
    return (replace(same, obtained_at=pinned[0].obtained_at),)


def check_ages(
    roots: tuple[TrustMaterial, ...], policy: Policy | None, at: datetime
) -> tuple[str, ...]:
    """What is to be said about the roots' ages.

    Args:
        roots: As `choose_roots` returned them.
        policy: What must be true; it may want younger roots than holds without one.
        at: When, aware, UTC.

    Raises:
        TrustError: One is too old.
    """
    trusts = () if policy is None else policy.trusts
    limits = [one.max_age_days for one in trusts] or [None]
    if len(limits) != len(roots):
        # A sandbox's single root stands for all of them, and has no age.
        limits = [None] * len(roots)
    said = (check_trust_age(root, at, limit) for root, limit in zip(roots, limits, strict=True))
    return tuple(dict.fromkeys(one for one in said if one))
