import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymacaroons import Macaroon as Judge  # type: ignore[import-untyped]  # ships no types
from pymacaroons import Verifier
from pymacaroons.exceptions import (  # type: ignore[import-untyped]  # ships no types
    MacaroonInvalidSignatureException,
)

from sealane.errors import InputError
from sealane.sandbox.macaroon import Macaroon, mint, parse_macaroon, render_macaroon

KEY = b"k" * 32
CAVEATS = (b'[4,"publisher",null]', b"[0,900,0]")


def minted() -> Macaroon:
    return mint(KEY, b"index", b"an-identifier", *CAVEATS)


def judged(text: str, key: bytes = KEY) -> bool:
    verifier = Verifier()
    verifier.satisfy_general(lambda predicate: True)
    return bool(verifier.verify(Judge.deserialize(text), key))


def test_another_implementation_accepts_a_token_of_ours() -> None:
    text = render_macaroon(minted())
    assert judged(text)
    with pytest.raises(MacaroonInvalidSignatureException):
        judged(text, b"j" * 32)


def test_another_implementation_makes_the_same_token() -> None:
    judge = Judge(location="index", identifier=b"an-identifier", key=KEY, version=2)
    for caveat in CAVEATS:
        judge.add_first_party_caveat(caveat.decode())
    assert judge.serialize() == render_macaroon(minted())


def test_a_token_narrowed_by_another_implementation_still_holds_here() -> None:
    judge = Judge.deserialize(render_macaroon(minted()))
    judge.add_first_party_caveat('[1,["p"]]')
    narrowed = parse_macaroon(judge.serialize())
    assert narrowed == minted().narrowed(b'[1,["p"]]')
    assert narrowed.signed_by(KEY)
    assert not narrowed.signed_by(b"j" * 32)


def test_a_dropped_caveat_breaks_the_chain() -> None:
    whole = minted()
    cut = Macaroon(whole.location, whole.identifier, whole.caveats[:1], whole.signature)
    assert whole.signed_by(KEY)
    assert not cut.signed_by(KEY)


@pytest.mark.parametrize("position", range(len(render_macaroon(minted()))))
def test_a_token_with_one_character_changed_is_refused(position: int) -> None:
    text = render_macaroon(minted())
    changed = text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]
    try:
        token = parse_macaroon(changed)
    except InputError:
        return
    # The location is a hint that is not signed; the index compares the digest of the whole text.
    assert not token.signed_by(KEY) or token.location != b"index"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("AQ", id="version-1"),
        pytest.param("é", id="not-ascii"),
        pytest.param("A" * 9000, id="too-long"),
        pytest.param(render_macaroon(minted())[:-4], id="cut-short"),
        pytest.param(render_macaroon(minted()) + "AAAA", id="bytes-after-the-signature"),
        pytest.param(render_macaroon(minted()) + "=", id="padded"),
        pytest.param(" " + render_macaroon(minted()), id="second-spelling"),
    ],
)
def test_what_is_not_one_token_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_macaroon(text)


@given(st.binary(max_size=40), st.binary(max_size=40), st.lists(st.binary(min_size=1, max_size=40)))
def test_parsing_gives_back_what_was_rendered(
    location: bytes, identifier: bytes, caveats: list[bytes]
) -> None:
    token = mint(KEY, location, identifier, *caveats[:32])
    assert parse_macaroon(render_macaroon(token)) == token


@given(st.binary(max_size=200))
def test_the_parser_raises_nothing_but_input_errors(data: bytes) -> None:
    import base64

    for content in (data, b"\x02" + data):
        try:
            parse_macaroon(base64.urlsafe_b64encode(content).rstrip(b"=").decode())
        except InputError:
            continue


@given(st.text(max_size=100))
def test_the_parser_takes_any_text(text: str) -> None:
    try:
        parse_macaroon(text)
    except InputError:
        return
