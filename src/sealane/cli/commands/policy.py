"""`sealane policy`: check a policy, and let one count in its directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.core.policy.schema import POLICY_FILE

if TYPE_CHECKING:
    from sealane.core.policy.schema import Policy


@click.group()
def policy() -> None:
    """Allow and check policies."""


@policy.command()
@click.argument("path", default=POLICY_FILE, metavar="[PATH]")
def allow(path: str) -> None:
    """Let a policy count when `sealane verify` runs in its directory.

    Its path and digest are stored; once the file changes it has to be allowed again.
    """
    from sealane.io.stores.policies.load import allow_policy

    _show("allowed", allow_policy(Path(path), os.environ))


@policy.command()
@click.argument("path", metavar="PATH")
def check(path: str) -> None:
    """Say whether a policy can be used, and what it requires."""
    from sealane.io.adapters.clock import now
    from sealane.io.stores.policies.load import load_policy

    found = load_policy(Path(path))
    found.check_current(now())
    _show("ok", found)


def _show(word: str, found: Policy) -> None:
    from sealane.core.model.shown import shown

    click.echo(f"{word}: {shown(found.id)}, {shown(found.origin)}")
    click.echo(f"  sha256: {found.sha256}")
    click.echo(f"  expires: {found.expires.isoformat() if found.expires else 'never'}")
    for rule in found.rules:
        click.echo(f"  {shown(' or '.join(rule.match))}")
        for one in rule.requirements:
            names = " or ".join(publisher.name for publisher in one.by)
            click.echo(f"    {' or '.join(one.predicates)} by {names}")
