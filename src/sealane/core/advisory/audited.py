"""What `pip-audit` said of each version it was asked about, and what its silence is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sealane.core.advisory.checks.interface import SeenAudit
from sealane.core.release.audit import Answer


def audits_of(
    service: str,
    asked: Iterable[tuple[str, str]],
    answers: Sequence[Answer],
    ids: Collection[str],
) -> tuple[SeenAudit, ...]:
    """The answers that say something, in the order in which they were asked for.

    1. A version that was skipped, or that no answer is about, has none.
    2. Silence about a version counts only where the same service flagged another one in the same
       breath, be it the canary: one that knows no package, or has no record yet, is as silent.
    3. Fixes are those of this advisory; another one about the same version has its own.

    Args:
        service: "index" or "osv".
        asked: Name, as PEP 503 writes it, and version of each.
        answers: All that it answered, the canary among it.
        ids: Identifiers of the advisory.
    """
    looked = any(one.advisories for one in answers)  # 2
    found = []
    for package, version in asked:
        about = [
            one
            for one in answers
            if (one.package, one.version) == (package, version) and not one.skipped
        ]
        if not about or not looked:  # 1, 2
            continue
        flagged = [advisory for one in about for advisory in one.advisories]
        ours = [one for one in flagged if not set(ids).isdisjoint(one.ids)]  # 3
        named = {name for one in flagged for name in one.ids}
        fixes = {fix for one in ours for fix in one.fixed_in}
        found.append(
            SeenAudit(service, package, version, tuple(sorted(named)), tuple(sorted(fixes)))
        )
    return tuple(found)
