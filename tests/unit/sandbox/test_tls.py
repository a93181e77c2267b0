import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import verification

from sealane.io.adapters import clock
from sealane.sandbox.tls import TlsAuthority

HOSTS = ("upload.example.org", "example.org")


def handshake(authority: TlsAuthority, name: str) -> ssl.SSLObject:
    """A whole handshake in memory."""
    client = ssl.create_default_context(cafile=str(authority.certificate))
    pipes = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client.wrap_bio(pipes[0], pipes[1], server_hostname=name)
    right = authority.context.wrap_bio(pipes[1], pipes[0], server_side=True)
    for _ in range(4):
        for side in (left, right):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert left.version() in ("TLSv1.2", "TLSv1.3")
    return left


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1", "::1"])
def test_every_host_of_the_map_and_loopback_is_vouched_for(tmp_path: Path, name: str) -> None:
    assert handshake(TlsAuthority(tmp_path, HOSTS, clock.now()), name).getpeercert()


@pytest.mark.parametrize("name", ["other.test", "127.0.0.2", "www.example.org"])
def test_no_other_name_is(tmp_path: Path, name: str) -> None:
    authority = TlsAuthority(tmp_path, HOSTS, clock.now())
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(authority, name)


def test_another_authoritys_certificate_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = TlsAuthority(tmp_path, HOSTS, clock.now())
    two = TlsAuthority(tmp_path / "other", HOSTS, clock.now())
    one.context = two.context
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(one, HOSTS[0])


def test_the_authority_can_vouch_for_nothing_else(tmp_path: Path) -> None:
    path = TlsAuthority(tmp_path, HOSTS, clock.now()).certificate
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    permitted = [name.value for name in found.value.permitted_subtrees or ()]
    assert permitted == [
        *HOSTS, "localhost",
        ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128"),
    ]  # fmt: skip
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, 0)


def test_a_strict_verifier_accepts_the_chain(tmp_path: Path) -> None:
    authority = TlsAuthority(tmp_path, HOSTS, clock.now())
    der = handshake(authority, HOSTS[0]).getpeercert(binary_form=True)
    assert der is not None
    leaf = x509.load_der_x509_certificate(der)
    root = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    assert isinstance(leaf.signature_hash_algorithm, hashes.SHA256)
    store = verification.Store([root])
    builder = verification.PolicyBuilder().store(store).time(clock.now())
    assert builder.build_server_verifier(x509.DNSName(HOSTS[0])).verify(leaf, [])


def test_it_lives_a_week_at_most(tmp_path: Path) -> None:
    now = clock.now()
    authority = TlsAuthority(tmp_path, HOSTS, now)
    certificate = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert start <= now < end
    assert end - start <= timedelta(days=7)


def test_no_key_stays_on_the_disk(tmp_path: Path) -> None:
    authority = TlsAuthority(tmp_path, HOSTS, clock.now())
    assert [path.name for path in tmp_path.iterdir()] == ["ca.pem"]
    assert b"PRIVATE" not in authority.certificate.read_bytes()
    authority.destroy()
    assert list(tmp_path.iterdir()) == []
    authority.destroy()
