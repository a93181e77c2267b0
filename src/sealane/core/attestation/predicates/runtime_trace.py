"""What a monitor saw a build do.

Spec: in-toto attestation, spec/predicates/runtime-trace.md, 0.1 and 0.2.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/runtime-trace/v0.1"
PREDICATE_V02 = "https://in-toto.io/attestation/runtime-trace/v0.2"
_LOGS = ("process", "network", "fileAccess")


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace.

    Attributes:
        monitor: URI of the kind of monitor.
        host: URI of where the process ran.
        process_type: URI of what kind of process it was.
        event: Which run it was.
        logs: Which kinds of events were logged; at least one.
    """

    monitor: str
    host: str
    process_type: str
    event: str
    logs: tuple[str, ...]


def parse_trace(predicate: Mapping[str, JsonValue]) -> Trace:
    """Read a trace; the events are left as they are, each monitor writes its own.

    Raises:
        InputError: Nothing was logged, a required member is missing, or one is of another type.
    """
    members = Members(predicate, "runtime trace")
    process, log = members.inner("monitoredProcess"), members.inner("monitorLog")
    logs = tuple(kind for kind in _LOGS if log.has(kind))
    if not logs:
        raise InputError(f"runtime trace: monitorLog: expected one of {', '.join(_LOGS)}")
    for kind in logs:
        log.each(kind)
    return Trace(
        monitor=members.inner("monitor").text("type"),
        host=process.text("hostID"),
        process_type=process.text("type"),
        event=process.text("event"),
        logs=logs,
    )
