"""Detached OpenPGP signatures: by a certificate that is named, over these bytes, or not at all."""

import hashlib
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pysequoia import ArmorKind, Profile, armor

from sealane.core.model.identity import Identity
from sealane.errors import InputError, MissingExtraError, TrustError, VerificationError
from sealane.io.adapters import openpgp
from sealane.io.adapters.clock import now
from sealane.io.adapters.openpgp import ISSUER, OpenPgpChecker
from support.pgp import FAR, dearmoured, gpg, holder

CONTENT = b"an artifact"
ANN, BOB = holder(), holder("Bob <bob@example.org>")
SIGNED = ANN.sign(CONTENT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f.whl"
    path.write_bytes(CONTENT)
    return path


def checker(at: datetime | None = None) -> OpenPgpChecker:
    return OpenPgpChecker(at or now())


def refused(file: Path, signature: bytes, *certificates: bytes, match: str = "") -> str:
    with pytest.raises(VerificationError, match=match or None) as caught:
        checker().prove_signature(signature, file, certificates)
    return caught.value.code


@pytest.mark.parametrize("armoured", [True, False])
@pytest.mark.parametrize("profile", [Profile.RFC4880, Profile.RFC9580])
def test_a_signature_by_a_named_certificate_holds(
    file: Path, profile: Profile, *, armoured: bool
) -> None:
    signer = holder(profile=profile)
    signature = signer.sign(CONTENT, armor=armoured)
    proven = checker().prove_signature(signature, file, [BOB.certificate, signer.certificate])
    assert proven.signer == Identity(ISSUER, signer.fingerprint)
    assert (proven.payload, proven.payload_type, proven.certificate) == (None, None, "")


def test_the_time_in_a_signature_is_no_proof(file: Path) -> None:
    proven = checker().prove_signature(SIGNED, file, [ANN.certificate])
    assert proven.signed_at is None
    assert "that is not proven" in proven.notes[0]


def test_several_certificates_may_be_in_one_file(file: Path) -> None:
    both = BOB.certificate + ANN.certificate
    assert checker().prove_signature(SIGNED, file, [both]).signer.subject == ANN.fingerprint
    armoured = armor(ANN.certificate, ArmorKind.PublicKey).encode()
    assert checker().prove_signature(SIGNED, file, [armoured]).signer.subject == ANN.fingerprint


def test_one_signature_of_several_is_enough(file: Path) -> None:
    two = dearmoured(BOB.sign(CONTENT)) + dearmoured(SIGNED)
    proven = checker().prove_signature(two, file, [ANN.certificate])
    assert proven.signer.subject == ANN.fingerprint
    assert refused(file, two, holder().certificate) == "SL-SIG-001"


def test_a_signature_by_somebody_else_is_refused(file: Path) -> None:
    with pytest.raises(VerificationError, match="no OpenPGP signature holds") as caught:
        checker().prove_signature(SIGNED, file, [BOB.certificate])
    assert BOB.fingerprint in caught.value.expected
    assert caught.value.actual.startswith("by ")


def test_a_signature_over_other_bytes_is_refused(file: Path) -> None:
    assert refused(file, ANN.sign(CONTENT + b"x"), ANN.certificate) == "SL-SIG-001"
    file.write_bytes(b"")
    assert refused(file, SIGNED, ANN.certificate) == "SL-SIG-001"


@pytest.mark.parametrize("position", range(2, 200, 9))
def test_a_flipped_bit_is_refused_or_in_what_nobody_signed(file: Path, position: int) -> None:
    changed = bytearray(dearmoured(SIGNED))
    changed[position % len(changed)] ^= 1
    try:
        proven = checker().prove_signature(bytes(changed), file, [ANN.certificate])
    except VerificationError:
        return
    assert proven.signer.subject == ANN.fingerprint


def test_a_file_that_changed_meanwhile_is_refused(file: Path) -> None:
    good = hashlib.sha256(CONTENT).hexdigest()
    checker().prove_signature(SIGNED, file, [ANN.certificate], sha256=good)
    with pytest.raises(VerificationError, match="changed while it was judged") as caught:
        checker().prove_signature(SIGNED, file, [ANN.certificate], sha256="0" * 64)
    assert caught.value.code == "SL-SUB-001"


def test_a_revoked_certificate_is_refused(file: Path) -> None:
    refused(file, SIGNED, ANN.revoked(), match="no OpenPGP certificate can be used")
    proven = checker().prove_signature(BOB.sign(CONTENT), file, [ANN.revoked(), BOB.certificate])
    assert proven.signer.subject == BOB.fingerprint


def test_a_certificate_that_has_expired_is_refused_whatever_the_signature_says(file: Path) -> None:
    """The library accepts it for a signature that says it is older; anybody can write that."""
    ends = datetime(2050, 1, 1, tzinfo=UTC)
    certificate = ANN.expiring(ends)
    for at in (ends - timedelta(days=1), now()):
        checker(at).prove_signature(SIGNED, file, [certificate])
    for at in (ends, FAR):
        with pytest.raises(VerificationError, match="no OpenPGP certificate can be used"):
            checker(at).prove_signature(SIGNED, file, [certificate])


def test_nobody_named_is_nobody(file: Path) -> None:
    refused(file, SIGNED, match="no OpenPGP certificate can be used")


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage", SIGNED, b"\x99" * 40],
    ids=["empty", "text", "signature", "noise"],
)
def test_a_certificate_that_cannot_be_read_is_a_matter_of_trust(file: Path, content: bytes) -> None:
    with pytest.raises((TrustError, VerificationError)) as caught:
        checker().prove_signature(SIGNED, file, [content])
    assert "certificate" in caught.value.message


