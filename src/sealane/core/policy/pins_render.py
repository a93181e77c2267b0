"""Writes pins as TOML, in one way: the same pins are the same bytes.

Spec: TOML v1.0.0, "String" and "Offset Date-Time".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sealane.core.model.moment import rfc3339
from sealane.core.policy.pins import PINS_SCHEMA, Pin, PinExemption, Pins, Signer

_HEAD = (
    "# Whose evidence is accepted of which package. `sealane pins update` writes it, and keeps no",
    "# comments: an exemption has its reason, and version control tells why a line was changed.",
)
_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def render_pins(pins: Pins) -> bytes:
    """A file of pins, UTF-8: packages sorted, one key a line, nothing that says nothing."""
    lines = [*_HEAD, f"schema = {_text(PINS_SCHEMA)}"]
    for pin in pins.packages:
        lines += ["", *_package(pin)]
    return ("\n".join(lines) + "\n").encode()


def _package(pin: Pin) -> Iterator[str]:
    yield "[[package]]"
    yield from _pairs((("purl", pin.purl), ("since", pin.since)))
    for signer in pin.signers:
        yield from ("", "[[package.signer]]", *_signer(signer))
    for one in pin.evidence:
        yield from ("", "[[package.evidence]]")
        yield from _pairs((("kind", one.kind), ("since", one.since), ("log", one.log)))
    for exemption in pin.exemptions:
        yield from ("", "[[package.exempt]]", *_exemption(exemption))


def _signer(signer: Signer) -> Iterator[str]:
    yield from _pairs(
        (
            ("issuer", signer.issuer), ("subject", signer.subject), ("project", signer.project),
            ("project_id", signer.project_id), ("owner_id", signer.owner_id),
            ("config", signer.config), ("workflow", signer.workflow),
        )
    )  # fmt: skip
    if signer.refs:
        yield f"refs = [{', '.join(map(_text, signer.refs))}]"
    yield from _pairs((("environment", signer.environment), ("runner", signer.runner)))
    yield f"signs = [{', '.join(map(_text, signer.signs))}]"
    if signer.until is not None:
        yield f"until = {rfc3339(signer.until)}"


def _exemption(exemption: PinExemption) -> Iterator[str]:
    named = (
        ("code", exemption.code),
        ("version", exemption.version),
        ("reason", exemption.reason),
    )
    yield from _pairs(named)
    yield f"expires = {rfc3339(exemption.expires)}"


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"{key} = {_text(value)}" for key, value in pairs if value)


def _text(value: str) -> str:
    """A basic string; what is not printable ASCII is escaped, so that nothing in it is hidden."""
    return f'"{"".join(map(_character, value))}"'


def _character(one: str) -> str:
    if " " <= one <= "~":
        return _ESCAPES.get(one, one)
    return f"\\u{ord(one):04X}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08X}"
