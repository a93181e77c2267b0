"""Parts of a certificate, held against what the library says they are."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.core.verify.der import public_key_of, signature_parts
from sealane.core.verify.keys import spki_of
from support.judged import WORLD
from support.maker.world import World


@pytest.mark.parametrize("number", range(8))
def test_the_key_of_a_certificate_is_the_one_the_library_reads(number: int) -> None:
    authority = World(f"world {number}").authority()
    for certificate in (WORLD.leaf().certificate, authority.issuing):
        der = certificate.public_bytes(Encoding.DER)
        assert public_key_of(der) == spki_of(certificate.public_key())


def test_what_is_signed_is_what_the_library_says() -> None:
    certificate: x509.Certificate = WORLD.leaf().certificate
    signed, inside, outside, unused = signature_parts(certificate.public_bytes(Encoding.DER))
    assert signed == certificate.tbs_certificate_bytes
    assert inside == outside
    assert unused == 0