def test_more_certificates_than_anybody_trusts_are_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openpgp, "MOST_CERTIFICATES", 1)
    with pytest.raises(TrustError, match="more than 1"):
        checker().prove_signature(SIGNED, file, [ANN.certificate, BOB.certificate])


@pytest.mark.parametrize(
    "signature",
    [
        b"", b"garbage", b"{}", SIGNED[:-60], ANN.certificate, dearmoured(SIGNED)[:-1],
        bytes([0xC2, 10, 4, 0, 22, 10, 0, 0, 0, 0, 0, 0]), bytes([0xC2, 2, 4, 0]),
    ],
    ids=[
        "empty", "text", "json", "cut-off-armour", "certificate", "cut-off", "frame-alone", "short",
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused(file: Path, signature: bytes) -> None:
    refused(file, signature, ANN.certificate)
    with pytest.raises(InputError):
        checker().describe(signature)


def test_a_signature_is_described_as_unverified() -> None:
    said = checker().describe(SIGNED)
    assert said.startswith("an OpenPGP signature that says it is by ")
    assert said.endswith("; not verified")
    two = dearmoured(SIGNED) + dearmoured(BOB.sign(CONTENT))
    assert checker().describe(two).count("by ") == 2


def test_a_missing_library_is_a_missing_extra(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    with pytest.raises(MissingExtraError, match=r"\[pgp\]"):
        checker().prove_signature(SIGNED, file, [ANN.certificate])
    with pytest.raises(MissingExtraError, match=r"\[pgp\]"):
        checker().describe(SIGNED)


@pytest.mark.skipif(shutil.which("gpg") is None, reason="no gpg installed")
@pytest.mark.parametrize(("digest", "holds"), [("SHA256", True), ("SHA512", True), ("SHA1", False)])
def test_what_gnupg_signs_is_read_and_weak_hashes_are_refused(
    file: Path, tmp_path: Path, digest: str, *, holds: bool
) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg(home, "--quick-gen-key", "Cy <cy@example.org>", "rsa3072", "sign", "never")
    certificate = gpg(home, "--export")
    weak = ("--allow-weak-digest-algos",)
    signature = gpg(
        home, *weak, "--digest-algo", digest, "--detach-sign", "--output", "-", str(file)
    )
    if holds:
        proven = checker().prove_signature(signature, file, [certificate])
        assert len(proven.signer.subject) == 40
    else:
        refused(file, signature, certificate, match="no OpenPGP signature holds")
