"""Of the keys that are trusted, the one that signed is found, and judged by its window."""

import json
from datetime import datetime, timedelta

import pytest

from sealane.core.attestation.bundle import Bundle, parse_bundle
from sealane.core.verify.keys import Window
from sealane.core.verify.managed import check_key_at, signing_key
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from support.judged import FILE, SECOND, WORLD, Json, trusted
from support.maker.keys import key_named

KEY, OTHER = key_named("release"), key_named("another release")
AT = WORLD.at


def parsed(bundle: Json) -> Bundle:
    return parse_bundle(json.dumps(bundle).encode())


BUNDLE = parsed(WORLD.bundle(managed=KEY))


def test_the_key_that_signed_is_found_in_any_order() -> None:
    right, wrong = trusted(KEY), trusted(OTHER)
    for keys in ([right], [wrong, right], [right, wrong]):
        assert signing_key(BUNDLE, keys, [AT], FILE) is right


@pytest.mark.parametrize(("hint", "said"), [("", "a key"), ("mine", "calls itself 'mine'")])
def test_without_a_trusted_key_none_is_taken_from_the_bundle(hint: str, said: str) -> None:
    bundle = parsed(WORLD.bundle(managed=KEY, hint=hint))
    with pytest.raises(VerificationError) as raised:
        signing_key(bundle, [], [AT], FILE)
    assert raised.value.code == Reason.KEY_UNKNOWN
    assert said in raised.value.actual


def test_a_key_that_did_not_sign_is_refused() -> None:
    with pytest.raises(VerificationError) as raised:
        signing_key(BUNDLE, [trusted(OTHER)], [AT], FILE)
    assert raised.value.code == Reason.SIGNATURE_INVALID


@pytest.mark.parametrize(
    ("window", "moments", "holds"),
    [
        (Window(), [], True),
        (Window(AT), [], True),
        (Window(None, AT), [], False),
        (Window(None, AT), [AT], True),
        (Window(None, AT), [AT, AT + SECOND], False),
        (Window(AT), [AT - SECOND], False),
        (Window(AT - timedelta(days=1), AT + timedelta(days=1)), [AT], True),
    ],
)
def test_a_key_was_valid_at_every_time(
    window: Window, moments: list[datetime], *, holds: bool
) -> None:

    if holds:
        check_key_at(trusted(KEY, window), moments)
        return
    with pytest.raises(VerificationError) as raised:
        check_key_at(trusted(KEY, window), moments)
    assert raised.value.code == Reason.KEY_OUTSIDE_WINDOW
