"""Lines of evidence: others are passed over and counted, and none at all proves nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.jsonl import MOST_LINES, Lines, parse_lines
from sealane.core.attestation.mentions import bundles_in, envelopes_in, mentioned, passed_over
from sealane.core.attestation.sniff import sniff
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError
from support.forms import bundle, envelope

ONE, TWO = json.dumps(bundle("a" * 64)).encode(), json.dumps(bundle("b" * 64)).encode()
PLAIN = json.dumps(envelope("c" * 64)).encode()
LINES = EvidenceForm.BUNDLE_LINES


def evidence(content: bytes) -> Evidence:
    return Evidence(LINES, content, "f.jsonl")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n \t\n"])
def test_lines_are_sorted_by_what_they_are(end: bytes) -> None:
    content = end.join([ONE, b"# comment", PLAIN, b'{"other": 1}', TWO, b"[1]", b'{"a":1,"a":1}'])
    assert parse_lines(content) == Lines((ONE, TWO), (PLAIN,), 4)
    assert bundles_in(evidence(content)) == ((ONE, ""), (TWO, ""))
    assert envelopes_in(evidence(content)) == (PLAIN,)
    assert passed_over(evidence(content)) == ("f.jsonl: 4 of its lines are no evidence",)
    assert mentioned(evidence(content)) == {Digest("sha256", one * 64) for one in "abc"}


def test_the_order_of_lines_does_not_matter() -> None:
    there, back = evidence(ONE + b"\n" + TWO), evidence(TWO + b"\n" + ONE)
    assert set(bundles_in(there)) == set(bundles_in(back))
    assert passed_over(there) == ()


@pytest.mark.parametrize("content", [b"", b" ", b"\n \r\n\t\n", b"nothing\n", b"{}", b"{}\n{}"])
def test_a_file_without_a_usable_line_proves_nothing(content: bytes) -> None:
    assert sniff(content, "f.whl.intoto.jsonl") is LINES
    assert (bundles_in(evidence(content)), envelopes_in(evidence(content))) == ((), ())
    assert mentioned(evidence(content)) == frozenset()


def test_a_broken_bundle_does_not_hide_what_the_others_are_about() -> None:
    broken = json.dumps(bundle("a" * 64) | {"dsseEnvelope": {"payload": "%"}}).encode()
    assert mentioned(evidence(broken + b"\n" + TWO)) == {Digest("sha256", "b" * 64)}


def test_a_thousand_lines_are_read_and_not_one_more() -> None:
    assert parse_lines(b"x\n\n" * MOST_LINES).ignored == MOST_LINES
    with pytest.raises(InputError, match="more than 1000 lines"):
        parse_lines(b"x\n" * (MOST_LINES + 1))
    assert mentioned(evidence(b"x\n" * (MOST_LINES + 1))) == frozenset()


@given(st.lists(st.sampled_from([ONE, TWO, PLAIN, b"", b"{", b"{}", b"\xff"]), max_size=12))
def test_every_line_is_counted_once(lines: list[bytes]) -> None:
    found = parse_lines(b"\n".join(lines))
    total = len(found.bundles) + len(found.envelopes) + found.ignored
    assert total == sum(1 for line in lines if line)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    parse_lines(content)
