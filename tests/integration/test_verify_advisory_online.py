"""`sealane verify --advisory ID` asks the OSV service that was named, and nobody else."""

import json
from pathlib import Path

import pytest

from sealane.core.advisory.record_render import render_record
from sealane.core.model.values import replace
from support.attacks import Shell
from support.evidence import PUBLISHER, WHEEL, Signer
from support.records import entry_of, record_of

FIXED, AFFECTED, OTHER = "PYSEC-2026-71", "PYSEC-2026-72", "PYSEC-2026-73"


@pytest.fixture
def known(shell: Shell, signer: Signer) -> Shell:
    """The sandbox's OSV service knows three advisories; one of them only by its alias."""
    entries = {
        FIXED: (entry_of("hello-lane", "0 <1.2.3", ("1.2.2",)), "CVE-2026-10071"),
        AFFECTED: (entry_of("hello-lane", "0 <1.2.4", ("1.2.3",)), "CVE-2026-10072"),
        OTHER: (entry_of("other", "0 <1.2.4", ("1.2.3",)), "CVE-2026-10073"),
    }
    for identifier, (entry, alias) in entries.items():
        record = replace(record_of(entry, aliases=(alias,)), id=identifier)
        signer.running.add_advisory(json.loads(render_record(record)))
    return shell


@pytest.mark.parametrize(
    ("identifier", "code", "said"),
    [
        (FIXED, 0, "SL-AGR-001 agrees"),
        (AFFECTED, 1, "SL-AGR-005 still-affected"),
        (OTHER, 1, "SL-AGR-004 advisory-unrelated"),
        ("PYSEC-2026-74", 5, "knows none of that identifier"),
    ],
)
def test_the_record_of_an_identifier_is_asked_for(
    known: Shell, signer: Signer, dist: Path, *, identifier: str, code: int, said: str
) -> None:
    file = signer.attested(dist)
    named = ["--publisher", PUBLISHER, "--advisory", identifier, "--online=osv"]
    ended, output = known.verify(file, *named)
    assert said in output
    assert ended == code
    if code < 5:
        assert "asked: 127.0.0.1" in output


def test_nobody_is_asked_who_was_not_named(known: Shell, signer: Signer, dist: Path) -> None:
    file = signer.attested(dist)
    ended, output = known.verify(file, "--publisher", PUBLISHER, "--advisory", FIXED)
    assert ended == 2
    assert "--online=osv" in output


def test_a_service_that_is_down_is_no_answer(known: Shell, signer: Signer, dist: Path) -> None:
    file = signer.attested(dist)
    signer.running.set_fault("osv", "down")
    try:
        named = ["--publisher", PUBLISHER, "--advisory", FIXED, "--online=osv"]
        ended, output = known.verify(file, *named)
    finally:
        signer.running.set_fault("osv", "")
    assert ended == 6
    assert WHEEL not in output
