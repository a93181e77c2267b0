"""What a policy demands of proof material, and where its parts contradict each other.

Of evidence from the public instances nobody may demand less than they give to everybody: a stolen
login is found out there because every signature is logged. A root of one's own may do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from sealane.core.policy.engines import ENGINE_HINT, beyond
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher, Publisher
from sealane.core.policy.refuser import Place, Refuser
from sealane.core.policy.schema import (
    DEFAULT_DEMANDS,
    NO_ROOT,
    PUBLIC_ROOTS,
    EngineName,
    LogClass,
    Trust,
)
from sealane.core.verify.interface import Demands
from sealane.core.verify.root_file import is_root_name

if TYPE_CHECKING:
    from sealane.core.policy.tables import TrustTable

_ONE = "leave one of them out"
_OWN = 'name a root of your own, or write log = "required"'


def trust_of(
    name: str, table: TrustTable, refuser: Refuser, resolve: Callable[[str], str]
) -> Trust:
    """The trust root that a `[trust.NAME]` names, and what has to hold beside it.

    Args:
        name: Name of the table.
        table: What stands in it.
        refuser: Names file and line.
        resolve: Makes a path in the file, relative to its folder, absolute.

    Raises:
        PolicyError: A root file without its digest, or keys that contradict each other.
    """
    place: Place = ("trust", name)
    # Stores resolve names by the same rule; what is none is a file, beside the policy.
    named = is_root_name(table.root)
    if not named and table.sha256 is None:
        refuser.refuse([refuser.at(place, "a root file needs its sha256")])
    for key, why, hint in _contradictions(table):
        refuser.refuse([refuser.at((*place, key), why)], hint=hint)
    return Trust(
        name=name,
        root=table.root if named else resolve(table.root),
        sha256=table.sha256,
        max_age_days=table.max_age_days,
        log=LogClass(table.log),
        demands=_demands(table),
    )


def check_together(
    trust: Trust | None, engine: EngineName, publishers: Sequence[Publisher], refuser: Refuser
) -> None:
    """Check that trust root, engine and publishers go together.

    Raises:
        PolicyError: Publishers by certificate without a root, or something the engine cannot judge.
    """
    if trust is not None and trust.root == NO_ROOT:
        for one in publishers:
            if not isinstance(one, KeyPublisher | OpenPgpPublisher):
                why = f'no certificate holds with [trust.{trust.name}] root = "{NO_ROOT}"'
                hint = "name a trust root, or publishers of kind key"
                refuser.refuse([refuser.at(("publisher", one.name), why)], hint=hint)
    demands = DEFAULT_DEMANDS if trust is None else trust.demands
    for place, why in beyond(engine, demands, publishers, trust):
        refuser.refuse([refuser.at(place, why)], hint=ENGINE_HINT)


def _demands(table: TrustTable) -> Demands:
    usual = DEFAULT_DEMANDS
    logs = _chosen(table.logs, 0 if LogClass(table.log) is LogClass.NONE else usual.logs)
    return Demands(
        logs=logs,
        key_logs=logs,
        timestamps=_chosen(table.timestamps, usual.timestamps),
        scts=_chosen(table.scts, usual.scts),
        promise_alone=table.promises,
    )


def _chosen(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _contradictions(table: TrustTable) -> Iterator[tuple[str, str, str]]:
    """Key, what is wrong, and what to do, of every contradiction in a table."""
    if table.root == NO_ROOT:
        yield from _of_no_root(table)
    elif table.root in PUBLIC_ROOTS:
        yield from _of_public_root(table)
    if LogClass(table.log) is LogClass.NONE:
        if table.logs:
            yield "logs", f'log = "none" and logs = {table.logs} contradict', _ONE
        if table.promises:
            yield "promises", 'log = "none", and promises are a log\'s', _ONE
    elif table.logs == 0:
        why = f'log = "{table.log}" and logs = 0 contradict'
        yield "logs", why, 'write log = "none" with a root of your own, or leave logs out'


def _of_no_root(table: TrustTable) -> Iterator[tuple[str, str, str]]:
    if LogClass(table.log) is not LogClass.NONE:
        why = f'root = "{NO_ROOT}" knows no log, and log is "{table.log}"'
        yield "log", why, 'write log = "none", or name a root'
    for key in ("sha256", "max_age_days"):
        if getattr(table, key) is not None:
            yield key, f'there is no file where root = "{NO_ROOT}"', f"leave {key} out"
    if table.timestamps:
        why = f'root = "{NO_ROOT}" knows nobody who could sign one'
        yield "timestamps", why, "leave timestamps out, or name a root"


def _of_public_root(table: TrustTable) -> Iterator[tuple[str, str, str]]:
    root = table.root
    if LogClass(table.log) is not LogClass.REQUIRED:
        yield "log", f'expected "required" with the public root {root!r}, got "{table.log}"', _OWN
    if table.scts == 0:
        why = f"expected {DEFAULT_DEMANDS.scts} or more with the public root {root!r}, got 0"
        yield "scts", why, "leave scts out, or name a root of your own"
