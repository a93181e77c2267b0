"""Reads a file of pins: strict, with line, key and reason of everything that is wrong with it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from packaging.version import Version

from sealane.core.policy.pins import EvidencePin, LogKind, Pin, PinExemption, Pins, Signer
from sealane.core.policy.pins_tables import SHAPES
from sealane.core.policy.reading import Place, Reader, Trouble
from sealane.core.policy.refs import check_template
from sealane.core.policy.refuser import Refuser
from sealane.errors import InputError, PolicyError

_HINT = "correct it, or take it from version control again; then run: sealane pins show"
_Values = Mapping[str, Any]


def parse_pins(content: bytes, origin: str) -> Pins:
    """Read the bytes of a file of pins.

    1. The bytes are UTF-8, and TOML.
    2. Every table has the keys of its description and no others, and every value its type.
    3. Versions and refs are in the form they are compared in, and nothing is there twice.

    Args:
        content: The file.
        origin: Its path, for errors and the report.

    Raises:
        InputError: One of these does not hold.
    """
    text, values = _parse_toml(content, origin)  # 1
    refuser, reader = Refuser(origin, text, what="pins"), Reader(SHAPES)
    document = reader.table(values, "pins")
    _refuse_any(refuser, reader.troubles)  # 2
    tables = document["package"] or ()
    _refuse_any(refuser, _troubles(tables))  # 3
    packages = tuple(_package(one) for one in sorted(tables, key=lambda one: str(one["purl"])))
    return Pins(packages, origin, hashlib.sha256(content).hexdigest())


def _parse_toml(content: bytes, origin: str) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = f"pins {origin}: not UTF-8 at byte {error.start}"
        raise InputError(message, hint="save the file as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"pins {origin}: {error}", hint="correct the TOML syntax") from error


def _refuse_any(refuser: Refuser, troubles: Sequence[Trouble]) -> None:
    refuser.refuse_any(replace(one, hint=one.hint or _HINT) for one in troubles)


def _troubles(tables: Sequence[_Values]) -> list[Trouble]:
    """What the description of the tables cannot say."""
    found: list[Trouble] = []
    purls: set[str] = set()
    for number, table in enumerate(tables):
        place: Place = ("package", number)
        if table["purl"] in purls:
            found.append(Trouble((*place, "purl"), f"{table['purl']} is pinned twice"))
        purls.add(table["purl"])
        found += _version_trouble(table["since"], (*place, "since"))
        for key in ("signer", "evidence"):
            listed = table[key] or ()
            twice = [one for index, one in enumerate(listed) if one in listed[:index]]
            if twice:
                found.append(Trouble((*place, key), "the same is there twice"))
        for index, signer in enumerate(table["signer"]):
            for ref in signer["refs"] or ():
                found += _ref_trouble(ref, (*place, "signer", index, "refs"))
        for key, name in (("evidence", "since"), ("exempt", "version")):
            for index, one in enumerate(table[key] or ()):
                found += _version_trouble(one[name], (*place, key, index, name))
    return found


def _version_trouble(text: str | None, place: Place) -> list[Trouble]:
    if text is None:
        return []
    try:
        normal = str(Version(text))
    except ValueError:  # InvalidVersion, and what int() says of thousands of digits
        return [Trouble(place, f"{text[:60]!r} is not a version of PEP 440")]
    if normal == text:
        return []
    return [Trouble(place, f"expected the normal form {normal}, got {text[:60]!r}")]


def _ref_trouble(text: str, place: Place) -> list[Trouble]:
    try:
        check_template(text)
    except PolicyError as error:
        return [Trouble(place, error.message, error.hint)]
    return []


def _package(table: _Values) -> Pin:
    evidence = [
        EvidencePin(one["kind"], one["since"], LogKind(one["log"]))
        for one in table["evidence"] or ()
    ]
    return Pin(
        purl=table["purl"],
        signers=tuple(_signer(one) for one in table["signer"]),
        evidence=tuple(sorted(evidence, key=lambda one: one.order)),
        since=table["since"] or "",
        exemptions=tuple(
            PinExemption(one["code"], one["reason"], one["expires"], one["version"] or "")
            for one in table["exempt"] or ()
        ),
    )


def _signer(table: _Values) -> Signer:
    texts = (
        "issuer", "subject", "project", "project_id", "owner_id", "config", "workflow",
        "environment", "runner",
    )  # fmt: skip
    return Signer(
        **{name: table[name] or "" for name in texts},
        refs=table["refs"] or (),
        signs=tuple(sorted(table["signs"])),
        until=table["until"],
    )
