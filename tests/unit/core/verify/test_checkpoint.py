"""A checkpoint is read in its one form, and counts when the log itself signed it."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.core.verify.checkpoint import check_signed, parse_checkpoint
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason
from sealane.errors import InputError, VerificationError
from sealane.sandbox.pki import spki
from support.judged import WORLD

ROOT = bytes(range(32))
LOG = WORLD.log("v1")
KEY = TrustedKey("the log", spki(LOG.key.public_key()))
NOTE = LOG.checkpoint(7, ROOT)
DASH = "\N{EM DASH}"


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


SIGNED = f"{DASH} log {encoded(b'hintsignature')}"


def note(*lines: str, signatures: str = SIGNED) -> str:
    return "\n".join(lines) + f"\n\n{signatures}\n"


@pytest.mark.parametrize("which", ["v1", "v2"])
def test_a_checkpoint_is_read_and_holds(which: str) -> None:
    log = WORLD.log(which)
    found = parse_checkpoint(log.checkpoint(7, ROOT))
    assert (found.origin, found.size, found.root) == (log.origin, 7, ROOT)
    check_signed(found, log.log_id, TrustedKey("", spki(log.key.public_key())))


def test_further_lines_are_signed_as_well() -> None:
    found = parse_checkpoint(note("origin", "1", encoded(ROOT), "Timestamp: 7"))
    assert found.text == f"origin\n1\n{encoded(ROOT)}\nTimestamp: 7\n".encode()
    assert found.signatures == (("log", b"hint", b"signature"),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("origin\n1\n" + encoded(ROOT) + "\n", id="no-signature"),
        pytest.param(note("origin", "1"), id="two-lines"),
        pytest.param(note("", "1", encoded(ROOT)), id="no-origin"),
        pytest.param(note("origin", "01", encoded(ROOT)), id="leading-zero"),
        pytest.param(note("origin", "-1", encoded(ROOT)), id="negative"),
        pytest.param(note("origin", "1_0", encoded(ROOT)), id="underscore"),
        pytest.param(note("origin", "\u0661", encoded(ROOT)), id="arabic-digit"),
        pytest.param(note("origin", "1" * 20, encoded(ROOT)), id="too-large"),
        pytest.param(note("origin", "", encoded(ROOT)), id="no-size"),
        pytest.param(note("origin", "1", encoded(ROOT[:31])), id="31-bytes"),
        pytest.param(note("origin", "1", encoded(ROOT + b"x")), id="33-bytes"),
        pytest.param(note("origin", "1", encoded(ROOT)[:-1]), id="no-padding"),
        pytest.param(note("origin", "1", encoded(ROOT) + "\r"), id="carriage-return"),
        pytest.param(note("origin", "1", encoded(ROOT)).replace("\n", "\r\n"), id="crlf"),
        pytest.param(note("origin", "1", encoded(ROOT), signatures="\n" + SIGNED), id="blank"),
        pytest.param(note("origin", "1", encoded(ROOT), signatures=SIGNED + "\n"), id="blank-end"),
        pytest.param(note("origin", "1", encoded(ROOT))[:-1], id="no-line-feed"),
        pytest.param(note("origin", "1", encoded(ROOT), signatures="- log aGludHg="), id="hyphen"),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures=f"{DASH} a b aGludHg="),
            id="blank-in-name",
        ),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures=f"{DASH} a+b aGludHg="), id="plus-in-name"
        ),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures=f"{DASH} log aGlu"), id="short-signature"
        ),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures=f"{DASH} log aGludA=="), id="hint-alone"
        ),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures=f"{DASH} log aGlu=dHg"), id="not-base64"
        ),
        pytest.param(
            note("origin", "1", encoded(ROOT), signatures="\n".join([SIGNED] * 33)), id="33-signed"
        ),
        pytest.param(note("\ud800", "1", encoded(ROOT)), id="half-a-surrogate-pair"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="checkpoint"):
        parse_checkpoint(text)


def refused(text: str, log_id: bytes = LOG.log_id, key: TrustedKey = KEY) -> str:
    with pytest.raises(VerificationError) as raised:
        check_signed(parse_checkpoint(text), log_id, key)
    return raised.value.code


def test_a_checkpoint_that_the_log_did_not_sign_is_refused() -> None:
    other = WORLD.log("v2")
    changed = NOTE.replace("\n7\n", "\n8\n")
    wrong_key = TrustedKey("", spki(other.key.public_key()))
    for text, log_id, key in (
        (changed, LOG.log_id, KEY),
        (NOTE, other.log_id, KEY),
        (NOTE, LOG.log_id, wrong_key),
        (other.checkpoint(7, ROOT), LOG.log_id, KEY),
        (NOTE, LOG.log_id, TrustedKey("", b"no key")),
    ):
        assert refused(text, log_id, key) == Reason.CHECKPOINT_INVALID


def test_an_origin_that_only_starts_like_the_name_is_another() -> None:
    assert refused(NOTE.replace(f"{LOG.name} - ", f"{LOG.name}")) == Reason.CHECKPOINT_INVALID
    assert refused(NOTE.replace(f"{DASH} {LOG.name}", f"{DASH} log1")) == Reason.CHECKPOINT_INVALID


def test_the_first_line_of_the_logs_own_name_has_to_hold() -> None:
    """A second one that holds does not make up for it: nobody signs twice by mistake."""
    text, _, signatures = NOTE.partition("\n\n")
    broken = encoded(LOG.log_id[:4] + b"broken")
    both = f"{text}\n\n{DASH} {LOG.name} {broken}\n{signatures}"
    assert refused(both) == Reason.CHECKPOINT_INVALID


@given(st.text(max_size=200) | st.lists(st.text(max_size=30), max_size=8).map("\n".join))
@example("\ud800\n1\n" + encoded(ROOT) + "\n\n" + SIGNED + "\n")
def test_nothing_else_is_raised(text: str) -> None:
    try:
        found = parse_checkpoint(text)
    except InputError:
        return
    assert len(found.root) == 32


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_no_character_of_a_checkpoint_can_be_changed(place: int, other: str) -> None:
    changed = NOTE[:place] + other + NOTE[place + 1 :]
    if changed == NOTE:
        return
    with pytest.raises((InputError, VerificationError)):
        check_signed(parse_checkpoint(changed), LOG.log_id, KEY)
