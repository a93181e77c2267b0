"""Looks at the world as far as it was asked to: everything that comes back is untrusted.

A failure to ask is not an answer. What could not be seen stays unseen, with a note that says why,
and no check passes on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import assert_never

from sealane.core.model.values import replace
from sealane.desk import looks
from sealane.desk.ask import About, Ask, Kind, Means, Observed
from sealane.errors import NetworkError

_Look = Callable[[Observed, About, Ask, Means], Observed]

# The index comes first: it tells which versions a service can be asked about.
_LOOKS: Mapping[Kind, _Look] = MappingProxyType(
    {
        Kind.INDEX: looks.look_at_index,
        Kind.REFERENCES: looks.look_at_references,
        Kind.FIXES: looks.look_at_fixes,
        Kind.TREE: looks.look_at_tree,
        Kind.CVE: looks.look_at_cve,
        Kind.OSV: looks.look_at_osv,
        Kind.AUDITS: looks.look_at_audits,
        Kind.ANNOUNCEMENT: looks.look_at_announcement,
        Kind.LOGS: looks.look_at_logs,
    }
)


def observe(
    about: About, ask: Ask, means: Means, *, kinds: Collection[Kind], before: Observed
) -> Observed:
    """What the world shows now.

    Args:
        about: What is looked for.
        ask: What may be asked, and where.
        means: With what.
        kinds: What to look at; what is not asked for is not looked at either way.
        before: What is known already: saved listings, and what an earlier look saw. Of the kinds
            that are looked at nothing of it is kept, for an old answer is none about now.

    Raises:
        UsageError: Something is asked for that cannot be asked; a program of it is not installed.
        InputError: A local file, folder or repository that was named cannot be read.
        TrustError: The trust root that was named cannot be read.
    """
    now = before
    for kind, look in _LOOKS.items():
        if kind not in kinds or kind not in ask.kinds:
            continue
        now = _forgotten(now, kind)
        try:
            now = look(now, about, ask, means)
        except NetworkError as error:
            now = now.noting(kind, error.message)
    return now


def _forgotten(observed: Observed, kind: Kind) -> Observed:
    """What was seen, without one thing."""
    without = replace(
        observed,
        notes=tuple(one for one in observed.notes if one[0] is not kind),
        based_on=tuple(one for one in observed.based_on if one[0] is not kind),
    )
    seen = without.seen
    match kind:
        case Kind.INDEX:
            return replace(without, listings=())
        case Kind.REFERENCES:
            seen = replace(seen, references=None)
        case Kind.FIXES:
            seen = replace(seen, fixes=None)
        case Kind.TREE:
            seen = replace(seen, tree=None)
        case Kind.CVE:
            seen = replace(seen, cve=None, asked_cve=False)
        case Kind.OSV:
            seen = replace(seen, osv=None)
        case Kind.AUDITS:
            seen = replace(seen, audits=None)
        case Kind.ANNOUNCEMENT:
            seen = replace(seen, announcement=None)
        case Kind.LOGS:
            seen = replace(seen, logged=None)
        case _:
            assert_never(kind)
    return replace(without, seen=seen)
