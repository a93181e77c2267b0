"""What a policy demands of proof material, and where its parts contradict each other.

Of evidence from the public instances nobody may demand less than they give to everybody: a stolen
login is found out there because every signature is logged. A root of one's own may do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sealane.core.policy.engines import ENGINE_HINT, beyond
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher, Publisher
from sealane.core.policy.reading import Trouble
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

_ONE = "leave one of them out"
_OWN = 'name a root of your own, or write log = "required"'


def trust_of(name: str, table: Mapping[str, Any], resolve: Callable[[str], str]) -> Trust:
    """The trust root that a `[trust.NAME]` names, and what has to hold beside it.

    Args:
        name: Name of the table.
        table: What stands in it.
        resolve: Makes a path in the file, relative to its folder, absolute.
    """
    root = table["root"]
    return Trust(
        name=name,
        # Stores resolve names by the same rule; what is none is a file, beside the policy.
        root=root if is_root_name(root) else resolve(root),
        sha256=table["sha256"],
        max_age_days=table["max_age_days"],
        log=LogClass(table["log"]),
        demands=_demands(table),
    )


def trust_troubles(name: str, table: Mapping[str, Any]) -> Iterator[Trouble]:
    """A root file without its digest, and keys of a `[trust.NAME]` that contradict each other."""
    if not is_root_name(table["root"]) and table["sha256"] is None:
        hint = "write the digest of the file that you looked at; sha256sum prints it"
        yield Trouble(("trust", name), "a root file needs its sha256", hint)
    for key, why, hint in _contradictions(table):
        yield Trouble(("trust", name, key), why, hint)


def together_troubles(
    trusts: Sequence[Trust], engine: EngineName, publishers: Sequence[Publisher]
) -> Iterator[Trouble]:
    """Where trust roots, engine and publishers do not go together.

    That are publishers by certificate without any root, and what the engine cannot judge.
    """
    if trusts and all(one.root == NO_ROOT for one in trusts):
        for one in publishers:
            if not isinstance(one, KeyPublisher | OpenPgpPublisher):
                why = f'no certificate holds with [trust.{trusts[0].name}] root = "{NO_ROOT}"'
                hint = "name a trust root, or publishers of kind key"
                yield Trouble(("publisher", one.name), why, hint)
    for trust in trusts or (None,):
        demands = DEFAULT_DEMANDS if trust is None else trust.demands
        for place, why in beyond(engine, demands, publishers, trust):
            yield Trouble(place, why, ENGINE_HINT)


def _demands(table: Mapping[str, Any]) -> Demands:
    usual = DEFAULT_DEMANDS
    logs = _chosen(table["logs"], 0 if LogClass(table["log"]) is LogClass.NONE else usual.logs)
    return Demands(
        logs=logs,
        key_logs=logs,
        timestamps=_chosen(table["timestamps"], usual.timestamps),
        scts=_chosen(table["scts"], usual.scts),
        promise_alone=table["promises"],
    )


def _chosen(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _contradictions(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Key, what is wrong, and what to do, of every contradiction in a table."""
    if table["root"] == NO_ROOT:
        yield from _of_no_root(table)
    elif table["root"] in PUBLIC_ROOTS:
        yield from _of_public_root(table)
    if LogClass(table["log"]) is LogClass.NONE:
        if table["logs"]:
            yield "logs", f'log = "none" and logs = {table["logs"]} contradict', _ONE
        if table["promises"]:
            yield "promises", 'log = "none", and promises are a log\'s', _ONE
    elif table["logs"] == 0:
        why = f'log = "{table["log"]}" and logs = 0 contradict'
        yield "logs", why, 'write log = "none" with a root of your own, or leave logs out'


def _of_no_root(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if LogClass(table["log"]) is not LogClass.NONE:
        why = f'root = "{NO_ROOT}" knows no log, and log is "{table["log"]}"'
        yield "log", why, 'write log = "none", or name a root'
    for key in ("sha256", "max_age_days"):
        if table[key] is not None:
            yield key, f'there is no file where root = "{NO_ROOT}"', f"leave {key} out"
    if table["timestamps"]:
        why = f'root = "{NO_ROOT}" knows nobody who could sign one'
        yield "timestamps", why, "leave timestamps out, or name a root"


def _of_public_root(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    root = table["root"]
    if LogClass(table["log"]) is not LogClass.REQUIRED:
        yield (
            "log",
            f'expected "required" with the public root {root!r}, got "{table["log"]}"',
            _OWN,
        )
    if table["scts"] == 0:
        why = f"expected {DEFAULT_DEMANDS.scts} or more with the public root {root!r}, got 0"
        yield "scts", why, "leave scts out, or name a root of your own"
