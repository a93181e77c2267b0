"""A certificate is of an authority of the trust root, whose own chain is sound."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.core.verify.chain import check_chain_at, issuers_of, read_certificate
from sealane.core.verify.keys import ALWAYS, Window
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import Authority
from sealane.errors import VerificationError
from support.judged import SECOND, WORLD
from support.maker.authority import (
    CODE_SIGNING,
    INTERMEDIATE,
    ROOT,
    TIME_STAMPING,
    Shape,
    certificate,
    make_authority,
)
from support.maker.authority import Authority as Made
from support.maker.keys import ec_named
from support.maker.leaf import LeafShape
from support.maker.world import World

AT = WORLD.at
LEAF = WORLD.leaf()
WEAK = Shape(pathlen=0, purposes=CODE_SIGNING, hash=hashes.SHA224())


def issued(certificate: x509.Certificate, authorities: list[Authority]) -> tuple[Authority, ...]:
    return issuers_of(certificate, certificate.public_bytes(Encoding.DER), authorities)


def entry(made: Made, window: Window = ALWAYS) -> Authority:
    return Authority("ca", tuple(one.public_bytes(Encoding.DER) for one in made.chain), window)


def refused(authorities: list[Authority], leaf: bytes = LEAF.der) -> tuple[str, str]:
    with pytest.raises(VerificationError) as raised:
        issued(read_certificate(leaf), authorities)
    return raised.value.code, raised.value.message


def test_the_authority_that_issued_it_is_found_among_others() -> None:
    mine, other = entry(WORLD.authority()), entry(World("other").authority())
    assert issued(LEAF.certificate, [other, mine]) == (mine,)


def test_an_authority_of_several_windows_is_found_with_each() -> None:
    found = [entry(WORLD.authority(), Window(None, AT)), entry(WORLD.authority(), Window(AT))]
    assert issued(LEAF.certificate, found) == tuple(found)


def test_an_authority_of_the_same_name_by_another_key_is_another() -> None:
    made = World("other").authority()
    key = ec_named("impostor", "p384")
    named_alike = certificate(
        "acme intermediate", key, "acme root", made.key, WORLD.born, shape=INTERMEDIATE
    )
    impostor = entry(Made(key, (named_alike, made.chain[1])))
    assert refused([impostor])[0] == Reason.CERTIFICATE_UNTRUSTED
    signed = WORLD.leaf(authority=Made(key, (named_alike,)))
    assert refused([entry(WORLD.authority())], signed.der)[0] == Reason.CERTIFICATE_UNTRUSTED


def test_the_root_does_not_vouch_for_what_its_intermediate_issued() -> None:
    """A root entry lists the certificate that issues first; a path is never looked for."""
    upside_down = Made(WORLD.authority().key, WORLD.authority().chain[::-1])
    assert refused([entry(upside_down)])[0] == Reason.CERTIFICATE_UNTRUSTED


def test_without_an_authority_nothing_is_trusted() -> None:
    assert refused([])[0] == Reason.CERTIFICATE_UNTRUSTED


def test_a_certificate_in_the_trust_root_that_cannot_be_read_issues_nothing() -> None:
    assert refused([Authority("ca", (b"garbage",), ALWAYS)])[0] == Reason.CERTIFICATE_UNTRUSTED


@pytest.mark.parametrize("algorithm", [hashes.SHA224(), hashes.SHA3_256()])
def test_a_leaf_over_another_hash_is_refused(
    algorithm: hashes.SHA224 | hashes.SHA3_256,
) -> None:
    leaf = WORLD.leaf(shape=LeafShape(hash=algorithm), cts=())
    assert refused([entry(WORLD.authority())], leaf.der)[0] == Reason.CERTIFICATE_PROFILE


@pytest.mark.parametrize(
    ("intermediate", "root"),
    [
        pytest.param(Shape(ca=False), ROOT, id="intermediate-is-none"),
        pytest.param(Shape(ca=None), ROOT, id="intermediate-does-not-say"),
        pytest.param(Shape(issues=None), ROOT, id="intermediate-without-usage"),
        pytest.param(Shape(purposes=TIME_STAMPING), ROOT, id="intermediate-for-times"),
        pytest.param(INTERMEDIATE, Shape(pathlen=0), id="root-allows-none-below"),
        pytest.param(INTERMEDIATE, Shape(ca=None), id="root-does-not-say"),
        pytest.param(INTERMEDIATE, Shape(issues=False), id="root-for-signing"),
        pytest.param(INTERMEDIATE, Shape(purposes=TIME_STAMPING), id="root-for-times"),
        pytest.param(WEAK, ROOT, id="intermediate-over-a-weak-hash"),
        pytest.param(INTERMEDIATE, WEAK, id="root-over-a-weak-hash"),
    ],
)
def test_an_authority_whose_chain_is_not_sound_is_refused(intermediate: Shape, root: Shape) -> None:
    made = make_authority("acme", WORLD.born, intermediate, root)
    leaf = WORLD.leaf(authority=made)
    assert refused([entry(made)], leaf.der)[0] == Reason.CERTIFICATE_PROFILE


def test_a_chain_that_hangs_together_by_names_only_is_refused() -> None:
    mine, other = WORLD.authority(), World("other").authority()
    for chain in ((mine.issuing, other.chain[1]), (mine.issuing, mine.issuing, mine.chain[1])):
        made = Made(mine.key, chain)
        assert refused([entry(made)])[0] == Reason.CERTIFICATE_PROFILE


def test_a_chain_with_a_certificate_that_cannot_be_read_is_refused() -> None:
    sound = entry(WORLD.authority())
    broken = Authority("ca", (sound.chain[0], b"garbage"), ALWAYS)
    code, message = refused([broken])
    assert (code, "cannot be read" in message) == (Reason.CERTIFICATE_PROFILE, True)


def test_an_authority_whose_key_is_not_supported_is_refused() -> None:
    key = ec_named("odd", "k256")
    shape = Shape(pathlen=None, hash=hashes.SHA256())
    own = certificate("odd", key, "odd", key, WORLD.born, shape=shape)
    made = Made(key, (own,))
    leaf = WORLD.leaf(authority=made, shape=LeafShape(hash=hashes.SHA256()))
    assert refused([entry(made)], leaf.der)[0] == Reason.CERTIFICATE_PROFILE


def test_an_intermediate_may_be_where_trust_begins() -> None:
    alone = Made(WORLD.authority().key, WORLD.authority().chain[:1])
    assert issued(LEAF.certificate, [entry(alone)]) == (entry(alone),)


def test_a_root_that_signs_itself_really_did() -> None:
    """The last certificate needs no issuer; one that names itself as such has to have signed."""
    key, other = ec_named("own", "p384"), ec_named("another", "p384")
    shape = Shape(pathlen=None)
    forged = certificate("own", key, "own", other, WORLD.born, shape=shape)
    true = certificate("own", key, "own", key, WORLD.born, shape=shape)
    for top, sound in ((true, True), (forged, False)):
        made = Made(key, (top,))
        leaf = WORLD.leaf(authority=made)
        if sound:
            assert issued(leaf.certificate, [entry(made)]) == (entry(made),)
        else:
            assert refused([entry(made)], leaf.der)[0] == Reason.CERTIFICATE_PROFILE


def _with_issuer(name: bytes) -> bytes:
    """The leaf with other bytes where its issuer stands, of the same length."""
    issuer = LEAF.certificate.issuer.public_bytes()
    assert len(name) == len(issuer)
    return LEAF.der.replace(issuer, name)


ISSUER = LEAF.certificate.issuer.public_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"garbage", id="garbage"),
        pytest.param(LEAF.der[:-1], id="cut-short"),
        pytest.param(LEAF.der + b"\0", id="too-long"),
        pytest.param(
            LEAF.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05", 1), id="version"
        ),
        pytest.param(_with_issuer(ISSUER[:-1] + b"\xff"), id="issuer-not-utf-8"),
        pytest.param(_with_issuer(b"\x02" + ISSUER[1:]), id="issuer-no-sequence"),
        pytest.param(_with_issuer(ISSUER.replace(b"\x0c", b"\x3f")), id="issuer-of-odd-text"),
    ],
)
def test_a_certificate_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(VerificationError) as raised:
        read_certificate(content)
    assert raised.value.code == Reason.CERTIFICATE_UNREADABLE


def test_every_time_is_in_the_life_of_leaf_and_authority() -> None:
    found = [entry(WORLD.authority(), Window(AT - SECOND, AT + SECOND))]
    check_chain_at(LEAF.certificate, found, [AT, AT - SECOND, AT + SECOND])
    for moments, reason in (
        ([AT, AT + 2 * SECOND], Reason.AUTHORITY_OUTSIDE_WINDOW),
        ([AT - 2 * SECOND], Reason.AUTHORITY_OUTSIDE_WINDOW),
        ([AT, AT + timedelta(hours=1)], Reason.TIME_OUTSIDE_CERTIFICATE),
    ):
        with pytest.raises(VerificationError) as raised:
            check_chain_at(LEAF.certificate, found, moments)
        assert raised.value.code == reason


def test_one_window_has_to_hold_every_time() -> None:
    halves = [entry(WORLD.authority(), Window(None, AT)), entry(WORLD.authority(), Window(AT))]
    check_chain_at(LEAF.certificate, halves, [AT - SECOND, AT])
    with pytest.raises(VerificationError) as raised:
        check_chain_at(LEAF.certificate, halves, [AT - SECOND, AT + SECOND])
    assert raised.value.code == Reason.AUTHORITY_OUTSIDE_WINDOW
