"""Holds a policy file against whoever has to have signed it, for every command that reads one."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sealane.core.policy.schema import Policy
    from sealane.io.stores.interface import NamedSandbox


def check_signed_by(
    policy: Policy,
    who: tuple[str, str],
    trust: str | None,
    world: NamedSandbox | None,
    at: datetime,
) -> None:
    """Check that a policy is signed by whom a flag names.

    Args:
        policy: What was read from the file.
        who: The flag, and whom it names, as `--publisher` does.
        trust: What `--trust` says; None for the embedded root.
        world: The sandbox that was named; None outside of rehearsals.
        at: When, aware, UTC.

    Raises:
        PolicyError: It is not signed, or by somebody else.
        UsageError: Nobody is named in a form that is known.
        TrustError: The trust root is missing, unreadable or too old.
    """
    from sealane.appraise.signed_policy import Wanted, check_signed
    from sealane.io.stores.trust.choose import check_ages, choose_roots

    # Without the policy: what it says of trust counts only once its signature does.
    roots = choose_roots(None, trust, world, os.environ)
    check_ages(roots, None, at)
    flag, named = who
    check_signed(Path(policy.origin), policy, Wanted(named, flag), roots[0], at)
