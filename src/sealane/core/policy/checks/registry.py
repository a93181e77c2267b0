"""Which checks a requirement asks for; each is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.policy.checks.interface import Check
from sealane.core.policy.needs import Requirement

SUMMARIES = ("vsa", "svr")


def checks_of(requirement: Requirement, kind: str, roots: int) -> Iterator[Check]:
    """Everything that has to hold of a fact beside its type and its signer.

    Args:
        requirement: What the policy demands.
        kind: Short name of what the fact states.
        roots: How many trust roots the policy names; of several, one has to be asked for.
    """
    if requirement.trust or roots > 1:
        from sealane.core.policy.checks import trust

        yield trust.check_trust
    if requirement.not_before is not None or requirement.max_age_days is not None:
        from sealane.core.policy.checks import time

        yield time.check_time
    if requirement.source:
        from sealane.core.policy.checks import source

        yield source.check_source
    if requirement.builder:
        from sealane.core.policy.checks import builder

        yield builder.check_builder
    if kind in SUMMARIES:
        from sealane.core.policy.checks import summary

        yield summary.check_summaries
    elif requirement.level:
        from sealane.core.policy.checks import level

        yield level.check_level
    yield from _contents(requirement)


def _contents(requirement: Requirement) -> Iterator[Check]:
    if requirement.sbom is not None:
        from sealane.core.policy.checks import sbom

        yield sbom.check_sbom
    if requirement.scan is not None:
        from sealane.core.policy.checks import scan

        yield scan.check_scan
    if requirement.tests is not None:
        from sealane.core.policy.checks import tests

        yield tests.check_tests
    if requirement.when:
        from sealane.core.policy.checks import expression

        yield expression.check_expression
    if requirement.complete:
        from sealane.core.policy.checks import complete

        yield complete.check_complete
